-- patchmail.open_mailbox(source): how far a mailbox of an IMAP account has been taken.
-- Takes    {"account", "mailbox", "uidvalidity", "holder", "retry", "attempts"}: for how many seconds a mail that was
--          deferred is left alone; one that the server does not hand over for an hour after so many attempts.
-- Gives    {"last_uid", "renewed", "deferred": [{"uid", "attempts", "alone"}...], "later", "unsettled": [uid...]}.
-- Rules    A new mailbox begins at 0.  Another uidvalidity than before begins at 0 too, and forgets what was known of
--          single UIDs, since they are other mails now: then `renewed` is true.
--          It belongs to the deliverer who opens it first, and no other one moves its cursor then: else he could make
--          mail be passed over.  Who may do all that the owner of these functions may leaves it to the next one.
--          The caller has it from now on, as patchmail.lock_account() says, until the lease is over.
--          `deferred` are those whose time has come, `later` is how many others there are.  One that the server did not
--          hand over, or over which a process ended, is to be asked for `alone`: the first time again at the next visit.
--          What this process itself had asked for and did not take (patchmail.expect_uids) is no mail's fault.
-- Errors   A mailbox of another deliverer: insufficient_privilege.  One that another process has: object_in_use.
-- Touches  patchmail.cursor, patchmail.deferred_uid, patchmail.unsettled_uid.
-- Locks    the mailbox's cursor.
CREATE OR REPLACE FUNCTION patchmail.open_mailbox(source jsonb)
RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    place    patchmail.cursor;
    validity bigint := (source->>'uidvalidity')::bigint;
    renewed  boolean;
    due      jsonb;
    later    integer;
    wait     CONSTANT interval := make_interval(secs => coalesce((source->>'retry')::integer, 0));
    patience CONSTANT integer := (source->>'attempts')::integer;
BEGIN
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
    UPDATE patchmail.cursor c SET holder = source->>'holder', held_until = _patchmail.lease_end()
     WHERE c.account = place.account AND c.mailbox = place.mailbox;
    renewed := place.uidvalidity <> validity;
    IF renewed THEN
        DELETE FROM patchmail.deferred_uid d WHERE d.account = place.account AND d.mailbox = place.mailbox;
        DELETE FROM patchmail.unsettled_uid u WHERE u.account = place.account AND u.mailbox = place.mailbox;
        UPDATE patchmail.cursor c SET uidvalidity = validity, last_uid = 0, moved = now()
         WHERE c.account = place.account AND c.mailbox = place.mailbox;
        place.last_uid := 0;
    END IF;
    SELECT coalesce(jsonb_agg(jsonb_build_object('uid', d.uid, 'attempts', d.attempts, 'alone', t.alone)
                              ORDER BY d.attempts, d.uid)
                    FILTER (WHERE t.due), '[]'),
           count(*) FILTER (WHERE NOT t.due)
      INTO due, later
      FROM patchmail.deferred_uid d, LATERAL (
          SELECT a.alone, d.last_try <= now() - CASE WHEN d.attempts = 0 THEN '0'
                                                     WHEN a.alone AND d.attempts >= patience
                                                     THEN greatest(wait, '1 hour')
                                                     WHEN a.alone AND d.attempts = 1 THEN '0' ELSE wait END AS due
            FROM (SELECT d.attempts > 0 AND (d.withheld OR d.asked) AS alone) a) t
     WHERE d.account = place.account AND d.mailbox = place.mailbox;
    RETURN jsonb_build_object(
        'last_uid', place.last_uid, 'renewed', renewed, 'deferred', due, 'later', later,
        'unsettled', (SELECT coalesce(jsonb_agg(u.uid ORDER BY u.uid), '[]') FROM patchmail.unsettled_uid u
                       WHERE u.account = place.account AND u.mailbox = place.mailbox));
END
$$;
COMMENT ON FUNCTION patchmail.open_mailbox(jsonb) IS
    'For patchmaild: how far an IMAP mailbox has been taken, and what is left over.';
