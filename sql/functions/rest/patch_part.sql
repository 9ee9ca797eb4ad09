-- _patchmail.patch_part(patch_id, base_url): a patch as it stands in other REST documents.
CREATE OR REPLACE FUNCTION _patchmail.patch_part(patch_id integer, base_url text)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT _patchmail.mail_part('patch', x.id, x.project_id, x.msgid, x.date, x.name, base_url)
              FROM public.patchwork_patch x WHERE x.id = $1);
END
$$;
