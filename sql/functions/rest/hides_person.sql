-- _patchmail.hides_person(person_id, project_id): whether the address of a person is kept from whoever is connected.
-- Takes    the person; the project that is shown, or NULL: none, as in a list of people.
-- Rules    The project decides.  Without one, an address is shown if its owner wrote to a project that shows addresses.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.hides_person(person_id integer, project_id integer)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    hiding integer[];
BEGIN
    IF project_id IS NOT NULL OR NOT _patchmail.hides_addresses(NULL) THEN
        RETURN _patchmail.hides_addresses(project_id);
    END IF;
    hiding := ARRAY(SELECT y.project_id FROM patchmail.policy y WHERE NOT y.show_addresses);
    RETURN NOT (EXISTS (SELECT FROM public.patchwork_patch p
                         WHERE p.submitter_id = person_id AND p.project_id <> ALL (hiding))
             OR EXISTS (SELECT FROM public.patchwork_cover c
                         WHERE c.submitter_id = person_id AND c.project_id <> ALL (hiding))
             OR EXISTS (SELECT FROM public.patchwork_patchcomment k JOIN public.patchwork_patch p ON p.id = k.patch_id
                         WHERE k.submitter_id = person_id AND p.project_id <> ALL (hiding))
             OR EXISTS (SELECT FROM public.patchwork_covercomment k JOIN public.patchwork_cover c ON c.id = k.cover_id
                         WHERE k.submitter_id = person_id AND c.project_id <> ALL (hiding)));
END
$$;
