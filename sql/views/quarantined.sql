-- patchmail.quarantined: the mail in quarantine, for an admin's eye; what mail says in it is made safe for terminals.
-- patchmail.release(), retry() and discard() take the ids.
CREATE OR REPLACE VIEW patchmail.quarantined AS
SELECT q.id, x.projects, _patchmail.printable(concat_ws(' ', q.facts->'author'->>'name',
                                                       '<' || (q.facts->'author'->>'email') || '>'))
       AS author, q.facts->'authentication'->>'verdict' AS verdict, _patchmail.printable(q.reason, 400) AS reason,
       _patchmail.printable(q.subject) AS subject, _patchmail.printable(q.msgid) AS msgid, q.size,
       date_trunc('second', now() - q.arrived) AS age, q.attempts, q.last_try, q.source->>'transport' AS transport,
       q.mark, q.marked_by
  FROM patchmail.quarantine q, LATERAL (
       SELECT string_agg(p.linkname, ' ' ORDER BY p.id) AS projects FROM public.patchwork_project p
        WHERE CASE WHEN q.source->>'project' IS NOT NULL THEN p.linkname = q.source->>'project'
                   WHEN q.source->>'list_id' IS NOT NULL THEN p.listid = q.source->>'list_id'
                   ELSE p.listid IN (SELECT l->>'id' FROM jsonb_array_elements(CASE jsonb_typeof(q.facts->'list_ids')
                                     WHEN 'array' THEN q.facts->'list_ids' END) l) END) x
 ORDER BY q.id;
COMMENT ON VIEW patchmail.quarantined IS 'The mail in quarantine.';
