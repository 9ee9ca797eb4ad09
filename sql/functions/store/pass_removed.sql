-- _patchmail.pass_removed(message, author, released): what becomes of a mail that is not here, because an admin took
-- it, or what it answers, out of its project.
-- Takes    its ledger row, not yet entered; its author; and whether an admin released it from quarantine: then it is
--          to be stored, and not removed any more.
-- Gives    the outcome and the reason; NULLs if it is to be stored.
-- Rules    Deleted mail is a duplicate when it comes again, unless it is from another author: then it is another mail.
--          A reply that leads to deleted mail, and to nothing that is here, is ignored; what answers it in turn is
--          ignored too, or deleted if it waits for it.
-- Errors   PM002 if its thread was moved to another project: patchmail.store looks for it there then.
-- Touches  patchmail.removed; the ledger through _patchmail.drop_bereft.
CREATE OR REPLACE FUNCTION _patchmail.pass_removed(message patchmail.message, author jsonb, released boolean,
                                                  OUT outcome text, OUT reason text)
LANGUAGE plpgsql AS $$
DECLARE
    gone patchmail.removed;
BEGIN
    IF _patchmail.moved_to(message.project_id, message.msgid, message.refs) IS NOT NULL THEN
        RAISE EXCEPTION 'its thread was moved to another project' USING ERRCODE = 'PM002';
    END IF;
    IF released THEN
        DELETE FROM patchmail.removed r WHERE r.project_id = message.project_id AND r.msgid = message.msgid;
        RETURN;
    END IF;
    SELECT r.* INTO gone FROM patchmail.removed r
     WHERE r.project_id = message.project_id AND r.msgid = message.msgid AND r.to_project_id IS NULL
       AND (upper(r.author COLLATE "C") = upper(left(pass_removed.author->>'email', 255) COLLATE "C")) IS NOT FALSE;
    IF FOUND THEN
        outcome := 'duplicate';
        reason := 'an admin removed it: ' || gone.why;
    ELSIF message.kind = 'comment'
          AND EXISTS (SELECT FROM patchmail.removed r
                       WHERE r.project_id = message.project_id AND r.msgid = ANY (message.refs)
                         AND r.to_project_id IS NULL)
          AND _patchmail.find_parent(message) IS NULL THEN
        outcome := 'ignored';
        reason := _patchmail.usual_reason('removed');
        INSERT INTO patchmail.removed (project_id, msgid, author, why)
        VALUES (message.project_id, message.msgid, left(pass_removed.author->>'email', 255), reason)
        ON CONFLICT DO NOTHING;
        PERFORM _patchmail.drop_bereft(t.thread, reason)
           FROM (SELECT DISTINCT m.thread FROM patchmail.reference r JOIN patchmail.message m ON m.id = r.message_id
                  WHERE r.project_id = message.project_id AND r.msgid = message.msgid) t;
    END IF;
END
$$;
