-- _patchmail.change_patches(function, ids, change, actor, dry_run): see patchmail.patch_update() and patches_update().
-- Gives    the rows of patchmail.audit: one for each patch that is changed, so for others of a relation too.
-- Rules    A delegate maintains the project of the patch, as the API wants it; one whom it has already may stay.
-- Errors   check_violation, no_data_found, invalid_parameter_value; nothing is changed then.
-- Touches  through _patchmail.write_patches and change_relation; patchmail.audit.
-- Locks    the projects of all patches that may be changed, then these patches.
CREATE OR REPLACE FUNCTION _patchmail.change_patches(function text, ids integer[], change jsonb, actor text,
                                                     dry_run boolean)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql AS $$
DECLARE
    user_id  CONSTANT integer := _patchmail.acting_user(actor);
    columns  CONSTANT jsonb := _patchmail.read_patch_change(change);
    related  CONSTANT integer[] := ARRAY(SELECT r::integer FROM jsonb_array_elements_text(columns->'related') r);
    patches  integer[] := '{}';
    touched  integer[];  -- also those that are in a relation with them
    before   jsonb;
    patch    integer;
    wrong    text;
    changes  patchmail.audit[];
BEGIN
    IF ids IS NULL OR ids <> '{}' THEN  -- none, as when a filter finds none, is no mistake
        patches := _patchmail.known_ids('patch', ids);
    END IF;
    touched := patches || related;
    IF columns ? 'related' THEN
        touched := touched || ARRAY(SELECT o.id FROM public.patchwork_patch p
                                      JOIN public.patchwork_patch o ON o.related_id = p.related_id
                                     WHERE p.id = ANY (touched));
    END IF;
    PERFORM _patchmail.lock_projects(ARRAY(SELECT DISTINCT p.project_id FROM public.patchwork_patch p
                                            WHERE p.id = ANY (touched)));
    PERFORM FROM public.patchwork_patch p WHERE p.id = ANY (touched) ORDER BY p.id FOR NO KEY UPDATE;
    SELECT format('user "%s" cannot be the delegate of patch %s, since he does not maintain project "%s"', u.username,
                  p.id, r.linkname) INTO wrong
      FROM public.patchwork_patch p JOIN public.patchwork_project r ON r.id = p.project_id
      JOIN public.auth_user u ON u.id = (columns->>'delegate_id')::integer
     WHERE p.id = ANY (patches) AND p.delegate_id IS DISTINCT FROM u.id
       AND NOT EXISTS (SELECT FROM public.patchwork_userprofile f
                         JOIN public.patchwork_userprofile_maintainer_projects m ON m.userprofile_id = f.id
                        WHERE f.user_id = u.id AND m.project_id = r.id)
     ORDER BY p.id LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION '%', wrong USING ERRCODE = 'check_violation';
    END IF;

    SELECT jsonb_object_agg(t.id, _patchmail.patch_shown(t.id)) INTO before
      FROM (SELECT DISTINCT unnest(touched)) t (id);
    BEGIN
        IF columns ? 'related' THEN
            FOREACH patch IN ARRAY patches LOOP
                PERFORM _patchmail.change_relation(patch, related, user_id);
            END LOOP;
        END IF;
        PERFORM _patchmail.write_patches(patches, columns, user_id);
        SELECT array_agg(n ORDER BY n.id) INTO changes
          FROM (SELECT p.id, p.project_id, p.msgid, b.value AS before
                  FROM jsonb_each(before) b JOIN public.patchwork_patch p ON p.id = b.key::integer ORDER BY p.id) p,
               _patchmail.note_difference(function, actor, p.project_id, 'patch', p.id,
                                          jsonb_build_object('msgid', p.msgid), p.before,
                                          _patchmail.patch_shown(p.id)) n;
        IF dry_run THEN
            RAISE EXCEPTION 'taken back' USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN NULL;
    END;
    RETURN QUERY SELECT * FROM unnest(changes);
END
$$;
