-- _patchmail.dated_mail(): some of the mail that Patchwork stored itself: what its header says of its date, and what
-- stands in its column.
-- Gives    of patches and of comments on them the last 200, and 400 from the whole time; only the last two years, since
--          a site may have changed its settings.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.dated_mail()
RETURNS TABLE (header timestamptz, stored timestamptz) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH mail AS (
        SELECT _patchmail.header_date(x.headers) AS header, x.date
          FROM (SELECT p.project_id, p.msgid, p.headers, p.date FROM public.patchwork_patch p
                 WHERE p.id IN (SELECT m.last - n FROM (SELECT max(id) AS last FROM public.patchwork_patch) m,
                                                       generate_series(0, 199) n
                                UNION
                                SELECT (m.last::bigint * n / 400)::integer
                                  FROM (SELECT max(id) AS last FROM public.patchwork_patch) m,
                                       generate_series(1, 400) n)
                UNION ALL
                SELECT p.project_id, k.msgid, k.headers, k.date
                  FROM public.patchwork_patchcomment k JOIN public.patchwork_patch p ON p.id = k.patch_id
                 WHERE k.id IN (SELECT m.last - n FROM (SELECT max(id) AS last FROM public.patchwork_patchcomment) m,
                                                       generate_series(0, 199) n
                                UNION
                                SELECT (m.last::bigint * n / 400)::integer
                                  FROM (SELECT max(id) AS last FROM public.patchwork_patchcomment) m,
                                       generate_series(1, 400) n)) x
         WHERE NOT EXISTS (SELECT FROM patchmail.message m
                            WHERE m.project_id = x.project_id AND m.msgid = x.msgid::text AND NOT m.adopted)
    )
    SELECT d.header, d.date
      FROM (SELECT m.*, max(m.header) OVER () AS last FROM mail m WHERE m.header IS NOT NULL) d
     WHERE d.header > d.last - interval '2 years';
$$;
