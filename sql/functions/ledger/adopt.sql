-- _patchmail.adopt(project_id, msgids): enters mail that Patchwork stored itself into the ledger.
-- Takes    the Message-IDs that a new mail has or refers to.  What is in the ledger already is left as it is.
-- Why      a site changes over from parsemail in the middle of its threads: the next mail has to find the patches,
--          series and comments that are there.  An adopted message keeps the place that it has.
-- Gives    whether there was anything to adopt.
-- Touches  patchmail.message.  The caller holds the lock of the project.
CREATE OR REPLACE FUNCTION _patchmail.adopt(project_id integer, msgids text[])
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    series integer[];
    known  boolean;
BEGIN
    SELECT count(*) > 0, array_agg(DISTINCT found.series_id) FILTER (WHERE found.series_id IS NOT NULL)
      INTO known, series
      FROM unnest(msgids) AS wanted(msgid), LATERAL (
           SELECT p.series_id FROM public.patchwork_patch p
            WHERE p.msgid = wanted.msgid AND p.project_id = adopt.project_id
            UNION ALL
           SELECT s.id FROM public.patchwork_cover c LEFT JOIN public.patchwork_series s ON s.cover_letter_id = c.id
            WHERE c.msgid = wanted.msgid AND c.project_id = adopt.project_id
            UNION ALL
           SELECT NULL FROM public.patchwork_patchcomment k JOIN public.patchwork_patch p ON p.id = k.patch_id
            WHERE k.msgid = wanted.msgid AND p.project_id = adopt.project_id
            UNION ALL
           SELECT NULL FROM public.patchwork_covercomment k JOIN public.patchwork_cover c ON c.id = k.cover_id
            WHERE k.msgid = wanted.msgid AND c.project_id = adopt.project_id) found
     WHERE NOT EXISTS (SELECT FROM patchmail.message m
                        WHERE m.project_id = adopt.project_id AND m.msgid = wanted.msgid);
    IF known THEN
        PERFORM _patchmail.adopt_submissions(adopt.project_id, msgids, coalesce(series, '{}'));
        PERFORM _patchmail.adopt_comments(adopt.project_id, msgids);
    END IF;
    RETURN known;
END
$$;
