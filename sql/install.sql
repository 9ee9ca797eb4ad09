-- Installs patchmaild in a database, or brings it up to date:  psql -f sql/install.sql DATABASE
--
-- Takes    an empty database, or one that Patchwork's migrations made (0046 or later), or one that has patchmaild.
--          The role that runs it owns the database, or at least Patchwork's tables and schema patchmail; it need
--          not be a superuser.
--          Patchwork's TIME_ZONE is found by the mail that is there (patchmail.find_time_zone); if it cannot be found
--          the database is refused until one names it:  psql -v time_zone=ZONE -f sql/install.sql DATABASE
-- Gives    Patchwork's tables, its states and tags, if they were missing; schema patchmail in the present version.
--          Patchwork's tables get indexes and a trigger, all named patchmail_*, and nothing else of them is changed.
--          All or nothing: it is one transaction.
-- Locks    other installations; and, while the indexes are made, writing to Patchwork's larger tables.

\set ON_ERROR_STOP on
\set QUIET on
\set SHOW_CONTEXT never
\set patchmail_version 10

BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL search_path = pg_catalog;
SET LOCAL patchmail.version = :'patchmail_version';
SELECT pg_advisory_xact_lock(hashtextextended('patchmail.install', 0)) AS patchmail_lock \gset

\ir check_database.sql
SELECT to_regclass('public.patchwork_patch') IS NOT NULL AS patchwork_found,
       to_regnamespace('patchmail') IS NOT NULL AS patchmail_given,
       to_regclass('patchmail.installed') IS NOT NULL AS patchmail_found \gset

\if :patchwork_found
\set patchmail_summary 'found the tables of Patchwork'
\else
\ir patchwork/all.sql
\set patchmail_summary 'made the tables of Patchwork'
\endif

\if :patchmail_found
\else
\if :patchmail_given
\else
CREATE SCHEMA patchmail;
\endif
\ir schema/all.sql
INSERT INTO patchmail.installed (version) VALUES (:patchmail_version);
\endif

-- What only patchmail's own functions call.
SELECT to_regnamespace('_patchmail') IS NOT NULL AS patchmail_inside \gset
\if :patchmail_inside
\else
CREATE SCHEMA _patchmail;
\endif
COMMENT ON SCHEMA _patchmail IS 'patchmaild: the inside of schema patchmail, for nobody to call';

SELECT max(version) AS patchmail_from FROM patchmail.installed \gset
\ir migrations/next.sql
\ir comments.sql
\ir functions/all.sql
SELECT NOT EXISTS (SELECT FROM patchmail.setting) AS patchmail_unset \gset
\if :{?time_zone}
SELECT patchmail.set_time_zone(:'time_zone') AS patchmail_dates \gset
\elif :patchmail_unset
SELECT patchmail.set_time_zone(patchmail.find_time_zone()) AS patchmail_dates \gset
\endif
\ir views/all.sql
SELECT _patchmail.make_raw_months() AS patchmail_months \gset
\ir close_schema.sql
-- Who may deliver, or tell hooks of events, may do all that this version's program does for it.
SELECT count(_patchmail.add_program_role(r.rolname, k.kind, anyway => true)) AS patchmail_roles
  FROM unnest('{deliverer,notifier}'::text[]) k (kind) JOIN pg_proc p ON p.oid = _patchmail.main_function(k.kind),
       aclexplode(p.proacl) a JOIN pg_roles r ON r.oid = a.grantee
 WHERE a.grantee <> p.proowner \gset
SELECT _patchmail.grant_roles() AS patchmail_missing \gset

SELECT CASE WHEN NOT :'patchmail_found' THEN 'installed schema patchmail, version '
            WHEN :patchmail_from = :patchmail_version THEN 'schema patchmail is up to date, version '
            ELSE 'upgraded schema patchmail from version ' || :patchmail_from || ' to '
       END || :patchmail_version
       || coalesce((SELECT ', time zone ' || s.time_zone FROM patchmail.setting s WHERE s.time_zone <> 'UTC'), '')
       || CASE WHEN :'patchmail_missing' <> '' THEN '; you may not make roles, so these are missing: '
                                                    || :'patchmail_missing' ELSE '' END
       AS patchmail_done \gset
COMMIT;
\echo patchmaild: :patchmail_summary, :patchmail_done
