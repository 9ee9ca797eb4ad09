-- patchmail.add_deliverer(role): lets a role deliver mail, and nothing else.
-- Takes    a role that exists: the one that the daemon connects as.
-- Gives    nothing; an error in words when it cannot be done.
-- Touches  the rights of schema patchmail: USAGE on it, EXECUTE on the functions that the daemon calls.  No table.
-- May be called by the owner of schema patchmail.
CREATE OR REPLACE FUNCTION patchmail.add_deliverer(role name)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF to_regrole(quote_ident(role)) IS NULL THEN
        RAISE EXCEPTION 'there is no role "%"', role USING HINT = format('CREATE ROLE %I LOGIN', role);
    ELSIF NOT pg_has_role((SELECT nspowner FROM pg_namespace WHERE nspname = 'patchmail'), 'USAGE') THEN
        RAISE EXCEPTION 'only the owner of schema patchmail can add a deliverer';
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA patchmail TO %I', role);
    EXECUTE format('GRANT EXECUTE ON FUNCTION patchmail.schema_version(), patchmail.store(jsonb, bytea, jsonb), '
                   'patchmail.overdue(jsonb, bytea, jsonb, integer), '
                   'patchmail.quarantine_append(bigint, bytea), patchmail.explain(jsonb, jsonb), '
                   'patchmail.project_names(jsonb, jsonb), patchmail.lock_account(jsonb), '
                   'patchmail.open_mailbox(jsonb), patchmail.defer_uid(jsonb, text), '
                   'patchmail.forget_uid(jsonb), patchmail.settle_uid(jsonb) TO %I', role);
END
$$;
