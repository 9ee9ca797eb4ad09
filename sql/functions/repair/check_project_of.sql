-- _patchmail.check_project_of(patches, project_id): refuses patches of another project.
-- Errors   check_violation.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.check_project_of(patches integer[], project_id integer)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    other integer := (SELECT min(p.id) FROM public.patchwork_patch p
                       WHERE p.id = ANY (patches) AND p.project_id <> check_project_of.project_id);
BEGIN
    IF other IS NOT NULL THEN
        RAISE EXCEPTION 'patch % is of another project', other USING ERRCODE = 'check_violation';
    END IF;
END
$$;
