-- patchmail.add_deliverer(role, anyway): lets a role deliver mail, and nothing else.
-- Takes    a role that exists: the one that the daemon connects as; and whether it may be one that can do more than
--          deliver already (patchmail.excess_rights), which is refused otherwise.
-- Gives    nothing; an error in words if it cannot be done, a warning if it is done anyway.
-- Touches  what _patchmail.add_program_role does.
-- May be called by the owner of schema patchmail.
CREATE OR REPLACE FUNCTION patchmail.add_deliverer(role name, anyway boolean DEFAULT false)
RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    SELECT _patchmail.add_program_role($1, 'deliverer', $2);
$$;
COMMENT ON FUNCTION patchmail.add_deliverer IS
    'Lets a role deliver mail, and nothing else.  For the owner of the schema.';
