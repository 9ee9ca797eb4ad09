-- _patchmail.related_json(patch_id, base_url): the patches that a user related to this one, in the order of their
-- dates.
-- Gives    a list as it stands in the REST document of the patch; [] for none.
CREATE OR REPLACE FUNCTION _patchmail.related_json(patch_id integer, base_url text)
RETURNS json LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT coalesce(json_agg(_patchmail.patch_part(o.id, base_url) ORDER BY o.date, o.id), '[]')
              FROM public.patchwork_patch x
              JOIN public.patchwork_patch o ON o.related_id = x.related_id AND o.id <> x.id
             WHERE x.id = $1);
END
$$;
