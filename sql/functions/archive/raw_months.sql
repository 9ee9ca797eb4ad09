-- _patchmail.raw_months(): the partitions of patchmail.raw that are there.
-- Gives    a row each: its name; the first instant of its month and that of the next, NULLs for raw_rest; how many
--          mails it has by what PostgreSQL counted last; how much room it takes, in bytes.
-- Touches  nothing.  Views call it.
CREATE OR REPLACE FUNCTION _patchmail.raw_months()
RETURNS TABLE (name text, begins timestamptz, ends timestamptz, mails bigint, room bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT c.relname::text, m.month AT TIME ZONE 'UTC', (m.month + interval '1 month') AT TIME ZONE 'UTC',
           greatest(c.reltuples, 0)::bigint, pg_total_relation_size(c.oid)
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid, LATERAL (
           SELECT to_date(substring(c.relname FROM '^raw_(\d+_\d+)$'), 'YYYY_MM')::timestamp AS month) m
     WHERE i.inhparent = 'patchmail.raw'::regclass
     ORDER BY m.month;
$$;
