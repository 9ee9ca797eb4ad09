-- patchmail.check_list(patch_id, filter, base_url, strict): the checks of a patch in Patchwork's REST API.
-- Takes    the patch; the others as patchmail.patch_list.
-- Gives    the documents of a page in a list; [] for none; an error in words if there is no such patch.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.check_list(patch_id integer, filter text DEFAULT '', base_url text DEFAULT '',
                                                strict boolean DEFAULT true)
RETURNS json LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.patchwork_patch x WHERE x.id = patch_id) THEN
        RAISE EXCEPTION 'there is no patch %', coalesce(patch_id::text, 'NULL') USING ERRCODE = 'no_data_found';
    END IF;
    RETURN (SELECT coalesce(json_agg(_patchmail.check_entry(i.id, rtrim(base_url, '/')) ORDER BY i.n), '[]')
              FROM unnest(_patchmail.list_page('check', filter, strict, format('x.patch_id = %s', patch_id)))
                   WITH ORDINALITY i (id, n));
END
$$;
COMMENT ON FUNCTION patchmail.check_list IS
    'The checks of a patch as Patchwork''s REST API gives them, with its filters: ''context=build&order=-id''.';
