-- _patchmail.find_anchor(message): finds what a patch of a series hangs on.
-- Takes    the ledger row of a patch.
-- Gives    a ledger id, or NULL.
-- Rules    The nearest of its references that is a cover letter, or a marked patch of another number that does not
--          refer to it in turn, and has its version and total.  Of version 5 and 5.1, one hangs on no patch of the
--          other.
--          If there is none, and a slip may be the reason, the nearest such mail of its own author: a cover letter of
--          another total; or the mail that it answers directly, of another version, within 20 minutes.
--          _patchmail.derive_series decides whether that makes them one series.
--          A patch without a marker hangs on nothing.
-- Touches  nothing.
-- Speed    Each reference is looked up by itself, with a limit: so PostgreSQL goes by index, and from the nearest on,
--          even with a plan that it made while the ledger was empty.
CREATE OR REPLACE FUNCTION _patchmail.find_anchor(message patchmail.message)
RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    anchor bigint;
BEGIN
    IF message.number IS NULL OR message.refs = '{}' THEN
        RETURN NULL;
    END IF;
    SELECT m.id INTO anchor
      FROM unnest(message.refs) WITH ORDINALITY r(msgid, distance), LATERAL (
           SELECT o.* FROM patchmail.message o WHERE o.project_id = message.project_id AND o.msgid = r.msgid LIMIT 1) m
     WHERE m.version = message.version AND m.minor = message.minor AND m.total = message.total
       AND (m.kind = 'cover' OR m.kind = 'patch' AND m.number <> message.number AND message.msgid <> ALL (m.refs))
     ORDER BY r.distance LIMIT 1;
    IF anchor IS NULL THEN
        SELECT m.id INTO anchor
          FROM unnest(message.refs) WITH ORDINALITY r(msgid, distance), LATERAL (
               SELECT o.* FROM patchmail.message o
                WHERE o.project_id = message.project_id AND o.msgid = r.msgid LIMIT 1) m
         WHERE m.submitter_id = message.submitter_id AND m.minor = message.minor
           AND (m.kind = 'cover' OR m.kind = 'patch' AND m.number <> message.number AND message.msgid <> ALL (m.refs))
           AND (m.kind = 'cover' AND m.version = message.version
                OR m.total = message.total AND r.distance = 1
                   AND abs(extract(epoch FROM m.date - message.date)) <= 1200)
         ORDER BY r.distance LIMIT 1;
    END IF;
    RETURN anchor;
END
$$;
