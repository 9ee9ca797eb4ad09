-- One Message-ID for two mails: claim_message_id(), same_mail(), displace_message(), know_better() and what they call.
-- Ada's mail is verified ("pass"); Eve has sent something with its Message-ID, ahead of it or afterwards.
\ir preamble.psql
\ir state.psql
SELECT plan(58);
SELECT make_project() AS project \gset

CREATE FUNCTION ada(mail jsonb) RETURNS jsonb LANGUAGE sql AS $$SELECT with_verdict(mail, 'pass')$$;
CREATE FUNCTION other(mail jsonb, hash text DEFAULT 'e') RETURNS jsonb LANGUAGE sql AS $$
    SELECT mail || jsonb_build_object('hash', repeat(hash, 40), 'content', 'Eve wrote this.',
                                      'sha256', md5(mail::text) || md5(hash),
                                      'diff', E'--- a/e\n+++ b/e\n@@ -1 +1 @@\n-a\n+evil\n');
$$;
CREATE FUNCTION titled(mail jsonb, title text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_set(mail, '{subject,title}', to_jsonb(title));
$$;
CREATE FUNCTION stored(mail jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(': ', s.outcome, s.reason)
      FROM patchmail.store(mail, convert_to(mail::text, 'UTF8'), '{"transport": "deliver"}') s;
$$;
CREATE FUNCTION quarantined() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(concat_ws(' ', word(q.msgid), q.facts->'author'->>'email', q.reason), '; ' ORDER BY q.id)
      FROM patchmail.quarantine q;
$$;
\set taken 'project demo has another mail with its Message-ID, whose verdict is pass'
SAVEPOINT empty;

-- Ahead of it
SELECT is(stored(with_verdict(other(patch('p', who => 'eve')), verdict)), 'stored', 'Eve is first, ' || verdict)
  FROM (VALUES ('none')) v (verdict);
SELECT is(stored(ada(patch('p'))), 'stored', 'the real mail is stored all the same');
SELECT is((SELECT (p.submitter_id = (SELECT id FROM public.patchwork_person WHERE email = 'ada@example.org'),
                   p.diff)::text
             FROM public.patchwork_patch p), $$(t,"--- a/src/file.c
+++ b/src/file.c
@@ -1 +1 @@
-a
+b
")$$, 'the real mail is the only patch');
SELECT is(quarantined(), 'p eve@example.org ' || :'taken', 'Eve''s is in quarantine');
SELECT matches(convert_from(patchmail.quarantine_raw(id), 'UTF8'),
               '^From: eve <eve@example.org>\n(.*\n)*\nEve wrote this\.\n--- a/e\n',
               'with header, text and diff') FROM patchmail.quarantine;
SELECT bag_eq('SELECT * FROM all_events()', $$VALUES ('patch-created p'), ('series-created [- 1:p]'),
    ('patch-completed p [- 1:p]'), ('series-completed [- 1:p]')$$, 'each event is there once');
SELECT is(stored(ada(patch('p'))), 'duplicate: its Message-ID is known in project demo',
          'the real mail again is a duplicate');
SELECT is((SELECT count(*) FROM patchmail.message), 1::bigint, 'the ledger has one row');
SELECT is_empty('SELECT FROM patchmail.reference', 'the ledger has no reference of the other mail');

-- The same in every order, whatever it is that comes; the quarantine says the same.
ROLLBACK TO empty;
-- But for threads: what once hung together by a mail that is gone stays one thread, which changes nothing else.
CREATE FUNCTION one_result(why text, VARIADIC mails jsonb[]) RETURNS text LANGUAGE sql AS $$
    WITH RECURSIVE arrival AS (
        SELECT '{}'::integer[] AS taken
        UNION ALL
        SELECT a.taken || n FROM arrival a, generate_subscripts(mails, 1) n WHERE n <> ALL (a.taken)
    ), result AS (
        SELECT DISTINCT concat_ws(E'\n', s.state, regexp_replace(s.ledger, ' thread \S+', '', 'g')) AS state
          FROM arrival a, LATERAL state_after(ARRAY(SELECT mails[t.n] FROM unnest(a.taken) WITH ORDINALITY AS t(n, i)
                                                     ORDER BY t.i)) s
         WHERE cardinality(a.taken) = cardinality(mails)
    )
    SELECT is((SELECT string_agg(r.state, E'\n-- or --\n') FROM result r HAVING count(*) > 1), NULL, why);
$$;
SAVEPOINT helped;
SELECT one_result('a patch, by another',
    with_verdict(other(patch('p', who => 'eve')), 'none'), ada(patch('p')), reply('r', 'p'));
SELECT one_result('a patch, in her name', with_verdict(other(patch('p')), 'fail'), ada(patch('p')), reply('r', 'p'),
                  reply('s', 'r'));
SELECT one_result('a patch of a series', with_verdict(other(patch('p2', '2/2', 'x')), 'none'), ada(cover('c', 2)),
    ada(patch('p1', '1/2', 'c')), ada(patch('p2', '2/2', 'c')));
SELECT one_result('a cover letter', with_verdict(other(titled(cover('c', 9, who => 'eve'), 'evil')), 'none'),
                  ada(cover('c', 2)),
    ada(patch('p1', '1/2', 'c')), ada(patch('p2', '2/2', 'c')));
SELECT one_result('a cover letter in the place of a patch', with_verdict(other(cover('p1', 2)), 'none'),
    ada(cover('c', 2)), ada(patch('p1', '1/2', 'c')), ada(patch('p2', '2/2', 'p1')));
SELECT one_result('a comment in the place of a patch', with_verdict(other(reply('p1', 'x', who => 'eve')), 'none'),
    patch('q'), ada(patch('p1')), reply('r', 'p1'));
SELECT one_result('a comment', with_verdict(other(reply('r', 'p', who => 'eve')), 'none'), patch('p'),
    ada(reply('r', 'p', who => 'ada')), reply('s', 'r'));
SELECT one_result('a comment in her name', with_verdict(other(reply('r', 'p', who => 'ada')), 'none'), patch('p'),
    ada(reply('r', 'p', who => 'ada')), reply('s', 'r'));
SELECT one_result('a comment on something else', with_verdict(other(reply('r', 'q')), 'none'), patch('p'), patch('q'),
    ada(reply('r', 'p')));
SELECT one_result('a list''s mail that says it is hers',
    with_verdict(other(patch('e', who => 'eve', more => '{"wrapped_message_id": "<p@example.org>"}')), 'none'),
    ada(patch('p')),
    reply('r', 'p'));
SELECT one_result('her own mail in a list''s mail',
    with_verdict(other(patch('p', who => 'eve')), 'none'), ada(patch('w',
        more => '{"wrapped_message_id": "<p@example.org>"}')),
    reply('r', 'p'), reply('s', 'w'));
SELECT one_result('one mail by two ways, of which one shows who sent it', ada(patch('p1', '1/2')),
    with_verdict(patch('p1', '1/2'), 'none'), ada(patch('p2', '2/2', 'p1')),
    with_verdict(other(patch('e1', '1/2', 'p2')), 'none'));

SELECT one_result('a list''s mail that says it is hers, as well known as hers',
    with_verdict(other(patch('e', who => 'eve', more => '{"wrapped_message_id": "<p@example.org>"}')), 'pass'),
    ada(patch('p')),
    reply('r', 'p'));
SELECT one_result('a mail that gave its author a name',
    with_verdict(patch('p', who => 'bob', more => '{"author": {"name": "robert", "email": "bob@example.org"}}'),
                 'claimed'),
    ada(patch('p')), with_verdict(patch('q', who => 'bob'), 'fail'));
SELECT store_all(patch('d', more => '{"depends_on": [{"message_id": "<x@example.org>"}]}'), ada(other(patch('d'))));
SELECT is_empty('SELECT FROM patchmail.reference', 'what depended on something has left no reference to it');
ROLLBACK TO helped;
SELECT one_result('a reply that says that what it answers is in it',
    reply('r', 'p', who => 'eve', more => '{"wrapped_message_id": "<p@example.org>"}'), ada(patch('p')));

-- Afterwards, and when nothing is known of either
SELECT is(stored(ada(patch('p'))), 'stored', 'the real mail is first');
SELECT is(stored(with_verdict(other(patch('p', who => who)), verdict)), 'quarantined: ' || :'taken',
          who || ' with ' || verdict)
  FROM (VALUES ('eve', 'none'), ('eve', 'pass'), ('ada', 'fail'), ('ada', 'none')) v (who, verdict);
SELECT is(stored(with_verdict(reply('p', 'x'), 'none')), 'quarantined: ' || :'taken', 'a reply with its Message-ID');
SELECT is(stored(with_verdict(cover('p', 2), 'none')), 'quarantined: ' || :'taken', 'a cover letter');
SELECT is(stored(with_verdict(patch('p', content => 'Something else.'), 'none')), 'quarantined: ' || :'taken',
          'the same patch with another text');
SELECT is((SELECT count(*) FROM patchmail.quarantine), 7::bigint, 'all of these are kept');
SELECT is(convert_from(patchmail.quarantine_raw(min(id)), 'UTF8')::jsonb->>'content', 'Eve wrote this.', 'as they came')
  FROM patchmail.quarantine;
SELECT is(stored(mail), 'duplicate: its Message-ID is known in project demo', why) FROM (VALUES
    (patch('p'), 'nothing is known of its sender'),
    (patch('p', content => E'It  was\nwrong. \n\n--\nlist'), 'a list has put a footer after it')) m (mail, why);
SELECT is(stored(patch('q')), 'stored', 'nobody says anything of a sender');
SELECT is(stored(other(patch('q', who => 'eve'))),
          'quarantined: project demo has another mail with its Message-ID, whose verdict is none',
          'the first of two stays');
SELECT is((patch_of('q')).hash::text, patch('q')->>'hash', 'as it was');

-- What is known better of a mail that comes again counts
ROLLBACK TO empty;
SELECT store_all(with_verdict(patch('p1', '1/2', minute => 5), 'none'),
                 with_verdict(patch('p2', '2/2', 'p1', minute => 6), 'none'),
                 with_verdict(patch('e2', '2/2', 'p1', minute => 1, who => 'ada'), 'none'));
SELECT is(all_series(), 'v1[- 1:p1 2:e2] v1[- 2:p2]', 'mails with equal verdicts are taken by date');
SELECT is(stored(with_verdict(patch('p2', '2/2', 'p1', minute => 6), 'pass', 'dkim',
                        jsonb_build_array(result(1)))), 'duplicate: its Message-ID is known in project demo',
          'the mail comes by another way, and is verified');
SELECT is(concat_ws(' ', (ledger('p2')).verdict, (ledger('p2')).verdict_reason), 'pass dkim',
          'a better verdict is entered');
SELECT is((SELECT count(*) FROM patchmail.authentication a WHERE a.message_id = (ledger('p2')).id), 1::bigint,
          'a better verdict is entered with what was said');
SELECT is(all_series(), 'v1[- 1:p1 2:p2] v1[- 2:e2]', 'a mail with a better verdict has its place');
SELECT is(stored(with_verdict(patch('p2', '2/2', 'p1', minute => 6), 'fail')),
          'duplicate: its Message-ID is known in project demo', 'a worse verdict');
SELECT is((ledger('p2')).verdict, 'pass', 'changes nothing');

-- What people did to the patch that goes, goes with it; what answers it does not
ROLLBACK TO empty;
SELECT store_all(with_verdict(other(patch('p', who => 'eve')), 'none'), reply('r', 'p', content => 'Acked-by: r'),
                 reply('s', 'r'));
INSERT INTO public.auth_user (id, password, username, first_name, last_name, email, is_superuser, is_staff, is_active,
                              date_joined)
    VALUES (7, '', 'ci', '', '', 'ci@example.org', false, false, true, now());
INSERT INTO public.patchwork_check (date, state, context, patch_id, user_id)
    VALUES (now(), 1, 'build', (patch_of('p')).id, 7);
INSERT INTO public.patchwork_bundle (id, name, public, owner_id, project_id) VALUES (7, 'b', true, 7, :project);
INSERT INTO public.patchwork_bundlepatch (bundle_id, patch_id, "order") VALUES (7, (patch_of('p')).id, 1);
SELECT is(stored(ada(patch('p'))), 'stored', 'a mail whose place was taken by one that people have worked on');
SELECT is(all_comments(), 'r>p s>p', 'has the comments that answer it');
SELECT is((SELECT string_agg(concat(t.abbrev, k.count), ' ') FROM public.patchwork_patchtag k
             JOIN public.patchwork_tag t ON t.id = k.tag_id), 'A1', 'the tags of its comments are counted');
SELECT is((SELECT count(*) FROM public.patchwork_check) + (SELECT count(*) FROM public.patchwork_bundlepatch),
          0::bigint,
          'no check of the other patch');
SELECT is((SELECT count(*) FROM public.patchwork_series), 1::bigint, 'the series of the other patch is gone');

-- What Patchwork stored itself stays
ROLLBACK TO empty;
SELECT store_all(patch('p'));
UPDATE patchmail.message SET adopted = true;
SELECT is(stored(ada(other(patch('p')))), 'quarantined: ' || :'taken', 'the place of what Patchwork stored');
SELECT is(stored(ada(patch('p'))), 'duplicate: its Message-ID is known in project demo',
          'a duplicate of what Patchwork stored does not displace it');
ROLLBACK TO empty;
SELECT store_all(patch('p', more => jsonb_build_object('authentication', jsonb_build_object('verdict', 'fail'))),
                 reply('r', 'p'));
UPDATE patchmail.message SET adopted = true, refs = '{}' WHERE kind = 'comment';
SELECT is(stored(ada(other(patch('p')))), 'quarantined: ' || :'taken',
          'what has a comment that Patchwork stored keeps its place');

-- A place is not lost by a policy that would hold the mail
ROLLBACK TO empty;
SELECT store_all(patch('p'));
SELECT patchmail.set_policy('demo', store => 'pass');
SELECT is(stored(patch('p')), 'duplicate: its Message-ID is known in project demo', 'what is there is a duplicate');
SELECT alike(stored(other(patch('p', who => 'eve'))), 'quarantined: policy of project demo:%', 'another one is held');
SELECT is(stored(ada(other(patch('p', who => 'ada')))), 'stored',
          'a better verified mail that policy allows takes the place');

SELECT * FROM finish();
ROLLBACK;
