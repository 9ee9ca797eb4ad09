-- _patchmail.relate_patches(series_id, former_id, worst, by_hand, actor_id): relates the patches of a series to those
-- that they replace.
-- Takes    a series and the one that it replaces; the least verdict on its author with which a patch is related;
--          whether an admin says so, and the user in whose name, or NULL.
-- Rules    As if a user related them by hand: they have one relation, and each change is an event.  If both are in a
--          relation already, the older relation takes in the other one.  A patch that was in a relation and is in none
--          was taken out by a user, and stays out.
--          It relates patches of one person only, and none to an older one with a better verdict.  If an admin says so,
--          it relates any.
-- Touches  public.patchwork_patchrelation; through _patchmail.write_patches.
CREATE OR REPLACE FUNCTION _patchmail.relate_patches(series_id integer, former_id integer, worst patchmail.verdict,
                                                     by_hand boolean DEFAULT false, actor_id integer DEFAULT NULL)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    pair     record;
    related  integer[];  -- the relations that they have
    relation integer;
BEGIN
    FOR pair IN
        SELECT p.id, p.project_id, o.id AS former
          FROM _patchmail.match_patches(relate_patches.series_id, relate_patches.former_id) x
          JOIN public.patchwork_patch p ON p.id = x.patch_id
          JOIN public.patchwork_patch o ON o.id = x.former_patch_id AND (by_hand OR o.submitter_id = p.submitter_id)
          LEFT JOIN patchmail.message m ON m.project_id = p.project_id AND m.msgid = p.msgid::text
          LEFT JOIN patchmail.message n ON n.project_id = o.project_id AND n.msgid = o.msgid::text
         WHERE (by_hand OR coalesce(m.verdict, 'none') >= coalesce(n.verdict, 'none')
                           AND coalesce(n.verdict, 'none') >= worst)
           AND (p.related_id <> o.related_id OR p.related_id IS NULL OR o.related_id IS NULL)
           AND (by_hand
                OR NOT EXISTS (SELECT FROM public.patchwork_event e
                                WHERE e.category = 'patch-relation-changed'
                                  AND (e.patch_id = p.id AND p.related_id IS NULL
                                       OR e.patch_id = o.id AND o.related_id IS NULL)))
         ORDER BY p.number, p.id, o.number, o.id
    LOOP
        related := ARRAY(SELECT p.related_id FROM public.patchwork_patch p  -- now: a patch may be in several pairs
                          WHERE p.id IN (pair.id, pair.former) AND p.related_id IS NOT NULL);
        relation := (SELECT min(r) FROM unnest(related) r);
        IF relation IS NULL THEN
            INSERT INTO public.patchwork_patchrelation DEFAULT VALUES RETURNING id INTO relation;
        END IF;
        PERFORM _patchmail.write_patches(
            ARRAY(SELECT p.id FROM public.patchwork_patch p
                   WHERE p.id IN (pair.id, pair.former) OR p.related_id = ANY (related)),
            jsonb_build_object('related_id', relation), actor_id);
    END LOOP;
END
$$;
