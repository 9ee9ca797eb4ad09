-- _patchmail.grant_roles(): makes patchmail's roles, as far as they are missing, and says what they may do.
--          patchmail_reader   sees what Patchwork shows;
--          patchmail_monitor  sees how things stand, and no text of mail: for dashboards;
--          patchmail_admin    looks at all and acts;
--          patchmail_deliverer  delivers, as whoever patchmail.add_deliverer() named;
--          patchmail_notifier   tells hooks of events, as whoever patchmail.add_notifier() named.
-- Gives    the names of those that could not be made, in one line; '' for none.
-- Rules    They are roles without login, to be granted to those that have one.  Roles belong to the whole cluster: one
--          that is there already is taken as it is.  None has a right on a table of Patchwork.
-- Touches  the cluster's roles; the rights of schema patchmail.  Run by install.sql every time.
CREATE OR REPLACE FUNCTION _patchmail.grant_roles()
RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    role    text;
    missing text := '';
BEGIN
    FOREACH role IN ARRAY '{patchmail_reader,patchmail_monitor,patchmail_admin,patchmail_deliverer,
                            patchmail_notifier}'::text[] LOOP
        IF to_regrole(role) IS NULL THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role);
            EXCEPTION
                WHEN insufficient_privilege THEN
                    missing := concat_ws(' ', nullif(missing, ''), role);
                    CONTINUE;
                WHEN duplicate_object OR unique_violation THEN  -- another installation was quicker
                    NULL;
            END;
        END IF;
        IF role IN ('patchmail_deliverer', 'patchmail_notifier') THEN
            PERFORM _patchmail.add_program_role(role, substr(role, length('patchmail_') + 1), anyway => true);
        ELSE
            EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA patchmail FROM %I', role);
            EXECUTE format('REVOKE ALL ON ALL ROUTINES IN SCHEMA patchmail, _patchmail FROM %I', role);
            EXECUTE format('GRANT USAGE ON SCHEMA patchmail TO %I', role);
            EXECUTE (SELECT string_agg(format('GRANT SELECT %s ON %s TO %I;',
                                              '(' || array_to_string(r.columns, ', ') || ')', r.relation, role), ' ')
                       FROM _patchmail.role_relations(substr(role, length('patchmail_') + 1)) r);
            EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %I', string_agg(f::text, ', '), role)
                       FROM _patchmail.role_functions(substr(role, length('patchmail_') + 1)) f);
        END IF;
    END LOOP;
    RETURN missing;
END
$$;
