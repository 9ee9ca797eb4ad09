-- _patchmail.remove_program_role(role, kind): a role of the program may no longer do anything in schema patchmail.
-- Takes    the role, and as what it is removed: "deliverer" or "notifier".
-- Gives    nothing; an error in words if it cannot be done, a warning if the role may do that all the same, as a
--          member of another one or as an owner.
-- Rules    From its next call on, also in sessions that it has now.  Its mailboxes, archives and hooks belong to
--          whoever opens them next.
-- Touches  the rights of schema patchmail; patchmail.cursor and patchmail.archive (deliverer, holder, held_until),
--          patchmail.hook (notifier, holder, held_until).
CREATE OR REPLACE FUNCTION _patchmail.remove_program_role(role name, kind text)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    duty CONSTANT text := CASE kind WHEN 'deliverer' THEN 'deliver' ELSE 'notify' END;
BEGIN
    IF to_regrole(quote_ident(role)) IS NULL THEN
        RAISE EXCEPTION 'there is no role "%"', role;
    ELSIF NOT pg_has_role((SELECT nspowner FROM pg_namespace WHERE nspname = 'patchmail'), 'USAGE') THEN
        RAISE EXCEPTION 'only the owner of schema patchmail can remove a %', kind;
    END IF;
    EXECUTE format('REVOKE ALL ON ALL FUNCTIONS IN SCHEMA patchmail, _patchmail FROM %I', role);
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA patchmail FROM %I', role);
    EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA patchmail FROM %I', role);
    EXECUTE format('REVOKE ALL ON SCHEMA patchmail FROM %I', role);
    UPDATE patchmail.cursor c SET deliverer = NULL, holder = NULL, held_until = NULL WHERE c.deliverer = role;
    UPDATE patchmail.archive a SET deliverer = NULL, holder = NULL, held_until = NULL WHERE a.deliverer = role;
    UPDATE patchmail.hook h SET notifier = NULL, holder = NULL, held_until = NULL WHERE h.notifier = role;
    PERFORM _patchmail.note_change('remove_' || kind, NULL, NULL, 'role', NULL, to_jsonb(role), NULL);
    IF has_schema_privilege(role, 'patchmail', 'USAGE')
       AND has_function_privilege(role, _patchmail.main_function(kind), 'EXECUTE') THEN
        RAISE WARNING 'role "%" may % all the same: it is an owner, a superuser, or a member of a %', role, duty, kind;
    END IF;
END
$$;
