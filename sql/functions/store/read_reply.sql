-- patchmail.read_reply(message, facts, email): the ledger row of a mail that is no patch, with what it answers.
-- Takes    the ledger row as patchmail.read_message gives it, the facts, and the address of its author.
-- Gives    the row with the mail that it answers, where that is here.  What repeats somebody else's cover letter is a comment
--          (patchmail.repeats_cover).
-- Rules    Who waits is nobody (patchmail.restore_people): submitter 0, since somebody he has to be.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.read_reply(message patchmail.message, facts jsonb, email text)
RETURNS patchmail.message LANGUAGE plpgsql AS $$
BEGIN
    IF message.kind = 'comment' THEN
        message.parent_id := patchmail.find_parent(message);
        message.submitter_id := CASE WHEN message.parent_id IS NULL AND email IS NOT NULL THEN 0 END;
    ELSIF NOT cardinality(message.refs) = 0 AND patchmail.repeats_cover(message, email) THEN
        message.kind := 'comment';
        message.waiting := facts;
        message.number := NULL;
        message.parent_id := patchmail.find_parent(message);
    END IF;
    RETURN message;
END
$$;
