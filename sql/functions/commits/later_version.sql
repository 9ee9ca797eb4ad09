-- _patchmail.later_version(patch_id): what may be a later version of a patch, though it is not among the candidates.
-- Gives    a patch with the same title that was sent later, within a year: by the same submitter to another project
--          alone, or by somebody else to this one, who may have sent it on; NULL if there is none.
-- Touches  nothing.
-- Speed    It reads the names of the patches that a project got in a year.
CREATE OR REPLACE FUNCTION _patchmail.later_version(patch_id integer)
RETURNS integer LANGUAGE sql STABLE AS $$
    WITH patch AS (
        SELECT p.*, p.date + interval '1 year' AS until, regexp_replace(p.name, '^(\s*\[[^]]*\])+\s*', '') AS title
          FROM public.patchwork_patch p WHERE p.id = $1
    )
    SELECT max(x.id)
      FROM (SELECT o.id
              FROM patch p JOIN public.patchwork_patch o ON o.submitter_id = p.submitter_id
                                                        AND o.project_id <> p.project_id
                                                        AND o.date > p.date AND o.date < p.until
             WHERE _patchmail.plain_title(o.name) = _patchmail.plain_title(p.name)
               AND NOT EXISTS (SELECT FROM public.patchwork_patch k
                                WHERE k.project_id = p.project_id AND k.msgid = o.msgid)
            UNION ALL
            SELECT o.id
              FROM patch p JOIN public.patchwork_patch o ON o.project_id = p.project_id
                                                        AND o.submitter_id <> p.submitter_id
                                                        AND o.date > p.date AND o.date < p.until
             WHERE o.name = p.title OR right(o.name, length(p.title) + 2) = '] ' || p.title) x;
$$;
