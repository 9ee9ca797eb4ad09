-- _patchmail.stale_patches(project_id, age, states): the patches of which nothing was heard for long.
-- Takes    the ids of states; the others as patchmail.archive_stale.
-- Gives    those that are not archived.
-- Rules    _patchmail.last_heard.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.stale_patches(project_id integer, age interval, states integer[])
RETURNS integer[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(
        SELECT p.id FROM public.patchwork_patch p
         WHERE p.project_id = $1 AND NOT p.archived AND p.state_id = ANY ($3)
           AND p.date < _patchmail.to_patchwork(now() - $2)  -- so that most are not looked at more closely
           AND _patchmail.last_heard(p.id) < now() - $2
         ORDER BY p.id);
$$;
