-- patchmail.settle_repeats(project_id, msgid): finds out anew which mails are cover letters and which comments
-- (patchmail.repeats_cover), of those that refer to a mail that has come or gone.
-- Takes    its Message-ID, or another one under which they refer to it now.
-- Limits   The first 100: the others stay what they are.
-- Touches  through patchmail.turn_into_comments and patchmail.turn_into_cover.
CREATE OR REPLACE FUNCTION patchmail.settle_repeats(project_id integer, msgid text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    covers   bigint[];  -- that are comments
    comments bigint[];  -- that are cover letters
BEGIN
    SELECT array_agg(x.id) FILTER (WHERE x.kind = 'cover' AND x.repeats),
           array_agg(x.id) FILTER (WHERE x.kind = 'comment' AND NOT x.repeats)
      INTO covers, comments
      FROM (SELECT m.id, m.kind, patchmail.repeats_cover(m, patchmail.author_address(m)) AS repeats
              FROM patchmail.reference r JOIN patchmail.message m ON m.id = r.message_id
             WHERE r.project_id = settle_repeats.project_id AND r.msgid = settle_repeats.msgid
               AND (m.kind = 'cover' OR m.kind = 'comment' AND m.total IS NOT NULL) AND NOT m.adopted
             ORDER BY m.id LIMIT 100) x;
    IF covers IS NOT NULL THEN
        PERFORM patchmail.turn_into_comments(covers);
    END IF;
    PERFORM patchmail.turn_into_cover(c) FROM unnest(comments) c;
END
$$;
