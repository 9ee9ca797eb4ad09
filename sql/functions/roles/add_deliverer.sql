-- patchmail.add_deliverer(role, anyway): lets a role deliver mail, and nothing else.
-- Takes    a role that exists: the one that the daemon connects as; and whether it may be one that can do more than
--          deliver already (patchmail.excess_rights), which is refused otherwise.
-- Gives    nothing; an error in words if it cannot be done, a warning if it is done anyway.
-- Touches  the rights of schema patchmail: USAGE on it, EXECUTE on _patchmail.deliverer_functions().  No table.
-- May be called by the owner of schema patchmail.
CREATE OR REPLACE FUNCTION patchmail.add_deliverer(role name, anyway boolean DEFAULT false)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    excess text;
BEGIN
    IF to_regrole(quote_ident(role)) IS NULL THEN
        RAISE EXCEPTION 'there is no role "%"', role USING HINT = format('CREATE ROLE %I LOGIN', role);
    ELSIF NOT pg_has_role((SELECT nspowner FROM pg_namespace WHERE nspname = 'patchmail'), 'USAGE') THEN
        RAISE EXCEPTION 'only the owner of schema patchmail can add a deliverer';
    END IF;
    SELECT string_agg(e.words, '; ') FILTER (WHERE e.n <= 5)
           || CASE WHEN count(*) > 5 THEN format(' and %s more', count(*) - 5) ELSE '' END
      INTO excess
      FROM patchmail.excess_rights(role) WITH ORDINALITY e (words, n);
    IF anyway AND excess IS NOT NULL THEN
        RAISE WARNING 'role "%" may do more than deliver: %', role, excess;
    ELSIF excess IS NOT NULL THEN
        RAISE EXCEPTION 'role "%" may do more than deliver: %', role, excess
            USING HINT = format('Make a role of its own, with CREATE ROLE patchmaild LOGIN, or revoke that; or, if it '
                                'is meant so: SELECT patchmail.add_deliverer(%L, anyway => true)', role);
    END IF;
    IF NOT has_function_privilege(role, 'patchmail.store(jsonb, bytea, jsonb)', 'EXECUTE') THEN
        PERFORM _patchmail.note_change('add_deliverer', NULL, NULL, 'role', NULL, NULL, to_jsonb(role));
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA patchmail TO %I', role);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I',
                   (SELECT string_agg(f::text, ', ') FROM _patchmail.deliverer_functions() f), role);
END
$$;
COMMENT ON FUNCTION patchmail.add_deliverer IS
    'Lets a role deliver mail, and nothing else.  For the owner of the schema.';
