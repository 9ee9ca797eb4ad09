-- _patchmail.change_relation(patch_id, related, user_id): relates a patch to others, or takes it out of its relation.
-- Takes    the patch; the others, none to take it out; and in whose name, or NULL.
-- Rules    As Patchwork's REST API has it: a patch is related to more, never to less; to be in another relation it has
--          to be taken out of the one that it is in; and none is left in a relation alone.
--          The last one is taken out too, with an event: Patchwork deletes the relation without one.  Here the empty
--          relation stays, since older events may name it, and would have to be deleted: then nothing would show any
--          more that somebody took the patches apart (_patchmail.relate_patches).
-- Errors   check_violation if that is not so.
-- Touches  public.patchwork_patchrelation; through _patchmail.write_patches.
CREATE OR REPLACE FUNCTION _patchmail.change_relation(patch_id integer, related integer[], user_id integer)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    relation  integer   := (SELECT p.related_id FROM public.patchwork_patch p WHERE p.id = patch_id);
    members   integer[] := ARRAY(SELECT p.id FROM public.patchwork_patch p WHERE p.related_id = relation);
    relations integer[];
BEGIN
    IF related = '{}' THEN
        PERFORM _patchmail.write_patches(CASE WHEN cardinality(members) > 2 THEN ARRAY[patch_id] ELSE members END,
                                         '{"related_id": null}', user_id);
        RETURN;
    END IF;
    members := ARRAY(SELECT DISTINCT m FROM unnest(members || related || patch_id) m);
    relations := ARRAY(SELECT DISTINCT p.related_id FROM public.patchwork_patch p
                        WHERE p.id = ANY (members) AND p.related_id IS NOT NULL);
    IF cardinality(relations) > 1 THEN
        RAISE EXCEPTION 'patch % cannot be related to these, since at least one of them is in another relation: '
                        'take it out of that one first', patch_id USING ERRCODE = 'check_violation';
    ELSIF cardinality(members) = 1 THEN
        RAISE EXCEPTION 'patch % cannot be related to itself alone', patch_id USING ERRCODE = 'check_violation';
    END IF;
    relation := relations[1];
    IF relation IS NULL THEN
        INSERT INTO public.patchwork_patchrelation DEFAULT VALUES RETURNING id INTO relation;
    END IF;
    PERFORM _patchmail.write_patches(members, jsonb_build_object('related_id', relation), user_id);
END
$$;
