-- _patchmail.take_mark(source, raw): the mail in quarantine that is tried again by this call, if an admin wants that.
-- Takes    the source with "quarantine_id", and the bytes.
-- Gives    its id, who released it (NULL: it is only tried again), and whether it is of history; NULL if there is no
--          such mail, its bytes are others, or nobody has marked it: then it is mail like any other.
-- Rules    The caller only says where to look.  What counts is the admin's mark, and that the bytes are the same.
-- Touches  nothing.
-- Locks    its row.
CREATE OR REPLACE FUNCTION _patchmail.take_mark(source jsonb, raw bytea, OUT id bigint, OUT released_by text,
                                               OUT past boolean)
LANGUAGE plpgsql AS $$
BEGIN
    SELECT q.id, CASE q.mark WHEN 'release' THEN q.marked_by END, q.source->>'transport' = 'history'
      INTO id, released_by, past
      FROM patchmail.quarantine q
     WHERE q.id = (take_mark.source->>'quarantine_id')::bigint AND q.mark IS NOT NULL
       AND take_mark.raw = patchmail.quarantine_raw(q.id)
       FOR UPDATE;
END
$$;
