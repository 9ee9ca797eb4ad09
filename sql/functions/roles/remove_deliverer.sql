-- patchmail.remove_deliverer(role): a role may no longer deliver mail, nor do anything else in schema patchmail.
-- Gives    nothing; an error in words if it cannot be done, a warning if the role may deliver all the same, as a
--          member of another one or as an owner.
-- Rules    From its next call on, also in sessions that it has now.  Its mailboxes belong to whoever opens them next.
-- Touches  the rights of schema patchmail; patchmail.cursor (deliverer, holder, held_until).
-- May be called by the owner of schema patchmail.
CREATE OR REPLACE FUNCTION patchmail.remove_deliverer(role name)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF to_regrole(quote_ident(role)) IS NULL THEN
        RAISE EXCEPTION 'there is no role "%"', role;
    ELSIF NOT pg_has_role((SELECT nspowner FROM pg_namespace WHERE nspname = 'patchmail'), 'USAGE') THEN
        RAISE EXCEPTION 'only the owner of schema patchmail can remove a deliverer';
    END IF;
    EXECUTE format('REVOKE ALL ON ALL FUNCTIONS IN SCHEMA patchmail, _patchmail FROM %I', role);
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA patchmail FROM %I', role);
    EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA patchmail FROM %I', role);
    EXECUTE format('REVOKE ALL ON SCHEMA patchmail FROM %I', role);
    UPDATE patchmail.cursor c SET deliverer = NULL, holder = NULL, held_until = NULL WHERE c.deliverer = role;
    PERFORM _patchmail.note_change('remove_deliverer', NULL, NULL, 'role', NULL, to_jsonb(role), NULL);
    IF has_schema_privilege(role, 'patchmail', 'USAGE')
       AND has_function_privilege(role, 'patchmail.store(jsonb, bytea, jsonb)', 'EXECUTE') THEN
        RAISE WARNING 'role "%" may deliver all the same: it is an owner, a superuser, or a member of a deliverer',
            role;
    END IF;
END
$$;
COMMENT ON FUNCTION patchmail.remove_deliverer IS
    'A role may no longer deliver.  For the owner of the schema.';
