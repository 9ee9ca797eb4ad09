-- patchmail.unlock_archive(source): a process no longer follows an archive, and another one may at once.
-- Takes    {"archive_name", "holder"}, as patchmail.lock_archive().
-- Gives    whether it had it.
-- Touches  patchmail.archive (holder, held_until).
CREATE OR REPLACE FUNCTION patchmail.unlock_archive(source jsonb)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    UPDATE patchmail.archive a SET holder = NULL, held_until = NULL
     WHERE a.archive = source->>'archive_name' AND a.holder = source->>'holder' AND _patchmail.may_follow(a.deliverer);
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION patchmail.unlock_archive(jsonb) IS
    'For patchmaild: gives up an archive.';
