-- _patchmail.remove_people(people): deletes those of some people of whom nothing is left.
-- Rules    A user of Patchwork stays, and so does whoever has an old address that leads to him, or a name that an admin
--          gave.
-- Touches  public.patchwork_person.
CREATE OR REPLACE FUNCTION _patchmail.remove_people(people integer[])
RETURNS void LANGUAGE sql AS $$
    DELETE FROM public.patchwork_person p
     WHERE p.id = ANY ($1) AND p.user_id IS NULL
       AND NOT EXISTS (SELECT FROM public.patchwork_patch x WHERE x.submitter_id = p.id)
       AND NOT EXISTS (SELECT FROM public.patchwork_cover x WHERE x.submitter_id = p.id)
       AND NOT EXISTS (SELECT FROM public.patchwork_patchcomment x WHERE x.submitter_id = p.id)
       AND NOT EXISTS (SELECT FROM public.patchwork_covercomment x WHERE x.submitter_id = p.id)
       AND NOT EXISTS (SELECT FROM public.patchwork_series x WHERE x.submitter_id = p.id)
       AND NOT EXISTS (SELECT FROM patchmail.message x WHERE x.submitter_id = p.id)
       AND NOT EXISTS (SELECT FROM patchmail.person_alias x WHERE x.person_id = p.id)
       AND NOT EXISTS (SELECT FROM patchmail.person_name x WHERE x.person_id = p.id);
$$;
