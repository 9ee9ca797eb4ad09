-- patchmail.merge_person(from_id, into_id, actor, dry_run): makes one person of two who are one.
-- Takes    the one who goes and the one who stays; the user of Patchwork in whose name it is done, or NULL; whether
--          only to show what it would do.
-- Gives    a row of patchmail.audit for each object that is different.
-- Rules    All mail of the one is the other's, and mail from the old address will be: patchmaild knows it from then on.
--          The other keeps his address, and his name until mail changes it.  He is the user of Patchwork that the one
--          was, if he was none.
-- Errors   no_data_found, invalid_parameter_value or check_violation in words, before anything is written: among
--          others if they are two users.
-- Touches  through _patchmail.give_mail; public.patchwork_person; patchmail.person_alias, _person_name, _audit.
-- Locks    all projects, in the order of their ids; both addresses.
CREATE OR REPLACE FUNCTION patchmail.merge_person(from_id integer, into_id integer, actor text DEFAULT NULL,
                                                  dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    gone    public.patchwork_person := _patchmail.known_person(from_id);
    kept    public.patchwork_person := _patchmail.known_person(into_id);
    before  jsonb;
    changes patchmail.audit[];
BEGIN
    PERFORM _patchmail.acting_user(actor), _patchmail.lock_people(ARRAY[from_id, into_id]);
    gone := _patchmail.known_person(from_id);
    kept := _patchmail.known_person(into_id);
    IF from_id = into_id THEN
        RAISE EXCEPTION 'person % is the same person', from_id USING ERRCODE = 'check_violation';
    ELSIF gone.user_id <> kept.user_id THEN
        RAISE EXCEPTION 'persons % and % are two users of Patchwork', from_id, into_id
            USING ERRCODE = 'check_violation';
    END IF;
    BEGIN
        before := _patchmail.people_state(ARRAY[from_id, into_id]);
        PERFORM _patchmail.give_mail(from_id, into_id);
        UPDATE public.patchwork_person p SET user_id = gone.user_id WHERE p.id = into_id AND p.user_id IS NULL;
        DELETE FROM public.patchwork_person p WHERE p.id = from_id;
        UPDATE patchmail.person_alias a SET person_id = into_id WHERE a.person_id = from_id;
        INSERT INTO patchmail.person_alias (email, person_id)
        VALUES (upper(gone.email::text COLLATE "C"), into_id)
        ON CONFLICT (email) DO UPDATE SET person_id = excluded.person_id;
        DELETE FROM patchmail.person_name n WHERE n.person_id = from_id;
        changes := _patchmail.note_differences('merge_person', actor, before,
                                               _patchmail.people_state(ARRAY[from_id, into_id]));
        IF dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
    RETURN QUERY SELECT * FROM unnest(changes);
END
$$;
COMMENT ON FUNCTION patchmail.merge_person IS
    'Makes one person of two; mail from the old address is the new one''s.  Gives what has changed.';
