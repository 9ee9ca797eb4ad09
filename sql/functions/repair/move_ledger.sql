-- _patchmail.move_ledger(threads, former, project_id): moves the ledger's rows of threads to another project, and what
-- belongs to them.
-- Takes    the threads, the project that they are of, and the one that they will be of.
-- Touches  patchmail.message, _reference, _alias, _dependency, _unplaced, _removed.
CREATE OR REPLACE FUNCTION _patchmail.move_ledger(threads bigint[], former integer, project_id integer)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO patchmail.removed (project_id, msgid, to_project_id, why)
    SELECT $2, k.msgid, $3, 'its thread was moved'
      FROM patchmail.message m CROSS JOIN LATERAL (
           SELECT m.msgid UNION ALL
           SELECT a.alias FROM patchmail.alias a WHERE a.project_id = $2 AND a.msgid = m.msgid) k (msgid)
     WHERE m.thread = ANY ($1)
    ON CONFLICT (project_id, msgid) DO UPDATE SET to_project_id = excluded.to_project_id, why = excluded.why;
    -- What had been moved to the old project is in the new one now; what was the new one's own before has come back.
    UPDATE patchmail.removed r SET to_project_id = $3
      FROM patchmail.removed o
     WHERE o.project_id = $2 AND o.to_project_id = $3 AND r.msgid = o.msgid AND r.to_project_id = $2;
    DELETE FROM patchmail.removed r WHERE r.project_id = r.to_project_id;
    UPDATE patchmail.reference r SET project_id = $3
      FROM patchmail.message m, unnest(m.refs) k (msgid)
     WHERE m.thread = ANY ($1) AND r.project_id = $2 AND r.msgid = k.msgid AND r.message_id = m.id;
    INSERT INTO patchmail.reference (project_id, msgid, message_id)
    SELECT $3, d.msgid, 0 FROM patchmail.dependency d JOIN patchmail.message m ON m.id = d.message_id
     WHERE m.thread = ANY ($1) AND d.msgid IS NOT NULL
     UNION
    SELECT $3, a.alias, 0 FROM patchmail.alias a JOIN patchmail.message m ON m.project_id = $2 AND m.msgid = a.msgid
     WHERE a.project_id = $2 AND m.thread = ANY ($1)
    ON CONFLICT DO NOTHING;
    DELETE FROM patchmail.reference r
     WHERE r.project_id = $2 AND r.message_id = 0
       AND r.msgid IN (SELECT d.msgid FROM patchmail.dependency d JOIN patchmail.message m ON m.id = d.message_id
                        WHERE m.thread = ANY ($1)
                       UNION ALL
                       SELECT a.alias FROM patchmail.alias a
                         JOIN patchmail.message m ON m.project_id = $2 AND m.msgid = a.msgid
                        WHERE a.project_id = $2 AND m.thread = ANY ($1))
       AND NOT EXISTS (SELECT FROM patchmail.dependency d JOIN patchmail.message m ON m.id = d.message_id
                        WHERE d.project_id = $2 AND d.msgid = r.msgid AND m.thread <> ALL ($1));
    UPDATE patchmail.dependency d SET project_id = $3
      FROM patchmail.message m WHERE m.id = d.message_id AND m.thread = ANY ($1);
    UPDATE patchmail.alias a SET project_id = $3
      FROM patchmail.message m
     WHERE a.project_id = $2 AND m.project_id = $2 AND m.msgid = a.msgid AND m.thread = ANY ($1);
    UPDATE patchmail.unplaced u SET project_id = $3, pile = u.pile + o.pile
      FROM patchmail.message m, (SELECT coalesce(max(u.pile), 0) AS pile FROM patchmail.unplaced u
                                  WHERE u.project_id = $3) o
     WHERE u.project_id = $2 AND m.project_id = $2 AND m.msgid = u.msgid AND m.thread = ANY ($1);
    UPDATE patchmail.message m SET project_id = $3 WHERE m.thread = ANY ($1);
$$;
