-- patchmail.note_witness(source, witness): by what a mail of an IMAP mailbox is known.  If another one has its UID
-- later, the UIDs have begun anew.
-- Takes    {"account", "mailbox", "uidvalidity", "uid"}, and text that only this mail has; of another uidvalidity than
--          the mailbox has now it is another mail.
-- Gives    whether that is noted.
-- Rules    Nobody waits until that is on the disk.  A mailbox of another deliverer is left alone.
-- Touches  patchmail.cursor (witness_uid, witness).
CREATE OR REPLACE FUNCTION patchmail.note_witness(source jsonb, witness text)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    UPDATE patchmail.cursor c SET witness_uid = (source->>'uid')::bigint, witness = note_witness.witness
     WHERE c.account = source->>'account' AND c.mailbox = source->>'mailbox'
       AND c.uidvalidity = coalesce((source->>'uidvalidity')::bigint, 0) AND _patchmail.may_follow(c.deliverer);
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION patchmail.note_witness(jsonb, text) IS
    'For patchmaild: by what a mail of an IMAP mailbox is known, so that UIDs which begin anew are noticed.';
