-- _patchmail.replace_series(policy, head, former_id, complete, newer, actor_id): does what a policy says about a series
-- that a newer one replaces.
-- Takes    the policy; the newer series, and whether it is complete; the older one; the series whose patches may have
--          their former versions in it; the user in whose name, or NULL.
-- Gives    in words what keeps the newer one from superseding all of the older one, NULL if nothing does; whether it
--          replaces single patches of it though it is complete; whether the older one has only some of the patches of
--          its version; and the patches that it replaces if something keeps it from all, NULL if that is the sender.
-- Rules    Those of _patchmail.revise_from.
-- Touches  through _patchmail.relate_patches, _patchmail.supersede_series and _patchmail.supersede_patches.
CREATE OR REPLACE FUNCTION _patchmail.replace_series(
    policy patchmail.policy, head integer, former_id integer, complete boolean, newer integer[], actor_id integer,
    OUT hindrance text, OUT confined boolean, OUT partly boolean, OUT replaced integer[])
LANGUAGE plpgsql AS $$
DECLARE
    patches      integer[] := _patchmail.may_replace(head, former_id, complete);
    sender_fault text := _patchmail.revise_hindrance(head, former_id, policy.revise);
BEGIN
    confined := complete AND patches IS NOT NULL;
    hindrance := CASE WHEN NOT complete THEN 'it is not complete'
                      WHEN sender_fault IS NOT NULL THEN sender_fault
                      WHEN confined THEN 'it replaces another patch of it' END;
    replaced := CASE WHEN hindrance IS NOT NULL AND sender_fault IS NULL THEN patches END;
    partly := _patchmail.series_minor(former_id) > 0
              AND NOT EXISTS (SELECT FROM _patchmail.series_completion(former_id) c
                               WHERE c.category = 'series-completed');
    IF policy.relate THEN
        PERFORM _patchmail.relate_patches(b, former_id, policy.revise, actor_id => actor_id) FROM unnest(newer) b;
    END IF;
    IF policy.supersede AND hindrance IS NULL THEN
        PERFORM _patchmail.supersede_series(former_id, actor_id => actor_id);
    ELSIF policy.supersede AND sender_fault IS NULL THEN
        PERFORM _patchmail.supersede_patches(patches, actor_id => actor_id);
    END IF;
END
$$;
