-- patchmail.explain(): what the projects of a mail make of its author.
\ir preamble.psql
\ir state.psql
SELECT plan(18);
SELECT make_project() AS project \gset
SELECT make_project('second', 'second.example.org') AS second \gset
SELECT make_project('picky', 'second.example.org', 'picky') AS picky \gset

CREATE FUNCTION explained(mail jsonb, source jsonb DEFAULT '{"transport": "deliver"}')
RETURNS SETOF text LANGUAGE sql AS $$
    SELECT concat_ws(' ', e.linkname, e.verdict, '(' || e.reason || ')',
                     CASE WHEN e.may_be_stored THEN 'stored' ELSE e.otherwise END,
                     CASE WHEN e.may_use_hints THEN 'hints' END, CASE WHEN e.may_rename THEN 'rename' END)
      FROM patchmail.explain(mail, source) e;
$$;
SELECT is(explained(with_verdict(patch('p'), 'pass', 'dkim')), 'demo pass (dkim) stored hints rename',
          'without a policy all is allowed');
SELECT is(explained(with_verdict(patch('p'), 'fail')), 'demo fail stored', 'explain says that a policy allows little');
SELECT is(explained(patch('p') - 'authentication'), 'demo none stored hints rename', 'facts that say nothing of it');
SELECT is(explained(reply('r', 'x')), 'demo none (nobody says anything of the author) stored hints rename', 'a reply');
SELECT patchmail.set_policy('demo', store => 'pass', otherwise => 'refuse', rename => 'claimed');
SELECT is(explained(with_verdict(patch('p'), 'claimed', 'x')), 'demo claimed (x) refuse hints rename',
          'as the policy says');
SELECT is(explained(with_verdict(patch('p'), 'fail', 'x')), 'demo fail (x) refuse', 'less');
SELECT is(e.otherwise, 'refuse', 'what becomes of others') FROM patchmail.explain(with_verdict(patch('p'), 'pass'),
    '{}') e;

SELECT patchmail.set_policy('demo', revise => 'none');
SELECT is(array_agg(e.may_revise ORDER BY v), '{false,false,true}', 'what it may do with earlier mail')
  FROM (VALUES (1, 'fail'), (2, 'claimed'), (3, 'none')) v (v, verdict),
       patchmail.explain(with_verdict(patch('p'), verdict), '{}') e;

-- Which projects
SELECT results_eq(format('SELECT explained(%L)', with_verdict(patch('p'), 'none') || '{"list_ids": [
                             {"field": "List-Id", "id": "demo.example.org"},
                             {"field": "List-Id", "id": "second.example.org"}]}'),
                  $$VALUES ('demo none refuse hints rename'), ('second none stored hints rename')$$, 'a row a project');
SELECT is(explained(with_verdict(patch('p'), 'none'), '{"list_id": "second.example.org"}'),
          'second none stored hints rename',
          'the list that the deliverer names');
SELECT is(explained(jsonb_set(with_verdict(patch('p'), 'none'), '{subject,text}', '"picky"'),
                    '{"list_id": "second.example.org"}'), 'picky none stored hints rename',
          'the project that wants the subject is named');
SELECT is_empty(format('SELECT explained(%L, %L)', patch('p'), '{"list_id": "other.example.org"}'), 'no project');
SELECT is_empty(format('SELECT explained(%L, %L)', facts_rejected('broken'), '{"list_id": "demo.example.org"}'),
                'what cannot be read has no author');

-- Each project by the settings of its own list
SELECT results_eq(format('SELECT explained(%L)', with_verdict(patch('p'), 'none') || '{"list_ids": [
                             {"field": "List-Id", "id": "demo.example.org"},
                             {"field": "List-Id", "id": "second.example.org"}],
                         "authentication": {"verdict": "none", "fields": [], "results": [], "lists": [
                             {"list_ids": ["weak", "second.example.org"], "verdict": "fail", "reason": "second"},
                             {"list_ids": ["demo.example.org"], "verdict": "pass", "reason": "demo"}]}}'),
                  $$VALUES ('demo pass (demo) stored hints rename'), ('second fail (second) stored')$$,
                  'each project has the verdict by the settings of its own list');

-- The author whom a list's address hides: each project asks for its own
SELECT results_eq(format('SELECT explained(%L)', patch('p') || '{
        "list_ids": [{"field": "List-Id", "id": "demo.example.org"}, {"field": "List-Id", "id": "second.example.org"}],
        "author": {"name": "Vic via demo", "email": "demo@example.org"},
        "original_author": {"name": "Vic", "email": "vic@example.org", "source": "Reply-To"},
        "authentication": {"verdict": "pass", "reason": "of the list", "original_verdict": "claimed",
                           "original_reason": "by Reply-To", "fields": [], "results": []}}'),
                  $$VALUES ('demo claimed (by Reply-To) refuse hints rename'),
                           ('second pass (of the list) stored hints rename')$$, 'the author is whom the project takes');
SELECT is_empty($$SELECT FROM patchmail.message
                   UNION ALL SELECT FROM public.patchwork_person
                   UNION ALL SELECT FROM patchmail.quarantine$$, 'nothing is stored');

-- Deliverers
CREATE ROLE test_deliverer;
SELECT patchmail.add_deliverer('test_deliverer');
SELECT with_verdict(patch('p'), 'fail', 'x') AS mail \gset
SET LOCAL ROLE test_deliverer;
SELECT is(e.linkname || ' ' || e.verdict, 'demo fail', 'a deliverer may ask')
  FROM patchmail.explain(:'mail', '{"transport": "deliver"}') e;
SELECT throws_ok($$SELECT * FROM patchmail.allowed('demo', 'pass')$$, '42501', NULL,
                 'a deliverer may not call allowed()');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
