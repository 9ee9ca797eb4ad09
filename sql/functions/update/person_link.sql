-- patchmail.person_link(person_id, username, actor): says that a person who sends mail is a user of Patchwork.
-- Takes    the person's id; and the user's name, or NULL if the person is nobody's.
-- Gives    the row of patchmail.audit; none if it is so already.
-- Rules    As when a user confirms an address on Patchwork's pages: the person also gets the user's name, first and
--          last, or else the username.  Mail that comes may give the person another name, as ever.
-- Errors   no_data_found.
-- Touches  public.patchwork_person (user_id, name); patchmail.audit.
-- Locks    the person's row.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.person_link(person_id integer, username text, actor text DEFAULT NULL)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    linked  CONSTANT integer := _patchmail.acting_user(username);
    before  record;
    changed public.patchwork_person;
BEGIN
    PERFORM _patchmail.acting_user(actor);
    SELECT p.email, p.name, u.username AS "user" INTO before
      FROM public.patchwork_person p LEFT JOIN public.auth_user u ON u.id = p.user_id
     WHERE p.id = person_id FOR NO KEY UPDATE OF p;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no person %', coalesce(person_id::text, 'NULL') USING ERRCODE = 'no_data_found';
    END IF;
    UPDATE public.patchwork_person p
       SET user_id = linked,
           name = CASE WHEN linked IS NULL THEN p.name
                       ELSE (SELECT left(coalesce(nullif(btrim(concat(u.first_name, ' ', u.last_name)), ''),
                                                  u.username), 255)
                               FROM public.auth_user u WHERE u.id = linked) END
     WHERE p.id = person_id AND p.user_id IS DISTINCT FROM linked
    RETURNING p.* INTO changed;
    IF FOUND THEN
        RETURN QUERY SELECT * FROM _patchmail.note_difference(
            'person_link', actor, NULL, 'person', person_id, jsonb_build_object('email', before.email),
            jsonb_build_object('user', before.user, 'name', before.name),
            jsonb_build_object('user', username, 'name', changed.name));
    END IF;
END
$$;
COMMENT ON FUNCTION patchmail.person_link IS
    'Says which user of Patchwork a person is, as if the user had confirmed the address; NULL: none.';
