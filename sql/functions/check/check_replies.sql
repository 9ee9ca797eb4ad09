-- _patchmail.check_replies(only_project): which comment is on what; see _patchmail.check_series.
-- Rules    While replies of a project are still to be placed, none of them is wrong.  One whose patch or cover letter
--          was deleted waits.  If what it refers to is not here, an admin may have put it anywhere.  What comments
--          Patchwork stored itself is looked up in their headers.
-- Touches  nothing.
-- Speed    As in _patchmail.check_threads.
CREATE OR REPLACE FUNCTION _patchmail.check_replies(only_project integer)
RETURNS TABLE (project_id integer, kind text, object text, object_id bigint, detail text, key text)
LANGUAGE sql STABLE AS $$
    SELECT u.project_id, 'replies-left', 'project', u.project_id::bigint, format('to %s mails', count(*)), NULL::text
      FROM patchmail.unplaced u JOIN public.patchwork_project p ON p.id = u.project_id
     WHERE $1 IS NULL OR u.project_id = $1
     GROUP BY u.project_id
    UNION ALL
    SELECT m.project_id, CASE WHEN m.waiting IS NULL THEN 'parent-wrong' ELSE 'reply-waits' END, 'mail', m.id,
           CASE WHEN m.waiting IS NULL
                THEN format('%s is on mail %s, not on %s', m.msgid, coalesce(m.parent_id::text, 'none'),
                            coalesce(a.id::text, 'none'))
                ELSE format('%s answers mail %s', m.msgid, a.id) END, a.id::text
      FROM patchmail.message m
      LEFT JOIN patchmail.message n ON n.project_id = m.project_id AND n.msgid = m.refs[1], LATERAL (
           SELECT CASE WHEN n.kind <> 'comment' THEN n.id
                       WHEN n.parent_id IS NOT NULL AND m.msgid <> ALL (n.refs) THEN n.parent_id
                       ELSE _patchmail.find_parent(m) END AS id) a
      LEFT JOIN patchmail.message parent ON parent.id = a.id
     WHERE m.kind = 'comment' AND NOT m.adopted AND ($1 IS NULL OR m.project_id = $1)
       AND m.parent_id IS DISTINCT FROM a.id
       AND (a.id IS NULL AND NOT EXISTS (SELECT FROM patchmail.message o WHERE o.id = m.parent_id)
            OR EXISTS (SELECT FROM public.patchwork_patch p WHERE p.id = parent.patch_id)
            OR EXISTS (SELECT FROM public.patchwork_cover c WHERE c.id = parent.cover_id))
       AND NOT EXISTS (SELECT FROM patchmail.unplaced u WHERE u.project_id = m.project_id)
    UNION ALL
    (WITH comment AS MATERIALIZED (
        SELECT c.*
          FROM (SELECT p.project_id, 'patch comment' AS object, k.id, k.msgid::text, k.headers, p.msgid::text AS parent
                  FROM public.patchwork_patchcomment k JOIN public.patchwork_patch p ON p.id = k.patch_id
                UNION ALL
                SELECT c.project_id, 'cover comment', k.id, k.msgid, k.headers, c.msgid
                  FROM public.patchwork_covercomment k JOIN public.patchwork_cover c ON c.id = k.cover_id) c
         WHERE ($1 IS NULL OR c.project_id = $1)
           AND NOT EXISTS (SELECT FROM patchmail.message m
                            WHERE m.project_id = c.project_id AND m.msgid = c.msgid AND NOT m.adopted)
    )
    SELECT k.project_id, 'comment-elsewhere', k.object, k.id,
           format('%s answers %s and is on %s', k.msgid, x.answers, k.parent), NULL
      FROM comment k, LATERAL (
           SELECT substring(k.headers FROM '(?in)^in-reply-to:\s*(<[^<>\s]+>)') AS answers) x
     WHERE x.answers <> k.parent
       AND (EXISTS (SELECT FROM public.patchwork_patch p WHERE p.project_id = k.project_id AND p.msgid = x.answers)
            OR EXISTS (SELECT FROM public.patchwork_cover c
                        WHERE c.project_id = k.project_id AND c.msgid = x.answers)));
$$;
