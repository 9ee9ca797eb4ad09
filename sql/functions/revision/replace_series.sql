-- _patchmail.replace_series(policy, head, former_id, complete, newer): does what a project's policy says about a series
-- that a newer one replaces.
-- Takes    the policy; the newer series, and whether it is complete; the older one; the series whose patches may have
--          their former versions in it.
-- Gives    whether it superseded all of the older one; whether the newer one replaces single patches of it though it is
--          complete; whether the older one has only some of the patches of its version.
-- Rules    Those of _patchmail.revise_series.
-- Touches  through _patchmail.relate_patches, _patchmail.supersede_series and _patchmail.supersede_patches.
CREATE OR REPLACE FUNCTION _patchmail.replace_series(policy patchmail.policy, head integer, former_id integer,
                                                     complete boolean, newer integer[], OUT acts boolean,
                                                     OUT confined boolean, OUT partly boolean)
LANGUAGE plpgsql AS $$
DECLARE
    patches integer[] := _patchmail.may_replace(head, former_id, complete);
    own     boolean := _patchmail.may_revise(head, former_id, policy.revise);
BEGIN
    confined := complete AND patches IS NOT NULL;
    acts := own AND patches IS NULL;
    partly := _patchmail.series_minor(former_id) > 0
              AND NOT EXISTS (SELECT FROM _patchmail.series_completion(former_id) c
                               WHERE c.category = 'series-completed');
    IF policy.relate THEN
        PERFORM _patchmail.relate_patches(b, former_id, policy.revise) FROM unnest(newer) b;
    END IF;
    IF policy.supersede AND own THEN
        IF acts THEN
            PERFORM _patchmail.supersede_series(former_id);
        ELSE
            PERFORM _patchmail.supersede_patches(patches);
        END IF;
    END IF;
END
$$;
