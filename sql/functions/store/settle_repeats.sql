-- _patchmail.settle_repeats(project_id, msgid): decides anew, for the mails that refer to one that has come or gone,
-- which are cover letters and which are comments (_patchmail.repeats_cover).
-- Takes    the Message-ID of that mail, or the one under which they refer to it now.
-- Limits   it decides the first 100 of them; the others stay what they are.
-- Touches  through _patchmail.turn_into_comments and _patchmail.turn_into_cover.
CREATE OR REPLACE FUNCTION _patchmail.settle_repeats(project_id integer, msgid text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    covers   bigint[];  -- cover letters that become comments
    comments bigint[];  -- comments that become cover letters
BEGIN
    SELECT array_agg(x.id) FILTER (WHERE x.kind = 'cover' AND x.repeats),
           array_agg(x.id) FILTER (WHERE x.kind = 'comment' AND NOT x.repeats)
      INTO covers, comments
      FROM (SELECT m.id, m.kind, _patchmail.repeats_cover(m, _patchmail.author_address(m)) AS repeats
              FROM patchmail.reference r JOIN patchmail.message m ON m.id = r.message_id
             WHERE r.project_id = settle_repeats.project_id AND r.msgid = settle_repeats.msgid
               AND (m.kind = 'cover' OR m.kind = 'comment' AND m.total IS NOT NULL) AND NOT (m.adopted OR m.pinned)
             ORDER BY m.id LIMIT 100) x;
    IF covers IS NOT NULL THEN
        PERFORM _patchmail.turn_into_comments(covers);
    END IF;
    PERFORM _patchmail.turn_into_cover(c) FROM unnest(comments) c;
END
$$;
