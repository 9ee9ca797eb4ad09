-- _patchmail.repeats_cover(message, address): decides whether a mail that looks like a cover letter is a comment on
-- one.
-- Takes    its ledger row, and the address of its author.
-- Rules    It is one if it refers to a cover letter (or to a comment of this kind) that has the same whole subject, is
--          from another author, and does not refer to it in turn: somebody has answered with a program that puts no
--          "Re:" there.  A cover letter that its author sends again stays one.
--          So the answer depends on what the other mails say, never on which of the two they are found to be.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.repeats_cover(message patchmail.message, address text)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM unnest(message.refs) r(msgid)
          JOIN patchmail.message m ON m.project_id = message.project_id AND m.msgid = r.msgid
         WHERE (m.kind = 'cover' OR m.number = 0 OR m.kind = 'comment' AND m.total IS NOT NULL)
           AND m.name = message.name AND message.msgid <> ALL (m.refs)
           AND upper(_patchmail.author_address(m) COLLATE "C") <> upper(left(address, 255) COLLATE "C")
           AND NOT _patchmail.led_to(address, m.submitter_id));
END
$$;
