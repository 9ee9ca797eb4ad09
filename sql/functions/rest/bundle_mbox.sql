-- patchmail.bundle_mbox(bundle_id): the patches of a public bundle as Patchwork's mbox page gives them, for git am.
-- Gives    an mbox of its patches in the order that its owner gave them, in UTF-8; an error in words if there are none.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.bundle_mbox(bundle_id integer)
RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    mbox text := (SELECT string_agg(_patchmail.patch_mail(m.patch_id), E'\n' ORDER BY m."order", m.id)
                    FROM public.patchwork_bundle b JOIN public.patchwork_bundlepatch m ON m.bundle_id = b.id
                   WHERE b.id = $1 AND b.public);
BEGIN
    IF mbox IS NULL THEN
        RAISE EXCEPTION 'there is no patch in a public bundle %', coalesce(bundle_id::text, 'NULL')
            USING ERRCODE = 'no_data_found';
    END IF;
    RETURN mbox;
END
$$;
COMMENT ON FUNCTION patchmail.bundle_mbox IS
    'The patches of a public bundle as an mbox for git am, each with the tags that reviewers gave it.';
