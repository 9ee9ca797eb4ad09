-- _patchmail.add_program_role(role, kind, anyway): lets a role do what one of the program's services does, and nothing
-- else.
-- Takes    a role that exists: the one that the service connects as; "deliverer" or "notifier"; and whether it may be
--          one that can do more than that already (patchmail.excess_rights), which is refused otherwise.
-- Gives    nothing; an error in words if it cannot be done, a warning if it is done anyway.
-- Touches  the rights of schema patchmail: USAGE on it, EXECUTE on _patchmail.program_functions().  No table.
CREATE OR REPLACE FUNCTION _patchmail.add_program_role(role name, kind text, anyway boolean)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    duty   CONSTANT text := CASE kind WHEN 'deliverer' THEN 'deliver' ELSE 'notify' END;
    excess text;
BEGIN
    IF to_regrole(quote_ident(role)) IS NULL THEN
        RAISE EXCEPTION 'there is no role "%"', role USING HINT = format('CREATE ROLE %I LOGIN', role);
    ELSIF NOT pg_has_role((SELECT nspowner FROM pg_namespace WHERE nspname = 'patchmail'), 'USAGE') THEN
        RAISE EXCEPTION 'only the owner of schema patchmail can add a %', kind;
    END IF;
    SELECT string_agg(e.words, '; ') FILTER (WHERE e.n <= 5)
           || CASE WHEN count(*) > 5 THEN format(' and %s more', count(*) - 5) ELSE '' END
      INTO excess
      FROM patchmail.excess_rights(role, kind) WITH ORDINALITY e (words, n);
    IF anyway AND excess IS NOT NULL THEN
        RAISE WARNING 'role "%" may do more than %: %', role, duty, excess;
    ELSIF excess IS NOT NULL THEN
        RAISE EXCEPTION 'role "%" may do more than %: %', role, duty, excess
            USING HINT = format('Make a role of its own, with CREATE ROLE %s LOGIN, or revoke that; or, if it is meant '
                                'so: SELECT patchmail.add_%s(%L, anyway => true)',
                                CASE kind WHEN 'deliverer' THEN 'patchmaild' ELSE 'patchmaild_notify' END, kind, role);
    END IF;
    IF NOT has_function_privilege(role, _patchmail.main_function(kind), 'EXECUTE') THEN
        PERFORM _patchmail.note_change('add_' || kind, NULL, NULL, 'role', NULL, NULL, to_jsonb(role));
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA patchmail TO %I', role);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I',
                   (SELECT string_agg(f::text, ', ') FROM _patchmail.program_functions(kind) f), role);
END
$$;
