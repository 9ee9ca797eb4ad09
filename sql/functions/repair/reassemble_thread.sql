-- _patchmail.reassemble_thread(thread): derives the series of a thread, and the parents of its comments, anew.
-- Touches  through _patchmail.rederive and _patchmail.move_comments; patchmail.message (anchor_id).
-- Limits   as many rounds as the thread has mails: mails that answer each other in a circle could hand a parent round
--          for ever.
CREATE OR REPLACE FUNCTION _patchmail.reassemble_thread(thread bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    former     patchmail.message[] := _patchmail.thread_leads(thread);
    dependents bigint[] := _patchmail.take_dependencies(thread);
    ids        bigint[];
    parents    bigint[];
BEGIN
    UPDATE patchmail.message m SET anchor_id = _patchmail.find_anchor(m)
     WHERE m.thread = reassemble_thread.thread AND m.kind = 'patch' AND m.number IS NOT NULL
       AND NOT (m.adopted OR m.pinned) AND m.anchor_id IS DISTINCT FROM _patchmail.find_anchor(m);
    PERFORM _patchmail.rederive(thread, former, dependents);
    FOR round IN 1 .. (SELECT count(*)::integer FROM patchmail.message m WHERE m.thread = reassemble_thread.thread) LOOP
        SELECT array_agg(c.id), array_agg(c.parent) INTO ids, parents
          FROM (SELECT m.id, m.parent_id, _patchmail.find_parent(m) AS parent
                  FROM patchmail.message m
                 WHERE m.thread = reassemble_thread.thread AND m.kind = 'comment' AND NOT (m.adopted OR m.pinned)) c
         WHERE c.parent IS NOT NULL AND c.parent IS DISTINCT FROM c.parent_id;
        EXIT WHEN ids IS NULL OR _patchmail.move_comments(ids, parents) IS NULL;
    END LOOP;
END
$$;
