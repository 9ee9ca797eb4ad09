-- patchmail.find_committed(commit, facts, project, msgid, hash, patch_id, again, gone): which patches a commit was made
-- of, and which not, and why; patchmail.mark_committed() marks by it.
-- Takes    what patchmail.mark_committed() takes.
-- Gives    a row for each patch for which there is any evidence: link, hash, patch-id or title; whether it would be
--          marked, and why not.
-- Rules    _patchmail.judge_candidates, _patchmail.match_commit; each project by itself.
-- Errors   no_data_found, invalid_parameter_value or check_violation in words.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.find_committed(
    commit text, facts jsonb DEFAULT NULL, project text DEFAULT NULL, msgid text DEFAULT NULL, hash text DEFAULT NULL,
    patch_id text DEFAULT NULL, again boolean DEFAULT false, gone text[] DEFAULT '{}')
RETURNS SETOF patchmail.committed LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on SET timezone = 'UTC' SET jit = off AS $$
DECLARE
    here   CONSTANT integer := CASE WHEN project IS NOT NULL THEN _patchmail.project_id(project) END;
    sought CONSTANT jsonb := _patchmail.read_commit(commit, facts, msgid, hash, patch_id);
BEGIN
    RETURN QUERY
    SELECT m.* FROM public.patchwork_project p,
           _patchmail.match_commit(p.id, sought, facts->>'diff', coalesce(again, false), coalesce(gone, '{}')) m
     WHERE here IS NULL OR p.id = here
     ORDER BY p.id;
END
$$;
COMMENT ON FUNCTION patchmail.find_committed IS
    'Which patches a commit was made of, by which evidence; and which that look like it were not, and why.';
