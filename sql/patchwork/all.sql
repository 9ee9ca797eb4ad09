-- Patchwork's tables as its migrations leave them, up to 0048: columns, constraints, sequences and indexes by name.
-- Run by install.sql on a database that has none of them.  A file comes after those that it refers to.

\ir content_type.sql
\ir auth.sql
\ir project.sql
\ir person.sql
\ir cover.sql
\ir series.sql
\ir patch.sql
\ir check.sql
\ir bundle.sql
\ir event.sql
\ir data.sql
