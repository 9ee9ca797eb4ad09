-- _patchmail.withdraw_message(stored): takes a mail out of the tables, as if it had not come.
-- Takes    its ledger row; _patchmail.may_withdraw says whether it may.
-- Rules    The answers to it wait for the mail that takes its place.  If it also claimed the Message-ID of a mail in
--          it, that claim ends, and every reference to either Message-ID becomes one to the claimed one.
--          The mails that it made one thread stay one thread: only the time to derive its series depends on that.
-- Touches  the ledger and alias; Patchwork's tables through _patchmail.delete_submission, _patchmail.withdraw_name,
--          _patchmail.rederive and _patchmail.settle_repeats.
CREATE OR REPLACE FUNCTION _patchmail.withdraw_message(stored patchmail.message)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    former     patchmail.message[];
    dependents bigint[];
    referred   text := coalesce((SELECT a.alias FROM patchmail.alias a  -- what refers to it refers to this later
                                  WHERE a.project_id = stored.project_id AND a.msgid = stored.msgid), stored.msgid);
BEGIN
    PERFORM _patchmail.take_answers(stored.project_id, stored.msgid);
    former := _patchmail.thread_leads(stored.thread);
    dependents := _patchmail.take_dependencies(stored.thread);
    IF stored.kind = 'comment' THEN
        PERFORM _patchmail.unplace_comments(ARRAY[stored.id]);
    ELSE
        PERFORM _patchmail.delete_submission(stored.patch_id, stored.cover_id);
    END IF;
    PERFORM _patchmail.forget_references(ARRAY[stored.id]);
    DELETE FROM patchmail.authentication a WHERE a.message_id = stored.id;
    DELETE FROM patchmail.message m WHERE m.id = stored.id;
    PERFORM _patchmail.withdraw_name(stored);
    UPDATE patchmail.message m SET anchor_id = _patchmail.find_anchor(m)
     WHERE m.thread = stored.thread AND m.anchor_id = stored.id;
    PERFORM _patchmail.drop_alias(stored.project_id, stored.msgid);
    PERFORM _patchmail.rederive(stored.thread, former, dependents);
    IF stored.number IS NULL AND stored.series_id IS NOT NULL THEN
        PERFORM _patchmail.settle_series(stored.series_id, stored.thread);
    END IF;
    PERFORM _patchmail.settle_repeats(stored.project_id, referred);
END
$$;
