-- patchmail.new_uids(source, uids): which mails of an IMAP mailbox have not been taken.
-- Takes    {"account", "mailbox"}, and UIDs that are there, as a JSON array.
-- Gives    those that are not known, in order; what is deferred is known.
-- Rules    Of a mailbox of another deliverer it says nothing.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.new_uids(source jsonb, uids text)
RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT coalesce(jsonb_agg(n.uid ORDER BY n.uid), '[]')
      FROM patchmail.cursor c
     CROSS JOIN (SELECT DISTINCT u.value::bigint AS uid FROM jsonb_array_elements_text($2::jsonb) u) n
      LEFT JOIN patchmail.taken_uid t
        ON t.account = c.account AND t.mailbox = c.mailbox AND t.block = n.uid / 1024
     WHERE c.account = $1->>'account' AND c.mailbox = $1->>'mailbox' AND _patchmail.may_follow(c.deliverer)
       AND (n.uid > c.last_uid
            OR n.uid > c.trusted_uid AND coalesce(get_bit(t.uids, (n.uid % 1024)::integer), 0) = 0);
$$;
COMMENT ON FUNCTION patchmail.new_uids(jsonb, text) IS
    'For patchmaild: which of these mails of an IMAP mailbox have not been taken.';
