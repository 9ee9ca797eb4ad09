-- patchmail.check_create(patch_id, change, actor): adds a check, the result of a test, to a patch, as POST of
-- Patchwork's REST API does.
-- Takes    change: an object with
--              state        pending, success, warning or fail;
--              context      which test it is: letters, digits, - and _, "default" if it is not given;
--              target_url   where more is to be read, or null;
--              description  a text, or null;
--          and the name of the user whose check it is.  The newest check of a user and context counts.
-- Gives    the row of patchmail.audit, with the check's id.
-- Rules    Its date is when it was made, in Patchwork's clock, and that of its event.  The user is not asked for his
--          rights.
-- Errors   no_data_found, check_violation.
-- Touches  public.patchwork_check, _event; patchmail.audit.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.check_create(patch_id integer, change jsonb, actor text)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.patchwork_patch p WHERE p.id = check_create.patch_id) THEN
        RAISE EXCEPTION 'there is no patch %', coalesce(patch_id::text, 'NULL') USING ERRCODE = 'no_data_found';
    END IF;
    RETURN QUERY SELECT * FROM _patchmail.create_checks('check_create', ARRAY[patch_id], change, actor, false);
END
$$;
COMMENT ON FUNCTION patchmail.check_create IS
    'Adds the result of a test to a patch, as Patchwork''s REST API does: state, context, target_url, description.';
