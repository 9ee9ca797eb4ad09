-- _patchmail.check_rows(only_project): the ledger beside the rows of Patchwork; see _patchmail.check_series.
-- Rules    A mail whose row is gone is right: that is how what was deleted stays deleted.  Where Patchwork stores mail
--          itself, the ledger takes in its rows when it needs them.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.check_rows(only_project integer)
RETURNS TABLE (project_id integer, kind text, object text, object_id bigint, detail text, key text)
LANGUAGE sql STABLE AS $$
    WITH row AS MATERIALIZED (
        SELECT 'patch' AS object, p.id, p.project_id, p.msgid::text AS msgid, p.submitter_id
          FROM public.patchwork_patch p
        UNION ALL
        SELECT 'cover', c.id, c.project_id, c.msgid, c.submitter_id FROM public.patchwork_cover c
        UNION ALL
        SELECT 'patch comment', k.id, p.project_id, k.msgid, k.submitter_id
          FROM public.patchwork_patchcomment k JOIN public.patchwork_patch p ON p.id = k.patch_id
        UNION ALL
        SELECT 'cover comment', k.id, c.project_id, k.msgid, k.submitter_id
          FROM public.patchwork_covercomment k JOIN public.patchwork_cover c ON c.id = k.cover_id
    ), mail AS MATERIALIZED (
        SELECT m.id AS mail_id, m.project_id, m.msgid, m.submitter_id, m.waiting IS NOT NULL AS waits, x.object, x.id
          FROM patchmail.message m
          LEFT JOIN LATERAL (VALUES ('patch', m.patch_id), ('cover', m.cover_id),
                                    ('patch comment', m.patchcomment_id), ('cover comment', m.covercomment_id)
                    ) x (object, id) ON x.id IS NOT NULL
    )
    SELECT r.project_id, 'row-unknown', r.object, r.id::bigint, r.msgid, r.msgid
      FROM row r
     WHERE to_regclass('public.django_migrations') IS NULL AND ($1 IS NULL OR r.project_id = $1)
       AND NOT EXISTS (SELECT FROM mail m WHERE m.object = r.object AND m.id = r.id)
    UNION ALL
    SELECT x.project_id, 'row-twice', 'mail', x.mail_id, format('%s is %s %s, as mail %s', x.msgid, x.object, x.id,
                                                                x.first), NULL
      FROM (SELECT m.*, min(m.mail_id) OVER (PARTITION BY m.object, m.id) AS first FROM mail m
             WHERE m.id IS NOT NULL) x
     WHERE x.first < x.mail_id AND ($1 IS NULL OR x.project_id = $1)
    UNION ALL
    SELECT m.project_id, x.kind, 'mail', m.mail_id, x.detail, x.key
      FROM mail m JOIN row r ON r.object = m.object AND r.id = m.id, LATERAL (VALUES
           ('ledger-row', r.msgid <> m.msgid, format('%s is %s %s, which is %s', m.msgid, m.object, m.id, r.msgid),
            NULL),
           ('ledger-project', r.project_id <> m.project_id,
            format('%s is %s %s of project %s', m.msgid, m.object, m.id, r.project_id), NULL),
           ('ledger-submitter', r.submitter_id <> m.submitter_id,
            format('%s is of person %s, its row of %s', m.msgid, m.submitter_id, r.submitter_id),
            r.submitter_id::text)) x (kind, wrong, detail, key)
     WHERE (r.msgid, r.project_id, r.submitter_id) <> (m.msgid, m.project_id, m.submitter_id) AND x.wrong
       AND ($1 IS NULL OR m.project_id = $1)
    UNION ALL
    SELECT m.project_id, 'ledger-nobody', 'mail', m.mail_id, m.msgid, NULL
      FROM mail m
     WHERE ($1 IS NULL OR m.project_id = $1)
       AND (NOT EXISTS (SELECT FROM public.patchwork_project p WHERE p.id = m.project_id)
            OR NOT m.waits AND NOT EXISTS (SELECT FROM public.patchwork_person o WHERE o.id = m.submitter_id)
               AND NOT EXISTS (SELECT FROM row r WHERE r.object = m.object AND r.id = m.id))
    UNION ALL
    SELECT m.project_id, 'ledger-kind', 'mail', m.id, format('%s is a %s', m.msgid, m.kind), NULL
      FROM patchmail.message m
     WHERE ($1 IS NULL OR m.project_id = $1)
       AND NOT CASE m.kind
           WHEN 'patch' THEN m.patch_id IS NOT NULL AND m.waiting IS NULL
                             AND num_nonnulls(m.cover_id, m.patchcomment_id, m.covercomment_id, m.parent_id) = 0
           WHEN 'cover' THEN m.cover_id IS NOT NULL AND m.waiting IS NULL
                             AND num_nonnulls(m.patch_id, m.patchcomment_id, m.covercomment_id, m.parent_id) = 0
           ELSE num_nonnulls(m.patch_id, m.cover_id, m.series_id, m.anchor_id) = 0
                AND num_nonnulls(m.patchcomment_id, m.covercomment_id)
                    <= CASE WHEN m.waiting IS NULL THEN 1 ELSE 0 END
                AND (m.waiting IS NULL OR m.parent_id IS NULL) AND (m.submitter_id > 0 OR m.waiting IS NOT NULL)
           END;
$$;
