-- The views, in an order in which each finds what it needs.  Run by install.sql every time.

\ir series_progress.sql
\ir waiting.sql
\ir series_revision.sql
\ir related_patches.sql
\ir unverified.sql
\ir verdicts.sql
\ir imap.sql
\ir archives.sql
\ir hooks.sql
\ir ignored.sql
\ir quarantined.sql
\ir raw_months.sql
\ir check_kinds.sql
\ir throughput.sql
\ir status.sql
\ir failures.sql
\ir unknown_lists.sql
\ir runaway_patterns.sql
\ir people_alike.sql
