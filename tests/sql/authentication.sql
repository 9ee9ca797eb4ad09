-- Who really sent a mail, as the ledger keeps it: read_message() and store_authentication().
\ir preamble.psql
\ir state.psql
SELECT plan(50);
SELECT make_project() AS project \gset
SELECT make_project('second', 'second.example.org') AS second \gset

CREATE FUNCTION verdict_of(id text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws(': ', m.verdict, m.verdict_reason) FROM ledger(id) m;
$$;
-- The results of a mail, each as one line.
CREATE FUNCTION results_of(id text) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(concat_ws(' ', a.position, a.source, a.field_index, a.authserv_id, a.trusted, a.method, a.result,
                               a.identity, a.alignment, a.reason) ORDER BY a.position)
      FROM patchmail.authentication a WHERE a.message_id = (ledger(id)).id;
$$;

-- Verdicts
SELECT is(enum_range(NULL::patchmail.verdict)::text, '{ambiguous,fail,conflict,claimed,none,pass}',
          'from the least to the best');
SELECT is(store_mail(with_verdict(patch(v::text), v::text, 'says who')), 'stored', v || ' is stored')
  FROM unnest(enum_range(NULL::patchmail.verdict)) v;
SELECT is((SELECT array_agg(word(m.msgid) ORDER BY m.verdict) FROM patchmail.message m),
          '{ambiguous,fail,conflict,claimed,none,pass}', 'each in its row, and they sort');
SELECT is(verdict_of('fail'), 'fail: says who', 'the ledger has each verdict with its reason');
SELECT is(store_all(with_verdict(cover('c', 2), 'pass', 'C'), with_verdict(patch('p1', '1/2', 'c'), 'claimed', 'P'),
                    with_verdict(reply('r', 'c'), 'fail', 'R'), with_verdict(reply('w', 'x'), 'none')),
          '{stored,stored,stored,waiting}', 'mail of all kinds');
SELECT is(concat_ws(', ', verdict_of('c'), verdict_of('p1'), verdict_of('r'), verdict_of('w')),
          'pass: C, claimed: P, fail: R, none', 'has its own');
SELECT is(store_all(patch('o') - 'authentication', reply('ow', 'x') - 'authentication'), '{stored,waiting}',
          'facts that say nothing of it');
SELECT is(concat_ws(', ', verdict_of('o'), verdict_of('ow')), 'none, none', 'leave none');
SELECT is(concat_ws(', ', (ledger('o')).names, (ledger('fail')).names, (ledger('ambiguous')).names,
                    (ledger('conflict')).names, (ledger('pass')).names), 't, f, f, t, t',
          'the ledger says whose verdict lets him rename somebody');
SELECT alike((SELECT s.reason FROM patchmail.store(with_verdict(patch('q'), 'excellent'), 'raw', '{}') s),
             '%invalid input value for enum patchmail.verdict: "excellent" (22P02)', 'an unknown verdict');

-- Of the author whom a list's address hides
CREATE FUNCTION rewritten(mail jsonb, original jsonb, original_verdict text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT mail || jsonb_build_object(
        'author', '{"name": "Vic via demo", "email": "Demo@example.org"}'::jsonb, 'original_author', original,
        'authentication', mail->'authentication' || jsonb_build_object(
            'verdict', 'pass', 'reason', 'of the list',
            'original_verdict', original_verdict, 'original_reason', 'of ' || (original->>'name')));
$$;
\set vic '{"name": "Vic", "email": "vic@example.org", "source": "Reply-To"}'
SELECT store_all(rewritten(patch('v1'), :'vic', 'claimed'), rewritten(patch('v2'), 'null', NULL),
                 rewritten(patch('v3'), :'vic', 'claimed') || '{"author": {"name": "Eve", "email": "eve@example.org"}}',
                 rewritten(patch('v4'), :'vic', 'fail'),
                 rewritten(patch('v5'), :'vic', 'claimed') #- '{authentication,original_verdict}');
SELECT is(verdict_of('v1'), 'claimed: of Vic', 'From is the list''s: the verdict on who stands behind it');
SELECT is(verdict_of('v2'), 'pass: of the list', 'nobody does: that on From');
SELECT is(verdict_of('v3'), 'pass: of the list', 'From is another''s: that on From');
SELECT is((ledger('v4')).names, false, 'the verdict on From decides what the mail may do');
SELECT is(verdict_of('v5'), 'none: of Vic', 'a missing verdict is none');

-- By the settings of the project's list
CREATE FUNCTION of_lists(mail jsonb, ids text[], verdicts jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_set(mail, '{authentication,lists}', verdicts) || jsonb_build_object('list_ids', (
               SELECT jsonb_agg(jsonb_build_object('field', split_part(i, ' ', 1), 'id', split_part(i, ' ', 2)))
                 FROM unnest(ids) i));
$$;
CREATE FUNCTION list_verdict(ids text, verdict text, results jsonb DEFAULT '[]') RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('list_ids', string_to_array(ids, ' '), 'verdict', verdict, 'reason', 'by ' || ids,
                              'original_verdict', NULL, 'original_reason', NULL, 'fields', '[]'::jsonb,
                              'results', results);
$$;
SELECT is(store_mail(of_lists(patch('l1'), '{List-Id weak.example.org,X-Mailing-List demo.example.org}',
                              jsonb_build_array(list_verdict('weak.example.org', 'pass', jsonb_build_array(result(0))),
                                                list_verdict('demo.example.org', 'fail')))),
          'stored', 'List-Id names a list that no project has');
SELECT is(verdict_of('l1'), 'fail: by demo.example.org', 'the settings of the project''s own list count');
SELECT is(results_of('l1'), NULL, 'for the results too');
SELECT is((ledger('l1')).names, false, 'the verdict by the project''s list decides what a mail may do');
SELECT is(store_mail(of_lists(with_verdict(patch('l2'), 'none', 'by nobody'), '{List-Id demo.example.org,List-Id x}',
                              jsonb_build_array(list_verdict('x', 'pass')))), 'stored',
                              'the facts have no verdict of that list: the general one counts');
SELECT is(verdict_of('l2'), 'none: by nobody', 'the general one counts');
SELECT is(store_mail(of_lists(patch('l3'), '{List-Id demo.example.org,List-Id second.example.org}',
                              jsonb_build_array(list_verdict('x second.example.org', 'pass',
                                                             jsonb_build_array(result(0))),
                                                list_verdict('demo.example.org', 'fail')))),
          'stored', 'a mail of two projects');
SELECT results_eq($$SELECT m.project_id, m.verdict::text, (SELECT count(*) FROM patchmail.authentication a
                                                            WHERE a.message_id = m.id)
                      FROM patchmail.message m WHERE word(m.msgid) = 'l3' ORDER BY m.project_id$$,
                  format($$VALUES (%s, 'fail', 0::bigint), (%s, 'pass', 1)$$, :project, :second),
                  'each project has the verdict by its own list');
SELECT is(store_mail(of_lists(reply('l4', 'x'), '{List-Id DEMO.example.org,List-Id demo.example.org}',
                              jsonb_build_array(list_verdict('weak', 'pass'),
                                                list_verdict('DEMO.example.org', 'claimed')))),
          'waiting', 'a comment that waits');
SELECT is(verdict_of('l4'), 'claimed: by DEMO.example.org', 'case does not matter');
SELECT is((ledger('l4')).waiting->'authentication'->'lists', NULL,
          'a reply that waits keeps the verdict of its list alone');
SELECT is(_patchmail.facts_for_list(patch('l5'), 'x'), patch('l5'), 'lists that agree change nothing');
SELECT is(_patchmail.facts_for_list(patch('l5') - 'authentication', 'x'), patch('l5') - 'authentication',
          'facts without a verdict stay as they are');

-- Results
SELECT store_all(with_verdict(patch('a'), 'pass', 'dkim of example.org', jsonb_build_array(
    result(3), result(3, '{"method": "spf", "identity": "list@example.org", "alignment": "relaxed"}'),
    result(0, '{"source": "other", "authserv_id": null, "trusted": false, "method": "dmarc", "result": "fail",
                "identity": null, "alignment": null, "reason": "p=none"}'),
    result(7, '{"source": "arc"}'), result(8, '{"source": "received-spf"}'),
    result(9, '{"source": "list", "alignment": "none"}'))));
SELECT is(results_of('a'), ARRAY['1 exchanger 3 mx.example.org t dkim pass example.org strict',
                                 '2 exchanger 3 mx.example.org t spf pass list@example.org relaxed',
                                 '3 other 0 f dmarc fail p=none',
                                 '4 arc 7 mx.example.org t dkim pass example.org strict',
                                 '5 received-spf 8 mx.example.org t dkim pass example.org strict',
                                 '6 list 9 mx.example.org t dkim pass example.org none'], 'each in the facts'' order');
SELECT is(store_all(with_verdict(patch('a'), 'fail', 'x', jsonb_build_array(result(1)))), '{duplicate}',
          'the mail again');
SELECT is(array_length(results_of('a'), 1), 6, 'changes nothing');
SELECT is(verdict_of('a'), 'pass: dkim of example.org', 'of all that');
SELECT is(store_all(with_verdict(reply('b', 'y'), 'pass', NULL, jsonb_build_array(result(2)))), '{waiting}',
          'a reply waits');
SELECT is(results_of('b'), '{1 exchanger 2 mx.example.org t dkim pass example.org strict}', 'its results are there');
SELECT is(store_all(patch('y')), '{stored}', 'what it answers comes');
SELECT is(results_of('b'), '{1 exchanger 2 mx.example.org t dkim pass example.org strict}',
          'the results of a reply that waited are there once');
SELECT is(store_all(with_verdict(patch('d'), 'pass', NULL, jsonb_build_array(result(2)))
                    || '{"list_ids": [{"field": "List-Id", "id": "demo.example.org"},
                                      {"field": "List-Id", "id": "second.example.org"}]}'), '{stored}',
          'a mail of two lists with results is stored');
SELECT is((SELECT count(*) FROM patchmail.authentication a JOIN patchmail.message m ON m.id = a.message_id
            WHERE word(m.msgid) = 'd'), 2::bigint, 'each project has them');
SELECT is(store_all(with_verdict(reply('n', ''), 'pass', NULL, jsonb_build_array(result(2)))),
          '{ignored}', 'what is ignored');
SELECT is_empty($$SELECT FROM patchmail.authentication a
                   WHERE NOT EXISTS (SELECT FROM patchmail.message m WHERE m.id = a.message_id)$$, 'leaves none');

-- A reply that expires
SELECT store_all(with_verdict(reply('e', 'z'), 'pass', NULL, jsonb_build_array(result(2), result(4))));
UPDATE patchmail.message SET arrived = now() - interval '40 days' WHERE word(msgid) = 'e';
SELECT (ledger('e')).id AS expired \gset
SELECT is((SELECT count(*) FROM patchmail.authentication WHERE message_id = :expired), 2::bigint, 'a reply waits long');
SELECT patchmail.expire();
SELECT is_empty(format('SELECT FROM patchmail.authentication WHERE message_id = %s', :expired),
                'its results go with it');
SELECT is(array_length(results_of('a'), 1), 6, 'those of others stay');

-- What the table does not take
SELECT alike((SELECT s.reason FROM patchmail.store(with_verdict(patch('q'), 'none', NULL,
                                                                jsonb_build_array(result(1, more))),
                                                   'raw', '{}') s),
             '%a result of its authentication is none that is known', why)
  FROM (VALUES ('{"source": "hearsay"}'::jsonb, 'an unknown source'),
               ('{"alignment": "diagonal"}', 'an unknown alignment')) v (more, why);

SELECT * FROM finish();
ROLLBACK;
