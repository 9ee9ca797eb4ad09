-- patchmail.series_mbox(series_id): the patches of a series as Patchwork's mbox page gives them, for git am.
-- Gives    an mbox of its patches in their order, in UTF-8; an error in words if there are none.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.series_mbox(series_id integer)
RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    mbox text := (SELECT string_agg(_patchmail.patch_mail(x.id), E'\n' ORDER BY x.number, x.id)
                    FROM public.patchwork_patch x WHERE x.series_id = $1);
BEGIN
    IF mbox IS NULL THEN
        RAISE EXCEPTION 'there is no patch in a series %', coalesce(series_id::text, 'NULL')
            USING ERRCODE = 'no_data_found';
    END IF;
    RETURN mbox;
END
$$;
COMMENT ON FUNCTION patchmail.series_mbox IS
    'The patches of a series as an mbox for git am, each with the tags that reviewers gave it.';
