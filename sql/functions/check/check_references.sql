-- _patchmail.check_references(only_project): what is noted of who refers to what; see _patchmail.check_series.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.check_references(only_project integer)
RETURNS TABLE (project_id integer, kind text, object text, object_id bigint, detail text, key text)
LANGUAGE sql STABLE AS $$
    WITH wanted AS MATERIALIZED (
        SELECT m.project_id, k.msgid, m.id FROM patchmail.message m, unnest(m.refs) k (msgid)
         WHERE $1 IS NULL OR m.project_id = $1
        UNION
        SELECT d.project_id, d.msgid, 0 FROM patchmail.dependency d
         WHERE d.msgid IS NOT NULL AND ($1 IS NULL OR d.project_id = $1)
        UNION
        SELECT a.project_id, a.alias, 0 FROM patchmail.alias a WHERE $1 IS NULL OR a.project_id = $1
    )
    SELECT w.project_id, 'reference-missing', 'mail', w.id, format('to %s', w.msgid), w.msgid
      FROM wanted w
     WHERE NOT EXISTS (SELECT FROM patchmail.reference r
                        WHERE r.project_id = w.project_id AND r.msgid = w.msgid AND r.message_id = w.id)
    UNION ALL
    SELECT r.project_id, 'reference-stray', 'mail', r.message_id, format('to %s', r.msgid), r.msgid
      FROM patchmail.reference r
     WHERE ($1 IS NULL OR r.project_id = $1)
       AND NOT EXISTS (SELECT FROM wanted w
                        WHERE w.project_id = r.project_id AND w.msgid = r.msgid AND w.id = r.message_id)
    UNION ALL
    SELECT a.project_id, 'alias-wrong', 'mail', 0, format('%s stands for %s', a.alias, a.msgid), a.msgid
      FROM patchmail.alias a
     WHERE ($1 IS NULL OR a.project_id = $1)
       AND (NOT EXISTS (SELECT FROM patchmail.message m WHERE m.project_id = a.project_id AND m.msgid = a.msgid)
            OR EXISTS (SELECT FROM patchmail.message m WHERE m.project_id = a.project_id AND m.msgid = a.alias)
            OR EXISTS (SELECT FROM patchmail.message m
                         JOIN patchmail.reference r ON r.message_id = m.id AND r.msgid = a.alias
                        WHERE m.project_id = a.project_id AND m.msgid <> a.msgid AND r.project_id = a.project_id))
    UNION ALL
    SELECT NULL, 'authentication-stray', 'mail', a.message_id, format('%s results', count(*)), NULL
      FROM patchmail.authentication a
     WHERE $1 IS NULL AND NOT EXISTS (SELECT FROM patchmail.message m WHERE m.id = a.message_id)
     GROUP BY a.message_id;
$$;
