-- patchmail.lock_archive(source): that one process alone follows an archive, for a while.
-- Takes    {"archive_name", "holder", "gone" (optional)}: a name that only this process has, and the name of one that
--          is known to have ended.
-- Gives    NULL: it has the archive now, until _patchmail.lease_end(); else who has it.
-- Rules    The lease needs no session, and ends by time alone; it is renewed by asking again, and by every mail.  That
--          nothing is passed over does not depend on it, see patchmail.move_mark().
--          The archive belongs to the deliverer who comes first, and no other one moves its marks then: else he could
--          make mail be passed over.  Who may do all that the owner of these functions may leaves it to the next one.
--          Nobody waits until that is on the disk: a lease that is lost is asked for again.
-- Errors   An archive of another deliverer: insufficient_privilege.
-- Touches  patchmail.archive.
-- Locks    the archive, but waits for nobody: who has it locked is alive.
CREATE OR REPLACE FUNCTION patchmail.lock_archive(source jsonb)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    place patchmail.archive;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    INSERT INTO patchmail.archive (archive) VALUES (source->>'archive_name') ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT place FROM patchmail.archive a
     WHERE a.archive = source->>'archive_name' FOR NO KEY UPDATE NOWAIT;
    PERFORM _patchmail.own_archive(place);
    IF place.held_until > clock_timestamp() AND place.holder IS DISTINCT FROM source->>'holder'
       AND place.holder IS DISTINCT FROM source->>'gone' THEN
        RETURN place.holder;
    END IF;
    UPDATE patchmail.archive a SET holder = source->>'holder', held_until = _patchmail.lease_end()
     WHERE a.archive = place.archive;
    RETURN NULL;
EXCEPTION WHEN lock_not_available THEN
    RETURN coalesce((SELECT a.holder FROM patchmail.archive a WHERE a.archive = source->>'archive_name'),
                    'a transaction that is not over');
END
$$;
COMMENT ON FUNCTION patchmail.lock_archive(jsonb) IS
    'For patchmaild: takes an archive for the process that follows it.';
