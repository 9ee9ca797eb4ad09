-- Brings schema patchmail from the recorded version to :patchmail_version, one step after the other.
-- The step to version N is migrations/NNNN.sql (four digits); no other file names it but sql/local.mk.
--
-- A new version is: patchmail_version raised in install.sql, the file here, and the same change in schema/, since a
-- new installation reads schema/ and no migration.  A function whose arguments or result change is dropped here.

SELECT max(version) < :patchmail_version AS patchmail_behind, max(version) + 1 AS patchmail_next,
       lpad((max(version) + 1)::text, 4, '0') || '.sql' AS patchmail_migration
  FROM patchmail.installed \gset
\if :patchmail_behind
\ir :patchmail_migration
INSERT INTO patchmail.installed (version) VALUES (:patchmail_next);
\ir next.sql
\endif
