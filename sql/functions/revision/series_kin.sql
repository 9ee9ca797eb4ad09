-- _patchmail.series_kin(series_id): finds the series that look like other versions of this one.
-- Gives    for each its id; the evidence, strongest first: supersedes (one says that it replaces the other), change-id
--          (b4's trailer is the same), in-reply-to (one refers to the other), title; and how many titles they share.
-- Rules    All are of the same project.  Two with different change-ids are no kin, unless one supersedes the other.  A
--          reference is evidence only if the submitter or a title is the same.  Titles alone are evidence if the
--          submitter is the same, less than a year lies between, and the series' names are the same or at least half of
--          the titles of the smaller one.
--          _patchmail.find_former_series decides which is the older.
--          It looks at the 1000 of the submitter's series, of the mails with the change-id, and of those that say
--          that they replace this one, that are nearest in time: anybody may send very many.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.series_kin(series_id integer)
RETURNS TABLE (kin_id integer, evidence text[], shared integer)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    most       CONSTANT integer := 1000;
    series     public.patchwork_series;
    change_ids text[];
    titles     text[];  -- of the cover letter and the patches
    sent       timestamptz;
BEGIN
    SELECT s.* INTO series FROM public.patchwork_series s WHERE s.id = series_kin.series_id;
    sent := _patchmail.series_sent(series);
    change_ids := ARRAY(SELECT m.change_id FROM _patchmail.series_messages(series.id) m WHERE m.change_id IS NOT NULL);
    titles := ARRAY(SELECT _patchmail.plain_title(p.name) FROM public.patchwork_patch p WHERE p.series_id = series.id
                    UNION
                    SELECT _patchmail.plain_title(c.name)
                      FROM public.patchwork_cover c WHERE c.id = series.cover_letter_id);
    titles := array_remove(titles, '');
    RETURN QUERY
    WITH reference AS (
        SELECT DISTINCT _patchmail.message_series(o) AS id
          FROM _patchmail.series_messages(series.id) m, LATERAL (
               SELECT o.* FROM unnest(m.refs) r(msgid)
                 JOIN patchmail.message o ON o.project_id = m.project_id AND o.msgid = r.msgid
                UNION ALL
               SELECT o.* FROM patchmail.reference r JOIN patchmail.message o ON o.id = r.message_id
                WHERE r.project_id = m.project_id AND r.msgid = m.msgid AND o.kind <> 'comment') o
    ), near AS (
        SELECT r.id FROM reference r
        UNION
       (SELECT s.id FROM public.patchwork_series s
         WHERE s.project_id = series.project_id AND s.submitter_id = series.submitter_id
           AND (s.date BETWEEN _patchmail.to_patchwork(sent - interval '1 year')
                           AND _patchmail.to_patchwork(sent + interval '1 year')
                OR s.date > _patchmail.to_patchwork(now()))
         ORDER BY abs(extract(epoch FROM s.date - _patchmail.to_patchwork(sent))), s.id LIMIT most)
    ), named AS (
        SELECT n.former_id AS id FROM _patchmail.superseded_by(series.id) n
        UNION
       (SELECT s.id
          FROM _patchmail.series_messages(series.id) m
          JOIN patchmail.dependency d ON d.project_id = m.project_id AND d.msgid = m.msgid AND d.supersedes
          JOIN patchmail.message o ON o.id = d.message_id AND o.kind <> 'comment'
          JOIN public.patchwork_series s ON s.id = _patchmail.message_series(o) AND s.submitter_id = o.submitter_id
         ORDER BY abs(extract(epoch FROM o.date - sent)), o.id LIMIT most)
    ), same AS (
        SELECT _patchmail.message_series(m) AS id FROM patchmail.message m
         WHERE m.project_id = series.project_id AND m.change_id = ANY (change_ids) AND m.change_id IS NOT NULL
         ORDER BY abs(extract(epoch FROM m.date - sent)), m.id LIMIT most
    ), sharing AS (
        SELECT x.id, count(DISTINCT x.title)::integer AS titles
          FROM (SELECT n.id, _patchmail.plain_title(p.name) AS title
                  FROM near n JOIN public.patchwork_patch p ON p.series_id = n.id
                UNION ALL
                SELECT n.id, _patchmail.plain_title(c.name)
                  FROM near n JOIN public.patchwork_series s ON s.id = n.id
                  JOIN public.patchwork_cover c ON c.id = s.cover_letter_id) x
         WHERE x.title = ANY (titles)
         GROUP BY x.id
    ), found AS (
        SELECT n.id, 0 AS strength, 'supersedes' AS evidence FROM named n
        UNION
        SELECT s.id, 1 AS strength, 'change-id' AS evidence FROM same s
        UNION
        SELECT r.id, 2, 'in-reply-to' FROM reference r JOIN public.patchwork_series s ON s.id = r.id
         WHERE s.submitter_id = series.submitter_id OR r.id IN (SELECT x.id FROM sharing x)
        UNION
        SELECT s.id, 3, 'title' FROM sharing x JOIN public.patchwork_series s ON s.id = x.id
         WHERE s.submitter_id = series.submitter_id
           AND (_patchmail.plain_title(s.name) = _patchmail.plain_title(series.name)
                OR 2 * x.titles >= least((SELECT count(*) FROM public.patchwork_patch p WHERE p.series_id = s.id),
                                         (SELECT count(*) FROM public.patchwork_patch p WHERE p.series_id = series.id)))
    )
    SELECT f.id, array_agg(f.evidence ORDER BY f.strength),
           coalesce((SELECT x.titles FROM sharing x WHERE x.id = f.id), 0)
      FROM found f JOIN public.patchwork_series s ON s.id = f.id
     WHERE f.id <> series.id AND s.project_id = series.project_id
       AND (change_ids = '{}' OR f.id IN (SELECT n.id FROM named n)
            OR NOT EXISTS (SELECT FROM _patchmail.series_messages(f.id) m WHERE m.change_id <> ALL (change_ids)))
     GROUP BY f.id;
END
$$;
