-- _patchmail.check_linkname(linkname): the id of the project with that linkname.
-- Errors   no_data_found if there is none.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.check_linkname(linkname text)
RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    project integer := (SELECT p.id FROM public.patchwork_project p WHERE p.linkname::text = check_linkname.linkname);
BEGIN
    IF project IS NULL THEN
        RAISE EXCEPTION 'there is no project "%"', linkname USING ERRCODE = 'no_data_found';
    END IF;
    RETURN project;
END
$$;
