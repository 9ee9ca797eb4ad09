-- patchmail.next_raw(after, most, project, since): the next mail whose bytes are kept.
-- Takes    an id, 0 to begin with; how many bytes it may have; the linkname of a project, or NULL for all; and an
--          instant: only mail that arrived then or later, or NULL.
-- Gives    its id; where it came from, with its "msgid" and when it "arrived", as patchmail.reparse wants it; and its
--          bytes, NULL if it has more than that.  NULLs: there is none.
-- Errors   no_data_found for a project that there is not.
-- Touches  nothing.
-- For admins: `patchmaild reparse` reads them.
CREATE OR REPLACE FUNCTION patchmail.next_raw(after bigint, most bigint, project text DEFAULT NULL,
                                              since timestamptz DEFAULT NULL, OUT id bigint, OUT source jsonb,
                                              OUT raw bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on SET enable_seqscan = off AS $$
DECLARE
    here integer;
BEGIN
    here := _patchmail.project_id(project) WHERE project IS NOT NULL;
    SELECT r.id, r.source || jsonb_build_object('msgid', r.msgid, 'arrived', r.arrived),
           CASE WHEN r.size <= most THEN r.raw END
      INTO id, source, raw
      FROM patchmail.raw r
     WHERE r.id > after AND r.arrived >= coalesce(since, '-infinity')
       AND (here IS NULL OR EXISTS (SELECT FROM patchmail.message m WHERE m.project_id = here AND m.msgid = r.msgid))
     ORDER BY r.id LIMIT 1;
END
$$;
COMMENT ON FUNCTION patchmail.next_raw IS
    'The next mail whose bytes are kept, by its number in patchmail.raw.  patchmaild reparse reads them.';
