-- Policies and the mail that is there: apply_policy(), policy_preview(), archive_after; and series as a whole:
-- series_update(), and how they stand in series_progress.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS project, make_project('second', 'second.example.org') AS other \gset
SELECT patchmail.add_user('ada', 'ada@example.org'), patchmail.add_maintainer('demo', 'ada');

-- A mail with another title than its id, and a diff of its own.
CREATE FUNCTION titled(mail jsonb, title text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_set(mail, '{subject,title}', to_jsonb(title))
           || jsonb_build_object('hash', left(md5(mail->>'message_id') || md5('hash'), 40));
$$;
-- Each case that an admin looks for, with a title of its own.
CREATE FUNCTION mails() RETURNS jsonb[] LANGUAGE sql AS $$
    SELECT ARRAY[
        titled(patch('a1', minute => 1), 'chain'), titled(patch('a2', version => 2, minute => 2), 'chain'),
        titled(patch('a3', version => 3, minute => 3), 'chain'),
        titled(patch('b1', minute => 11), 'half'),
        titled(patch('b2', '1/2', version => 2, minute => 12), 'half'),
        titled(patch('c1', minute => 21), 'taken over') || '{"change_id": "Ic"}',
        titled(patch('c2', version => 2, minute => 22, who => 'bob'), 'taken over') || '{"change_id": "Ic"}',
        with_verdict(titled(patch('d1', minute => 31), 'forged'), 'pass'),
        with_verdict(titled(patch('d2', version => 2, minute => 32), 'forged'), 'claimed'),
        titled(patch('e1', minute => 41), 'copied'),
        titled(patch('e2', version => 2, minute => 42, who => 'eve'), 'copied'),
        titled(patch('f1', minute => 51), 'alone'),
        with_verdict(titled(patch('g1', minute => 61), 'weak'), 'fail'),
        with_verdict(titled(patch('g2', version => 2, minute => 62), 'weak'), 'fail'),
        titled(patch('h1', minute => 71), 'done'), titled(patch('h2', version => 2, minute => 72), 'done'),
        titled(patch('i1', minute => -600000), 'late'), titled(patch('i2', version => 2, minute => 82), 'late')];
$$;
CREATE FUNCTION states() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(concat(word(p.msgid), CASE WHEN s.slug = 'superseded' THEN '-' WHEN s.slug <> 'new' THEN '+' END,
                             CASE WHEN p.related_id IS NOT NULL THEN '~' END, CASE WHEN p.archived THEN '!' END), ' '
                      ORDER BY p.msgid COLLATE "C")
      FROM public.patchwork_patch p JOIN public.patchwork_state s ON s.id = p.state_id;
$$;
CREATE FUNCTION preview(policy text, since timestamptz DEFAULT NULL, archive_after interval DEFAULT NULL)
RETURNS TABLE (patch text, would_be text, why text) LANGUAGE sql AS $$
    SELECT word(p.msgid), v.would_be,
           regexp_replace(v.why, 'series (\d+) \(v', 'series ' || coalesce(word(n.msgid), '?') || ' (v')
      FROM patchmail.policy_preview('demo', policy, since, archive_after) v
      JOIN public.patchwork_patch p ON p.id = v.patch_id
      LEFT JOIN LATERAL (SELECT min(o.msgid) AS msgid FROM public.patchwork_patch o WHERE o.series_id = v.series_id) n
           ON true
     ORDER BY p.msgid COLLATE "C";
$$;
SAVEPOINT empty;

-- With the policy on from the start
SELECT patchmail.set_policy('demo', supersede => true, revise => 'claimed') IS NOT NULL AS set \gset
SELECT store_all(VARIADIC mails());
SELECT states() AS from_start \gset
ROLLBACK TO empty;
SELECT patchmail.set_policy('demo', relate => true, revise => 'claimed') IS NOT NULL AS set \gset
SELECT store_all(VARIADIC mails());
SELECT states() AS related_from_start \gset
ROLLBACK TO empty;

-- The same mail, and the policy afterwards
SELECT patchmail.set_policy('demo', revise => 'claimed') IS NOT NULL AS set \gset
SELECT store_all(VARIADIC mails());
SELECT is(states(), 'a1 a2 a3 b1 b2 c1 c2 d1 d2 e1 e2 f1 g1 g2 h1 h2 i1 i2', 'without a policy all is new');
SELECT count(*) AS events FROM public.patchwork_event \gset
SELECT count(*) AS audits FROM patchmail.audit \gset
SELECT results_eq($$SELECT * FROM preview('supersede')$$, $$VALUES
    ('a1', 'superseded', 'series a3 (v3, "[v3] chain") is complete; through series ' || (series_of('a2')).id
                         || ', known by title'),
    ('a2', 'superseded', 'series a3 (v3, "[v3] chain") is complete; known by title'),
    ('b1', NULL, 'series b2 (v2, "[v2,1/2] half") replaces it, but it is not complete; known by title'),
    ('c1', NULL, 'series c2 (v2, "[v2] taken over") replaces it, but the two are not all of one sender; known by '
                 'change-id'),
    ('d1', NULL, 'series d2 (v2, "[v2] forged") replaces it, but its verdict is claimed, and that of the former one '
                 'pass; known by title'),
    ('e1', NULL, 'series e2 (v2, "[v2] copied") has a patch of this title, but is of another sender, with neither an '
                 'answer to this one nor its change-id'),
    ('g1', NULL, 'series g2 (v2, "[v2] weak") replaces it, but its verdict is fail, and policy asks for claimed; '
                 'known by title'),
    ('h1', 'superseded', 'series h2 (v2, "[v2] done") is complete; known by title'),
    ('i1', NULL, 'series i2 (v2, "[v2] late") has a patch of this title, but came more than a year later')$$,
    'what would be superseded and why, and what would not although it may be expected');
SELECT is(states(), 'a1 a2 a3 b1 b2 c1 c2 d1 d2 e1 e2 f1 g1 g2 h1 h2 i1 i2', 'a preview changes nothing');
SELECT is((SELECT count(*) FROM public.patchwork_event), :events::bigint, 'and makes no event');
SELECT is((SELECT count(*) FROM patchmail.audit), :audits::bigint, 'nor a row of the audit');
SELECT is((SELECT ROW(v.name, v.submitter, v.date, v.state, v.archived)::text
             FROM patchmail.policy_preview('demo', 'supersede') v WHERE v.patch_id = (patch_of('a1')).id),
          '(chain,ada,"2026-02-01 12:01:00+00",new,f)', 'a preview says which patch it is, and what it is now');
SELECT set_eq($$SELECT patch FROM preview('supersede', '2026-02-01 12:30Z') WHERE would_be IS NOT NULL$$,
              '{h1}'::text[],
              'since leaves out new versions that came before');
SELECT set_eq($$SELECT patch FROM preview('supersede', '2026-02-01 12:30Z') WHERE would_be IS NULL$$,
              '{d1,e1,g1,i1}'::text[], 'also of what stays');
SELECT is_empty($$SELECT * FROM patchmail.policy_preview('second', 'supersede')$$, 'of another project nothing');
SAVEPOINT stored;

-- What then happens
SELECT results_eq($$SELECT a.object_id::integer, a.before->>'state', a.after->>'state', a.after->>'msgid'
                      FROM patchmail.apply_policy('demo', 'supersede', dry_run => true) a$$,
                  $$SELECT p.id, 'new', 'superseded', p.msgid::text FROM public.patchwork_patch p
                     WHERE word(p.msgid) IN ('a1', 'a2', 'h1') ORDER BY p.id$$, 'a dry run gives what is previewed');
SELECT is(states(), 'a1 a2 a3 b1 b2 c1 c2 d1 d2 e1 e2 f1 g1 g2 h1 h2 i1 i2', 'it changes nothing');
SELECT is((SELECT count(*) FROM patchmail.apply_policy('demo', 'supersede', actor => 'ada')), 3::bigint,
          'apply_policy() gives what it changes');
SELECT is(states(), :'from_start', 'then it is as if the policy had been on from the start');
SELECT is(states(), 'a1- a2- a3 b1 b2 c1 c2 d1 d2 e1 e2 f1 g1 g2 h1- h2 i1 i2', 'which is this');
SELECT set_eq($$SELECT word(p.msgid), u.username::text FROM public.patchwork_event e
                  JOIN public.patchwork_patch p ON p.id = e.patch_id JOIN public.auth_user u ON u.id = e.actor_id
                 WHERE e.category = 'patch-state-changed'$$, $$VALUES ('a1', 'ada'), ('a2', 'ada'), ('h1', 'ada')$$,
              'with the events, in the name of the user');
SELECT is((SELECT string_agg(a.function || ' ' || a.actor, ',') FROM patchmail.audit a WHERE a.id > (
              SELECT max(b.id) - 3 FROM patchmail.audit b)), 'apply_policy ada,apply_policy ada,apply_policy ada',
          'it is in the audit');
SELECT is_empty($$SELECT * FROM patchmail.apply_policy('demo', 'supersede')$$, 'the second time it changes nothing');
SELECT is_empty($$SELECT * FROM preview('supersede') WHERE would_be IS NOT NULL$$, 'nor would it');
-- Somebody opens one again; another one is dealt with.
SELECT patchmail.patch_update((patch_of('a1')).id, '{"state": "new"}');
SELECT is((SELECT why FROM preview('supersede') WHERE patch = 'a1'),
          'series a3 (v3, "[v3] chain") is complete, but somebody opened this one again', 'opened again: that stays');
SELECT is_empty($$SELECT * FROM patchmail.apply_policy('demo', 'supersede')$$, 'and it does stay');
ROLLBACK TO stored;
SELECT patchmail.patch_update((patch_of('h1')).id, '{"state": "accepted"}');
SELECT is_empty($$SELECT * FROM preview('supersede') WHERE patch = 'h1'$$, 'what is dealt with is left alone');
DELETE FROM public.patchwork_event e USING public.patchwork_patch p
 WHERE p.id = e.patch_id AND p.msgid = '<h1@example.org>';
UPDATE public.patchwork_state SET slug = 'replaced', name = 'Replaced' WHERE slug = 'superseded';
SELECT is((SELECT why FROM preview('supersede') WHERE patch = 'a2'), 'there is no state "superseded"',
          'a site without the state');
ROLLBACK TO stored;

-- The next mail does the rest.
SELECT patchmail.set_policy('demo', supersede => true) IS NOT NULL AS set \gset
SELECT store_all(titled(patch('b22', '2/2', 'b2', version => 2, minute => 13), 'other half'));
SELECT is(states(), 'a1 a2 a3 b1- b22 b2 c1 c2 d1 d2 e1 e2 f1 g1 g2 h1 h2 i1 i2',
          'with the policy on, mail that comes acts on its own kind alone');
SELECT is((SELECT count(*) FROM patchmail.apply_policy('demo', 'supersede')), 3::bigint,
          'apply_policy() on the others');
ROLLBACK TO stored;

-- Relations
SELECT set_eq($$SELECT patch, would_be FROM preview('relate')$$,
              $$SELECT w, 'related' FROM unnest('{a1,a2,a3,h1,h2,b1,b2}'::text[]) w$$, 'what would be related');
SELECT is((SELECT why FROM preview('relate') WHERE patch = 'h2'),
          'series h2 (v2, "[v2] done") is complete; known by title', 'and why');
SELECT isnt_empty($$SELECT * FROM patchmail.apply_policy('demo', 'relate')$$, 'they are related');
SELECT is(states(), :'related_from_start', 'as if the policy had been on from the start');
ROLLBACK TO stored;

-- Archiving
UPDATE public.patchwork_patch SET date = now() - interval '100 days' WHERE word(msgid) IN ('a1', 'a2', 'f1');
UPDATE public.patchwork_event SET date = now() - interval '200 days';
UPDATE public.patchwork_patch SET date = now() WHERE word(msgid) NOT IN ('a1', 'a2', 'f1');
SELECT store_mail(reply('r', 'a2') || jsonb_build_object('date', to_char(now() - interval '95 days',
                                                                         'YYYY-MM-DD"T"HH24:MI:SS"Z"')));
SELECT patchmail.patch_update((patch_of('f1')).id, '{"state": "accepted"}');
SELECT throws_ok($$SELECT * FROM patchmail.policy_preview('demo', 'archive_after')$$, '22023',
                 'project "demo" archives nothing by itself, so archive_after has to be given', 'no age');
SELECT results_eq($$SELECT * FROM preview('archive_after', archive_after => '90 days')$$,
    format($$VALUES ('a1', 'archived', 'nothing was heard since %s, longer than 90 days'),
                    ('a2', 'archived', 'nothing was heard since %s, longer than 90 days')$$,
           ((now() - interval '100 days') AT TIME ZONE 'UTC')::date,
           ((now() - interval '95 days') AT TIME ZONE 'UTC')::date),
    'what would be archived, and since when nothing was heard');
SELECT set_eq($$SELECT patch FROM preview('archive_after', archive_after => '97 days')$$, '{a1}'::text[],
              'a comment counts');
SELECT is_empty($$SELECT * FROM patchmail.housekeeping() WHERE function = 'archive_stale'$$,
                'without the policy housekeeping() archives nothing');
SELECT is((patchmail.set_policy('demo', archive_after => '90 days')).archive_after, interval '90 days', 'the policy');
SELECT results_eq($$SELECT object_id FROM patchmail.housekeeping(dry_run => true) WHERE function = 'archive_stale'$$,
                  $$SELECT p.id::bigint FROM public.patchwork_patch p WHERE word(p.msgid) IN ('a1', 'a2') ORDER BY 1$$,
                  'housekeeping() would');
SELECT is((SELECT count(*) FROM public.patchwork_patch WHERE archived), 0::bigint, 'a dry run archives nothing');
SELECT results_eq($$SELECT object_id FROM patchmail.housekeeping() WHERE function = 'archive_stale'$$,
                  $$SELECT p.id::bigint FROM public.patchwork_patch p WHERE word(p.msgid) IN ('a1', 'a2') ORDER BY 1$$,
                  'and does');
SELECT set_eq($$SELECT word(msgid) FROM public.patchwork_patch WHERE archived$$, '{a1,a2}'::text[], 'these alone');
SELECT is_empty($$SELECT * FROM patchmail.apply_policy('demo', 'archive_after')$$, 'then there are none left');
SELECT patchmail.patch_update((patch_of('a1')).id, '{"archived": false}');
SELECT results_eq($$SELECT function, after->>'archived' FROM patchmail.apply_policy('demo', 'archive_after')$$,
                  $$VALUES ('archive_stale', 'true')$$, 'apply_policy() archives as archive_stale() does');
SELECT is((patchmail.set_policy('demo', relate => false)).archive_after, interval '90 days', 'what is not given stays');
SELECT is((patchmail.set_policy('demo', archive_after => '0')).archive_after, NULL, '0 is never');
SELECT throws_ok($$SELECT patchmail.set_policy('demo', archive_after => '-1 day')$$, '23514',
                 'archive_after has to be 0 or more, such as ''90 days''', 'no age below nothing');
SELECT throws_ok($$UPDATE patchmail.policy SET archive_after = '0'$$, '23514', NULL, 'the table knows that too');
-- Two projects
SELECT patchmail.set_policy(p, archive_after => '90 days') FROM unnest('{demo,second}'::text[]) p;
UPDATE public.patchwork_patch SET archived = false;
UPDATE public.patchwork_patch SET project_id = :other WHERE msgid = '<a2@example.org>';
SELECT results_eq($$SELECT project_id FROM patchmail.housekeeping() WHERE function = 'archive_stale' ORDER BY 1$$,
                  ARRAY[:project, :other], 'each project by its policy');
ROLLBACK TO stored;

-- Nonsense
SELECT throws_ok(format('SELECT * FROM patchmail.%s(%s)', f, arguments), code, words, f || ': ' || words)
  FROM unnest('{apply_policy,policy_preview}'::text[]) f, (VALUES
       ($$'none', 'supersede'$$, 'P0002', 'there is no project "none"'),
       ($$NULL, 'supersede'$$, '22023', 'which project is meant is not given'),
       ($$'demo', 'store'$$, '22023', 'policy "store" is none of relate, supersede, archive_after'),
       ($$'demo', NULL$$, '22023', NULL),
       ($$'demo', 'archive_after', '2026-01-01'$$, '22023', NULL)) v (arguments, code, words);
SELECT throws_ok($$SELECT * FROM patchmail.apply_policy('demo', 'supersede', actor => 'nobody')$$, 'P0002',
                 'there is no user "nobody"', 'a user who is not there');
SELECT throws_ok($$SELECT * FROM patchmail.policy_preview('demo', 'archive_after', archive_after => '0')$$, '22023',
                 'the age has to be positive', 'an age of nothing');

-- Series
SELECT store_all(patch('s1', '1/2', 'sc', minute => 90), patch('s2', '2/2', 'sc', minute => 91),
                 cover('sc', 2, minute => 89), patch('t1', minute => 95));
CREATE FUNCTION progress(id text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat(s.open, ' ', s.state) FROM patchmail.series_progress s WHERE s.id = (series_of($1)).id;
$$;
SELECT is(progress('s1'), '2 new', 'a series of which all patches are new');
SELECT patchmail.patch_update((patch_of('s2')).id, '{"state": "under-review"}');
SELECT is(progress('s1'), '2 new 1, under-review 1', 'of which they differ');
SELECT patchmail.patch_update((patch_of('s2')).id, '{"state": "accepted"}');
SELECT is(progress('s1'), '1 new', 'of which one is open counts the open one');
SELECT patchmail.patch_update((patch_of('s1')).id, '{"archived": true}');
SELECT is(progress('s1'), '0 new 1, accepted 1', 'of which none is open count all');
SELECT is((SELECT concat(s.open, s.state) FROM patchmail.series_progress s
             JOIN public.patchwork_series x ON x.id = s.id AND x.cover_letter_id = (cover_of('sc')).id),
          '0new 1, accepted 1',
          'by the cover letter');
SELECT store_all(cover('ec', 2, minute => 99));
SELECT is(progress('ec'), '0 ', 'of which no patch is here');
SAVEPOINT series;
SELECT results_eq(format($$SELECT word(after->>'msgid'), function, actor FROM patchmail.series_update('{%s,%s,%s}',
                             '{"state": "under-review", "archived": false, "delegate": "ada"}', 'ada')$$,
                         (series_of('s1')).id, (series_of('t1')).id, (series_of('s1')).id),
                  $$VALUES ('s1', 'series_update', 'ada'), ('s2', 'series_update', 'ada'),
                           ('t1', 'series_update', 'ada')$$, 'all patches of series are changed, each once');
SELECT is(progress('s1') || ', ' || progress('t1'), '2 under-review, 1 under-review', 'they are');
SELECT is((SELECT count(*) FROM public.patchwork_patch p WHERE p.delegate_id IS NOT NULL), 3::bigint,
          'with their delegate, and no others');
SELECT is((SELECT count(*) FROM public.patchwork_event e JOIN public.auth_user u ON u.id = e.actor_id
            WHERE e.category = 'patch-delegated' AND u.username = 'ada'), 3::bigint, 'and their events');
ROLLBACK TO series;
SELECT isnt_empty(format($$SELECT * FROM patchmail.series_update('{%s}', '{"commit_ref": "abc"}', dry_run => true)$$,
                         (series_of('s1')).id), 'a dry run gives what it would change');
SELECT is((SELECT count(*) FROM public.patchwork_patch WHERE commit_ref IS NOT NULL), 0::bigint, 'and changes nothing');
SELECT is_empty($$SELECT * FROM patchmail.series_update('{}', '{"state": "new"}')$$, 'no series, no change');
SELECT throws_ok(format('SELECT * FROM patchmail.series_update(%s)', arguments), code, words,
                 coalesce(words, arguments))
  FROM (VALUES ($$'{999}', '{"state": "new"}'$$, 'P0002', 'there is no series 999'),
               ($$NULL, '{"state": "new"}'$$, '22023', 'which series is meant is not given'),
               ($$'{NULL}', '{"state": "new"}'$$, '22023', 'which series is meant is not given'),
               ($$'{1}', NULL$$, '23514', NULL),
               ($$'{1}', '{"related": [1]}'$$, '23514',
                'there is no key "related" to change, only archived, commit_ref, delegate, state'),
               (format($$'{%s}', '{"state": "none"}'$$, (series_of('s1')).id), '23514', NULL),
               (format($$'{%s}', '{"state": "new"}', 'nobody'$$, (series_of('s1')).id), 'P0002',
                'there is no user "nobody"')) v (arguments, code, words);

SELECT * FROM finish();
ROLLBACK;
