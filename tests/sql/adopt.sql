-- _patchmail.adopt(), adopt_submissions(), adopt_comments(): a database that Patchwork itself filled.
-- Its patches, series, cover letters and comments are known as soon as a mail refers to them, and keep their places.
\ir preamble.psql
\ir state.psql
-- A database that Django manages.
CREATE TABLE public.django_migrations (id integer);
SELECT plan(50);
SELECT make_project() AS project \gset
SELECT make_project('second', 'second.example.org') AS second \gset

-- What Patchwork's own ingestion leaves: rows without a ledger.
INSERT INTO public.patchwork_person (id, email, name) VALUES (1001, 'ada@example.org', 'ada'),
                                                              (1002, 'rob@example.org', 'rob');
CREATE FUNCTION old_series(series_id integer, project integer, total integer, cover text, VARIADIC patches text[])
RETURNS void LANGUAGE sql AS $$
    INSERT INTO public.patchwork_cover (msgid, date, headers, content, name, project_id, submitter_id)
    SELECT (msgids(cover))[1], '2026-02-01 12:00Z', '', 'Text', '[0/' || total || '] ' || cover, project, 1001
     WHERE cover IS NOT NULL;
    INSERT INTO public.patchwork_series (id, name, date, version, total, project_id, submitter_id, cover_letter_id)
    SELECT series_id, coalesce(cover, patches[1]), '2026-02-01 12:00Z', 1, total, project, 1001, (cover_of(cover)).id;
    INSERT INTO public.patchwork_patch (msgid, date, headers, content, name, project_id, submitter_id, archived, diff,
                                        number, series_id, state_id)
    SELECT (msgids(p))[1], '2026-02-01 12:00Z', '', 'Text', p, project, 1001, false, 'diff', n, series_id, 1
      FROM unnest(patches) WITH ORDINALITY x(p, n);
$$;
CREATE FUNCTION old_comment(id text, parent text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO public.patchwork_patchcomment (msgid, date, headers, content, patch_id, submitter_id)
    SELECT (msgids(id))[1], '2026-02-01 13:00Z', '', 'Acked-by: Rob', (patch_of(parent)).id, 1002
     WHERE (patch_of(parent)).id IS NOT NULL;
    INSERT INTO public.patchwork_covercomment (msgid, date, headers, content, cover_id, submitter_id)
    SELECT (msgids(id))[1], '2026-02-01 13:00Z', '', 'Fine', (cover_of(parent)).id, 1002
     WHERE (cover_of(parent)).id IS NOT NULL;
$$;
SELECT old_series(2001, :project, 1, NULL, 'single'), old_series(2002, :project, 3, 'c', 'p1', 'p2'),
       old_series(2003, :project, 2, NULL, 'q1'), old_series(2004, :second, 1, NULL, 'other');
INSERT INTO public.patchwork_patch (msgid, date, headers, name, project_id, submitter_id, archived, state_id)
VALUES ('<loose@example.org>', '2026-02-01 12:00Z', '', 'loose', :project, 1001, false, 1);
INSERT INTO public.patchwork_cover (msgid, date, headers, name, project_id, submitter_id)
VALUES ('<alone@example.org>', '2026-02-01 12:00Z', '', '[0/9] alone', :project, 1001);
SELECT old_comment('r1', 'p1'), old_comment('rc', 'c'), old_comment('ro', 'other');
-- Is this mail known, of which Patchwork may have stored itself what it likes?
CREATE FUNCTION known(facts jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM _patchmail.adopt(p.id, msgids(word(facts->>'message_id')) || _patchmail.message_references(p.id, facts))
       FROM public.patchwork_project p WHERE p.linkname = 'demo';
    RETURN EXISTS (SELECT FROM patchmail.message m WHERE m.msgid = facts->>'message_id');
END
$$;
SAVEPOINT old;

-- The ledger rows that adopt makes
SELECT ok(_patchmail.adopt(:project, msgids('p1')), 'there is something to adopt');
SELECT is((SELECT array_agg(word(msgid) ORDER BY number) FROM patchmail.message), '{c,p1,p2}',
          'a series is adopted as a whole, with its cover letter');
SELECT row_eq($$SELECT kind, version, number, total, name, title, refs, date, submitter_id, adopted, series_id,
                       cover_id,
                       patch_id, anchor_id, waiting, author_name FROM (SELECT (ledger('p2')).*) m$$,
              ROW('patch'::text, 1, 2, 3, 'p2'::text, 'p2'::text, '{}'::text[], '2026-02-01 12:00Z'::timestamptz,
                  1001, true, 2002, NULL::integer, (patch_of('p2')).id, NULL::bigint, NULL::jsonb, NULL::text),
              'a patch: what Patchwork knows of it');
SELECT row_eq($$SELECT kind, number, total, series_id, cover_id, patch_id, adopted FROM (SELECT (ledger('c')).*) m$$,
              ROW('cover'::text, 0, 3, 2002, (cover_of('c')).id, NULL::integer, true), 'a cover letter');
SELECT is((SELECT count(DISTINCT thread) FROM patchmail.message), 1::bigint, 'they are one thread');
SELECT is(_patchmail.adopt(:project, msgids('p1 c')), false, 'what is known is not adopted again');
SELECT is(_patchmail.adopt(:project, msgids('nobody other ro')), false,
          'mail that is not here, or another project''s, is not adopted');
SELECT is(_patchmail.adopt(:project, '{}'), false, 'nothing asked, nothing found');
SELECT is((SELECT count(*) FROM patchmail.message), 3::bigint, 'the ledger is as it was');
SELECT _patchmail.adopt(:project, msgids('single q1 loose alone'));
SELECT row_eq($$SELECT number, total, series_id FROM (SELECT (ledger('single')).*) m$$,
              ROW(NULL::integer, NULL::integer, 2001), 'a single patch counts as one without a marker');
SELECT row_eq($$SELECT number, total, series_id FROM (SELECT (ledger('q1')).*) m$$, ROW(1, 2, 2003),
              'one of two has its marker');
SELECT row_eq($$SELECT version, number, series_id FROM (SELECT (ledger('loose')).*) m$$,
              ROW(1, NULL::integer, NULL::integer), 'a patch without a series');
SELECT row_eq($$SELECT version, number, series_id FROM (SELECT (ledger('alone')).*) m$$,
              ROW(1, NULL::integer, NULL::integer), 'a cover letter without a series');
SELECT is((SELECT count(DISTINCT thread) FROM patchmail.message), 5::bigint, 'each of them is a thread of its own');
ROLLBACK TO old;

-- Comments
SELECT ok(_patchmail.adopt(:project, msgids('r1 rc')), 'comments are adopted');
SELECT row_eq($$SELECT kind, refs, parent_id, patchcomment_id IS NOT NULL, covercomment_id, thread, adopted, waiting
                  FROM (SELECT (ledger('r1')).*) m$$,
              ROW('comment'::text, '{}'::text[], (ledger('p1')).id, true, NULL::integer, (ledger('p1')).thread, true,
                  NULL::jsonb), 'an adopted comment has its patch as parent, and that one''s thread');
SELECT row_eq($$SELECT kind, parent_id, patchcomment_id, covercomment_id IS NOT NULL FROM (SELECT (ledger('rc')).*) m$$,
              ROW('comment'::text, (ledger('c')).id, NULL::integer, true),
                  'an adopted comment on a cover letter has that as parent');
SELECT is((ledger('p1')).kind, 'patch', 'what they are comments on is adopted with them');
ROLLBACK TO old;

-- What is known then
SELECT is(known(mail), known,
          format('%s: %s', mail->>'message_id', CASE WHEN known THEN 'known' ELSE 'not known' END))
  FROM (VALUES (patch('p1'), true), (patch('p2', '2/3', 'p1 c'), true), (cover('c', 3), true),
        (reply('r1', 'p1'), true),
               (reply('rc', 'c'), true), (patch('loose'), true), (patch('other'), false), (reply('ro', 'other'), false),
               (patch('new', '3/3', 'p1'), false), (reply('new', 'r1'), false)) m (mail, known);
ROLLBACK TO old;
SELECT is(known(mail), true, format('%s as a %s: Patchwork took it for another kind, and it is known',
                                    mail->>'message_id', mail->>'kind'))
  FROM (VALUES (reply('p1', 'x')), (patch('r1')), (patch('c', '0/3')), (patch('rc'))) m (mail);
ROLLBACK TO old;
SELECT store_all(reply('new', 'x r1 y single'));
SELECT is((ledger('new')).thread, (SELECT min(m.thread) FROM patchmail.message m
                                    WHERE word(m.msgid) IN ('r1', 'single')),
          'a mail is of the thread of what it refers to');
SELECT is((SELECT count(DISTINCT m.thread) FROM patchmail.message m WHERE word(m.msgid) IN ('new', 'r1', 'single')),
          1::bigint, 'a mail that refers to several threads makes one of them');
ROLLBACK TO old;

-- Mail that comes after the change
SELECT is(store_all(patch('p1', '1/3', 'c'), cover('c', 3), reply('r1', 'p1'), reply('rc', 'c'), patch('single'),
          patch('loose')),
          array_fill('duplicate'::text, ARRAY[6]), 'what Patchwork stored is a duplicate');
SELECT is(all_series(), 'outside:alone outside:loose v1[- 1:other] v1[- 1:q1] v1[- 1:single] v1[c 1:p1 2:p2]',
          'a duplicate of what Patchwork stored changes nothing');
SELECT is(store_all(reply('s1', 'p1'), reply('s2', 'r1 p1'), reply('s3', 'rc c'), reply('s4', 's2 r1'),
          reply('s5', 'alone'),
                    reply('s6', 'loose')), array_fill('stored'::text, ARRAY[6]), 'replies to what Patchwork stored');
SELECT is(all_comments(), 'r1>p1 rc>c ro>other s1>p1 s2>p1 s3>c s4>p1 s5>alone s6>loose', 'find their parents');
SELECT is((SELECT count FROM public.patchwork_patchtag), NULL, 'tags of old comments are not counted again');
SELECT is(store_all(patch('p3', '3/3', 'c'), patch('q2', '2/2', 'q1')), '{stored,stored}', 'further patches');
SELECT is(all_series(), 'outside:alone outside:loose v1[- 1:other] v1[- 1:q1 2:q2] v1[- 1:single] v1[c 1:p1 2:p2 3:p3]',
          'join their series');
SELECT is((series_of('p3')).id, 2002, 'a series that Patchwork began keeps its row');
SELECT is((SELECT array_agg(e ORDER BY e) FROM all_events() e WHERE e LIKE 'series-%' AND e ~ 'p3|q2'),
          '{"series-completed [- 1:q1 2:q2]","series-completed [c 1:p1 2:p2 3:p3]"}',
          'a series that Patchwork began is complete now, once');
SELECT is((series_of('p3')).name, 'c', 'its name stays');
ROLLBACK TO old;
SELECT store_all(patch('p3', '3/3', 'p2'));
SELECT is((series_of('p3')).id, 2002, 'a patch that answers the one before');
SELECT store_all(patch('p1b', '1/3', 'c', minute => 600));
SELECT is(all_series(),
          'outside:alone outside:loose v1[- 1:other] v1[- 1:p1b] v1[- 1:q1] v1[- 1:single] v1[c 1:p1 2:p2 3:p3]',
          'a number that is taken begins another series');
SELECT store_all(cover('C', 2, 'c', 2, 2000), patch('P1', '1/2', 'C c', 2, 2000), patch('P2', '2/2', 'C c', 2, 2000));
SELECT is(members((series_of('P1')).id), '[C 1:P1 2:P2]', 'version 2 is its own series');
SELECT is(members(2002), '[c 1:p1 2:p2 3:p3]', 'version 1 is left alone by version 2');
ROLLBACK TO old;
SELECT store_all(patch('P1', '1/3', 'c', 2, 2000), patch('P2', '2/3', 'P1 c', 2, 2000));
SELECT is(members((series_of('P1')).id), '[- 1:P1 2:P2]', 'version 2 without a cover letter is a series of its own');
ROLLBACK TO old;
SELECT store_all(reply('w', 'p3'), patch('p3', '3/3', 'p1'), reply('x', 'w'));
SELECT is(all_comments(), 'r1>p1 rc>c ro>other w>p3 x>p3', 'a reply that came too early finds its patch');

SELECT * FROM finish();
ROLLBACK;
