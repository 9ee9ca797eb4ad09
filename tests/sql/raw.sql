-- patchmail.raw: whose bytes are kept, for how long, and who reads them.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS project \gset

-- Whose bytes are kept: what is stored with "archive": "all".
CREATE FUNCTION put(facts jsonb, archive text, raw text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT store_mail(facts) WHERE archive IS NULL AND raw IS NULL
    UNION ALL
    SELECT s.outcome FROM patchmail.store(facts, convert_to(coalesce(raw, facts::text), 'UTF8'),
               jsonb_strip_nulls(jsonb_build_object('transport', 'deliver', 'position', 'f:1', 'archive', archive))) s
     WHERE archive IS NOT NULL OR raw IS NOT NULL;
$$;
CREATE FUNCTION kept() RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(word(r.msgid) || CASE WHEN r.size <> length(r.raw) OR r.sha256 <> sha256(r.raw)
                                                     THEN ' (broken)' ELSE '' END, ' ' ORDER BY r.id), '')
      FROM patchmail.raw r;
$$;
SELECT is(put(patch('p1'), NULL), 'stored', 'a mail, as the configuration has it by itself,');
SELECT is(kept(), '', 'is stored without its bytes');
SELECT is(put(patch('p2'), 'none'), 'stored', 'a mail of which nothing is to be kept');
SELECT is(kept(), '', 'is stored without its bytes too');
SELECT is(put(patch('p3'), 'all'), 'stored', 'a mail whose bytes are to be kept');
SELECT is(put(reply('r1', 'nowhere'), 'all'), 'waiting', 'a reply that waits');
SELECT is(kept(), 'p3 r1', 'have theirs kept');
SELECT is(put(reply('talk', ''), 'all'), 'ignored', 'a mail that is ignored');
SELECT is(put(facts_rejected('too deep'), 'all'), 'quarantined', 'a mail that goes to quarantine');
SELECT is(kept(), 'p3 r1', 'are not in the table: the one is not stored, the other is in quarantine');
SELECT is(patchmail.raw_mail('<p3@example.org>'), convert_to(patch('p3')::text, 'UTF8'), 'the bytes are as they came');
SELECT is(patchmail.raw_mail('<p1@example.org>'), NULL, 'of the others there are none');
SELECT row_eq($$SELECT size, source, arrived FROM patchmail.raw WHERE msgid = '<p3@example.org>'$$,
              ROW(length(patch('p3')::text), '{"transport": "deliver", "position": "f:1"}'::jsonb,
                  (ledger('p3')).arrived),
              'it is known where the mail came from, and it arrived when the ledger says');
SELECT is((SELECT q.source FROM patchmail.quarantine q), '{"transport": "deliver", "position": "f:1"}'::jsonb,
          'what is kept of bytes is nothing that the quarantine notes');

-- A mail that comes again
SELECT is(put(patch('p3'), 'all', 'another copy'), 'duplicate', 'a mail that comes again');
SELECT is(kept(), 'p3 r1', 'is kept once');
SELECT is(put(patch('p1'), 'all', 'a copy'), 'duplicate', 'one that was stored without its bytes');
SELECT is(kept(), 'p3 r1 p1', 'gets those of the copy');
SELECT is(put(patch('p2'), NULL, 'a copy'), 'duplicate', 'but not if they are not to be kept');
SELECT is(kept(), 'p3 r1 p1', 'and then nothing is');

-- Mail that leaves the quarantine
SELECT patchmail.set_policy('demo', store => 'pass') IS NOT NULL AS done \gset
CREATE FUNCTION held(id text) RETURNS bigint LANGUAGE sql AS $$
    SELECT q.id FROM patchmail.quarantine q WHERE q.msgid = (msgids($1))[1] ORDER BY q.id DESC LIMIT 1;
$$;
CREATE FUNCTION let_out(id text, archive text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    outcome text;
BEGIN
    PERFORM patchmail.release(held(id));
    SELECT s.outcome INTO outcome
      FROM patchmail.store(patch(id), patchmail.quarantine_raw(held(id)),
               jsonb_strip_nulls(jsonb_build_object('transport', 'retry', 'quarantine_id', held(id),
                                                    'archive', archive))) s;
    RETURN outcome;
END
$$;
SELECT put(patch(i), NULL) FROM unnest('{h1,h2,h3,h4}'::text[]) i;
SELECT is(let_out('h1', NULL), 'stored', 'a mail that an admin released');
SELECT is(kept(), 'p3 r1 p1 h1', 'keeps the bytes that it has');
SELECT is(patchmail.raw_mail('<h1@example.org>'), convert_to(patch('h1')::text, 'UTF8'), 'as they came');
SELECT is(let_out('h2', 'none'), 'stored', 'if nothing is to be kept');
SELECT is(kept(), 'p3 r1 p1 h1', 'it does not');
SELECT is(let_out('h3', 'all'), 'stored', 'if all is to be kept');
SELECT is(kept(), 'p3 r1 p1 h1 h3', 'it does');
SELECT is((SELECT string_agg(word(q.msgid), ' ' ORDER BY q.id) FROM patchmail.quarantine q WHERE q.msgid IS NOT NULL),
          'h4', 'none of them is in quarantine any more');
SELECT patchmail.retry(held('h4'));
SELECT is((SELECT s.outcome FROM patchmail.store(patch('h4'), patchmail.quarantine_raw(held('h4')),
               jsonb_build_object('transport', 'retry', 'quarantine_id', held('h4'))) s), 'quarantined',
          'one that is held again');
SELECT is(kept(), 'p3 r1 p1 h1 h3', 'stays in quarantine alone');
SELECT patchmail.set_policy('demo', store => 'ambiguous') IS NOT NULL AS done \gset

-- Batches
CREATE FUNCTION put_many(mails jsonb[], archive text, given integer[] DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(coalesce(s.outcome, 'alone'), ' ' ORDER BY s.number)
      FROM patchmail.store_many(to_jsonb(mails),
               (SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('transport', 'import', 'archive', archive)))
                  FROM unnest(mails)),
               CASE WHEN archive = 'all'
                    THEN ARRAY(SELECT CASE WHEN given IS NULL OR m.n = ANY (given)
                                           THEN convert_to(m.facts::text, 'UTF8') END
                                 FROM unnest(mails) WITH ORDINALITY m(facts, n) ORDER BY m.n) END) s;
$$;
DELETE FROM patchmail.raw;
SELECT is(put_many(ARRAY[patch('b1'), patch('b2')], NULL), 'stored stored', 'a batch without bytes');
SELECT is(kept(), '', 'keeps none');
SELECT is(put_many(ARRAY[patch('b3', '1/2'), reply('b4', 'b3'), reply('b5', 'nobody'), facts_rejected('too deep'),
                         patch('b3', '1/2'), reply('b6', ''), patch('b1')], 'all'),
          'stored stored waiting alone duplicate ignored duplicate', 'a batch with bytes, and with mails of all kinds');
SELECT is(kept(), 'b3 b4 b5 b1', 'keeps those of each mail that is stored, and of one that came without them before');
SELECT is((SELECT string_agg(convert_from(r.raw, 'UTF8')::jsonb->>'message_id', ' ' ORDER BY r.id)
             FROM patchmail.raw r),
          (SELECT string_agg(r.msgid, ' ' ORDER BY r.id) FROM patchmail.raw r), 'each its own');
SELECT is((SELECT count(*) FROM patchmail.raw r
             JOIN patchmail.message m ON m.msgid = r.msgid AND m.arrived = r.arrived),
          4::bigint, 'each arrived when the ledger says');
SELECT lives_ok($$SELECT put_many(ARRAY[patch('b7'), patch('b8')], 'all', '{2}')$$, 'bytes that are missing');
SELECT is(kept(), 'b3 b4 b5 b1 b8', 'are those of no other mail');
SELECT is(put_many(ARRAY[cover('b9', 2), cover('b9', 2)], 'all'), 'stored duplicate',
          'a mail that is twice in a batch');
SELECT is(kept(), 'b3 b4 b5 b1 b8 b9', 'is kept once');
SELECT is((SELECT s.outcome FROM patchmail.store_many(jsonb_build_array(patch('b10')), '[{"transport": "import"}]') s),
          'stored', 'a program that gives no bytes at all may go on');

-- Copies, and the one that was stored
DELETE FROM patchmail.raw;
SELECT make_project('second', 'second.example.org') AS second \gset
SELECT put(patch('x1', more => '{"list_ids": [{"field": "List-Id", "id": "demo.example.org"},
                                             {"field": "List-Id", "id": "second.example.org"}]}'), 'all', 'both');
SELECT is(kept(), 'x1', 'a mail of two projects is kept once');
INSERT INTO patchmail.raw (sha256, msgid, arrived, size, source, raw)
SELECT sha256('earlier'), r.msgid, r.arrived - interval '1 hour', 7, '{}', 'earlier' FROM patchmail.raw r;
UPDATE patchmail.raw SET id = -id WHERE raw = 'earlier';
SELECT is(convert_from(patchmail.raw_mail('<x1@example.org>'), 'UTF8'), 'both',
          'of several copies the one that was stored counts');
DELETE FROM patchmail.raw WHERE raw <> 'earlier';
SELECT is(convert_from(patchmail.raw_mail('<x1@example.org>'), 'UTF8'), 'earlier', 'without it any other');
SELECT put(patch('wrapper', more => '{"wrapped_message_id": "<wrapped@example.org>"}'), 'all', 'wrapped');
SELECT is(convert_from(patchmail.raw_mail('<wrapped@example.org>'), 'UTF8'), 'wrapped',
          'the Message-ID of the mail in a wrapped one leads to it');

-- What an admin throws away
SELECT throws_ok($$SELECT patchmail.discard_raw('{<wrapper@example.org>,<p9@example.org>}')$$, 'P0002',
                 'no bytes are kept of <p9@example.org>', 'only what is there can be thrown away');
SELECT throws_ok('SELECT patchmail.discard_raw(NULL)', 'P0002', 'no bytes are kept of NULL', 'nothing is nothing');
SELECT throws_ok('SELECT patchmail.discard_raw(''{NULL}'')', 'P0002', 'no bytes are kept of NULL',
                 'so is NULL in a list');
SELECT is((SELECT count(*) FROM patchmail.discard_raw('{}')), 0::bigint, 'an empty list throws nothing away');
SELECT set_eq($$SELECT function, object, before->>'msgid' AS msgid, before->>'size' AS size, after
                  FROM patchmail.discard_raw('{<wrapper@example.org>,<wrapper@example.org>}', dry_run => true)$$,
              $$VALUES ('discard_raw', 'raw', '<wrapper@example.org>', '7', NULL::jsonb)$$,
              'a dry run says what would be');
SELECT is(kept(), 'x1 wrapper', 'and does nothing');
SELECT is((SELECT count(*) FROM patchmail.discard_raw('{<wrapper@example.org>}')), 1::bigint, 'one is thrown away');
SELECT is(kept(), 'x1', 'its bytes are gone');
SELECT isnt(ledger('wrapper'), NULL, 'the mail is stored as before');
SELECT is((SELECT before->>'msgid' FROM patchmail.audit WHERE function = 'discard_raw'), '<wrapper@example.org>',
          'patchmail.audit says so');

-- Months
DELETE FROM patchmail.raw;
CREATE FUNCTION months() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(to_char(m.begins AT TIME ZONE 'UTC', 'YYYY-MM'), ' ' ORDER BY m.begins)
      FROM _patchmail.raw_months() m;
$$;
CREATE FUNCTION this_month(more integer DEFAULT 0) RETURNS timestamptz LANGUAGE sql AS $$
    SELECT (date_trunc('month', now() AT TIME ZONE 'UTC') + more * interval '1 month') AT TIME ZONE 'UTC';
$$;
CREATE FUNCTION name_of(month timestamptz) RETURNS text LANGUAGE sql AS $$
    SELECT to_char(month AT TIME ZONE 'UTC', '"raw_"YYYY_MM');
$$;
-- A mail as it had come then.
CREATE FUNCTION old(id text, arrived timestamptz) RETURNS void LANGUAGE sql AS $$
    INSERT INTO patchmail.raw (sha256, msgid, arrived, size, source, raw)
    SELECT sha256(id::bytea), (msgids(id))[1], $2, length(id), '{}', id::bytea;
$$;
CREATE FUNCTION where_is() RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(word(r.msgid) || ':' || split_part(r.tableoid::regclass::text, '.', 2), ' '
                               ORDER BY r.msgid COLLATE "C"), '') FROM patchmail.raw r;
$$;
SELECT is(months(), to_char(this_month() AT TIME ZONE 'UTC', 'YYYY-MM') || ' '
          || to_char(this_month(1) AT TIME ZONE 'UTC', 'YYYY-MM'), 'there are partitions for this month and the next');
SELECT old('a', this_month()), old('b', this_month(1) - interval '1 microsecond'), old('c', this_month(1)),
       old('d', this_month(2)), old('e', this_month() - interval '1 microsecond'), old('f', this_month(-14));
SELECT is(where_is(), concat('a:', name_of(this_month()), ' b:', name_of(this_month()), ' c:', name_of(this_month(1)),
                             ' d:raw_rest e:raw_rest f:raw_rest'),
          'mail goes to that of its month, in UTC, and without one to the rest');
SELECT ok(_patchmail.make_raw_months(), 'what is missing is made');
SELECT is(where_is(), concat('a:', name_of(this_month()), ' b:', name_of(this_month()), ' c:', name_of(this_month(1)),
                             ' d:', name_of(this_month(2)), ' e:', name_of(this_month(-1)), ' f:',
                             name_of(this_month(-14))),
          'and mail of the rest moves there');
SELECT is((SELECT r.raw FROM patchmail.raw r WHERE r.msgid = '<f@example.org>'), 'f'::bytea, 'with its bytes');
SELECT ok(_patchmail.make_raw_months(), 'again there is nothing to do');
SELECT is_empty($$SELECT c.oid::regclass FROM pg_class c WHERE c.relnamespace = 'patchmail'::regnamespace
                     AND c.relname LIKE 'raw\_%' AND c.relkind = 'r' AND NOT c.relispartition$$,
                'no table is left beside it');
-- A month whose partition is made while mail of it is in the rest
DO $$ BEGIN EXECUTE format('DROP TABLE patchmail.%I', name_of(this_month())); END $$;
SELECT old('g', this_month());
SELECT is(where_is() LIKE '%g:raw_rest', true, 'without a partition for this month a mail is kept all the same');
SELECT is((SELECT put(patch('now'), 'all')), 'stored', 'and a mail is stored');
SELECT ok(_patchmail.make_raw_months(), 'when it is made again');
SELECT is(where_is() LIKE '%g:' || name_of(this_month()) || ' now:' || name_of(this_month()), true,
          'they move there');
SELECT is((SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
            WHERE c.relname = name_of(this_month()) AND c.relnamespace = 'patchmail'::regnamespace), 3::bigint,
          'it has the indexes of the others');
SELECT is((SELECT put(patch('now'), 'all', patch('now')::text)), 'duplicate', 'a mail that comes again');
SELECT is((SELECT count(*) FROM patchmail.raw WHERE msgid = '<now@example.org>'), 1::bigint, 'is not kept again');
INSERT INTO patchmail.raw (sha256, msgid, size, source, raw)
SELECT r.sha256, r.msgid, r.size, r.source, r.raw FROM patchmail.raw r WHERE r.msgid = '<now@example.org>'
ON CONFLICT DO NOTHING;
SELECT is((SELECT count(*) FROM patchmail.raw WHERE msgid = '<now@example.org>'), 1::bigint,
          'the same bytes are kept once a month');
-- Default privileges give a partition that is made later to nobody.
CREATE ROLE test_stranger;
ALTER DEFAULT PRIVILEGES IN SCHEMA patchmail GRANT ALL ON TABLES TO PUBLIC;
SELECT old('h', this_month(-5));
SELECT _patchmail.make_raw_months() AS done \gset
SELECT ok(NOT has_table_privilege('test_stranger', 'patchmail.' || name_of(this_month(-5)), 'SELECT'),
          'what is made later is open to nobody');
SELECT ok(NOT has_type_privilege('test_stranger', 'patchmail.' || name_of(this_month(-5)), 'USAGE'),
          'neither is its row type');
ALTER DEFAULT PRIVILEGES IN SCHEMA patchmail REVOKE ALL ON TABLES FROM PUBLIC;

-- Old mail
SELECT throws_ok('SELECT patchmail.expire_raw(NULL)', '22023', 'the age has to be 0 or more, such as ''30 days''',
                 'an age has to be said');
SELECT throws_ok('SELECT patchmail.expire_raw(''-1 day'')', '22023', NULL, 'mail that is to come cannot expire');
SELECT is_empty($$SELECT * FROM patchmail.expire_raw('20 years')$$, 'nothing is so old');
SELECT old('i', this_month(-20)), old('j', now() - interval '1 year' - interval '1 second');
SELECT old('k', now() - interval '1 year' + interval '1 hour') \gset
SELECT months() AS months_before \gset
SELECT set_eq($$SELECT function, object, before->>'partition' AS name, before->>'mails' AS mails,
                       before->>'bytes' AS bytes
                  FROM patchmail.expire_raw('1 year', dry_run => true)$$,
              $$VALUES ('expire_raw', 'raw', name_of(this_month(-14)), '1', '1'),
                       ('expire_raw', 'raw', 'raw_rest', '2', '2')$$, 'a dry run says what would go');
SELECT is(months(), :'months_before', 'and drops nothing');
SELECT ok(where_is() LIKE '%f:%i:raw_rest j:raw_rest k:raw_rest%', 'and deletes nothing');
SELECT is((SELECT count(*) FROM patchmail.audit WHERE function = 'expire_raw'), 0::bigint, 'and writes nothing down');
SELECT is((SELECT count(*) FROM patchmail.expire_raw('1 year')), 2::bigint, 'what is older than a year goes');
SELECT is((SELECT string_agg(word(r.msgid), ' ' ORDER BY r.msgid COLLATE "C") FROM patchmail.raw r
            WHERE word(r.msgid) IN ('f', 'i', 'j')), NULL, 'all of it');
SELECT is((SELECT count(*) FROM patchmail.raw r WHERE word(r.msgid) IN ('c', 'd', 'e', 'g', 'h', 'k', 'now')),
          7::bigint, 'and nothing else');
SELECT is((SELECT count(*) FROM _patchmail.raw_months() m WHERE m.name = name_of(this_month(-14))), 0::bigint,
          'a partition that is all old is dropped');
SELECT is((SELECT count(*) FROM patchmail.audit WHERE function = 'expire_raw'), 2::bigint, 'patchmail.audit says so');
SELECT is_empty($$SELECT * FROM patchmail.expire_raw('1 year')$$, 'again there is nothing to do');
SELECT is((SELECT sum((before->>'mails')::integer) FROM patchmail.expire_raw('0')), 4::bigint,
          'all that has come by now, but what came this very moment');
SELECT is((SELECT string_agg(word(r.msgid), ' ' ORDER BY r.msgid COLLATE "C") FROM patchmail.raw r), 'c d now',
          'what is to come stays');

-- Housekeeping
SELECT old('x1', now() - interval '40 days'), old('x2', now() - interval '20 days');
SELECT is_empty($$SELECT * FROM patchmail.housekeeping(true) WHERE object = 'raw'$$,
                'housekeeping() leaves what is not older than retention says');
SELECT is((SELECT a.after->>'keep' FROM patchmail.set_retention('raw', '30 days') a), '30 days',
          'which can be changed');
SELECT is((SELECT before->>'mails' FROM patchmail.housekeeping() WHERE object = 'raw'), '1',
          'then it throws that away');
SELECT is((SELECT string_agg(word(r.msgid), ' ') FROM patchmail.raw r WHERE r.msgid LIKE '<x%'), 'x2',
          'and nothing else');
SELECT is((SELECT a.after->>'keep' FROM patchmail.set_retention('raw', NULL) a), NULL, 'for ever');
SELECT is_empty($$SELECT * FROM patchmail.housekeeping() WHERE object = 'raw'$$, 'is for ever');
SELECT is((SELECT count(*) FROM patchmail.raw_rest), 0::bigint,
          'it makes the partitions that are missing all the same');

-- Mail that is deleted, and people who are forgotten
SELECT put(patch('spam', who => 'eve'), 'all'), put(patch('zoe1', who => 'zoe'), 'all'),
       put(reply('about', 'zoe1', content => 'Thanks, zoe@example.org.'), 'all'), put(reply('not', 'zoe1'), 'all');
SELECT is((SELECT count(*) > 0 FROM patchmail.delete_spam(msgids => '{<spam@example.org>}')), true, 'mail is deleted');
SELECT is(patchmail.raw_mail('<spam@example.org>'), NULL, 'with its bytes');
SELECT is((SELECT count(*) FROM patchmail.forget('zoe@example.org')), 1::bigint, 'somebody is forgotten');
SELECT is((SELECT string_agg(word(r.msgid), ' ' ORDER BY r.msgid) FROM patchmail.raw r
            WHERE r.msgid ~ '^<(zoe1|about|not)@'), 'not', 'so are the bytes of all mail that has his name or address');

-- Looking
SELECT is((SELECT count(*) FROM patchmail.raw_months WHERE month = (now() AT TIME ZONE 'UTC')::date
              - extract(day FROM now() AT TIME ZONE 'UTC')::integer + 1 AND bytes > 0), 1::bigint,
          'a view shows the months');
SELECT is((SELECT count(*) FROM patchmail.raw_months WHERE month IS NULL), 1::bigint, 'and the rest');

-- Who may do what
CREATE FUNCTION tried(role name, statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    EXECUTE statement;
    RESET ROLE;
    RETURN 'done';
EXCEPTION WHEN insufficient_privilege THEN
    RETURN 'refused';
END
$$;
SELECT is(tried(r.role, s.statement), CASE WHEN r.role = ANY (s.roles) THEN 'done' ELSE 'refused' END,
          format('%s, as %s', s.statement, r.role))
  FROM unnest('{patchmail_reader,patchmail_monitor,patchmail_admin,patchmail_deliverer}'::name[]) r(role), (VALUES
       ($$SELECT patchmail.raw_mail('<1@example.org>')$$, '{patchmail_admin}'::name[]),
       ($$SELECT patchmail.expire_raw('9 years')$$, '{patchmail_admin}'),
       ($$SELECT patchmail.discard_raw('{}')$$, '{patchmail_admin}'),
       ($$SELECT count(*) FROM patchmail.raw_months$$, '{patchmail_admin,patchmail_monitor}'),
       ($$SELECT count(*) FROM patchmail.raw$$, '{}'),
       ($$SELECT count(*) FROM patchmail.raw_rest$$, '{}'),
       ($$SELECT * FROM patchmail.next_marked(0, 1)$$, '{patchmail_deliverer}'),
       ($$SELECT _patchmail.make_raw_months()$$, '{}')) s(statement, roles);
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'patchmail'::regnamespace
                     AND 'bytea'::regtype = ANY (p.prorettype || coalesce(p.proallargtypes, '{}'))
                     AND has_function_privilege('patchmail_reader', p.oid, 'EXECUTE')$$,
                'no function gives a reader the bytes of mail');

SELECT * FROM finish();
ROLLBACK;
