-- _patchmail.hold_archive(source): an archive, for mail of it that is stored now.
-- Takes    {"archive_name", "holder"}; without a holder, who does not follow it but reads it once, it is made if need
--          be.
-- Errors   An archive of another deliverer: insufficient_privilege.  One that another process has since, or that an
--          admin has forgotten: object_in_use; that the lease is over matters only then.
-- Touches  patchmail.archive.
-- Locks    the archive, so that of two processes one is second.
CREATE OR REPLACE FUNCTION _patchmail.hold_archive(source jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    place patchmail.archive;
BEGIN
    IF source->>'holder' IS NULL THEN
        INSERT INTO patchmail.archive (archive) VALUES (source->>'archive_name') ON CONFLICT DO NOTHING;
    END IF;
    SELECT * INTO place FROM patchmail.archive a WHERE a.archive = source->>'archive_name' FOR NO KEY UPDATE;
    IF NOT FOUND OR source->>'holder' IS NOT NULL AND place.holder IS DISTINCT FROM source->>'holder' THEN
        RAISE EXCEPTION 'the archive % is another process''s now, or was forgotten', source->>'archive_name'
            USING ERRCODE = 'object_in_use';
    END IF;
    PERFORM _patchmail.own_archive(place);
    UPDATE patchmail.archive a SET held_until = _patchmail.lease_end()
     WHERE a.archive = place.archive AND a.holder = source->>'holder';
END
$$;
