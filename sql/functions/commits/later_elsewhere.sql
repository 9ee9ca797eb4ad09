-- _patchmail.later_elsewhere(patch_id): a later version of a patch that its project never got.
-- Gives    a patch of another project with the title and the submitter of this one, which was sent later, within a
--          year, and is not in the project of this one; NULL if there is none.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.later_elsewhere(patch_id integer)
RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT max(o.id)
      FROM public.patchwork_patch p
      JOIN public.patchwork_patch o ON o.submitter_id = p.submitter_id AND o.project_id <> p.project_id
                                   AND o.date > p.date AND o.date < p.date + interval '1 year'
     WHERE p.id = $1 AND _patchmail.plain_title(o.name) = _patchmail.plain_title(p.name)
       AND NOT EXISTS (SELECT FROM public.patchwork_patch k
                        WHERE k.project_id = p.project_id AND k.msgid = o.msgid);
$$;
