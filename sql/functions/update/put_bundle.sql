-- _patchmail.put_bundle(function, bundle_id, owner_id, name, public, patches, actor): makes a bundle, or changes one.
-- Takes    its id, NULL for a new one; whose it is, and what it is to be; patches NULL if those that it has stay.
-- Gives    the row of patchmail.audit; none if it is so already.
-- Rules    As Patchwork has it: a bundle has patches, all of one project, which is its own; each once, in their order.
--          Its owner has no other one of that name, which stands in addresses, so it has no slash.
-- Errors   check_violation; no_data_found for a patch that is not there.
-- Touches  public.patchwork_bundle, _bundlepatch; patchmail.audit.
CREATE OR REPLACE FUNCTION _patchmail.put_bundle(function text, bundle_id integer, owner_id integer, name text,
                                                 public boolean, patches integer[], actor text)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql AS $$
DECLARE
    projects integer[] := ARRAY(SELECT DISTINCT p.project_id FROM public.patchwork_patch p WHERE p.id = ANY (patches));
    project  integer := projects[1];
    before   CONSTANT jsonb := _patchmail.bundle_shown(bundle_id);
    made     integer := bundle_id;
    stays    CONSTANT boolean := bundle_id IS NOT NULL AND patches IS NULL;
    wrong    text;
BEGIN
    PERFORM _patchmail.acting_user(actor);
    SELECT coalesce(i::text, 'NULL') INTO wrong
      FROM unnest(patches) i WHERE NOT EXISTS (SELECT FROM public.patchwork_patch p WHERE p.id = i) LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'there is no patch %', wrong USING ERRCODE = 'no_data_found';
    END IF;
    wrong := CASE
        WHEN coalesce(cardinality(patches), 0) = 0 AND NOT stays THEN 'a bundle cannot be empty'
        WHEN cardinality(projects) > 1 THEN 'the patches of a bundle have to be of one project'
        WHEN name IS NULL OR name !~ '^[^/]*[^/\s][^/]*$' OR length(name) > 50 THEN
            'the name of a bundle has 1 to 50 characters, and no slash'
        WHEN public IS NULL THEN 'a bundle is public or not: that is NULL'
        WHEN EXISTS (SELECT FROM public.patchwork_bundle b
                      WHERE b.owner_id = put_bundle.owner_id AND b.name = put_bundle.name
                        AND b.id IS DISTINCT FROM bundle_id) THEN
            format('its owner has a bundle "%s" already', name)
    END;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION '%', wrong USING ERRCODE = 'check_violation';
    END IF;
    IF made IS NULL THEN
        INSERT INTO public.patchwork_bundle AS b (name, public, owner_id, project_id)
        VALUES (put_bundle.name, put_bundle.public, put_bundle.owner_id, project) RETURNING b.id INTO made;
    ELSE
        UPDATE public.patchwork_bundle b
           SET name = put_bundle.name, public = put_bundle.public,
               project_id = coalesce(project, b.project_id)
         WHERE b.id = bundle_id
        RETURNING b.project_id INTO project;
        DELETE FROM public.patchwork_bundlepatch k WHERE k.bundle_id = put_bundle.bundle_id AND NOT stays;
    END IF;
    INSERT INTO public.patchwork_bundlepatch (bundle_id, patch_id, "order")
    SELECT made, p.id, row_number() OVER (ORDER BY min(p.n))
      FROM unnest(patches) WITH ORDINALITY p (id, n) GROUP BY p.id ORDER BY min(p.n);
    IF before IS NULL THEN
        RETURN NEXT _patchmail.note_change(function, actor, project, 'bundle', made, NULL,
                                           _patchmail.bundle_shown(made));
    ELSE
        RETURN QUERY SELECT * FROM _patchmail.note_difference(
            function, actor, project, 'bundle', made, jsonb_build_object('name', before->'name'), before,
            _patchmail.bundle_shown(made));
    END IF;
END
$$;
