-- Upkeep by hand: threads derived anew, stale patches archived, tags counted, series superseded, gaps found.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS demo \gset
INSERT INTO public.auth_user (id, username, first_name, last_name, email, password, is_superuser, is_staff, is_active,
                              date_joined)
VALUES (1, 'uma', '', '', 'uma@example.org', '', false, false, true, now());
CREATE FUNCTION ids(words text) RETURNS integer[] LANGUAGE sql STABLE AS $$
    SELECT array_agg((patch_of(w)).id) FROM regexp_split_to_table(words, ' ') w;
$$;
SAVEPOINT empty;

-- Threads are derived anew --------------------------------------------------------------------------------------------

SELECT store_all(cover('c', 3), patch('p1', '1/3', 'c'), patch('p2', '2/3', 'c'), patch('p3', '3/3', 'c'),
                 reply('r', 'p1'), reply('rr', 'r'), reply('rc', 'c'), patch('s', who => 'bob', minute => 50),
                 reply('rs', 's'), patch('o', '1/2', 'x', minute => 300), reply('w', 'later'),
                 patch('q1', '1/2', minute => 500), patch('q2', '2/2', minute => 501));
SELECT state() AS derived, ledger_state() AS ledger \gset
CREATE TEMP TABLE derived AS SELECT state() AS state, (series_of('c')).id AS kept;
SELECT is_empty($$SELECT * FROM patchmail.reassemble('demo')$$, 'what is derived is as it would be derived');
SELECT is(ledger_state(), :'ledger', 'in the ledger too');
SELECT is_empty($$SELECT * FROM patchmail.reassemble('demo', forget_moves => true)$$, 'and there is no move to forget');
SAVEPOINT derived;

-- One move each, forgotten or not; "after" is the thread then.
CREATE FUNCTION undone(move text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    moved  text;
    kept   text;
    result text;
BEGIN
    EXECUTE move;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    moved := concat(all_series(), all_comments());
    PERFORM patchmail.reassemble('demo');
    kept := concat(all_series(), all_comments());
    PERFORM patchmail.reassemble('demo', forget_moves => true, dry_run => true);
    result := CASE WHEN kept <> moved THEN 'not kept: ' || kept
                   WHEN concat(all_series(), all_comments()) <> moved THEN 'undone by a dry run' END;
    PERFORM patchmail.reassemble('demo', forget_moves => true, actor => 'uma');
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    result := coalesce(result, CASE WHEN state() = (SELECT d.state FROM derived d)
                                     AND (series_of('c')).id = (SELECT d.kept FROM derived d) THEN 'yes, from ' || moved
                                    ELSE concat_ws(E'\n', moved, 'became', state()) END);
    RAISE EXCEPTION USING ERRCODE = 'PT000';
EXCEPTION WHEN SQLSTATE 'PT000' THEN
    RETURN result;
END
$$;
SELECT is(undone($$SELECT patchmail.split_series((series_of('p1')).id, ids('p2 p3'))$$),
          'yes, from v1[- 1:o] v1[- 1:q1 2:q2] v1[- 1:s] v1[- 2:p2 3:p3] v1[c 1:p1]r>p1 rc>c rr>p1 rs>s w>?',
          'a split stays, until it is forgotten');
SELECT is(undone($$SELECT patchmail.split_series((series_of('p1')).id, ids('p1'), 'name')$$),
          'yes, from v1[- 1:o] v1[- 1:p1] v1[- 1:q1 2:q2] v1[- 1:s] v1[c 2:p2 3:p3]r>p1 rc>c rr>p1 rs>s w>?',
          'so does a split of the first');
SELECT is(undone($$SELECT patchmail.split_series((series_of('q1')).id, ids('q1'), 'name')$$),
          'yes, from v1[- 1:o] v1[- 1:q1] v1[- 1:s] v1[- 2:q2] v1[c 1:p1 2:p2 3:p3]r>p1 rc>c rr>p1 rs>s w>?',
          'also of a series without a cover letter');
SELECT is(undone($$SELECT patchmail.reparent_comment('demo', '<r@example.org>', '<s@example.org>')$$),
          'yes, from v1[- 1:o] v1[- 1:q1 2:q2] v1[- 1:s] v1[c 1:p1 2:p2 3:p3]r>s rc>c rr>s rs>s w>?',
          'so does a reply');
SELECT is(undone($$SELECT patchmail.move_patches(ids('p3'), (series_of('o')).id)$$),
          'yes, from v1[- 1:o 3:p3] v1[- 1:q1 2:q2] v1[- 1:s] v1[c 1:p1 2:p2]r>p1 rc>c rr>p1 rs>s w>?',
          'so does a patch in another thread''s series');
SELECT is(undone($$UPDATE public.patchwork_patch SET series_id = (series_of('o')).id WHERE msgid =
           '<p3@example.org>'$$),
          'yes, from v1[- 1:o 3:p3] v1[- 1:q1 2:q2] v1[- 1:s] v1[c 1:p1 2:p2]r>p1 rc>c rr>p1 rs>s w>?',
          'so does what was moved in the tables');
SELECT is(undone($$UPDATE public.patchwork_patch SET series_id = NULL WHERE msgid = '<p2@example.org>'$$),
          'yes, from outside:p2 v1[- 1:o] v1[- 1:q1 2:q2] v1[- 1:s] v1[c 1:p1 3:p3]r>p1 rc>c rr>p1 rs>s w>?',
          'or taken out');
SELECT is(undone($$UPDATE public.patchwork_series SET cover_letter_id = NULL WHERE cover_letter_id =
           (cover_of('c')).id$$),
          'yes, from outside:c v1[- 1:o] v1[- 1:p1 2:p2 3:p3] v1[- 1:q1 2:q2] v1[- 1:s]r>p1 rc>c rr>p1 rs>s w>?',
          'a cover letter too');
SELECT is(undone($$UPDATE public.patchwork_patchcomment SET patch_id = (patch_of('s')).id
                    WHERE msgid IN ('<r@example.org>', '<rr@example.org>')$$),
          'yes, from v1[- 1:o] v1[- 1:q1 2:q2] v1[- 1:s] v1[c 1:p1 2:p2 3:p3]r>s rc>c rr>s rs>s w>?',
          'and replies');
ROLLBACK TO derived;

UPDATE public.patchwork_patch SET number = 9 WHERE id = (patch_of('s')).id;
SELECT count(*) AS moved FROM patchmail.move_patches(ids('s'), (series_of('q1')).id) \gset
SELECT is(all_series(), 'v1[- 1:o] v1[- 1:q1 2:q2 9:s] v1[c 1:p1 2:p2 3:p3]', 'a patch by itself is put into a series');
SELECT is_empty($$SELECT * FROM patchmail.reassemble('demo')$$, 'and stays there');
SELECT isnt_empty($$SELECT * FROM patchmail.reassemble('demo', '<s@example.org>', true)$$, 'until that is forgotten');
SELECT is(all_series(), 'v1[- 1:o] v1[- 1:q1 2:q2] v1[- 1:s] v1[c 1:p1 2:p2 3:p3]', 'then it is by itself again');
SELECT is((SELECT count(*) FROM all_events() e WHERE e = 'series-completed [- 1:s]'), 1::bigint, 'and complete');
ROLLBACK TO derived;

-- What is not as it would be derived is told and mended; only the thread that is meant
UPDATE patchmail.message SET parent_id = (ledger('p2')).id WHERE msgid = '<r@example.org>';
UPDATE public.patchwork_patchcomment SET patch_id = (patch_of('p2')).id WHERE msgid = '<r@example.org>';
UPDATE patchmail.message SET parent_id = (ledger('p1')).id WHERE msgid = '<rs@example.org>';
UPDATE public.patchwork_patchcomment SET patch_id = (patch_of('p1')).id WHERE msgid = '<rs@example.org>';
SELECT is((SELECT array_agg(DISTINCT before->>'msgid') FROM patchmail.reassemble('demo', 'c@example.org')),
          '{<r@example.org>}', 'a reply that was placed wrongly is told');
SELECT is(all_comments(), 'r>p1 rc>c rr>p1 rs>p1 w>?', 'and put right, in the thread that is meant');
SELECT throws_like(q, said, q) FROM (VALUES
    ('SELECT patchmail.reassemble(''none'')', 'there is no project "none"'),
    ('SELECT patchmail.reassemble(NULL)', 'which project is meant is not given'),
    ('SELECT patchmail.reassemble(''demo'', ''none@example.org'')', 'project demo has no mail with the Message-ID %'),
    ('SELECT patchmail.reassemble(''demo'', actor => ''nobody'')', 'there is no user "nobody"')) t (q, said);
ROLLBACK TO derived;

-- Patchwork's own placement is not forgotten
TRUNCATE patchmail.message, patchmail.reference, patchmail.dependency;
CREATE TABLE public.django_migrations ();
SELECT store_all(reply('new', 'p1'), reply('new2', 's'));
SELECT is_empty($$SELECT * FROM patchmail.reassemble('demo', forget_moves => true)$$, 'what Patchwork placed stays');
ROLLBACK TO empty;

-- Stale patches are archived ------------------------------------------------------------------------------------------

SELECT store_all(patch('a'), patch('b'), patch('c'), patch('d'), patch('e'), patch('f'), patch('g'));
UPDATE public.patchwork_patch SET date = _patchmail.to_patchwork(now() - interval '100 days');
UPDATE public.patchwork_event SET date = _patchmail.patchwork_time(now() - interval '100 days');
UPDATE public.patchwork_patch SET date = _patchmail.to_patchwork(now() - interval '80 days')
    WHERE msgid = '<b@example.org>';
SELECT store_all(reply('rc', 'c'), reply('rg', 'g'));
UPDATE public.patchwork_patchcomment SET date = CASE msgid WHEN '<rc@example.org>' THEN _patchmail.to_patchwork(now())
    ELSE _patchmail.to_patchwork(now() - interval '95 days') END;
INSERT INTO public.patchwork_event (category, date, project_id, patch_id)
VALUES ('patch-delegated', _patchmail.patchwork_time(now() - interval '5 days'), :demo, (patch_of('d')).id);
UPDATE public.patchwork_patch SET state_id = (SELECT id FROM public.patchwork_state WHERE slug = 'accepted')
 WHERE msgid = '<e@example.org>';
UPDATE public.patchwork_patch SET archived = true WHERE msgid = '<f@example.org>';
SELECT is((SELECT array_agg(before->>'msgid' ORDER BY id) FROM patchmail.archive_stale('demo', '90 days',
           dry_run => true)),
          '{<a@example.org>,<g@example.org>}', 'patches of which nothing was heard are stale');
SELECT is((SELECT count(*) FROM public.patchwork_patch WHERE archived), 1::bigint, 'a dry run archives none');
SELECT is((SELECT array_agg((before->'archived', after->'archived', actor)::text)
             FROM patchmail.archive_stale('demo', '90 days', actor => 'uma')),
                 '{"(false,true,uma)","(false,true,uma)"}',
          'they are archived');
SELECT is((SELECT array_agg(before->>'msgid') FROM patchmail.archive_stale('demo', '90 days', '{accepted,accepted}')),
          '{<e@example.org>}', 'patches in other states if one asks for it');
SELECT is_empty($$SELECT patchmail.archive_stale('demo', '90 days')$$, 'nothing is archived twice');
SELECT throws_like(q, said, q) FROM (VALUES
    ('SELECT patchmail.archive_stale(''demo'', NULL)', 'the age has to be positive'),
    ('SELECT patchmail.archive_stale(''demo'', ''-1 day'')', 'the age has to be positive'),
    ('SELECT patchmail.archive_stale(''demo'', ''1 day'', ''{}'')', 'which state is meant is not given'),
    ('SELECT patchmail.archive_stale(''demo'', ''1 day'', ''{none}'')',
     'there is no state "none": they are new, %'),
    ('SELECT patchmail.archive_stale(''demo'', ''1 day'', ''{NULL}'')', 'there is no state "NULL": %'),
    ('SELECT patchmail.archive_stale(''none'', ''1 day'')', 'there is no project "none"'),
    ('SELECT patchmail.archive_stale(''demo'', ''1 day'', actor => ''nobody'')', 'there is no user "nobody"')) t (q,
     said);
ROLLBACK TO empty;

-- Tags are counted anew -----------------------------------------------------------------------------------------------

UPDATE public.patchwork_project SET use_tags = true;
SELECT store_all(patch('a', content => 'Acked-by: A <a@example.org>'), reply('r', 'a',
    content => 'Tested-by: B <b@example.org>'),
                 patch('b', content => 'Acked-by: A <a@example.org>'));
SELECT is_empty($$SELECT patchmail.retag('demo')$$, 'tags are counted');
UPDATE public.patchwork_patchtag SET count = 7 WHERE patch_id = (patch_of('a')).id;
DELETE FROM public.patchwork_patchtag WHERE patch_id = (patch_of('b')).id;
SELECT is((SELECT array_agg(after->'tags' ORDER BY object_id) FROM patchmail.retag('demo', dry_run => true)),
          '{"{\"A\": 1, \"T\": 1}","{\"A\": 1}"}', 'what is wrong is told');
SELECT is((SELECT max(count) FROM public.patchwork_patchtag), 7, 'and left by a dry run');
SELECT is((SELECT array_agg(object_id) FROM patchmail.retag('demo', ids('b b'))), ids('b')::bigint[],
          'of one patch they are counted anew');
SELECT is((SELECT array_agg(before->'tags') FROM patchmail.retag('demo')), '{"{\"A\": 7, \"T\": 7}"}', 'and of all');
SELECT is_empty($$SELECT patchmail.retag('demo')$$, 'then they are right');
SELECT make_project('other', 'other.example.org') AS other \gset
SELECT throws_like(q, said, q) FROM (VALUES
    ('SELECT patchmail.retag(''demo'', ''{}'')', 'which patch is meant is not given'),
    ('SELECT patchmail.retag(''demo'', ''{0}'')', 'there is no patch 0'),
    ('SELECT patchmail.retag(''other'', ids(''a''))', 'patch % is of another project'),
    ('SELECT patchmail.retag(''none'')', 'there is no project "none"')) t (q, said);
UPDATE public.patchwork_project SET use_tags = false;
SELECT throws_like('SELECT patchmail.retag(''demo'')', 'project demo counts no tags',
    'where tags are not counted it says so');
ROLLBACK TO empty;

-- A series supersedes another by hand ---------------------------------------------------------------------------------

UPDATE public.patchwork_project SET send_notifications = true;
SELECT store_all(cover('c', 2), patch('p1', '1/2', 'c', content => 'x'), patch('p2', '2/2', 'c'),
                 cover('d', 2, minute => 300, who => 'bob'));
SELECT store_all(VARIADIC ARRAY[facts_patch('<q1@example.org>', 'p1', 1, 2, refs => '{<d@example.org>}', name => 'bob',
                                            email => 'bob@example.org', date => '2026-02-01 17:00Z'),
                                facts_patch('<q2@example.org>', 'p2', 2, 2, refs => '{<d@example.org>}', name => 'bob',
                                            email => 'bob@example.org', date => '2026-02-01 17:00Z')]);
SELECT (series_of('p1')).id AS old, (series_of('q1')).id AS new \gset
SELECT is((SELECT count(*) FROM patchmail.supersede(:old, :new, 'uma', dry_run => true)), 4::bigint,
          'a dry run tells of the patches of both');
SELECT is((SELECT count(*) FROM public.patchwork_patch WHERE related_id IS NOT NULL), 0::bigint, 'and relates none');
SELECT bag_eq(format($$SELECT before->>'msgid' AS msgid, before->>'state' AS was, after->>'state' AS is_now,
                              after->'relation' IS NOT NULL AS related
                         FROM patchmail.supersede(%s, %s, 'uma')$$, :old, :new),
              $$VALUES ('<p1@example.org>', 'new', 'superseded', true), ('<p2@example.org>', 'new', 'superseded', true),
                       ('<q1@example.org>', NULL, NULL, true), ('<q2@example.org>', NULL, NULL, true)$$,
              'patches are superseded and related, also by another person''s');
SELECT bag_eq($$SELECT e FROM all_events() e WHERE e ~ 'state|relation'$$,
              $$VALUES ('patch-state-changed p1 actor 1'), ('patch-state-changed p2 actor 1'),
                       ('patch-relation-changed p1 actor 1'), ('patch-relation-changed q1 actor 1'),
                       ('patch-relation-changed p2 actor 1'), ('patch-relation-changed q2 actor 1')$$,
              'the events say who did it');
SELECT is((SELECT count(*) FROM public.patchwork_patchchangenotification), 2::bigint, 'submitters are told');
SELECT is_empty(format('SELECT patchmail.supersede(%s, %s)', :old, :new), 'twice is once');
UPDATE public.patchwork_patch SET state_id = (SELECT id FROM public.patchwork_state WHERE slug = 'new')
 WHERE msgid = '<p1@example.org>';
SELECT is((SELECT count(*) FROM patchmail.supersede(:old, :new)), 1::bigint,
           'what was opened again is superseded again');
SELECT is(store_all(reply('r', 'p1'), patch('p1', '1/2', 'c', content => 'x')), '{stored,duplicate}',
           'mail comes as ever');
SELECT is((SELECT count(*) FROM public.patchwork_patch p JOIN public.patchwork_state s ON s.id = p.state_id
            WHERE s.slug = 'superseded'), 2::bigint, 'and changes none of it');
SELECT store_mail(patch('x') || '{"list_ids": [{"field": "List-Id", "id": "other.example.org"}]}')
  FROM make_project('other', 'other.example.org');
SELECT throws_like(format(q, :old, (series_of('x')).id), said, q) FROM (VALUES
    ('SELECT patchmail.supersede(%s, %1$s)', 'series % is the same series'),
    ('SELECT patchmail.supersede(%s, 0)', 'there is no series 0'),
    ('SELECT patchmail.supersede(NULL, %s)', 'which series is meant is not given'),
    ('SELECT patchmail.supersede(%s, %s)', 'series % and % are of different projects'),
    ('SELECT patchmail.supersede(%s, %s, ''nobody'')', 'there is no user "nobody"')) t (q, said);
ROLLBACK TO empty;

-- Gaps ----------------------------------------------------------------------------------------------------------------

SELECT store_all(cover('c', 1), patch('p', '1/1', 'c'), reply('r', 'p'), reply('w', 'later'), reply('rc', 'c'),
                 patch('in', who => 'kim', more => '{"wrapped_message_id": "<wrapped@example.org>"}'), patch('spam',
                     who => 'eve'));
SELECT store_mail(facts_rejected('bad', '<q@example.org>'));
SELECT count(*) AS gone FROM patchmail.delete_spam(sender => 'eve@example.org') \gset
SELECT is(ARRAY(SELECT patchmail.gaps('demo', ARRAY['<z@example.org>', 'c@example.org', E' <p@example.org>\n',
           'r@example.org',
                'w@example.org', 'rc@example.org', 'in@example.org', 'wrapped@example.org', 'spam@example.org',
                'q@example.org', 'a@example.org', 'z@example.org', '', NULL, repeat('x', 300) || '@example.org'])),
          ARRAY['<z@example.org>', '<a@example.org>', '<' || repeat('x', 254)],
          'gaps are what nobody knows, each once, in order');
TRUNCATE patchmail.message, patchmail.reference, patchmail.dependency;
SELECT is_empty($$SELECT patchmail.gaps('demo', ARRAY['c@example.org', 'p@example.org', 'r@example.org',
           'rc@example.org'])$$,
                'what Patchwork stored itself is none');
SELECT is_empty($$SELECT patchmail.gaps('demo', NULL)$$, 'of nothing there are none');
SELECT make_project('other', 'other.example.org') AS other \gset
SELECT is((SELECT count(*) FROM patchmail.gaps('other', ARRAY['p@example.org'])), 1::bigint,
           'each project has its own');
SELECT throws_like('SELECT patchmail.gaps(''none'', ARRAY[''x''])', 'there is no project "none"',
    'and there has to be one');

ROLLBACK TO empty;

-- Hashes, which the program computes ----------------------------------------------------------------------------------

SELECT store_all(patch('a', more => jsonb_build_object('patch_id', repeat('1', 40))), patch('b', minute => 30),
                 cover('c', 1));
UPDATE public.patchwork_patch SET diff = NULL, hash = NULL WHERE msgid = '<b@example.org>';
SELECT is((SELECT array_agg((d.patch_id, d.hash, d.git_patch_id, d.known, left(d.diff, 5))::text)
             FROM patchmail.diffs_after('demo', 0, 1) d),
          ARRAY[format('(%s,%s,%s,t,"--- a")', (patch_of('a')).id, (patch_of('a')).hash, repeat('1', 40))],
              'patches with a diff have a hash');
SELECT is_empty($$SELECT patchmail.diffs_after(NULL, (patch_of('a')).id, 1000)$$, 'and there are no more');
CREATE FUNCTION digits(VARIADIC d text[]) RETURNS text[] LANGUAGE sql AS $$
    SELECT array_agg(repeat(x, 40) ORDER BY n) FROM unnest(d) WITH ORDINALITY t (x, n) $$;
SELECT is((SELECT (before->>'hash' = (patch_of('a')).hash, after->>'hash', actor)::text
             FROM patchmail.set_hashes(ids('a b'), digits('a', 'b'), digits('1', NULL), 'uma', true)),
          format('(t,%s,uma)', repeat('a', 40)), 'a dry run tells which hash would be written');
SELECT isnt((patch_of('a')).hash::text, repeat('a', 40), 'and writes none');
SELECT count(*) AS written FROM patchmail.set_hashes(ids('a b'), digits('a', 'b'), digits('1', '2')) \gset
SELECT is(concat((patch_of('a')).hash, (patch_of('b')).hash), repeat('a', 40), 'a patch with a diff gets its hash');
SELECT is((ledger('b')).git_patch_id, patch('b')->>'patch_id', 'and one without gets nothing');
SELECT is_empty($$SELECT patchmail.set_hashes(ids('a'), digits('a'), digits('1'))$$, 'the same again is no change');
SELECT is((SELECT (before, after)::text
             FROM (SELECT before - 'msgid' AS before, after - 'msgid' AS after
                     FROM patchmail.set_hashes(ids('a'), digits('a'), digits('2'))) x),
          (SELECT (jsonb_build_object('git_patch_id', repeat('1', 40)),
                   jsonb_build_object('git_patch_id', repeat('2', 40)))::text), 'another patch-id is one');
SELECT is((ledger('a')).git_patch_id, repeat('2', 40), 'and stands in the ledger');
SELECT count(*) FROM patchmail.set_hashes(ids('a'), digits('a'), '{NULL}') \gset
SELECT is((ledger('a')).git_patch_id, NULL, 'also none');
SELECT is_empty($$SELECT patchmail.set_hashes(ids('a'), digits('a'), digits('3'))$$,
    'one that was not known is nothing to be told');
SELECT is((ledger('a')).git_patch_id, repeat('3', 40), 'but it is written');
DELETE FROM patchmail.message WHERE patch_id = (patch_of('a')).id;
SELECT is((SELECT d.known FROM patchmail.diffs_after('demo', 0, 1) d), false,
    'a patch that the ledger does not know has no place for one');
SELECT is_empty($$SELECT patchmail.set_hashes(ids('a'), digits('a'), digits('4'))$$, 'so none is written');
SELECT throws_like(q, said, q) FROM (VALUES
    ('SELECT patchmail.set_hashes(ids(''a''), ''{x}'', digits(''a''))',
     'each patch has one hash and one patch-id, of 40 lower-case hexadecimal digits'),
    ('SELECT patchmail.set_hashes(ids(''a''), digits(''a''), ''{x}'')', 'each patch has one hash and one patch-id%'),
    ('SELECT patchmail.set_hashes(ids(''a''), digits(''a''), ''{}'')', 'each patch has one hash and one patch-id%'),
    ('SELECT patchmail.set_hashes(ids(''a''), digits(''a''), NULL)', 'each patch has one hash and one patch-id%'),
    ('SELECT patchmail.set_hashes(ids(''a''), NULL, NULL)', 'each patch has one hash and one patch-id%'),
    ('SELECT patchmail.set_hashes(NULL, NULL, NULL)', 'which patch is meant is not given'),
    ('SELECT patchmail.set_hashes(''{0}'', digits(''a''), digits(''a''))', 'there is no patch 0'),
    ('SELECT patchmail.diffs_after(''none'', 0, 1)', 'there is no project "none"')) t (q, said);

SELECT * FROM finish();
ROLLBACK;
