-- _patchmail.transfer_comment(comment, project_id): moves a comment to another project, onto what it answers there.
-- Takes    its ledger row; and the project, which has what it answers, and not the comment yet.
-- Rules    The mails that it made one thread stay one thread: only the time to derive its series depends on that.
-- Touches  patchmail.message, _reference, _alias; through _patchmail.move_comments and _patchmail.place_answers.
CREATE OR REPLACE FUNCTION _patchmail.transfer_comment(comment patchmail.message, project_id integer)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    other text := (SELECT a.alias FROM patchmail.alias a
                    WHERE a.project_id = comment.project_id AND a.msgid = comment.msgid);
BEGIN
    PERFORM _patchmail.drop_alias(comment.project_id, comment.msgid);
    DELETE FROM patchmail.reference r USING unnest(comment.refs) k(msgid)
     WHERE r.project_id = comment.project_id AND r.msgid = k.msgid AND r.message_id = comment.id;
    comment.project_id := transfer_comment.project_id;
    comment.refs := _patchmail.message_references(comment.project_id, jsonb_build_object(
        'message_id', comment.msgid, 'references', to_jsonb(comment.refs)));
    -- A thread is of one project.  The old thread's number, which may be the comment's own id, stays with the others.
    comment.thread := nextval('patchmail.message_id_seq');
    UPDATE patchmail.message m SET project_id = comment.project_id, refs = comment.refs, thread = comment.thread
     WHERE m.id = comment.id;
    UPDATE patchmail.message m SET thread = j.thread
      FROM _patchmail.join_threads(comment) j WHERE m.id = comment.id AND j.joined;
    PERFORM _patchmail.move_comments(ARRAY[comment.id], ARRAY[_patchmail.find_parent(comment)]);
    IF other IS NOT NULL THEN
        PERFORM _patchmail.add_alias(comment.project_id, comment.msgid, other);
    END IF;
    PERFORM _patchmail.place_answers(comment.project_id, comment.msgid);
END
$$;
