-- patchmail.place_answers(project_id, msgid): gives the comments that refer to a new mail the parent they have now.
-- Rules    A comment whose parent changes is placed anew, and so are then those that refer to it.  The bound on steps
--          is for mails that answer each other in a circle.
-- Touches  through patchmail.place_comment; patchmail.message.
CREATE OR REPLACE FUNCTION patchmail.place_answers(project_id integer, msgid text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    comment patchmail.message;
    parent  bigint;
    queue   text[] := ARRAY[place_answers.msgid];
    step    integer := 1;
BEGIN
    WHILE step <= least(cardinality(queue), 10000) LOOP
        FOR comment IN
            SELECT m.*
              FROM patchmail.reference r JOIN patchmail.message m ON m.id = r.message_id
             WHERE r.project_id = place_answers.project_id AND r.msgid = queue[step] AND m.kind = 'comment'
             ORDER BY m.id
        LOOP
            parent := patchmail.find_parent(comment);
            IF parent IS NOT NULL AND parent IS DISTINCT FROM comment.parent_id THEN
                IF comment.waiting IS NULL THEN
                    comment.waiting := patchmail.take_comment(comment);
                    comment.patchcomment_id := NULL;
                    comment.covercomment_id := NULL;
                END IF;
                comment := patchmail.place_comment(comment, parent, comment.waiting);
                UPDATE patchmail.message m
                   SET waiting = comment.waiting, parent_id = comment.parent_id,
                       patchcomment_id = comment.patchcomment_id, covercomment_id = comment.covercomment_id
                 WHERE m.id = comment.id;
                IF comment.parent_id = parent THEN
                    queue := queue || comment.msgid::text;
                END IF;
            END IF;
        END LOOP;
        step := step + 1;
    END LOOP;
END
$$;
