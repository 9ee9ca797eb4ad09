-- The tables of schema patchmail in their present version.  Run by install.sql on the first installation only.

\ir installed.sql
\ir setting.sql
\ir authentication.sql
\ir message.sql
\ir quarantine.sql
\ir ignored.sql
\ir runaway.sql
\ir policy.sql
\ir cursor.sql
\ir archive_mark.sql
\ir event_order.sql
\ir hook.sql
\ir audit.sql
\ir raw.sql
\ir fault.sql
\ir committed.sql
\ir retention.sql
\ir repair.sql
\ir indexes.sql
