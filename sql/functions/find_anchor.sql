-- patchmail.find_anchor(message): what a patch of a series hangs on.
-- Takes    the ledger row of a patch.
-- Gives    a ledger id, or NULL.
-- Rules    The nearest of its references that is a cover letter, or a marked patch of the same total and another
--          number that does not refer to it in turn; with a version that fits: the same, or none said here and dates
--          within 20 minutes.  A patch without a marker hangs on nothing.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.find_anchor(message patchmail.message)
RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF message.number IS NULL OR message.refs = '{}' THEN
        RETURN NULL;
    END IF;
    RETURN (
        SELECT m.id
          FROM unnest(message.refs) WITH ORDINALITY r(msgid, distance)
          JOIN patchmail.message m ON m.project_id = message.project_id AND m.msgid = r.msgid
         WHERE (m.kind = 'cover'
                OR m.kind = 'patch' AND m.total = message.total AND m.number <> message.number
                   AND message.msgid <> ALL (m.refs))
           AND (m.version = message.version
                OR message.version = 1 AND abs(extract(epoch FROM m.date - message.date)) <= 1200)
         ORDER BY r.distance LIMIT 1);
END
$$;
