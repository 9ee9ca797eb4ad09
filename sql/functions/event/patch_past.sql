-- _patchmail.patch_past(patch_id): when a patch that came by transport "history" was changed by mail that came so too.
-- Gives    the date of the newest patch that it is related to, itself among them, as Patchwork writes it; NULL if the
--          patch came otherwise, or if this is no transaction of history.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.patch_past(patch_id integer)
RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT least(greatest(p.date, (SELECT max(o.date) FROM public.patchwork_patch o
                                    WHERE o.related_id = p.related_id)), b.began)
      FROM _patchmail.history_began() b (began), public.patchwork_patch p
     WHERE p.id = $1 AND b.began IS NOT NULL
       AND EXISTS (SELECT FROM patchmail.message m
                    WHERE m.project_id = p.project_id AND m.msgid = p.msgid::text AND m.transport = 'history');
$$;
