-- _patchmail.put_into_series(patches, series_id, cover): puts patches, and with `cover` the cover letter of the series
-- that they leave, into a series.
-- Takes    patches and a series of one project; no number would be there twice.
-- Rules    All mail of all these series stays from then on where it is (_patchmail.pin_series).  Names, dates, totals
--          and completion follow as if the mail had come so (_patchmail.change_series, _patchmail.settle_series); a
--          total is at least the greatest number.  A series that nothing is left of is removed, and what parsemail
--          knows of it leads to the other one.
-- Touches  public.patchwork_patch, _series, _event, _seriesreference, _series_dependencies, _patchtag;
--          patchmail.message.  The caller holds the lock of the project.
CREATE OR REPLACE FUNCTION _patchmail.put_into_series(patches integer[], series_id integer, cover boolean)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    sources    integer[] := ARRAY(SELECT DISTINCT p.series_id FROM public.patchwork_patch p
                                   WHERE p.id = ANY (patches) AND p.series_id IS NOT NULL ORDER BY 1);
    tied       bigint;  -- the thread that all of them are of now
    former     patchmail.message[];
    dependents bigint[];
    letter     integer;
BEGIN
    PERFORM _patchmail.adopt_series(sources || series_id);
    PERFORM _patchmail.adopt(p.project_id, array_agg(p.msgid::text))
       FROM public.patchwork_patch p WHERE p.id = ANY (patches) GROUP BY p.project_id;
    tied := _patchmail.tie_threads(ARRAY(
        SELECT m.id FROM unnest(sources || series_id) s, _patchmail.series_messages(s) m
         UNION
        SELECT m.id FROM public.patchwork_patch p JOIN patchmail.message m ON m.project_id = p.project_id
           AND m.msgid = p.msgid::text WHERE p.id = ANY (patches)));
    former := _patchmail.series_leads(sources || series_id, tied);
    dependents := _patchmail.take_dependencies(tied);
    PERFORM _patchmail.pin_series(sources || series_id);
    IF cover THEN
        UPDATE public.patchwork_series s SET cover_letter_id = NULL
          FROM public.patchwork_series old
         WHERE s.id = ANY (sources) AND old.id = s.id AND s.cover_letter_id IS NOT NULL
        RETURNING old.cover_letter_id INTO letter;
        UPDATE public.patchwork_series s SET cover_letter_id = letter
         WHERE s.id = put_into_series.series_id AND letter IS NOT NULL;
        UPDATE public.patchwork_seriesreference r SET series_id = put_into_series.series_id
         WHERE r.series_id = ANY (sources);
        UPDATE patchmail.message m SET series_id = put_into_series.series_id
         WHERE m.thread = tied AND m.series_id = ANY (sources) AND m.number = 0;
    END IF;
    UPDATE public.patchwork_patch p SET series_id = put_into_series.series_id WHERE p.id = ANY (patches);
    PERFORM _patchmail.pin_series(ARRAY[series_id]);
    PERFORM _patchmail.renew_leads(former, tied);
    UPDATE public.patchwork_series s SET total = n.most
      FROM (SELECT max(p.number) AS most FROM public.patchwork_patch p
             WHERE p.series_id = put_into_series.series_id) n
     WHERE s.id = put_into_series.series_id AND s.total < n.most;
    PERFORM _patchmail.settle_series(s, tied) FROM unnest(sources || series_id) s;
    IF dependents IS NOT NULL THEN
        PERFORM _patchmail.write_dependencies(dependents);
    END IF;
    PERFORM _patchmail.recount_thread_tags(p.project_id, array_agg(p.msgid::text))
       FROM public.patchwork_patch p WHERE p.id = ANY (patches) GROUP BY p.project_id;
END
$$;
