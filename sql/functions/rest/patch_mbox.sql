-- patchmail.patch_mbox(patch_id): a patch as Patchwork's mbox page gives it, for git am.
-- Gives    an mbox of one mail in UTF-8; an error in words if there is no such patch.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.patch_mbox(patch_id integer)
RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    mbox text := _patchmail.patch_mail(patch_id);
BEGIN
    IF mbox IS NULL THEN
        RAISE EXCEPTION 'there is no patch %', coalesce(patch_id::text, 'NULL') USING ERRCODE = 'no_data_found';
    END IF;
    RETURN mbox;
END
$$;
COMMENT ON FUNCTION patchmail.patch_mbox IS
    'A patch as an mbox for git am, with the tags that reviewers gave it.';
