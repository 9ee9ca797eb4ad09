-- _patchmail.mail_person(person_id, project_id): a person as he stands in a field of a mail, as whoever is connected
-- may see it.
-- Takes    the person; the project that is shown.
-- Gives    what _patchmail.mail_address gives, with an address that is nobody's (RFC 2606) if his own is hidden.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.mail_person(person_id integer, project_id integer)
RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT _patchmail.mail_address(coalesce(s.name, CASE WHEN s.email IS NULL THEN 'hidden' END),
                                           coalesce(s.email, 'hidden@address.invalid'))
              FROM _patchmail.shown_person(person_id, project_id) s);
END
$$;
