-- _patchmail.find_bundle(bundle_id): a bundle by its id.
-- Errors   no_data_found if there is none.
-- Locks    its row, so that two do not change it at once.
CREATE OR REPLACE FUNCTION _patchmail.find_bundle(bundle_id integer)
RETURNS public.patchwork_bundle LANGUAGE plpgsql AS $$
DECLARE
    bundle public.patchwork_bundle;
BEGIN
    SELECT b.* INTO bundle FROM public.patchwork_bundle b WHERE b.id = bundle_id FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no bundle %', coalesce(bundle_id::text, 'NULL') USING ERRCODE = 'no_data_found';
    END IF;
    RETURN bundle;
END
$$;
