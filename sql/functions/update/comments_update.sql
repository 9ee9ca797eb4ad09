-- patchmail.comments_update(kind, ids, addressed, actor, dry_run): says of comments whether what they ask for is done.
-- Takes    "patch" or "cover", what they are comments on, since both kinds are numbered; their ids, also none; and
--          true, false, or NULL for comments that ask for nothing.
-- Gives    a row of patchmail.audit for each comment that is changed.
-- Rules    Patchwork makes no event of it.  A comment that moves to another patch or cover letter takes it along.
-- Errors   check_violation, invalid_parameter_value, no_data_found: then none of them is changed.
-- Touches  public.patchwork_patchcomment or _covercomment (addressed); patchmail.audit.
-- Locks    their projects.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.comments_update(kind text, ids integer[], addressed boolean,
                                                     actor text DEFAULT NULL, dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT c.* FROM _patchmail.change_comments('comments_update', $1, $2, $3, $4, $5) c;
$$;
COMMENT ON FUNCTION patchmail.comments_update IS
    'Says of comments on patches ("patch") or cover letters ("cover") whether they are addressed.';
