-- patchmail.next_marked(after, most): the next mail in quarantine that an admin has marked to be tried again.
-- Takes    an id, 0 to begin with; and how many bytes it may have.
-- Gives    its id, its source and its bytes; no bytes if it has more: then its mark is taken away.  NULL: there is
--          none.
-- Touches  patchmail.quarantine.
-- Deliverers may call it: the program reads the mail again.
CREATE OR REPLACE FUNCTION patchmail.next_marked(after bigint, most bigint, OUT id bigint, OUT source jsonb,
                                                 OUT raw bytea)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    size bigint;
BEGIN
    SELECT q.id, q.source, q.size INTO id, source, size
      FROM patchmail.quarantine q WHERE q.mark IS NOT NULL AND q.id > after ORDER BY q.id LIMIT 1;
    IF size <= most THEN
        raw := patchmail.quarantine_raw(id);
    ELSE
        UPDATE patchmail.quarantine q SET mark = NULL, marked_by = NULL WHERE q.id = next_marked.id;
    END IF;
END
$$;
COMMENT ON FUNCTION patchmail.next_marked(bigint, bigint) IS
    'For patchmaild: the next mail of quarantine that an admin wants to be tried again, with a piece of its bytes.';
