-- _patchmail.find_project(linkname): the id of a project by the name that it has in addresses.
-- Errors   no_data_found if there is no such project, also for NULL.
CREATE OR REPLACE FUNCTION _patchmail.find_project(linkname text)
RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    id integer := (SELECT p.id FROM public.patchwork_project p WHERE p.linkname::text = find_project.linkname);
BEGIN
    IF id IS NULL THEN
        RAISE EXCEPTION 'there is no project "%"', coalesce(linkname, 'NULL') USING ERRCODE = 'no_data_found';
    END IF;
    RETURN id;
END
$$;
