-- patchmail.schema_version(): the version of schema patchmail in this database.
-- Gives    the number that the program compares with the one it was built for.  A constant, because every delivery asks
--          for it; which versions were installed when is in patchmail.installed.
-- Touches  nothing.
SELECT format('CREATE OR REPLACE FUNCTION patchmail.schema_version() RETURNS integer LANGUAGE sql IMMUTABLE AS %L',
              'SELECT ' || :patchmail_version)
\gexec
