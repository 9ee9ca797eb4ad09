-- patchmail.set_hashes(patch_ids, hashes, git_patch_ids, actor, dry_run): writes hashes of diffs, and git's patch-ids,
-- for patchmaild rehash, which computes them: SQL alone has no SHA-1.
-- Takes    patches, and as many hashes and patch-ids of 40 lower-case hexadecimal digits, of which the latter may be
--          NULL; the user of Patchwork in whose name it is done, or NULL; whether only to show what it would do.
-- Gives    a row of patchmail.audit for each patch of which one of them is different; none if only its patch-id was
--          not known.
-- Errors   no_data_found, invalid_parameter_value or check_violation in words, before anything is written.
-- Touches  public.patchwork_patch (hash); patchmail.message (git_patch_id), _audit.
-- Locks    the projects of the patches, in the order of their ids.
CREATE OR REPLACE FUNCTION patchmail.set_hashes(patch_ids integer[], hashes text[], git_patch_ids text[],
                                                actor text DEFAULT NULL, dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    patches CONSTANT integer[] := _patchmail.known_ids('patch', patch_ids);
    changes patchmail.audit[];
BEGIN
    PERFORM _patchmail.acting_user(actor);
    IF cardinality(patches) <> cardinality(patch_ids) OR cardinality(patch_ids) IS DISTINCT FROM cardinality(hashes)
       OR cardinality(patch_ids) IS DISTINCT FROM cardinality(git_patch_ids)
       OR EXISTS (SELECT FROM unnest(hashes) h WHERE (h ~ '^[0-9a-f]{40}$') IS NOT TRUE)
       OR EXISTS (SELECT FROM unnest(git_patch_ids) g WHERE NOT g ~ '^[0-9a-f]{40}$') THEN
        RAISE EXCEPTION 'each patch has one hash and one patch-id, of 40 lower-case hexadecimal digits'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM _patchmail.lock_projects(ARRAY(SELECT p.project_id FROM public.patchwork_patch p
                                            WHERE p.id = ANY (patches)));
    BEGIN
        WITH given AS MATERIALIZED (
            SELECT p.id, p.project_id, p.msgid, p.hash::text AS old_hash, g.hash, m.id AS message_id,
                   m.git_patch_id AS old_patch_id, CASE WHEN m.id IS NOT NULL THEN g.git_patch_id END AS git_patch_id
              FROM unnest(patch_ids, hashes, git_patch_ids) g (id, hash, git_patch_id)
              JOIN public.patchwork_patch p ON p.id = g.id AND p.diff <> ''
              LEFT JOIN patchmail.message m
                     ON m.project_id = p.project_id AND m.msgid = p.msgid AND m.patch_id = p.id
             WHERE p.hash::text IS DISTINCT FROM g.hash
                OR m.id IS NOT NULL AND m.git_patch_id IS DISTINCT FROM g.git_patch_id
        ), hashed AS (
            UPDATE public.patchwork_patch p SET hash = g.hash
              FROM given g WHERE p.id = g.id AND g.old_hash IS DISTINCT FROM g.hash
)
        SELECT coalesce(array_agg(n.change), '{}') INTO changes
          FROM (SELECT _patchmail.note_difference(
                           'set_hashes', actor, g.project_id, 'patch', g.id,
                           jsonb_build_object('msgid', _patchmail.printable(g.msgid)),
                           jsonb_build_object('hash', g.old_hash,
                                              'git_patch_id', coalesce(g.old_patch_id, g.git_patch_id)),
                           jsonb_build_object('hash', g.hash, 'git_patch_id', g.git_patch_id)) AS change
                  FROM given g ORDER BY g.id) n;
        PERFORM _patchmail.enter_patch_ids(array_agg(m.id), array_agg(g.git_patch_id))
           FROM unnest(patch_ids, git_patch_ids) g (id, git_patch_id)
           JOIN public.patchwork_patch p ON p.id = g.id AND p.diff <> ''
           JOIN patchmail.message m ON m.project_id = p.project_id AND m.msgid = p.msgid AND m.patch_id = p.id
          WHERE m.git_patch_id IS DISTINCT FROM g.git_patch_id
         HAVING count(*) > 0;
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
    'For patchmaild rehash: writes hashes and patch-ids of diffs.  Gives the patches of which one is different.';
