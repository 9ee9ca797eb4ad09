-- _patchmail.turn_into_comments(ids): turns cover letters that prove to be answers to one into comments.
-- Takes    ledger ids of cover letters of one thread.
-- Rules    Messages that had such a one as their anchor get another, and comments on it get the parent that it gets.
--          One that an admin has deleted stays a cover letter; so does one with comments that an admin moved there or
--          Patchwork stored itself: these would be lost.
--          The tables do not keep its hints: such a comment asks for no action.
-- Touches  public.patchwork_cover, _covercomment, _event, _series; patchmail.message; through _patchmail.take_answers,
--          _patchmail.rederive, _patchmail.move_comments and _patchmail.place_answers.
CREATE OR REPLACE FUNCTION _patchmail.turn_into_comments(ids bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    former     patchmail.message[];
    dependents bigint[];
    stored     patchmail.message[] := ARRAY(SELECT m FROM patchmail.message m WHERE m.id = ANY (ids) ORDER BY m.id);
    thread     bigint := stored[1].thread;
    repeat     patchmail.message;
BEGIN
    former := _patchmail.series_leads(ARRAY(SELECT s.series_id FROM unnest(stored) s), thread);
    dependents := _patchmail.take_dependencies(thread);
    FOREACH repeat IN ARRAY stored LOOP
        PERFORM _patchmail.take_answers(repeat.project_id, repeat.msgid);
        UPDATE patchmail.message m
           SET kind = 'comment', number = NULL, cover_id = NULL, series_id = NULL,
               waiting = _patchmail.waiting_facts(m.author_name, _patchmail.author_address(m), c.headers, c.content,
                                                  NULL)
          FROM public.patchwork_cover c
         WHERE m.id = repeat.id AND c.id = repeat.cover_id
           AND NOT EXISTS (SELECT FROM public.patchwork_covercomment k WHERE k.cover_id = c.id);
        IF FOUND THEN
            PERFORM _patchmail.delete_submission(NULL, repeat.cover_id);
        END IF;
    END LOOP;
    UPDATE patchmail.message m SET anchor_id = _patchmail.find_anchor(m)
     WHERE m.thread = stored[1].thread AND m.anchor_id = ANY (ids);
    PERFORM _patchmail.rederive(thread, former, dependents);
    FOREACH repeat IN ARRAY stored LOOP
        PERFORM _patchmail.move_comments(ARRAY[m.id], ARRAY[p.id])
           FROM patchmail.message m, _patchmail.find_parent(m) p(id)
          WHERE m.id = repeat.id AND m.kind = 'comment' AND p.id IS NOT NULL;
        PERFORM _patchmail.place_answers(repeat.project_id, repeat.msgid);
    END LOOP;
END
$$;
