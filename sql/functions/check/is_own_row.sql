-- _patchmail.is_own_row(xmin): whether this transaction wrote a row that it sees.
-- Takes    the row's xmin.
-- Rules    The transaction's own ids, and those of its subtransactions, are not lower than its first one, and are in
--          progress; what others wrote is seen only if they are not.  xmin has the lower half of the id.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.is_own_row(xmin xid)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT pg_xact_status((f.first + x.later)::text::xid8) = 'in progress'
                       FROM (SELECT pg_current_xact_id_if_assigned()::text::bigint) f (first),
                            LATERAL (SELECT ($1::text::bigint - f.first) & 4294967295) x (later)
                      WHERE x.later < 2147483648), false);
$$;
