-- _patchmail.project_id(linkname): the id of a project.
-- Gives    an error in words if there is no such project, or the name is NULL.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.project_id(linkname text)
RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    id integer := (SELECT p.id FROM public.patchwork_project p WHERE p.linkname::text = project_id.linkname);
BEGIN
    IF linkname IS NULL THEN
        RAISE EXCEPTION 'which project is meant is not given' USING ERRCODE = 'invalid_parameter_value';
    ELSIF id IS NULL THEN
        RAISE EXCEPTION 'there is no project "%"', linkname USING ERRCODE = 'no_data_found';
    END IF;
    RETURN id;
END
$$;
