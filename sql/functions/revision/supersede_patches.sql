-- _patchmail.supersede_patches(patch_ids, by_hand, actor_id): sets those of these patches that are open to Superseded.
-- Takes    the patches; whether an admin says so, and the user in whose name, or NULL.
-- Rules    A patch is open if its state requires action.  Somebody opened a patch again that was Superseded before: it
--          stays open, unless an admin says so.  If there is no state "superseded", nothing is done.
-- Touches  through _patchmail.write_patches.
CREATE OR REPLACE FUNCTION _patchmail.supersede_patches(patch_ids integer[], by_hand boolean DEFAULT false,
                                                        actor_id integer DEFAULT NULL)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    superseded integer := (SELECT s.id FROM public.patchwork_state s WHERE s.slug = 'superseded');
    open       integer[] := ARRAY(
        SELECT p.id
          FROM public.patchwork_patch p JOIN public.patchwork_state s ON s.id = p.state_id
         WHERE p.id = ANY (patch_ids) AND s.action_required
           AND (by_hand
                OR NOT EXISTS (SELECT FROM public.patchwork_event e
                                WHERE e.patch_id = p.id AND e.category = 'patch-state-changed'
                                  AND superseded IN (e.previous_state_id, e.current_state_id)))
           FOR NO KEY UPDATE OF p);
BEGIN
    IF superseded IS NOT NULL AND open <> '{}' THEN
        PERFORM _patchmail.write_patches(open, jsonb_build_object('state_id', superseded), actor_id);
    END IF;
END
$$;
