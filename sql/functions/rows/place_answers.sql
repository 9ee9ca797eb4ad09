-- _patchmail.place_answers(project_id, msgid, most): gives the comments that refer to a mail the parents that they have
-- now.
-- Takes    the mail's Message-ID; or NULL, to go on with what earlier calls left over in the project; how much to do at
--          once.
-- Rules    A comment whose parent changes is placed anew, and then the comments that refer to it; but one to which an
--          admin gave its parent stays there.
--          A call looks at no more than `most` references, and at fewer if the comments are large
--          (_patchmail.answers_after): anybody may send a hundred thousand replies that wait for one mail, and the
--          project is locked meanwhile.  The next calls of patchmail.store in the project, or patchmail.place_waiting,
--          do what is left over; in the end everything is as if one call had done it.  They go on with what was left
--          over last, so that one pile does not hold up the others.
--          Mails that answer each other in a circle could hand a parent round for ever: it goes no more steps than the
--          thread has mails (which it compares every thousand steps).
-- Touches  patchmail.unplaced; through _patchmail.move_comments.  The caller holds the lock of the project.
CREATE OR REPLACE FUNCTION _patchmail.place_answers(project_id integer, msgid text, most integer DEFAULT 500)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    this_pile integer;                             -- what one call left over
    msgids  text[] := ARRAY[place_answers.msgid];  -- the queue: mails whose parent has changed,
    afters  bigint[] := '{0}';                     -- the last one that refers to it and has been looked at,
    steps   integer[] := '{1}';                    -- and how far it is from the first
    at      integer := 1;
    step    integer;
    answers record;
    ids     bigint[];
    parents bigint[];
    placed  text[];
BEGIN
    IF place_answers.msgid IS NULL THEN
        this_pile := (SELECT max(u.pile) FROM patchmail.unplaced u WHERE u.project_id = place_answers.project_id);
        WITH taken AS (
            DELETE FROM patchmail.unplaced u
             WHERE u.project_id = place_answers.project_id
               AND (u.pile, u.step, u.msgid) IN (SELECT o.pile, o.step, o.msgid FROM patchmail.unplaced o
                                                  WHERE o.project_id = place_answers.project_id
                                                    AND o.pile = this_pile
                                                  ORDER BY o.step, o.msgid LIMIT most)
            RETURNING u.step, u.msgid, u.after)
        SELECT array_agg(t.msgid ORDER BY t.step, t.msgid), array_agg(t.after ORDER BY t.step, t.msgid),
               array_agg(t.step ORDER BY t.step, t.msgid)
          INTO msgids, afters, steps FROM taken t;
    END IF;
    WHILE most > 0 AND at <= cardinality(msgids) LOOP
        ids := '{}';
        step := steps[at];
        FOR i IN at .. cardinality(msgids) LOOP
            answers := _patchmail.answers_after(place_answers.project_id, msgids[i], afters[i], most);
            ids := ids || answers.ids;
            most := most - answers.cost - 1;
            IF answers.more THEN
                afters[i] := answers.last;
                most := 0;
            ELSE
                at := i + 1;
            END IF;
            EXIT WHEN most <= 0;
        END LOOP;
        SELECT array_agg(c.id), array_agg(c.parent) INTO ids, parents
          FROM (SELECT m.id, m.parent_id, _patchmail.find_parent(m) AS parent
                  FROM patchmail.message m WHERE m.id = ANY (ids) AND NOT m.pinned) c
         WHERE c.parent IS NOT NULL AND c.parent IS DISTINCT FROM c.parent_id;
        CONTINUE WHEN ids IS NULL;
        placed := ARRAY(SELECT m.msgid FROM unnest(_patchmail.move_comments(ids, parents)) AS m(msgid)
                         WHERE EXISTS (SELECT FROM patchmail.reference r
                                        WHERE r.project_id = place_answers.project_id AND r.msgid = m.msgid
                                          AND r.message_id > 0));
        CONTINUE WHEN placed = '{}'
                   OR step % 1000 = 0
                      AND step > (SELECT count(*) FROM patchmail.message m JOIN patchmail.message o USING (thread)
                                   WHERE o.id = ids[1]);
        msgids := msgids || placed;
        afters := afters || array_fill(0::bigint, ARRAY[cardinality(placed)]);
        steps := steps || array_fill(step + 1, ARRAY[cardinality(placed)]);
    END LOOP;
    IF at <= cardinality(msgids) THEN
        INSERT INTO patchmail.unplaced AS u (project_id, pile, step, msgid, after)
        SELECT place_answers.project_id,
               coalesce(this_pile, (SELECT max(o.pile) + 1 FROM patchmail.unplaced o
                                              WHERE o.project_id = place_answers.project_id), 1),
               q.step, q.msgid, min(q.after)
          FROM unnest(msgids[at:], afters[at:], steps[at:]) AS q(msgid, after, step)
         GROUP BY q.step, q.msgid
        ON CONFLICT ON CONSTRAINT unplaced_pkey DO UPDATE SET after = least(u.after, excluded.after);
    END IF;
END
$$;
