-- patchmail.set_hashes(patch_ids, hashes, actor, dry_run): writes hashes of diffs, for patchmaild rehash, which
-- computes them: SQL alone has no SHA-1.
-- Takes    patches, and as many hashes of 40 lower-case hexadecimal digits; the user of Patchwork in whose name it is
--          done, or NULL; whether only to show what it would do.
-- Gives    a row of patchmail.audit for each patch whose hash is different.
-- Errors   no_data_found, invalid_parameter_value or check_violation in words, before anything is written.
-- Touches  public.patchwork_patch (hash); patchmail.audit.
-- Locks    the projects of the patches, in the order of their ids.
CREATE OR REPLACE FUNCTION patchmail.set_hashes(patch_ids integer[], hashes text[], actor text DEFAULT NULL,
                                                dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    patches CONSTANT integer[] := _patchmail.known_ids('patch', patch_ids);
    changes patchmail.audit[];
BEGIN
    PERFORM _patchmail.acting_user(actor);
    IF cardinality(patches) <> cardinality(patch_ids) OR cardinality(patch_ids) IS DISTINCT FROM cardinality(hashes)
       OR EXISTS (SELECT FROM unnest(hashes) h WHERE (h ~ '^[0-9a-f]{40}$') IS NOT TRUE) THEN
        RAISE EXCEPTION 'each patch has one hash, of 40 lower-case hexadecimal digits'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM _patchmail.lock_projects(ARRAY(SELECT p.project_id FROM public.patchwork_patch p
                                            WHERE p.id = ANY (patches)));
    BEGIN
        WITH changed AS (
            UPDATE public.patchwork_patch p SET hash = h.hash
              FROM unnest(patch_ids, hashes) h (id, hash), public.patchwork_patch old
             WHERE p.id = h.id AND old.id = p.id AND p.diff <> '' AND p.hash::text IS DISTINCT FROM h.hash
            RETURNING p.id, p.project_id, p.msgid, old.hash::text AS old_hash, h.hash)
        SELECT coalesce(array_agg(n.change), '{}') INTO changes
          FROM (SELECT _patchmail.note_change(
                           'set_hashes', actor, c.project_id, 'patch', c.id,
                           jsonb_build_object('msgid', _patchmail.printable(c.msgid), 'hash', c.old_hash),
                           jsonb_build_object('msgid', _patchmail.printable(c.msgid), 'hash', c.hash)) AS change
                  FROM changed c ORDER BY c.id) n;
        IF dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
    RETURN QUERY SELECT * FROM unnest(changes);
END
$$;
COMMENT ON FUNCTION patchmail.set_hashes IS
    'For patchmaild rehash: writes hashes of diffs.  Gives the patches whose hash is different.';
