-- _patchmail.check_series(only_project): what is wrong with series, and with who belongs to them.
-- Takes    a project, or NULL for all.  So do the others of its kind.
-- Gives    a row a fault: the project, the kind (_patchmail.fault_kinds), the object and its id, what is wrong in
--          words, and what patchmail.repair() needs besides.
-- Rules    A number beyond the total counts as right if the mail says so.  What an admin moved is right: what the
--          ledger has in a series and its row has not, and a series that somebody moved mail into or out of may have
--          any total.  Series count as split if Patchwork itself made them: same sender, version and total, within 20
--          minutes, and each has what the other lacks.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.check_series(only_project integer)
RETURNS TABLE (project_id integer, kind text, object text, object_id bigint, detail text, key text)
LANGUAGE sql STABLE AS $$
    SELECT p.project_id, 'series-number-twice', 'series', p.series_id::bigint,
           format('%s patches have number %s', count(*), p.number), NULL::text
      FROM public.patchwork_patch p
     WHERE p.series_id IS NOT NULL AND ($1 IS NULL OR p.project_id = $1)
     GROUP BY p.project_id, p.series_id, p.number HAVING count(*) > 1
    UNION ALL
    SELECT p.project_id, 'series-number-outside', 'patch', p.id,
           format('%s has number %s of %s', p.msgid, coalesce(p.number::text, 'none'), s.total), NULL
      FROM public.patchwork_patch p JOIN public.patchwork_series s ON s.id = p.series_id
     WHERE (p.number BETWEEN 1 AND s.total) IS NOT TRUE AND ($1 IS NULL OR p.project_id = $1)
       AND (p.name ~ concat('^\[([^]]*,)?0*', p.number, '/')) IS NOT TRUE
       AND NOT EXISTS (SELECT FROM patchmail.message m
                        WHERE m.project_id = p.project_id AND m.msgid = p.msgid::text AND m.number = p.number
                          AND NOT m.adopted)
    UNION ALL
    SELECT p.project_id, 'patch-elsewhere', 'patch', p.id,
           format('%s is in series %s of project %s', p.msgid, s.id, s.project_id), NULL
      FROM public.patchwork_patch p JOIN public.patchwork_series s ON s.id = p.series_id
     WHERE s.project_id IS DISTINCT FROM p.project_id AND ($1 IS NULL OR p.project_id = $1)
    UNION ALL
    SELECT p.project_id, 'patch-alone', 'patch', p.id, format('%s, number %s', p.msgid, p.number), NULL
      FROM public.patchwork_patch p
     WHERE p.series_id IS NULL AND p.number IS NOT NULL AND ($1 IS NULL OR p.project_id = $1)
       AND NOT EXISTS (SELECT FROM patchmail.message m
                        WHERE m.project_id = p.project_id AND m.msgid = p.msgid::text AND m.series_id > 0)
    UNION ALL
    SELECT c.project_id, 'cover-elsewhere', 'cover', c.id,
           format('%s is of series %s of project %s', c.msgid, s.id, s.project_id), NULL
      FROM public.patchwork_cover c JOIN public.patchwork_series s ON s.cover_letter_id = c.id
     WHERE s.project_id IS DISTINCT FROM c.project_id AND ($1 IS NULL OR c.project_id = $1)
    UNION ALL
    SELECT c.project_id, 'cover-alone', 'cover', c.id, c.msgid, NULL
      FROM public.patchwork_cover c
     WHERE ($1 IS NULL OR c.project_id = $1)
       AND NOT EXISTS (SELECT FROM public.patchwork_series s WHERE s.cover_letter_id = c.id)
       AND NOT EXISTS (SELECT FROM patchmail.message m JOIN public.patchwork_series s ON s.id = m.series_id
                        WHERE m.project_id = c.project_id AND m.msgid = c.msgid::text)
    UNION ALL
    SELECT s.project_id, 'series-empty', 'series', s.id, s.name, NULL
      FROM public.patchwork_series s
     WHERE s.cover_letter_id IS NULL AND ($1 IS NULL OR s.project_id = $1)
       AND NOT EXISTS (SELECT FROM public.patchwork_patch p WHERE p.series_id = s.id)
       AND NOT EXISTS (SELECT FROM patchmail.message m WHERE m.series_id = s.id)
    UNION ALL
    SELECT s.project_id, 'series-total', 'series', s.id, format('%s, its mails say %s', s.total, x.total),
           x.total::text
      FROM (SELECT m.series_id, array_agg(m.id) AS members FROM patchmail.message m
             WHERE m.series_id > 0 AND m.kind <> 'comment' AND ($1 IS NULL OR m.project_id = $1)
             GROUP BY m.series_id
            HAVING min(coalesce(m.total, 1)) <> max(coalesce(m.total, 1)) OR min(coalesce(m.total, 1))
                   <> (SELECT o.total FROM public.patchwork_series o WHERE o.id = m.series_id)) g
      JOIN public.patchwork_series s ON s.id = g.series_id, LATERAL (
           SELECT coalesce(l.total, 1) AS total FROM _patchmail.lead_of(g.members) l) x
     WHERE s.total <> x.total
       AND NOT EXISTS (SELECT FROM patchmail.message m JOIN public.patchwork_patch p ON p.id = m.patch_id
                        WHERE m.id = ANY (g.members) AND m.number IS DISTINCT FROM 0
                          AND p.series_id IS DISTINCT FROM m.series_id)
       AND NOT EXISTS (SELECT FROM public.patchwork_patch p LEFT JOIN patchmail.message m ON m.id = ANY (g.members)
                                   AND m.patch_id = p.id WHERE p.series_id = s.id AND m.id IS NULL)
    UNION ALL
    (WITH incomplete AS MATERIALIZED (
        SELECT s.id, s.project_id, s.submitter_id, s.version, s.total, s.date, s.cover_letter_id,
               array_remove(array_agg(p.number::integer), NULL) AS numbers
          FROM public.patchwork_series s LEFT JOIN public.patchwork_patch p ON p.series_id = s.id
         WHERE s.total > 1 AND ($1 IS NULL OR s.project_id = $1)
           AND NOT EXISTS (SELECT FROM patchmail.message m WHERE m.series_id = s.id AND NOT m.adopted)
         GROUP BY s.id HAVING count(p.id) FILTER (WHERE p.number BETWEEN 1 AND s.total) < s.total)
    SELECT o.project_id, 'series-split', 'series', o.id, format('it belongs to series %s', i.id), NULL
      FROM incomplete o JOIN incomplete i
        ON i.id < o.id AND i.project_id = o.project_id AND i.submitter_id = o.submitter_id AND i.version = o.version
           AND i.total = o.total AND i.date BETWEEN o.date - interval '20 minutes' AND o.date + interval '20 minutes'
     WHERE NOT i.numbers && o.numbers AND num_nonnulls(i.cover_letter_id, o.cover_letter_id) < 2);
$$;
