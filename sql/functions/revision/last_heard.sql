-- _patchmail.last_heard(patch_id): when something was heard of a patch.
-- Rules    What counts is its own date, comments on it, and what users and CI did with it.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.last_heard(patch_id integer)
RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT greatest(_patchmail.from_patchwork(p.date),
                    (SELECT max(_patchmail.from_patchwork(k.date))
                       FROM public.patchwork_patchcomment k WHERE k.patch_id = p.id),
                    (SELECT max(e.date - (_patchmail.patchwork_time(e.date) - e.date)) FROM public.patchwork_event e
                      WHERE e.patch_id = p.id
                        AND e.category IN ('patch-state-changed', 'patch-delegated', 'patch-relation-changed',
                                           'check-created')))
      FROM public.patchwork_patch p WHERE p.id = $1;
$$;
