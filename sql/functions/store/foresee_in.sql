-- _patchmail.foresee_in(project_id, facts): what a mail would become in a project; see patchmail.foresee.
-- Rules    Those of _patchmail.admit_message, as far as they can be followed without a lock: a Message-ID that is known
--          is a duplicate, whoever claims it.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.foresee_in(project_id integer, facts jsonb, OUT outcome text, OUT reason text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    project record;
    message patchmail.message;
    allowed record;
BEGIN
    SELECT p.linkname::text, p.listid::text, p.listemail::text INTO project
      FROM public.patchwork_project p WHERE p.id = foresee_in.project_id;
    facts := _patchmail.facts_for_list(facts, project.listid);
    message := _patchmail.read_message(project_id, project.linkname, _patchmail.find_author(facts, project.listemail),
                                      facts);
    SELECT a.* INTO allowed FROM patchmail.allowed(project.linkname, message.verdict) a;
    IF EXISTS (SELECT FROM patchmail.message m WHERE m.project_id = foresee_in.project_id AND m.msgid = message.msgid)
       OR EXISTS (SELECT FROM patchmail.alias a
                   WHERE a.project_id = foresee_in.project_id AND a.alias = message.msgid) THEN
        outcome := 'duplicate';
        reason := 'its Message-ID is known in project ' || project.linkname;
    ELSIF NOT allowed.may_be_stored AND NOT (message.kind = 'comment' AND cardinality(message.refs) = 0) THEN
        outcome := CASE allowed.otherwise WHEN 'refuse' THEN 'refused' ELSE 'quarantined' END;
        reason := format('policy of project %s: its verdict is %s', project.linkname, message.verdict);
    ELSIF facts->'hints'->>'ignore' = 'true' AND allowed.may_use_hints THEN
        outcome := 'ignored';
        reason := _patchmail.usual_reason('hint');
    ELSIF _patchmail.meets_removed(project_id, message.msgid, message.refs) THEN
        outcome := 'ignored';
        reason := _patchmail.usual_reason('removed');
    ELSIF message.kind = 'comment' AND cardinality(message.refs) = 0 THEN
        outcome := CASE WHEN facts->>'patch_like' IS NULL THEN 'ignored' ELSE 'quarantined' END;
        reason := coalesce(_patchmail.patch_missed(facts), _patchmail.usual_reason('talk'));
    ELSIF message.kind = 'comment' AND _patchmail.find_parent(message) IS NULL THEN
        outcome := 'waiting';
        reason := _patchmail.usual_reason('waiting');
    ELSE
        outcome := 'stored';
    END IF;
END
$$;
