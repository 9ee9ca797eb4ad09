-- A session that began when the tables were empty, as that of a service does: what it planned then serves as well when
-- there is much mail.  No mail makes it read more rows than a mail before it did, in any table.
\ir preamble.psql
\ir state.psql
SELECT make_project() AS project \gset
SELECT patchmail.open_mailbox('{"account": "a", "mailbox": "INBOX", "uidvalidity": 1, "holder": "h"}') \g /dev/null

-- The mails of one round: a series, a single patch, answers to them, to mail of the round before, and to what is not
-- there; of people who come again and of one who does not.  Nothing else is alike in two rounds.
CREATE FUNCTION round_mails(round integer, kind text) RETURNS jsonb[] LANGUAGE sql AS $$
    SELECT ARRAY[cover('c' || id, 2, minute => minute, who => 'ada' || round % 5),
                 patch('p' || id, '1/2', 'c' || id, 1, minute, 'ada' || round % 5),
                 patch('q' || id, '2/2', 'c' || id, 1, minute, 'ada' || round % 5),
                 patch('n' || id, '1/2', '', 1, minute + 30, 'bob' || round % 5),
                 patch('s' || id, NULL, '', 1, minute, 'new' || id, 'Acked-by: a <a@example.org>'),
                 reply('r' || id, format('q%s c%s', id, id), minute),
                 reply('t' || id, 's' || round - 1 || kind, minute, content => 'Acked-by: b <b@example.org>'),
                 reply('w' || id, 'x' || id, minute)]
      FROM (SELECT round || kind AS id, round * 60 AS minute) r;
$$;
-- One by one, all together, and all together from a mailbox.
CREATE FUNCTION store_round(round integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    mails jsonb[] := round_mails(round, 'many');
    boxed jsonb[] := round_mails(round, 'box');
    n     CONSTANT integer := cardinality(mails);
BEGIN
    PERFORM store_mail(m) FROM unnest(round_mails(round, 'one')) m;
    PERFORM s.outcome FROM patchmail.store_many(to_jsonb(mails),
        to_jsonb(array_fill(jsonb '{"transport": "lmtp"}', ARRAY[n]))) s;
    PERFORM patchmail.expect_uids('{"account": "a", "mailbox": "INBOX", "uidvalidity": 1, "holder": "h"}',
                                  ARRAY(SELECT generate_series(round * n + 1, round * n + n)));
    PERFORM s.outcome FROM patchmail.store_many(to_jsonb(boxed), (
        SELECT jsonb_agg(jsonb_build_object('transport', 'imap', 'account', 'a', 'mailbox', 'INBOX', 'uidvalidity', 1,
                                            'holder', 'h', 'uid', round * n + i))
          FROM generate_series(1, n) i)) s;
END
$$;
-- Rows read so far in this transaction, by table.
CREATE FUNCTION rows_read() RETURNS TABLE (relation text, rows bigint) LANGUAGE sql AS $$
    SELECT t.schemaname || '.' || t.relname, coalesce(t.seq_tup_read, 0) + coalesce(t.idx_tup_fetch, 0)
      FROM pg_stat_xact_user_tables t WHERE t.schemaname IN ('public', 'patchmail');
$$;
CREATE TEMP TABLE reading (round integer, relation text, rows bigint);
CREATE FUNCTION store_rounds(first integer, last integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM store_round(round) FROM generate_series(first, last) round;
    INSERT INTO reading SELECT last, r.* FROM rows_read() r;
END
$$;
SELECT plan(2);
SELECT store_rounds(1, 30), store_rounds(31, 40), store_rounds(41, 120), store_rounds(121, 130) \g /dev/null

SELECT is(array_agg(format('%s: %s rows, and then %s', b.relation, b.rows - a.rows, d.rows - c.rows)
                    ORDER BY b.relation), NULL, 'rounds 121 to 130 read no more rows than rounds 31 to 40')
  FROM reading a JOIN reading b USING (relation) JOIN reading c USING (relation) JOIN reading d USING (relation)
 WHERE (a.round, b.round, c.round, d.round) = (30, 40, 120, 130)
   AND d.rows - c.rows > 1.5 * (b.rows - a.rows) + 100;
SELECT cmp_ok((SELECT count(*) FROM patchmail.message), '=', 130 * 24::bigint, 'and they took all their mails');

SELECT * FROM finish();
ROLLBACK;
