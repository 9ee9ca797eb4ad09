-- _patchmail.project_of(linkname): the id of a project that an admin names.
-- Gives    NULL for NULL, which means all of them; an error in words if there is no such project.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.project_of(linkname text)
RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    id integer := (SELECT p.id FROM public.patchwork_project p WHERE p.linkname = project_of.linkname);
BEGIN
    IF id IS NULL AND linkname IS NOT NULL THEN
        RAISE EXCEPTION 'there is no project "%"', linkname USING ERRCODE = 'no_data_found';
    END IF;
    RETURN id;
END
$$;
