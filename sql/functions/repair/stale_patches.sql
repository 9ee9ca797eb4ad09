-- _patchmail.stale_patches(project_id, age, states): the patches of which nothing was heard for long.
-- Takes    the ids of states; the others as patchmail.archive_stale.
-- Gives    those that are not archived.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.stale_patches(project_id integer, age interval, states integer[])
RETURNS integer[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    until CONSTANT timestamptz := _patchmail.to_patchwork(now() - age);       -- as mail is dated there
    since CONSTANT timestamptz := _patchmail.patchwork_time(now() - age);     -- as events are
BEGIN
    RETURN ARRAY(
        SELECT p.id FROM public.patchwork_patch p
         WHERE p.project_id = stale_patches.project_id AND NOT p.archived AND p.state_id = ANY (states)
           AND p.date < until
           AND NOT EXISTS (SELECT FROM public.patchwork_patchcomment k WHERE k.patch_id = p.id AND k.date >= until)
           AND NOT EXISTS (SELECT FROM public.patchwork_event e
                            WHERE e.patch_id = p.id AND e.date >= since
                              AND e.category IN ('patch-state-changed', 'patch-delegated', 'patch-relation-changed',
                                                 'check-created'))
         ORDER BY p.id);
END
$$;
