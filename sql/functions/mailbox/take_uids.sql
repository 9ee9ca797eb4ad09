-- _patchmail.take_uids(sources, numbers, left_there): the same as take_uid, for mails that are stored together.
-- Takes    the sources of a batch, the numbers of those of its mails that are taken, and of these the ones that the
--          database does not keep: they are not removed from their mailboxes, whatever the account says.  Those that
--          come from no mailbox are passed over.
-- Rules    The caller has the cursors (_patchmail.lock_cursors), and has seen that nobody took the mails before.
-- Touches  patchmail.cursor, patchmail.taken_uid, patchmail.deferred_uid, patchmail.unsettled_uid.
CREATE OR REPLACE FUNCTION _patchmail.take_uids(sources jsonb, numbers integer[], left_there integer[])
RETURNS void LANGUAGE sql AS $$
    SELECT _patchmail.note_uids(m.account, m.mailbox, array_agg(m.uid))
      FROM (SELECT s.source->>'account', s.source->>'mailbox', (s.source->>'uid')::bigint
              FROM unnest($2) n(n), LATERAL (SELECT $1->(n.n - 1) AS source) s WHERE s.source ? 'uid')
           m(account, mailbox, uid)
     GROUP BY m.account, m.mailbox;
    WITH mail AS MATERIALIZED (
        SELECT s.source->>'account' AS account, s.source->>'mailbox' AS mailbox, (s.source->>'uid')::bigint AS uid,
               coalesce((s.source->>'after')::boolean, false)
               AND NOT (coalesce((s.source->>'removes')::boolean, false) AND n.n = ANY ($3)) AS after
          FROM unnest($2) n(n), LATERAL (SELECT $1->(n.n - 1) AS source) s WHERE s.source ? 'uid'
    ), gone AS (
        DELETE FROM patchmail.deferred_uid d USING mail m
         WHERE d.account = m.account AND d.mailbox = m.mailbox AND d.uid = m.uid
    ), moved AS (
        UPDATE patchmail.cursor c
           SET last_uid = greatest(c.last_uid, m.uid), moved = now(),
               held_until = CASE WHEN c.holder IS NOT NULL THEN _patchmail.lease_end() END
          FROM (SELECT m.account, m.mailbox, max(m.uid) AS uid FROM mail m GROUP BY m.account, m.mailbox) m
         WHERE c.account = m.account AND c.mailbox = m.mailbox
    )
    INSERT INTO patchmail.unsettled_uid (account, mailbox, uid)
    SELECT m.account, m.mailbox, m.uid FROM mail m WHERE m.after
        ON CONFLICT DO NOTHING;
$$;
