-- _patchmail.mend_parent(comment): puts a comment on what it answers, and those that answer it.
-- Rules    If Patchwork's row is there already, the ledger alone is wrong.
-- Touches  patchmail.message; through _patchmail.move_comments and place_answers.
CREATE OR REPLACE FUNCTION _patchmail.mend_parent(comment patchmail.message)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    parent bigint := _patchmail.find_parent(comment);
BEGIN
    UPDATE patchmail.message m SET parent_id = parent
      FROM patchmail.message p
     WHERE m.id = comment.id AND p.id = parent
       AND (EXISTS (SELECT FROM public.patchwork_patchcomment k
                     WHERE k.id = m.patchcomment_id AND k.patch_id = p.patch_id)
            OR EXISTS (SELECT FROM public.patchwork_covercomment k
                        WHERE k.id = m.covercomment_id AND k.cover_id = p.cover_id));
    IF parent IS NULL THEN  -- the one that it had is gone
        UPDATE patchmail.message m SET parent_id = NULL WHERE m.id = comment.id;
    ELSIF NOT FOUND THEN
        PERFORM _patchmail.move_comments(ARRAY[comment.id], ARRAY[parent]);
    END IF;
    PERFORM _patchmail.place_answers(comment.project_id, comment.msgid);
END
$$;
