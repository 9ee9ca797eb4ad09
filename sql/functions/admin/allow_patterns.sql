-- patchmail.allow_patterns(): lets patterns be used again that ran away on a mail.
-- Gives    the rows of the audit, one a pattern.
-- Touches  patchmail.runaway, audit.
CREATE OR REPLACE FUNCTION patchmail.allow_patterns()
RETURNS SETOF patchmail.audit LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    WITH gone AS (
        DELETE FROM patchmail.runaway r RETURNING r.*
    )
    SELECT a.* FROM gone g, _patchmail.note_change('allow_patterns', NULL, NULL, g.kind, g.object_id, to_jsonb(g),
                                                   NULL) a;
$$;
COMMENT ON FUNCTION patchmail.allow_patterns() IS
    'Lets patterns be used again that ran away on a mail (runaway_patterns).';
