-- _patchmail.find_faults(only_project, families): what is wrong, for patchmail.check() and patchmail.repair().
-- Takes    a project, or NULL for all; the families of kinds to look for (_patchmail.fault_kinds).
-- Gives    a row a fault, as _patchmail.check_series says.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.find_faults(only_project integer, families text[])
RETURNS TABLE (project_id integer, kind text, object text, object_id bigint, detail text, key text)
LANGUAGE sql STABLE AS $$
    SELECT f.* FROM _patchmail.check_keeping($1) f WHERE 'keeping' = ANY ($2)
    UNION ALL SELECT f.* FROM _patchmail.check_rows($1) f WHERE 'rows' = ANY ($2)
    UNION ALL SELECT f.* FROM _patchmail.check_references($1) f WHERE 'references' = ANY ($2)
    UNION ALL SELECT f.* FROM _patchmail.check_threads($1) f WHERE 'threads' = ANY ($2)
    UNION ALL SELECT f.* FROM _patchmail.check_replies($1) f WHERE 'replies' = ANY ($2)
    UNION ALL SELECT f.* FROM _patchmail.check_series($1) f WHERE 'series' = ANY ($2)
    UNION ALL SELECT f.* FROM _patchmail.check_dependencies($1) f WHERE 'dependencies' = ANY ($2)
    UNION ALL SELECT f.* FROM _patchmail.check_events($1) f WHERE 'events' = ANY ($2)
    UNION ALL SELECT f.* FROM _patchmail.check_log($1) f WHERE 'log' = ANY ($2)
    UNION ALL SELECT f.* FROM _patchmail.check_tags($1) f WHERE 'tags' = ANY ($2)
    UNION ALL SELECT f.* FROM _patchmail.check_hashes($1) f WHERE 'hashes' = ANY ($2)
    UNION ALL SELECT f.* FROM _patchmail.check_people($1) f WHERE 'people' = ANY ($2);
$$;
