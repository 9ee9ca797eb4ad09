-- patchmail.set_policy(), allowed() and admit_message(): what mail may do by the verdict on its author, and what
-- becomes of what may not be stored.
\ir preamble.psql
\ir state.psql
SELECT plan(68);
SELECT make_project() AS project \gset
SELECT make_project('second', 'second.example.org') AS second \gset

-- What is allowed, a letter each: s(tored), h(ints), r(enames).
CREATE FUNCTION letters(project text, verdict patchmail.verdict) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat(CASE WHEN a.may_be_stored THEN 's' ELSE a.otherwise END, CASE WHEN a.may_use_hints THEN 'h' END,
                  CASE WHEN a.may_rename THEN 'r' END)
      FROM patchmail.allowed(project, verdict) a;
$$;
CREATE FUNCTION letters(project text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(v || ' ' || letters(project, v), ', ' ORDER BY v)
      FROM unnest(enum_range(NULL::patchmail.verdict)) v;
$$;
SELECT is(letters('demo'), 'ambiguous s, fail s, conflict shr, claimed shr, none shr, pass shr', 'without a policy');
SELECT row_eq($$SELECT * FROM patchmail.set_policy('demo')$$,
              ROW(:project, false, false, 'ambiguous', 'quarantine', 'conflict', 'conflict',
                  'conflict', false, 'title', NULL, true)::patchmail.policy,
              'a policy that says nothing');
SELECT is(letters('demo'), letters('second'), 'a policy that says nothing is as none');
SELECT row_eq($$SELECT * FROM patchmail.set_policy('demo', store => 'fail', hints => 'claimed', rename => 'pass')$$,
              ROW(:project, false, false, 'fail', 'quarantine', 'claimed', 'pass', 'conflict', false, 'title', NULL,
                  true)::patchmail.policy,
              'one that demands');
SELECT is(letters('demo'), 'ambiguous quarantine, fail s, conflict s, claimed sh, none sh, pass shr',
          'a policy that demands is followed');
SELECT is(letters('second'), 'ambiguous s, fail s, conflict shr, claimed shr, none shr, pass shr', 'there alone');
SELECT row_eq($$SELECT * FROM patchmail.set_policy('demo', relate => true, otherwise => 'refuse')$$,
              ROW(:project, true, false, 'fail', 'refuse', 'claimed', 'pass', 'conflict', false, 'title', NULL,
                  true)::patchmail.policy,
              'what is not given stays');
SELECT is(letters('demo', 'ambiguous'), 'refuse', 'the other thing to do with what is not stored');
SELECT row_eq($$SELECT * FROM patchmail.set_policy('demo', false, store => 'ambiguous', hints => 'ambiguous',
                                                   rename => 'ambiguous')$$,
              ROW(:project, false, false, 'ambiguous', 'refuse', 'ambiguous', 'ambiguous',
                  'conflict', false, 'title', NULL, true)::patchmail.policy,
              'what is allowed can be all');
SELECT is(letters('demo'), 'ambiguous shr, fail shr, conflict shr, claimed shr, none shr, pass shr', 'to all');
SELECT throws_ok(format('SELECT patchmail.set_policy(%L, %s => %L)', t.project, t.what, t.value),
                 '23514', t.message, t.message)
  FROM (VALUES
    ('demo', 'otherwise', 'drop', 'otherwise => "drop" cannot be done: it is "quarantine" or "refuse"'),
    ('demo', 'otherwise', '', 'otherwise => "" cannot be done: it is "quarantine" or "refuse"'),
    ('demo', 'store', 'good', 'store => "good" is no verdict: they are, from the least to the best, '
                              'ambiguous, fail, conflict, claimed, none, pass'),
    ('demo', 'hints', 'Pass', 'hints => "Pass" is no verdict: they are, from the least to the best, '
                              'ambiguous, fail, conflict, claimed, none, pass'),
    ('demo', 'rename', '', 'rename => "" is no verdict: they are, from the least to the best, '
                           'ambiguous, fail, conflict, claimed, none, pass'),
    ('demo', 'revise', 'x', 'revise => "x" is no verdict: they are, from the least to the best, '
                            'ambiguous, fail, conflict, claimed, none, pass'),
    ('demos', 'store', 'pass', 'there is no project "demos"'),
    (NULL, 'store', 'pass', 'there is no project ""')) t (project, what, value, message);
SELECT is_empty($$SELECT * FROM patchmail.allowed('nobody', 'pass')$$, 'no such project');
DELETE FROM patchmail.policy;
SAVEPOINT empty;

-- Held
CREATE FUNCTION stored(mail jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(': ', s.outcome, s.reason)
      FROM patchmail.store(mail, convert_to(mail::text, 'UTF8'), '{"transport": "deliver"}') s;
$$;
-- All that a mail could leave, but for the quarantine.
CREATE FUNCTION traces() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws(E'\n', state(), ledger_state(), (SELECT count(*) FROM patchmail.message),
                     (SELECT count(*) FROM patchmail.reference), (SELECT count(*) FROM patchmail.alias),
                     (SELECT count(*) FROM patchmail.dependency), (SELECT count(*) FROM patchmail.authentication),
                     (SELECT string_agg(concat(p.id, p.email, p.name), ' ' ORDER BY p.id)
                        FROM public.patchwork_person p));
$$;
SELECT store_all(patch('p'), reply('r', 'p'), patch('q'));
SELECT patchmail.set_policy('demo', store => 'claimed');
CREATE TEMP TABLE before AS SELECT traces() AS traces;
CREATE FUNCTION no_trace(why text) RETURNS text LANGUAGE sql AS $$
    SELECT is(regexp_replace(traces(), '\nquarantined [^\n]*', '', 'g'), traces, why) FROM before;
$$;
SELECT is(stored(with_verdict(patch('f', who => 'eve'), 'fail', 'dmarc of example.org fails')),
          'quarantined: policy of project demo: its verdict is fail (dmarc of example.org fails), at least claimed is '
          'asked for', 'a patch that may not be stored');
SELECT no_trace('leaves no trace');
SELECT is(stored(with_verdict(patch('g', who => 'eve'), 'conflict')),
          'quarantined: policy of project demo: its verdict is conflict, at least claimed is asked for',
          'without a reason');
SELECT is(stored(with_verdict(mail, 'fail', 'x', jsonb_build_array(result(1)))),
          'quarantined: policy of project demo: its verdict is fail (x), at least claimed is asked for', why)
  FROM (VALUES (cover('c', 2, who => 'eve'), 'a cover letter'), (reply('s', 'p', who => 'eve'), 'a reply'),
               (reply('w', 'x', who => 'eve'), 'a reply that would wait'),
               (patch('h') || '{"wrapped_message_id": "<later@example.org>"}', 'a mail that a list wrapped'),
               (patch('i', more => '{"hints": {"ignore": true}}'), 'one that asks to be ignored, which does not count'),
               (patch('d', answers => 'q', more => '{"depends_on": [{"message_id": "<p@example.org>"}]}'),
                'one that depends on another')) m (mail, why);
SELECT no_trace('no trace of any of them');
SELECT is((SELECT array_agg(word(q.msgid) ORDER BY word(q.msgid)) FROM patchmail.quarantine q), '{c,d,f,g,h,i,s,w}',
          'all held mails are in quarantine');
SELECT is(convert_from(patchmail.quarantine_raw((SELECT q.id FROM patchmail.quarantine q WHERE word(q.msgid) = 'f')),
                       'UTF8')::jsonb, with_verdict(patch('f', who => 'eve'), 'fail', 'dmarc of example.org fails'),
                       'held mails are in quarantine with their bytes');
SELECT is((SELECT q.reason FROM patchmail.quarantine q WHERE word(q.msgid) = 'f'),
          'policy of project demo: its verdict is fail (dmarc of example.org fails), at least claimed is asked for',
          'held mails are in quarantine with the reason');
SELECT is(stored(with_verdict(patch('f', who => 'eve'), 'fail', 'dmarc of example.org fails')),
          'quarantined: policy of project demo: its verdict is fail (dmarc of example.org fails), at least claimed is '
          'asked for', 'a held mail that comes again is held again');
SELECT is((SELECT q.attempts FROM patchmail.quarantine q WHERE word(q.msgid) = 'f'), 2,
          'a held mail that comes again is another attempt');
SELECT is(stored(with_verdict(patch('k' || v), v)), 'stored', v || ' is enough')
  FROM unnest('{claimed,none,pass}'::text[]) v;
SELECT is(stored(patch('k') - 'authentication'), 'stored', 'facts that say nothing count as none');

-- Not held, whoever sent it
SELECT is(stored(with_verdict(patch('p'), 'fail')), 'duplicate: its Message-ID is known in project demo',
          'a duplicate');
SELECT is(stored(with_verdict(reply('r', 'p'), 'ambiguous')), 'duplicate: its Message-ID is known in project demo',
          'a reply that comes again with a worse verdict is a duplicate');
SELECT is(stored(with_verdict(patch('l'), 'pass') || '{"wrapped_message_id": "<wrapped@example.org>"}'), 'stored',
          'a mail with two Message-IDs');
SELECT is(stored(with_verdict(patch('wrapped'), 'fail')), 'duplicate: its Message-ID is known in project demo',
          'a mail with two Message-IDs is known by both');
SELECT is(stored(with_verdict(reply('t', ''), 'fail')),
          'ignored: it is neither patch nor cover letter, and answers nothing',
          'a failing mail that answers nothing is ignored, not held');
SELECT is(stored(with_verdict(patch('e', more => '{"kind": "empty"}'), 'fail')),
          'ignored: it has neither text nor diff',
          'a failing mail with nothing in it is ignored, not held');
SELECT is(stored(facts_rejected('broken')), 'quarantined: broken', 'what cannot be read is quarantined for that');

-- Refused
SELECT patchmail.set_policy('demo', store => 'pass', otherwise => 'refuse');
SELECT is(stored(with_verdict(patch('m'), 'claimed', 'by Reply-To')),
          'refused: policy of project demo: its verdict is claimed (by Reply-To), at least pass is asked for',
          'refused');
SELECT is_empty($$SELECT FROM patchmail.quarantine WHERE word(msgid) = 'm'$$, 'a refused mail is not kept');
SELECT is(stored(with_verdict(patch('p'), 'claimed')), 'duplicate: its Message-ID is known in project demo',
          'a duplicate is not refused');
SELECT patchmail.set_policy('demo', store => 'none', otherwise => 'quarantine');
SELECT alike(stored(with_verdict(patch('m'), 'claimed')), 'quarantined: %none is asked for',
             'the policy of the day counts');
SELECT patchmail.set_policy('demo', store => 'ambiguous');
SELECT is(stored(with_verdict(patch('f', who => 'eve'), 'fail', 'dmarc of example.org fails')), 'stored',
          'a refused mail can come again');
ROLLBACK TO empty;

-- Several projects: the best outcome of all, and quarantine wherever one holds it.
CREATE FUNCTION to_both(mail jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT mail || '{"list_ids": [{"field": "List-Id", "id": "demo.example.org"},
                                  {"field": "List-Id", "id": "second.example.org"}]}';
$$;
-- The outcome and the reason; then, if it is in quarantine, the projects that hold it.
CREATE FUNCTION stored_in_both(mail jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    given record;
    kept  text;
BEGIN
    SELECT * INTO given FROM patchmail.store(to_both(mail), 'raw', '{"transport": "deliver"}');
    SELECT string_agg(r[1], ' and ') INTO kept
      FROM patchmail.quarantine q, regexp_matches(q.reason, 'policy of project (\w+):', 'g') r
     WHERE q.id = given.quarantine_id;
    RETURN concat_ws(', ', given.outcome || CASE WHEN given.reason IS NULL THEN '' ELSE ' for a reason' END,
                     'held by ' || kept);
END
$$;
CREATE FUNCTION set_policies(demo text, second text) RETURNS void LANGUAGE sql AS $$
    SELECT patchmail.set_policy(p, store => split_part(w, ' ', 1),
                                otherwise => split_part(w, ' ', 2))
      FROM (VALUES ('demo', demo), ('second', second)) v (p, w);
$$;
CREATE TEMP TABLE posted (n serial, demo text, second text, expected text, here text, why text);
INSERT INTO posted (demo, second, expected, here, why) VALUES
    ('pass quarantine', 'fail quarantine', 'stored, held by demo', 'second', 'held in the first'),
    ('fail quarantine', 'pass quarantine', 'stored, held by second', 'demo', 'held in the second'),
    ('pass quarantine', 'pass quarantine', 'quarantined for a reason, held by demo and second', NULL, 'held in both'),
    ('pass refuse', 'fail quarantine', 'stored', 'second', 'refused in one'),
    ('pass refuse', 'pass quarantine', 'quarantined for a reason, held by second', NULL,
     'refused in the first, held in the second'),
    ('pass quarantine', 'pass refuse', 'quarantined for a reason, held by demo', NULL,
     'held in the first, refused in the second'),
    ('pass refuse', 'pass refuse', 'refused for a reason', NULL, 'refused in both');
CREATE FUNCTION post(number integer) RETURNS text LANGUAGE sql AS $$
    SELECT set_policies(p.demo, p.second) FROM posted p WHERE p.n = number;
    SELECT stored_in_both(with_verdict(patch('n' || number), 'fail', 'x'));
$$;
SELECT is(post(n), expected, why) FROM posted ORDER BY n;
SELECT is((SELECT string_agg(p.linkname, ' ')
             FROM patchmail.message m JOIN public.patchwork_project p ON p.id = m.project_id
            WHERE word(m.msgid) = 'n' || n), here, 'it is where it may be: ' || why) FROM posted ORDER BY n;
SELECT set_policies('ambiguous quarantine', 'pass quarantine');
SELECT store_all(patch('b'), reply('bw', 'x'));
SELECT is(stored_in_both(with_verdict(patch('b'), 'fail')), 'duplicate for a reason, held by second',
          'a duplicate in one, held in the other');
SELECT is(stored_in_both(with_verdict(reply('br', 'x'), 'fail')), 'waiting for a reason, held by second',
          'it waits in one, held in the other');
SELECT set_policies('ambiguous quarantine', 'pass refuse');
SELECT is(stored_in_both(with_verdict(patch('b'), 'fail')), 'duplicate for a reason',
          'a duplicate in one, refused in the other');
SELECT patchmail.set_policy('demo', hints => 'ambiguous');
SELECT is(stored_in_both(with_verdict(patch('bi', more => '{"hints": {"ignore": true}}'), 'fail')),
          'refused for a reason',
          'refused in one, though the other ignores it');

SELECT * FROM finish();
ROLLBACK;
