-- patchmail.schema_version(): the version of schema patchmail in this database.
-- Gives    the number that the program compares with the one it was built for.  A constant, because every delivery asks
--          for it; which versions were installed when is in patchmail.installed.
-- Speed    In PL/pgSQL, so that the server loads that for a new connection when it is asked this, while the mail is
--          still parsed; patchmail.store() would have to wait for it.
-- Touches  nothing.
SELECT format('CREATE OR REPLACE FUNCTION patchmail.schema_version() RETURNS integer LANGUAGE plpgsql IMMUTABLE AS %L',
              'BEGIN RETURN ' || :patchmail_version || '; END')
\gexec
COMMENT ON FUNCTION patchmail.schema_version() IS
    'The version of schema patchmail, which the program compares with its own.';
