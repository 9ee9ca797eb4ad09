-- patchmail.forget(address, actor, dry_run): replaces somebody's name and address everywhere, because he asks for it.
-- Takes    his address, whether a person has it or mail only mentions it; the user of Patchwork in whose name it is
--          done, or NULL; whether only to show what it would do.
-- Gives    one row of patchmail.audit, which says how many rows of which table were changed, and not what they said.
-- Rules    His mail stays, from "forgotten-ID".  His name and address are replaced in headers and texts, his own and
--          others', as plain strings; his own From fields whole, since a name may be encoded there.  A name of one word
--          is replaced only beside the address.  What stays: diffs, Message-IDs, names encoded in other people's
--          headers, and bytes of other people's mail in quarantine; his own mail there is thrown away.
--          So are the bytes that are kept of stored mail whose text is changed.
--          The same mail is a duplicate when it comes again.  New mail from the address is from somebody new.
-- Errors   invalid_parameter_value, no_data_found or check_violation in words, before anything is written: among others
--          if he is a user of Patchwork: that user has to be deleted there first.
-- Touches  all texts of Patchwork's tables and of schema patchmail.  It reads all of them: it may take minutes.
-- Locks    all projects, in the order of their ids; the address.
CREATE OR REPLACE FUNCTION patchmail.forget(address text, actor text DEFAULT NULL, dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    person   public.patchwork_person;
    key      CONSTANT text := upper(btrim(address, ' <>') COLLATE "C");
    stand_in text;
    changes  patchmail.audit[];
BEGIN
    PERFORM _patchmail.acting_user(actor);
    IF (key ~ '^[^[:space:]@]+@[^[:space:]@]+$') IS NOT TRUE THEN
        RAISE EXCEPTION '"%" is no address', _patchmail.printable(address) USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT p.* INTO person FROM public.patchwork_person p
     WHERE upper(p.email::text COLLATE "C") = key ORDER BY p.id LIMIT 1;
    PERFORM _patchmail.lock_people(ARRAY[person.id]);
    IF EXISTS (SELECT FROM public.auth_user u
                WHERE u.id = person.user_id OR upper(u.email::text COLLATE "C") = key) THEN
        RAISE EXCEPTION 'the address is that of a user of Patchwork: delete the user there first'
            USING ERRCODE = 'check_violation';
    END IF;
    stand_in := 'forgotten-' || coalesce(person.id, 0);
    BEGIN
        changes := ARRAY[_patchmail.note_change('forget', actor, NULL, 'person', person.id, NULL,
                         jsonb_build_object('name', stand_in)
                         || _patchmail.forget_everywhere(key, person.id, _patchmail.names_of(person), stand_in))];
        IF dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
    RETURN QUERY SELECT * FROM unnest(changes);
END
$$;
COMMENT ON FUNCTION patchmail.forget IS
    'Replaces somebody''s name and address everywhere, because he asks for it.  Gives how much was changed.';
