-- patchmail.schema_version(): the version of schema patchmail in this database.
-- Gives    the number that the program compares with the one it was built for.
-- Touches  nothing.  The daemon's role may call it and cannot read the table itself.
CREATE OR REPLACE FUNCTION patchmail.schema_version()
RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT max(version) FROM patchmail.installed;
$$;
