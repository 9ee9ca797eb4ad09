-- _patchmail.bereft_replies(thread): the replies of a thread of which nothing is left but that they answered mail that
-- was deleted.
-- Gives    the ledger rows of those that wait, and lead to deleted mail and to nothing else; first it gives places to
--          those that wait and lead elsewhere.
-- Touches  through _patchmail.move_comments.
CREATE OR REPLACE FUNCTION _patchmail.bereft_replies(thread bigint)
RETURNS patchmail.message[] LANGUAGE plpgsql AS $$
DECLARE
    ids     bigint[];
    parents bigint[];
BEGIN
    LOOP
        SELECT array_agg(w.id), array_agg(w.parent) INTO ids, parents
          FROM (SELECT m.id, _patchmail.find_parent(m) AS parent FROM patchmail.message m
                 WHERE m.thread = bereft_replies.thread AND m.waiting IS NOT NULL) w
         WHERE w.parent IS NOT NULL;
        EXIT WHEN ids IS NULL OR _patchmail.move_comments(ids, parents) IS NULL;
    END LOOP;
    RETURN ARRAY(SELECT m FROM patchmail.message m
                  WHERE m.thread = bereft_replies.thread AND m.waiting IS NOT NULL
                    AND EXISTS (SELECT FROM patchmail.removed r
                                 WHERE r.project_id = m.project_id AND r.msgid = ANY (m.refs)
                                   AND r.to_project_id IS NULL)
                    AND _patchmail.find_parent(m) IS NULL);
END
$$;
