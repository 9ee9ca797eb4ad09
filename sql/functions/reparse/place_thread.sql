-- _patchmail.place_thread(thread): gives the comments of a thread that wait the parents that they have now.
-- Why      _patchmail.take_answers has taken off their places also those whose answers lead elsewhere, which the mail
--          that has come does not lead back.
-- Touches  through _patchmail.move_comments and place_answers.
CREATE OR REPLACE FUNCTION _patchmail.place_thread(thread bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    ids     bigint[];
    parents bigint[];
BEGIN
    SELECT array_agg(c.id), array_agg(c.parent) INTO ids, parents
      FROM (SELECT m.id, _patchmail.find_parent(m) AS parent FROM patchmail.message m
             WHERE m.thread = place_thread.thread AND m.waiting IS NOT NULL OFFSET 0) c
     WHERE c.parent IS NOT NULL;
    IF ids IS NOT NULL THEN
        PERFORM _patchmail.move_comments(ids, parents);
        PERFORM _patchmail.place_answers(m.project_id, m.msgid) FROM patchmail.message m WHERE m.id = ANY (ids);
    END IF;
END
$$;
