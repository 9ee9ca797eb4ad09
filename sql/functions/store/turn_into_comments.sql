-- patchmail.turn_into_comments(ids): turns cover letters that prove to be answers to one into comments.
-- Takes    ledger ids of cover letters of one thread.
-- Rules    Messages that had such a one as their anchor get another, and comments on it get the parent that it gets.
--          One that an admin has deleted stays a cover letter; so does one with comments that an admin moved there or
--          Patchwork stored itself: these would be lost.
--          The tables do not keep its hints: such a comment asks for no action.
-- Touches  public.patchwork_cover, _covercomment, _event, _series; patchmail.message; through patchmail.take_answers,
--          patchmail.rederive, patchmail.move_comments and patchmail.place_answers.
CREATE OR REPLACE FUNCTION patchmail.turn_into_comments(ids bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    former     patchmail.message[];
    dependents bigint[];
    stored     patchmail.message[] := ARRAY(SELECT m FROM patchmail.message m WHERE m.id = ANY (ids) ORDER BY m.id);
    thread     bigint := stored[1].thread;
    repeat     patchmail.message;
BEGIN
    former := patchmail.series_leads(ARRAY(SELECT s.series_id FROM unnest(stored) s), thread);
    dependents := patchmail.take_dependencies(thread);
    FOREACH repeat IN ARRAY stored LOOP
        PERFORM patchmail.take_answers(repeat.project_id, repeat.msgid);
        UPDATE patchmail.message m
           SET kind = 'comment', number = NULL, cover_id = NULL, series_id = NULL,
               waiting = patchmail.waiting_facts(m.author_name, patchmail.author_address(m), c.headers, c.content, NULL)
          FROM public.patchwork_cover c
         WHERE m.id = repeat.id AND c.id = repeat.cover_id
           AND NOT EXISTS (SELECT FROM public.patchwork_covercomment k WHERE k.cover_id = c.id);
        IF FOUND THEN
            PERFORM patchmail.delete_submission(NULL, repeat.cover_id);
        END IF;
    END LOOP;
    UPDATE patchmail.message m SET anchor_id = patchmail.find_anchor(m)
     WHERE m.thread = stored[1].thread AND m.anchor_id = ANY (ids);
    PERFORM patchmail.rederive(thread, former, dependents);
    FOREACH repeat IN ARRAY stored LOOP
        PERFORM patchmail.move_comments(ARRAY[m.id], ARRAY[p.id])
           FROM patchmail.message m, patchmail.find_parent(m) p(id)
          WHERE m.id = repeat.id AND m.kind = 'comment' AND p.id IS NOT NULL;
        PERFORM patchmail.place_answers(repeat.project_id, repeat.msgid);
    END LOOP;
END
$$;
