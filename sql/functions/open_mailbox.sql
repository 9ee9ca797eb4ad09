-- patchmail.open_mailbox(source): where a mailbox of an IMAP account stands.
-- Takes    {"account", "mailbox", "uidvalidity", "retry"}: the last is for how many seconds a mail that was deferred is left
--          alone.
-- Gives    {"last_uid", "renewed", "deferred": [{"uid", "attempts"}...], "later", "unsettled": [uid...]}.
-- Rules    A new mailbox begins at 0.  Another uidvalidity than before begins at 0 too, and forgets what was known of single
--          UIDs, since they are other mails now: then `renewed` is true.
--          `deferred` are those whose time has come, `later` is how many others there are.
-- Touches  patchmail.cursor, patchmail.deferred_uid, patchmail.unsettled_uid.
-- Locks    the mailbox's cursor.
CREATE OR REPLACE FUNCTION patchmail.open_mailbox(source jsonb)
RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    place    patchmail.cursor;
    validity bigint := (source->>'uidvalidity')::bigint;
    renewed  boolean;
    due      jsonb;
    later    integer;
BEGIN
    INSERT INTO patchmail.cursor (account, mailbox, uidvalidity)
    VALUES (source->>'account', source->>'mailbox', validity)
    ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT place FROM patchmail.cursor c
     WHERE c.account = source->>'account' AND c.mailbox = source->>'mailbox' FOR UPDATE;
    renewed := place.uidvalidity <> validity;
    IF renewed THEN
        DELETE FROM patchmail.deferred_uid d WHERE d.account = place.account AND d.mailbox = place.mailbox;
        DELETE FROM patchmail.unsettled_uid u WHERE u.account = place.account AND u.mailbox = place.mailbox;
        UPDATE patchmail.cursor c SET uidvalidity = validity, last_uid = 0, moved = now()
         WHERE c.account = place.account AND c.mailbox = place.mailbox;
        place.last_uid := 0;
    END IF;
    SELECT coalesce(jsonb_agg(jsonb_build_object('uid', d.uid, 'attempts', d.attempts) ORDER BY d.uid)
                    FILTER (WHERE t.due), '[]'),
           count(*) FILTER (WHERE NOT t.due)
      INTO due, later
      FROM patchmail.deferred_uid d, LATERAL (
          SELECT d.last_try <= now() - make_interval(secs => coalesce((source->>'retry')::integer, 0)) AS due) t
     WHERE d.account = place.account AND d.mailbox = place.mailbox;
    RETURN jsonb_build_object(
        'last_uid', place.last_uid, 'renewed', renewed, 'deferred', due, 'later', later,
        'unsettled', (SELECT coalesce(jsonb_agg(u.uid ORDER BY u.uid), '[]') FROM patchmail.unsettled_uid u
                       WHERE u.account = place.account AND u.mailbox = place.mailbox));
END
$$;
