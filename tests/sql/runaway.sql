-- Patterns of admins that run away on a hostile mail are stopped by the time limit of the statement, named, and passed
-- over from then on; the mail is stored.
\ir preamble.psql
\ir state.psql
SELECT no_plan();

-- One that takes for ever where many letters stand before "xyz", and that fits into subject_match.
\set slow '(.+)(.+)(.+)(.+)\\4\\3\\2\\1x.z'
CREATE FUNCTION hostile() RETURNS text LANGUAGE sql AS $$ SELECT repeat('ab', 200) || 'xyz' $$;
-- And where none do, it does not match.
SELECT ok('a subject' !~ :'slow', 'the pattern is one that most subjects do not match');
CREATE FUNCTION titled(id text, title text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT p || jsonb_build_object('subject', p->'subject' || jsonb_build_object('text', '[PATCH] ' || title, 'title',
                                                                                 title)) FROM patch(id) p;
$$;
CREATE FUNCTION names() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', kind, name, msgid), ', ' ORDER BY noticed) FROM patchmail.runaway_patterns;
$$;

-- A list with two projects, one of which wants such subjects.
SELECT make_project('general') AS general \gset
SELECT make_project('picky', 'demo.example.org', :'slow') AS picky \gset
SET statement_timeout = '1500ms';
SELECT is(store_mail(titled('s1', hostile())), 'stored', 'a subject_match runs away: the mail is stored');
SELECT is((SELECT project_id FROM patchwork_patch WHERE msgid = '<s1@example.org>'), :general,
          'in the project that takes every subject');
SELECT is(names(), 'subject_match picky <s1@example.org>', 'the pattern is named, and the mail');
SELECT is((SELECT took BETWEEN '1 second' AND '1 minute' FROM patchmail.runaway_patterns), true,
          'and how long it took');
RESET statement_timeout;
SELECT is(store_mail(titled('s2', hostile())), 'stored', 'it holds up no other mail, whatever its time limit');
UPDATE patchwork_project SET subject_match = 'good' WHERE id = :picky;
SELECT is(names(), NULL, 'another pattern is another one');
SELECT is(store_mail(titled('s3', 'good')), 'stored', 'and is used');
SELECT is((SELECT project_id FROM patchwork_patch WHERE msgid = '<s3@example.org>'), :picky, 'as it says');

-- What was noticed in another transaction, as far as one may tell here.
UPDATE patchmail.runaway SET noticed = now() - interval '1 hour';

-- A tag.
INSERT INTO patchwork_tag (name, pattern, abbrev, show_column) VALUES ('Slow', :'slow', 'S', true);
SET statement_timeout = '1500ms';
SELECT is(store_mail(patch('t1') || jsonb_build_object('content', hostile() || E'\nAcked-by: A <a@example.org>\n')),
          'stored', 'a tag runs away: the mail is stored');
RESET statement_timeout;
SELECT is(names(), 'tag Slow', 'the tag is named');
SELECT is((SELECT string_agg(t.name || ' ' || c.count, ' ') FROM patchwork_patchtag c
             JOIN patchwork_tag t ON t.id = c.tag_id JOIN patchwork_patch p ON p.id = c.patch_id
            WHERE p.msgid = '<t1@example.org>'), 'Acked-by 1', 'the other tags are counted');
SELECT is(store_mail(reply('t2', 't1') || jsonb_build_object('content', hostile())), 'stored', 'it is counted no more');
SELECT lives_ok($$SELECT patchmail.retag('general')$$, 'nor when tags are counted anew');
SELECT is((SELECT count(*) FROM patchmail.check() c WHERE c.kind LIKE 'tags%'), 0::bigint, 'and nothing is wrong');

-- A rule of delegation.
INSERT INTO auth_user (username, email, password, first_name, last_name, is_superuser, is_staff, is_active, date_joined)
VALUES ('dora', 'dora@example.org', '', '', '', false, false, true, now()) RETURNING id AS dora \gset
INSERT INTO patchwork_delegationrule (path, priority, project_id, user_id)
VALUES ('[a-z]*[b-z]*[c-z]*[d-z]*x', 9, :general, :dora), ('*', 1, :general, :dora);
SELECT is(store_mail(patch('d1')), 'stored', 'delegation rules, which have no back references, do not run away');
SELECT is((SELECT delegate_id FROM patchwork_patch WHERE msgid = '<d1@example.org>'), :dora, 'and are used');
SELECT is(_patchmail.match_pattern('delegation rule', 1, 'x', '^x', '{xy,yx,xz}'), '{xy,xz}', 'in order');
SET statement_timeout = '1500ms';
SELECT is(_patchmail.match_pattern('delegation rule', (SELECT min(id) FROM patchwork_delegationrule),
                                   '[a-z]*[b-z]*[c-z]*[d-z]*x', :'slow', ARRAY[hostile()]), '{}',
          'one that ran away would match nothing');
RESET statement_timeout;
SELECT is(names(), 'tag Slow, delegation rule general', 'and be named');

-- What may run away is not tried in the same transaction after another one was stopped.
SELECT ok(_patchmail.passed_over('tag', 0, 'x\1'), 'a pattern with a back reference');
SELECT ok(NOT _patchmail.passed_over('tag', 0, 'x'), 'but not one without');

-- What is stopped within a second is not the pattern's fault.
CREATE FUNCTION stopped() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM _patchmail.stop_pattern('tag', 1, 'x', clock_timestamp());
    RETURN 'goes on';
EXCEPTION WHEN query_canceled THEN
    RETURN 'ends';
END
$$;
SELECT is(stopped(), 'ends', 'a statement that is stopped while a pattern has just begun ends');
SELECT is((SELECT count(*) FROM patchmail.runaway WHERE pattern = 'x'), 0::bigint, 'and no pattern is blamed');

-- Again.
SELECT is((SELECT string_agg(concat_ws(' ', function, object, before->>'pattern' = :'slow'), ', ' ORDER BY object DESC)
             FROM patchmail.allow_patterns()), 'allow_patterns tag t, allow_patterns subject_match t,'
          ' allow_patterns delegation rule f', 'an admin lets them be used again');
SELECT is(names(), NULL, 'none is passed over then');

SELECT * FROM finish();
ROLLBACK;
