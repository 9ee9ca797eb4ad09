-- patchmail.open_mailbox(source): how far a mailbox of an IMAP account has been taken.
-- Takes    {"account", "mailbox", "holder", "retry", "attempts"}; "uidvalidity", 0 or missing if the server does not
--          say; "server": whose mailbox it is, and where; "restarted": UIDs were seen to begin anew, or "same": they
--          were not, though the server is another one.  "retry": for how many seconds a mail that was deferred is left
--          alone; "attempts": after so many one that the server does not hand over is left alone for an hour.
-- Gives    {"schema": patchmail.schema_version(), "uidvalidity": by which its mails are known from now on, "last_uid",
--          "first": from which UID on to look for new mail, "renewed": why it is read anew, or null, "moved": whether
--          the server is another one than before, "witness_uid", "witness", "deferred": [{"uid", "attempts", "reason",
--          "alone"}...], "later", "unsettled": [uid...]}.
-- Rules    A new mailbox begins at 0.  One that is another than before by _patchmail.renewal() begins at 0 too, and
--          forgets what was known of single UIDs, since they are other mails now.
--          It belongs to the deliverer who opens it first, and no other one moves its cursor then: else he could make
--          mail be passed over.  Who may do all that the owner of these functions may leaves it to the next one.
--          The caller has it from now on, as patchmail.lock_account() says, until the lease is over.
--          `deferred` are those whose time has come, see _patchmail.due_uids(), `later` is how many others there are.
--          Nobody waits until that is on the disk: what stores a mail comes after it in the log of the server (WAL).
--          What this process itself had asked for and did not take (patchmail.expect_uids) is no mail's fault.
-- Errors   A mailbox of another deliverer: insufficient_privilege.  One that another process has: object_in_use.
-- Touches  patchmail.cursor, patchmail.taken_uid, patchmail.deferred_uid, patchmail.unsettled_uid.
-- Locks    the mailbox's cursor.
CREATE OR REPLACE FUNCTION patchmail.open_mailbox(source jsonb)
RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    place    patchmail.cursor;
    validity CONSTANT bigint := coalesce((source->>'uidvalidity')::bigint, 0);
    renewed  text;
    elsewhere boolean;  -- the server is another one
    due      jsonb;
    later    integer;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    INSERT INTO patchmail.cursor (account, mailbox, uidvalidity)
    VALUES (source->>'account', source->>'mailbox', validity)
    ON CONFLICT DO NOTHING;
    UPDATE patchmail.cursor c SET deliverer = session_user
     WHERE c.account = source->>'account' AND c.mailbox = source->>'mailbox'
       AND (c.deliverer IS NULL OR to_regrole(quote_ident(c.deliverer)) IS NULL)
       AND NOT pg_has_role(session_user, current_user, 'MEMBER');
    SELECT * INTO STRICT place FROM patchmail.cursor c
     WHERE c.account = source->>'account' AND c.mailbox = source->>'mailbox' FOR UPDATE;
    IF NOT _patchmail.may_follow(place.deliverer) THEN
        RAISE EXCEPTION 'the mailbox % of % belongs to role %, not to %', place.mailbox, place.account,
            place.deliverer, session_user
            USING ERRCODE = 'insufficient_privilege',
                  HINT = format('patchmail.remove_deliverer(%L) frees its mailboxes.', place.deliverer);
    ELSIF place.holder IS DISTINCT FROM source->>'holder' AND place.held_until > clock_timestamp() THEN
        RAISE EXCEPTION 'another process follows the mailbox % of %', place.mailbox, place.account
            USING ERRCODE = 'object_in_use';
    END IF;
    IF place.holder = source->>'holder' THEN
        UPDATE patchmail.deferred_uid d SET asked = false
         WHERE d.account = place.account AND d.mailbox = place.mailbox AND d.asked;
    END IF;
    renewed := _patchmail.renewal(place, source);
    elsewhere := renewed IS NULL AND coalesce(place.server <> source->>'server', false) AND NOT source ? 'same';
    IF renewed IS NOT NULL THEN
        DELETE FROM patchmail.taken_uid t WHERE t.account = place.account AND t.mailbox = place.mailbox;
        DELETE FROM patchmail.deferred_uid d WHERE d.account = place.account AND d.mailbox = place.mailbox;
        DELETE FROM patchmail.unsettled_uid u WHERE u.account = place.account AND u.mailbox = place.mailbox;
        UPDATE patchmail.cursor c
           SET uidvalidity = validity, last_uid = 0, trusted_uid = 0, witness_uid = NULL, witness = NULL, moved = now()
         WHERE c.account = place.account AND c.mailbox = place.mailbox;
    END IF;
    UPDATE patchmail.cursor c
       SET holder = source->>'holder', held_until = _patchmail.lease_end(),
           uidvalidity = CASE WHEN validity > 0 THEN validity ELSE c.uidvalidity END,
           server = CASE WHEN elsewhere THEN c.server ELSE coalesce(source->>'server', c.server) END
     WHERE c.account = place.account AND c.mailbox = place.mailbox
    RETURNING c.* INTO place;
    SELECT coalesce(jsonb_agg(jsonb_build_object('uid', d.uid, 'attempts', d.attempts, 'reason', d.reason,
                                                 'alone', d.alone)
                              ORDER BY d.attempts, d.uid) FILTER (WHERE d.due), '[]'),
           count(*) FILTER (WHERE NOT d.due)
      INTO due, later
      FROM _patchmail.due_uids(place, (source->>'retry')::integer, (source->>'attempts')::integer) d;
    RETURN jsonb_build_object(
        'schema', patchmail.schema_version(), 'uidvalidity', place.uidvalidity, 'last_uid', place.last_uid,
        'first', _patchmail.lowest_gap(place), 'renewed', renewed, 'moved', elsewhere,
        'witness_uid', place.witness_uid,
        'witness', place.witness, 'deferred', due, 'later', later,
        'unsettled', (SELECT coalesce(jsonb_agg(u.uid ORDER BY u.uid), '[]') FROM patchmail.unsettled_uid u
                       WHERE u.account = place.account AND u.mailbox = place.mailbox));
END
$$;
COMMENT ON FUNCTION patchmail.open_mailbox(jsonb) IS
    'For patchmaild: how far an IMAP mailbox has been taken, and what is left over.';
