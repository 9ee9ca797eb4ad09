-- patchmail.diffs_after(project, after, most): the next diffs, for patchmaild rehash, which computes their hashes.
-- Takes    the project's linkname, or NULL for all; the id of the last patch that an earlier call gave, 0 at first; how
--          many bytes of diffs at most: one comes in any case.
-- Gives    the patches that have a diff, by their ids, with the hash and git's patch-id that stand there, and whether
--          the ledger knows the patch, which has that one: up to a hundred; none if there are no more.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.diffs_after(project text, after integer, most bigint)
RETURNS TABLE (patch_id integer, hash text, git_patch_id text, known boolean, diff text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    here CONSTANT integer := CASE WHEN project IS NOT NULL THEN _patchmail.project_id(project) END;
BEGIN
    RETURN QUERY
    SELECT d.id, d.hash::text, m.git_patch_id, m.id IS NOT NULL, d.diff
      FROM (SELECT p.id, p.project_id, p.msgid, p.hash, p.diff, octet_length(p.diff) AS size,
                   sum(octet_length(p.diff)) OVER (ORDER BY p.id) AS total
              FROM (SELECT o.id, o.project_id, o.msgid, o.hash, o.diff FROM public.patchwork_patch o
                     WHERE o.id > diffs_after.after AND o.diff <> '' AND (here IS NULL OR o.project_id = here)
                     ORDER BY o.id LIMIT 100) p) d
      LEFT JOIN patchmail.message m ON m.project_id = d.project_id AND m.msgid = d.msgid AND m.patch_id = d.id
     WHERE d.total <= most OR d.total = d.size
     ORDER BY d.id;
END
$$;
COMMENT ON FUNCTION patchmail.diffs_after IS
    'For patchmaild rehash: the next diffs, with the hashes that stand there.';
