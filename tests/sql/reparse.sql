-- patchmail.reparse(): what a mail was taken for by an older parser becomes what it is by this one's facts, as if it
-- had come so; what people changed stays.
\ir preamble.psql
\ir state.psql
\ir random_threads.psql
SELECT no_plan();
SELECT min(m) AS project FROM make_projects() m \gset

-- Reads a mail again: its own bytes; or a copy from elsewhere.  Gives each value that differs.
CREATE FUNCTION again(mail jsonb, more jsonb DEFAULT jsonb_build_object('arrived', now()),
                      dry_run boolean DEFAULT false)
RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(concat_ws(' ', CASE WHEN r.id IS NULL THEN 'unwritten' END, r.object, k.key, ':',
                                         coalesce(r.before->>k.key, 'none'), '>', coalesce(r.after->>k.key, 'none')),
                               ', ' ORDER BY r.project_id, k.key), '')
      FROM patchmail.reparse(mail, more, dry_run) r, LATERAL jsonb_object_keys(r.after) k (key);
$$;
CREATE FUNCTION copy(mail jsonb) RETURNS text LANGUAGE sql AS $$ SELECT again(mail, '{}') $$;
CREATE FUNCTION keys(mail jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(DISTINCT k.key, ' ' ORDER BY k.key), '')
      FROM patchmail.reparse(mail, jsonb_build_object('arrived', now())) r, LATERAL jsonb_object_keys(r.after) k (key);
$$;

-- What differs between the mails as they are and those that were read wrongly: nothing, once these are read again.
-- "skipped" if one of them is not stored, or is left alone.
CREATE FUNCTION outcomes_after(mails jsonb[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    outcomes text[];
BEGIN
    outcomes := store_all(VARIADIC mails);
    RAISE EXCEPTION USING ERRCODE = 'PT000';
EXCEPTION WHEN SQLSTATE 'PT000' THEN
    RETURN outcomes;
END
$$;
CREATE FUNCTION lines_of(state text) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT regexp_split_to_table(replace(replace(replace(state, 'ADA', 'ada'), 'BOB', 'bob'), 'ROB', 'rob'), E'\n');
    -- an address is kept as it was first seen
$$;
CREATE FUNCTION wrong_after(good jsonb[], wrong jsonb[], random boolean DEFAULT false)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    expected CONSTANT text := (state_after(good)).state;
    was      text;
    got      text;
    said     text;
BEGIN
    IF random AND NOT outcomes_after(good) <@ '{stored,waiting}' OR NOT store_all(VARIADIC wrong) <@ '{stored,waiting}'
    THEN
        RAISE EXCEPTION 'skipped' USING ERRCODE = 'PT000';
    END IF;
    IF random THEN
        was := state();
        PERFORM again(g, dry_run => true) FROM unnest(good) g;
        IF was <> state() THEN
            RAISE EXCEPTION 'a dry run changes it to %', state() USING ERRCODE = 'PT000';
        END IF;
    END IF;
    said := (SELECT string_agg(again(g), '; ') FROM unnest(good) g);
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    got := state();
    RAISE EXCEPTION '%', CASE WHEN said LIKE '%unwritten%' THEN 'skipped'
        ELSE concat_ws(E'\n', (SELECT 'broken: ' || string_agg(b, '; ') FROM broken() b),
                       (SELECT 'again: ' || nullif(string_agg(again(g), ''), '') FROM unnest(good) g),
                       (SELECT string_agg('missing: ' || l, E'\n')
                          FROM (SELECT lines_of(expected) EXCEPT ALL SELECT lines_of(got)) x (l)),
                       (SELECT string_agg('too much: ' || l, E'\n')
                          FROM (SELECT lines_of(got) EXCEPT ALL SELECT lines_of(expected)) x (l)))
        END USING ERRCODE = 'PT000';
EXCEPTION WHEN SQLSTATE 'PT000' THEN
    RETURN SQLERRM;
END
$$;
CREATE FUNCTION becomes_right(why text, good jsonb[], wrong jsonb[]) RETURNS text LANGUAGE sql AS $$
    SELECT is(wrong_after(good, wrong), '', why);
$$;

-- One value after the other ------------------------------------------------------------------------------------------

CREATE FUNCTION series() RETURNS jsonb[] LANGUAGE sql AS $$
    SELECT ARRAY[cover('c', 3), patch('p1', '1/3', 'c'), patch('p2', '2/3', 'c'), patch('p3', '3/3', 'c'),
                 reply('r1', 'p1 c'), reply('r2', 'r1 p1 c'), patch('u', NULL, 'c', minute => 5),
                 reply('w', 'nowhere')];
$$;
-- The series with mail number n as it was read wrongly.
CREATE FUNCTION but(n integer, mail jsonb) RETURNS jsonb[] LANGUAGE sql AS $$
    SELECT array_agg(CASE WHEN s.n = $1 THEN mail ELSE s.mail END ORDER BY s.n)
      FROM unnest(series()) WITH ORDINALITY s (mail, n);
$$;
SELECT becomes_right('nothing was wrong', series(), series());
SELECT becomes_right('a text', series(), but(n, (series())[n] || '{"content": "Acked-by: x"}'))
  FROM generate_series(1, 8) n;
SELECT becomes_right('a header', series(), but(n, (series())[n] || '{"headers": "X: y"}')) FROM generate_series(1, 8) n;
SELECT becomes_right('a diff', series(), but(2, (series())[2] || '{"diff": "x", "hash": "0123456789"}'));
SELECT becomes_right('a pull request', series(), but(2, (series())[2] || '{"pull_url": "https://example.org/x"}'));
SELECT becomes_right('a date', series(), but(n, (series())[n] || '{"date": "2026-02-03T12:00:00Z"}'))
  FROM generate_series(1, 8) n;
SELECT becomes_right('an author', series(),
                     but(n, (series())[n] || '{"author": {"name": "x", "email": "x@example.org"}}'))
  FROM generate_series(1, 8) n;
SELECT becomes_right('an author''s name', series(), but(n, jsonb_set((series())[n], '{author,name}', '"x"')))
  FROM generate_series(1, 8) n;
SELECT becomes_right('no name', series(), but(n, jsonb_set((series())[n], '{author,name}', 'null')))
  FROM generate_series(1, 8) n;
SELECT becomes_right('a title', series(), but(n, titled((series())[n], 'x'))) FROM generate_series(1, 8) n;
SELECT becomes_right('a version', series(), but(n, jsonb_set((series())[n], '{subject,version}', '2')))
  FROM generate_series(1, 8) n;
SELECT becomes_right('a total', series(), but(n, jsonb_set((series())[n], '{subject,total}', '5')))
  FROM generate_series(1, 4) n;
SELECT becomes_right('a number', series(), but(n, jsonb_set((series())[n], '{subject,number}', '1')))
  FROM generate_series(2, 4) n;
SELECT becomes_right('number 0', series(), but(2, jsonb_set((series())[2], '{subject,number}', '0')));
SELECT becomes_right('a missing marker', series(),
                     but(n, (series())[n] || jsonb_build_object('subject', (series())[7]->'subject')))
  FROM generate_series(2, 4) n;
SELECT becomes_right('a marker', series(),
                     but(7, (series())[7] || jsonb_build_object('subject', (series())[2]->'subject')));
SELECT becomes_right('no references', series(), but(n, (series())[n] || '{"references": []}'))
  FROM generate_series(1, 4) n;
SELECT becomes_right('references', series(),
                     but(n, (series())[n] || jsonb_build_object('references', to_jsonb(msgids('y p3 x')))))
  FROM generate_series(1, 8) n;
SELECT becomes_right('a comment that was a patch', series(),
                     but(n, patch((series())[n]->>'message_id') || ((series())[n] - '{kind,subject}'::text[])
                            || '{"kind": "patch", "hash": "012"}')) FROM unnest('{5,6,8}'::integer[]) n;
SELECT becomes_right('a patch that was a comment', series(), but(n, (series())[n] || '{"kind": "comment"}'))
  FROM unnest('{1,2,3,4,7}'::integer[]) n;
SELECT becomes_right('a patch that was a cover letter', series(),
                     but(2, jsonb_set((series())[2] || '{"kind": "cover"}', '{subject,number}', '0')));
SELECT becomes_right('Depends-on', series(),
                     but(n, (series())[n] || jsonb_build_object('depends_on',
                         jsonb_build_array(jsonb_build_object('message_id', '<u@example.org>')))))
  FROM generate_series(1, 4) n;
SELECT becomes_right('no Depends-on',
                     but(n, (series())[n] || jsonb_build_object('depends_on',
                         jsonb_build_array(jsonb_build_object('message_id', '<u@example.org>')))), series())
  FROM generate_series(1, 4) n;
SELECT becomes_right(line::text, but(n, (series())[n] || jsonb_build_object('depends_on', jsonb_build_array(line))),
                     series())
  FROM unnest('{1,2,7}'::integer[]) n, unnest(ARRAY[jsonb_build_object('git_patch_id', (series())[2]->>'patch_id'),
                                                    '{"change_id": "I1", "version": 2}']) line;
SELECT becomes_right('Supersedes', but(n, (series())[n] || '{"supersedes": ["<u@example.org>"]}'), series())
  FROM unnest('{1,2,7}'::integer[]) n;
SELECT becomes_right('a base', series(), but(n, (series())[n] || '{"base_commit": "0123456"}'))
  FROM unnest('{1,2}'::integer[]) n;
SELECT becomes_right('version 1.1', series(), but(n, jsonb_set((series())[n], '{subject,minor}', '1')))
  FROM generate_series(1, 4) n;
SELECT becomes_right('a verdict', series(), but(n, with_verdict((series())[n], v, 'so', jsonb_build_array(result(1)))))
  FROM generate_series(1, 8) n, unnest('{fail,pass}'::text[]) v;
SELECT becomes_right('a patch-id', series(), but(n, (series())[n] || jsonb_build_object('patch_id', i)))
  FROM unnest('{2,7}'::integer[]) n, unnest(ARRAY[repeat('1', 40), NULL]) i;
SELECT becomes_right('a change-id', series(), but(2, (series())[2] || '{"change_id": "I1"}'));
SELECT becomes_right('that a comment asks for action',
                     but(5, (series())[5] || '{"hints": {"action_required": true}}'), series());
SELECT becomes_right('all of it', series(), ARRAY(
    SELECT CASE WHEN m->>'kind' = 'comment' THEN m ELSE reply(word(m->>'message_id'), 'x') END
      FROM unnest(series()) m));
-- Threads as nobody would think of them
CREATE FUNCTION read_twice(seed bigint, OUT good jsonb[], OUT wrong jsonb[]) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    m     manner;
    other jsonb[];
BEGIN
    PERFORM setseed((seed % 1000003) / 1000003.0);
    m := random_manner();
    m.lists := CASE m.lists WHEN 'shared' THEN 'two' ELSE m.lists END;  -- mail does not change its project
    good := ARRAY(SELECT random_mail(n, m) FROM generate_series(1, m.size) n);
    other := ARRAY(SELECT jsonb_set(random_mail(n, m), '{list_ids}', good[n]->'list_ids')
                     FROM generate_series(1, m.size) n);
    wrong := ARRAY(SELECT CASE WHEN random() < 0.35 THEN other[n] ELSE good[n] END FROM generate_series(1, m.size) n);
END
$$;
SELECT is(t.wrong, '', format('thread %s', t.seed))
  FROM (SELECT s AS seed, nullif(wrong_after(r.good, r.wrong, true), 'skipped') AS wrong
          FROM generate_series(1, 12) s, LATERAL (SELECT x.* FROM read_twice(s) x) r) t
 WHERE t.wrong IS NOT NULL;

-- What is said -------------------------------------------------------------------------------------------------------

SELECT store_all(VARIADIC ARRAY[patch('s1', content => E'one\ntwo\nthree'), reply('s2', 's1'), patch('s3', '1/2'),
                                patch('s4')]) AS done \gset
SELECT is(again(patch('s1', content => E'one\n2\nthree')), 'patch content : line 2: two > line 2: 2',
          'of a text the line with which it begins to differ');
SELECT is(again(patch('s1', content => E'one\n2')), 'patch content : line 3: three > line 3: ', 'or where it ends');
SELECT is((SELECT content FROM patch_of('s1')), E'one\n2', 'all of it is changed');
SELECT is((SELECT concat_ws(' ', a.function, a.role, a.project_id = (ledger('s1')).project_id,
                            a.object_id = (patch_of('s1')).id, a.before->>'msgid')
             FROM patchmail.audit a ORDER BY a.id DESC LIMIT 1),
          format('reparse %s t t <s1@example.org>', session_user),
          'patchmail.audit has it, with the mail''s Message-ID');
SELECT is(again(patch('s1', content => E'one\n2')), '', 'the same again is no difference');
SELECT is(again(patch('none')), 'unwritten mail left alone : none > it is not stored', 'a mail that is not stored');
SELECT is((SELECT count(*) FROM patchmail.message WHERE msgid = '<none@example.org>'), 0::bigint, 'is not stored now');
SELECT is(again(facts_rejected('too deep', '<s1@example.org>')),
          'unwritten patch left alone : none > today it would not be stored: too deep', 'one that would be rejected');
SELECT is(again(patch('s1') || '{"kind": "empty"}'),
          'unwritten patch left alone : none > today it would not be stored: it has neither text nor diff',
          'an empty one');
SELECT is(again(jsonb_set(patch('s1'), '{subject,number}', '70000') || '{"hash": "x"}') LIKE
          'unwritten patch left alone : none > the database cannot hold it: %', true, 'one that no table can hold');
SELECT is(again(reply('s4', '')), 'unwritten patch left alone : none > it would become a comment, but today it would '
          'be ignored: it is neither patch nor cover letter, and answers nothing', 'one that would be ignored');
SELECT is((SELECT count(*) FROM patchmail.audit WHERE after ? 'left alone'), 0::bigint, 'none of that is written down');
SELECT is((SELECT array_agg(kind ORDER BY msgid COLLATE "C") FROM patchmail.message),
          '{patch,comment,patch,patch}', 'and all of them are what they were');
SELECT throws_ok($$SELECT patchmail.reparse('{"facts": 2}', '{}')$$, '0A000', 'facts of version 2 are not known here',
                 'facts that are not known');
SELECT throws_ok($$SELECT patchmail.reparse(NULL, '{}')$$, '0A000', NULL, 'no facts');
SELECT throws_ok($$SELECT patchmail.reparse(patch('s1'), '{"project": "third"}')$$, 'P0002',
                 'there is no project "third"', 'a project that there is not');
SELECT lives_ok($$SELECT patchmail.reparse(patch('s1'), NULL)$$, 'no source');

-- Which mail ---------------------------------------------------------------------------------------------------------

CREATE FUNCTION on_both(id text, content text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT patch(id, content => content, more => '{"list_ids": [{"field": "List-Id", "id": "demo.example.org"},
                                                               {"field": "List-Id", "id": "second.example.org"}]}');
$$;
SELECT store_mail(on_both('b', 'wrong')) AS done \gset
SELECT is(again(on_both('b', 'right'), jsonb_build_object('arrived', now(), 'project', 'second')),
          'patch content : line 1: wrong > line 1: right', 'in one project');
SELECT set_eq($$SELECT j.linkname::text, p.content FROM public.patchwork_patch p
                  JOIN public.patchwork_project j ON j.id = p.project_id WHERE p.msgid = '<b@example.org>'$$,
              $$VALUES ('demo', 'wrong'), ('second', 'right')$$, 'in that alone');
SELECT is(again(on_both('b', 'right'), jsonb_build_object('arrived', now(), 'since', now() + interval '1 second')), '',
          'mail that came before is left out');
SELECT is(again(on_both('b', 'right'), jsonb_build_object('arrived', now(), 'since', now())),
          'patch content : line 1: wrong > line 1: right', 'mail that came then is not');
SELECT is(again(patch('bb', content => 'right') || '{"message_id": "<b2@example.org>"}',
                jsonb_build_object('arrived', now(), 'msgid', '<none@example.org>')),
          'unwritten mail left alone : none > it is not stored',
          'the Message-ID under which the bytes were kept counts');
SELECT store_mail(patch('m1')) AS done \gset
INSERT INTO patchmail.raw (sha256, msgid, size, source, raw) VALUES ('\x01', '<m1@example.org>', 1, '{}', 'x');
SELECT is(keys(patch('m1') || '{"message_id": "<m2@example.org>"}'), 'left alone',
          'without it the mail is another one');
SELECT is(again(patch('m1') || '{"message_id": "<m2@example.org>"}',
                jsonb_build_object('arrived', now(), 'msgid', '<m1@example.org>')),
          'patch message_id : <m1@example.org> > <m2@example.org>', 'a Message-ID that is read differently');
SELECT is((SELECT msgid FROM patchmail.raw WHERE sha256 = '\x01'), '<m2@example.org>', 'its bytes go with it');
SELECT is((SELECT string_agg(p.msgid, ' ') FROM public.patchwork_patch p WHERE p.msgid ~ '^<m[12]@'),
          '<m2@example.org>', 'and the patch is there once');

-- Copies -------------------------------------------------------------------------------------------------------------

SELECT store_all(VARIADIC ARRAY[with_verdict(patch('k1'), 'pass'), patch('k2'), patch('k3')]) AS done \gset
SELECT is(copy(with_verdict(patch('k1', content => 'other'), 'none') || '{"headers": "X: y"}'),
          'patch content : line 1: It was wrong. > line 1: other', 'a copy says nothing of header and verdict');
SELECT is((SELECT verdict::text FROM ledger('k1')), 'pass', 'which stay');
SELECT is(copy(patch('k1', who => 'eve', content => 'evil')),
          'unwritten patch left alone : none > another mail with its Message-ID is stored', 'a copy of another author');
SELECT is(copy(patch('k1', minute => 1, content => 'evil')),
          'unwritten patch left alone : none > another mail with its Message-ID is stored',
          'or of another date, is none');
SELECT is(copy(patch('k1', minute => 1, content => 'other')),
          'patch date : 2026-02-01T12:00:00+00:00 > 2026-02-01T12:01:00+00:00', 'but one with the same text is one');
INSERT INTO patchmail.raw (sha256, msgid, size, source, raw) VALUES ('\x02', '<k2@example.org>', 1, '{}', 'x');
SELECT is(copy(patch('k2', content => 'other')), '', 'if the bytes of a mail are kept, no copy counts');
SELECT is(again(patch('k2', content => 'other')), 'patch content : line 1: It was wrong. > line 1: other', 'but these');

-- What people did ----------------------------------------------------------------------------------------------------

INSERT INTO public.auth_user (id, username, password, first_name, last_name, email, is_superuser, is_staff, is_active,
                              date_joined)
VALUES (7, 'ada', '', '', '', 'ada@example.org', false, false, true, now());
SELECT store_all(VARIADIC ARRAY[patch('q1'), patch('q2'), reply('q3', 'q1'), cover('q4', 2), patch('q5', '1/2', 'q4'),
                                reply('q6', 'q5')]) AS done \gset
UPDATE public.patchwork_patch SET state_id = 3, delegate_id = 7, archived = true, commit_ref = 'abc'
 WHERE msgid = '<q1@example.org>';
SELECT again(patch('q1', '2/3', 'x', 2, 7, content => 'new', more => '{"hints": {"state": "accepted"}}')) AS done \gset
SELECT row_eq($$SELECT p.state_id, p.delegate_id, p.archived, p.commit_ref, p.content, p.number::integer, s.version
                  FROM public.patchwork_patch p JOIN public.patchwork_series s ON s.id = p.series_id
                 WHERE p.msgid = '<q1@example.org>'$$, ROW(3, 7, true, 'abc'::varchar, 'new'::text, 2, 2),
              'state, delegate and the like stay, whatever else is read');
SELECT is(again(reply('q1', 'q2')),
          'unwritten patch left alone : none > it would become a comment, but it is archived or applied',
          'what would be lost with its row keeps a mail what it is');
CREATE FUNCTION refused(done text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said text;
BEGIN
    EXECUTE done;
    said := substring(again(reply('q2', 'q1')) FROM 'but (.*)');
    RAISE EXCEPTION USING ERRCODE = 'PT000', MESSAGE = coalesce(said, 'it is done');
EXCEPTION WHEN SQLSTATE 'PT000' THEN
    RETURN SQLERRM;
END
$$;
SELECT is(refused(x.done), x.said, 'so does this: ' || x.said) FROM (VALUES
    ('SELECT 1', 'it is done'),
    ($$INSERT INTO public.patchwork_check (date, state, target_url, description, context, patch_id, user_id)
       SELECT now(), 1, '', '', 'ci', p.id, 7 FROM patch_of('q2') p$$, 'it has checks'),
    ($$WITH b AS (INSERT INTO public.patchwork_bundle (name, public, owner_id, project_id)
                  SELECT 'b', false, 7, p.project_id FROM patch_of('q2') p RETURNING id)
       INSERT INTO public.patchwork_bundlepatch (bundle_id, patch_id, "order")
       SELECT b.id, p.id, 1 FROM b, patch_of('q2') p$$, 'it is in a bundle'),
    ($$INSERT INTO public.patchwork_event (category, date, project_id, patch_id, actor_id)
       SELECT 'patch-state-changed', now(), p.project_id, p.id, 7 FROM patch_of('q2') p$$, 'somebody has worked on it'),
    ($$UPDATE public.patchwork_patchcomment k SET patch_id = p.id FROM patch_of('q2') p
        WHERE k.msgid = '<q3@example.org>'$$, 'somebody has put a comment there'),
    ($$UPDATE patchmail.message m SET adopted = true WHERE m.msgid = '<q2@example.org>'$$,
     'Patchwork stored it, or what is on it is not ours to take')) x (done, said);
-- A patch that an admin put into another series, or took out of its own
UPDATE public.patchwork_patch SET series_id = (series_of('q2')).id, number = 9 WHERE msgid = '<q5@example.org>';
SELECT again(patch('q5', '2/2', 'q4', content => 'new')) AS done \gset
SELECT row_eq($$SELECT p.series_id, p.number::integer, p.content FROM public.patchwork_patch p
                 WHERE p.msgid = '<q5@example.org>'$$, ROW((series_of('q2')).id, 9, 'new'::text),
              'a patch that was moved stays there, and keeps its number there');
-- A comment that was moved, or deleted
UPDATE public.patchwork_patchcomment k SET patch_id = p.id FROM patch_of('q2') p WHERE k.msgid = '<q6@example.org>';
SELECT again(reply('q6', 'q1', content => 'new')) AS done \gset
SELECT row_eq($$SELECT p.msgid, k.content FROM public.patchwork_patchcomment k
                  JOIN public.patchwork_patch p ON p.id = k.patch_id WHERE k.msgid = '<q6@example.org>'$$,
              ROW('<q2@example.org>'::varchar, 'new'::text), 'a comment that was moved stays there');
DELETE FROM public.patchwork_event WHERE patch_comment_id IN (SELECT id FROM public.patchwork_patchcomment
                                                              WHERE msgid = '<q3@example.org>');
DELETE FROM public.patchwork_patchcomment WHERE msgid = '<q3@example.org>';
SELECT is(again(reply('q3', 'q2', content => 'new')), '', 'what was deleted does not come back');
UPDATE public.patchwork_patchcomment SET addressed = true WHERE msgid = '<q6@example.org>';
SELECT is(keys(reply('q6', 'q1', content => 'new', more => '{"hints": {"action_required": true}}')), '',
          'nor is action asked for again that was taken');
-- Who was let out of quarantine
SELECT patchmail.set_policy('demo', store => 'pass') IS NOT NULL AS done \gset
SELECT store_mail(patch('rel', content => 'wrong')) AS done \gset
SELECT patchmail.release(max(id)) FROM patchmail.quarantine \gset
SELECT s.outcome FROM patchmail.quarantine q, patchmail.store(
           patch('rel', content => 'wrong'), patchmail.quarantine_raw(q.id),
           jsonb_build_object('transport', 'retry', 'quarantine_id', q.id)) s WHERE q.msgid = '<rel@example.org>' \gset
SELECT is(keys(patch('rel', content => 'wrong')), '', 'that an admin released a mail is no difference');
SELECT ok(again(reply('rel', 'q1', who => 'ada')) LIKE '%kind : patch > comment%',
          'is so when it is of another kind too');
SELECT matches((SELECT m.verdict_reason FROM ledger('rel') m), 'released by ' || session_user, 'and stays released');
SELECT patchmail.set_policy('demo', store => 'ambiguous') IS NOT NULL AS done \gset

-- Who was forgotten, made one with another one, or given his place
SELECT store_all(VARIADIC ARRAY[patch('f1', who => 'zoe'), patch('f2', who => 'yan'), patch('f3', '1/2', who => 'uwe')])
    AS done \gset
SELECT patchmail.forget('zoe@example.org') IS NOT NULL AS done \gset
SELECT is(again(patch('f1', who => 'zoe')), 'unwritten patch left alone : none > somebody was forgotten in it',
          'whoever was forgotten stays so');
INSERT INTO patchmail.person_alias (email, person_id)
SELECT 'OLD@EXAMPLE.ORG', (ledger('f2')).submitter_id;
SELECT is(keys(patch('f2', who => 'old')), 'author_name headers', 'an address that leads to him is its author''s');
UPDATE patchmail.message SET pinned = true WHERE msgid = '<f3@example.org>';
SELECT is(keys(patch('f3', '2/3', 'x', 2, who => 'uwe')), 'headers name', 'what an admin gave its place keeps it');
SELECT is(again(reply('f3', 'f2', 0, 'uwe')),
          'unwritten patch left alone : none > it would become a comment, but an admin gave it its place',
          'and its kind');
-- A comment on a cover letter counts for its patches, if the project wants that.
SELECT patchmail.set_policy('demo', cover_trailers => true) IS NOT NULL AS done \gset
SELECT store_all(VARIADIC ARRAY[cover('t0', 1), patch('t1', '1/1', 't0'),
                                reply('t2', 't0', content => 'wrong')]) AS done \gset
SELECT again(reply('t2', 't0', content => 'Acked-by: rob')) AS done \gset
SELECT is((SELECT sum(t.count) FROM public.patchwork_patchtag t WHERE t.patch_id = (patch_of('t1')).id), 1::bigint,
          'tags that are read now count for all of a series');

-- Mail that Patchwork stored -----------------------------------------------------------------------------------------

CREATE TABLE public.django_migrations (id integer);
INSERT INTO public.patchwork_person (id, email, name) VALUES (9000, 'pat@example.org', 'Pat');
INSERT INTO public.patchwork_patch (id, msgid, date, headers, content, name, project_id, submitter_id, archived, diff,
                                    hash, state_id)
SELECT 9000, '<a1@example.org>', '2026-02-01 12:00Z', 'From: Pat', 'wrong', 'a1', :project, 9000, false, 'd', 'h', 1;
SELECT is(copy(patch('a1', '1/2', 'x', 3, who => 'pat', content => 'right', more => '{"diff": "d", "hash": "h"}')),
          format('patch content : line 1: wrong > line 1: right, patch git_patch_id : none > %s, '
                 'patch name : a1 > [v3,1/2] a1', patch('a1')->>'patch_id'),
          'its texts and name are compared');
SELECT row_eq($$SELECT p.content, p.headers, p.series_id, p.number::integer
                  FROM public.patchwork_patch p WHERE p.id = 9000$$,
              ROW('right'::text, 'From: Pat'::text, NULL::integer, NULL::integer), 'its place and header stay');
SELECT is(copy(reply('a1', 'q1', 0, 'pat')),
          'unwritten patch left alone : none > it would become a comment, but Patchwork stored it, or what is on it is '
          'not ours to take',
          'and its kind');
SELECT is(copy(patch('a1', '1/2', 'x', 3, who => 'pat', content => 'right', more => '{"diff": "d", "hash": "h"}')), '',
          'again nothing differs');

-- The kept mails, one after the other --------------------------------------------------------------------------------

DELETE FROM patchmail.raw;
INSERT INTO patchmail.raw (id, sha256, msgid, arrived, size, source, raw)
SELECT n, sha256(n::text::bytea), CASE n WHEN 3 THEN '<b@example.org>' ELSE format('<n%s@example.org>', n) END,
       now() - (5 - n) * interval '1 hour', n, '{"transport": "deliver", "list_id": "l"}', repeat('x', n)::bytea
  FROM generate_series(1, 5) n;
CREATE FUNCTION walk(project text DEFAULT NULL, since timestamptz DEFAULT NULL, most bigint DEFAULT 1000) RETURNS text
LANGUAGE sql AS $$
    WITH RECURSIVE step (id, raw) AS (
        SELECT n.id, n.raw FROM patchmail.next_raw(0, most, project, since) n
        UNION ALL
        SELECT n.id, n.raw FROM step s, patchmail.next_raw(s.id, most, project, since) n WHERE s.id IS NOT NULL)
    SELECT string_agg(concat(s.id, CASE WHEN s.raw IS NULL THEN '!' END), ' ' ORDER BY s.id)
      FROM step s WHERE s.id IS NOT NULL;
$$;
SELECT is(walk(), '1 2 3 4 5', 'all of them, in the order in which they came');
SELECT is(walk('second'), '3', 'those of one project');
SELECT is(walk(NULL, now() - interval '2 hours'), '3 4 5', 'those that came then or later');
SELECT is(walk(NULL, NULL, 3), '1 2 3 4! 5!', 'of one that is too large no bytes');
SELECT throws_ok($$SELECT patchmail.next_raw(0, 1, 'third')$$, 'P0002', 'there is no project "third"',
                 'a project that there is not has none');
SELECT row_eq($$SELECT n.source, n.raw FROM patchmail.next_raw(2, 9) n$$,
              ROW(jsonb_build_object('transport', 'deliver', 'list_id', 'l', 'msgid', '<b@example.org>', 'arrived',
                                     now() - interval '2 hours'), 'xxx'::bytea), 'with what reparse() wants to know');

-- Who may ------------------------------------------------------------------------------------------------------------

SELECT set_eq($$SELECT r, f FROM unnest('{patchmail_reader,patchmail_admin,patchmail_deliverer}'::name[]) r,
                       unnest('{"patchmail.reparse(jsonb,jsonb,boolean)",
                                "patchmail.next_raw(bigint,bigint,text,timestamptz)"}'::text[]) f
                 WHERE has_function_privilege(r, f, 'EXECUTE')$$,
              $$VALUES ('patchmail_admin'::name, 'patchmail.reparse(jsonb,jsonb,boolean)'),
                       ('patchmail_admin', 'patchmail.next_raw(bigint,bigint,text,timestamptz)')$$, 'admins alone');

SELECT * FROM finish();
ROLLBACK;
