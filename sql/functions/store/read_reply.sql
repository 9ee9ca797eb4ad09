-- _patchmail.read_reply(message, facts, email): the ledger row of a mail that is no patch, with what it answers.
-- Takes    the ledger row as _patchmail.read_message gives it, the facts, and the address of its author.
-- Gives    the row with the mail that it answers, if that is here.  A mail that repeats somebody else's cover letter
--          becomes a comment (_patchmail.repeats_cover).
-- Rules    The author of a comment that waits gets no person yet (_patchmail.restore_people): submitter 0, since the
--          column is NOT NULL.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.read_reply(message patchmail.message, facts jsonb, email text)
RETURNS patchmail.message LANGUAGE plpgsql AS $$
BEGIN
    IF message.kind = 'comment' THEN
        message.parent_id := _patchmail.find_parent(message);
        message.submitter_id := CASE WHEN message.parent_id IS NULL AND email IS NOT NULL THEN 0 END;
    ELSIF NOT cardinality(message.refs) = 0 AND _patchmail.repeats_cover(message, email) THEN
        message.kind := 'comment';
        message.waiting := facts;
        message.number := NULL;
        message.parent_id := _patchmail.find_parent(message);
    END IF;
    RETURN message;
END
$$;
