-- Takes from everybody all rights in schemas patchmail and _patchmail: what PostgreSQL gives by itself, and what
-- default privileges of this database gave to PUBLIC.  Rights of single roles stay.  Run by install.sql every time,
-- after all is made.

REVOKE ALL ON SCHEMA patchmail, _patchmail FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA patchmail FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA patchmail FROM PUBLIC;
REVOKE ALL ON ALL ROUTINES IN SCHEMA patchmail, _patchmail FROM PUBLIC;

-- Also the row types of its tables: a stranger's column of such a type would hold up the next version of the table.
SELECT format('REVOKE ALL ON TYPE %s FROM PUBLIC', t.oid::regtype)
  FROM pg_type t
 WHERE t.typnamespace = 'patchmail'::regnamespace AND t.typcategory <> 'A'
\gexec
