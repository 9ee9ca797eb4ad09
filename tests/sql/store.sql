-- patchmail.store() and _patchmail.store_message(): the outcome of one mail, and why.
\ir preamble.psql
\ir state.psql
SELECT plan(70);
SELECT make_project() AS project \gset

-- Outcome and reason in one line.
CREATE FUNCTION stored(facts jsonb, source jsonb DEFAULT '{"transport": "deliver"}') RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(': ', s.outcome, s.reason)
      FROM patchmail.store(facts, convert_to(facts::text, 'UTF8'), source) s;
$$;

SELECT is(stored(patch('p')), 'stored', 'a patch');
SELECT is(stored(cover('c', 2)), 'stored', 'a cover letter');
SELECT is(stored(reply('r', 'p')), 'stored', 'a reply');
SELECT is(stored(reply('w', 'x')), 'waiting: what it answers has not come yet', 'a reply to what is not here');
SELECT is(stored(mail), 'duplicate: its Message-ID is known in project demo',
          'again: ' || (mail->>'message_id')) FROM (VALUES
    (patch('p')), (cover('c', 2)), (reply('r', 'p')), (reply('w', 'x'))) m (mail);
SELECT is(state_after(ARRAY[patch('p')]), state_after('{}'), 'a duplicate changes nothing');
SELECT is(stored(facts_comment('<n@example.org>', '{}')),
          'ignored: it is neither patch nor cover letter, and answers nothing', 'talk that is no reply');
SELECT is(stored(patch('i', more => '{"hints": {"ignore": true}}')), 'ignored: X-Patchwork-Hint says ignore', 'a hint');
SELECT is(stored(patch('e', more => '{"kind": "empty"}')), 'ignored: it has neither text nor diff', 'nothing in it');
SELECT is(stored(facts_patch('<o@example.org>', list_id => 'other.example.org')),
          'ignored: no project has its list id: other.example.org',
          'another list');
SELECT is(stored(patch('o', more => '{"list_ids": []}')), 'ignored: it has no list id', 'no list');
SELECT is(stored(patch('o', more => '{"list_ids": []}'), '{"transport": "deliver", "list_id": "demo.example.org"}'),
          'stored',
          'the list that the deliverer names');
SELECT is_empty($$SELECT FROM patchmail.message WHERE word(msgid) IN ('n', 'i', 'e')$$,
                'what is ignored leaves nothing');
SELECT is_empty($$SELECT FROM patchmail.quarantine$$, 'nothing of this is in quarantine');

-- What looks like a patch and gives none
SELECT is(stored(facts_comment('<l@example.org>', '{}', more => '{"patch_like": "subject"}')),
          'quarantined: by its subject it is a patch, and there is neither diff nor pull request in it',
          'a patch without a diff that answers nothing');
SELECT is(stored(patch('l2', more => '{"kind": "empty", "patch_like": "attachment"}')),
          'quarantined: it has an attached patch, and there is no diff in that', 'nothing in it but an attachment');
SELECT is(stored(patch('l3', more => '{"kind": "empty", "patch_like": "subject", "list_ids": []}')),
          'ignored: it has neither text nor diff', 'a patch for another list');
SELECT is(stored(facts_comment('<l4@example.org>', '{<p@example.org>}', more => '{"patch_like": "subject"}')),
          'stored', 'an answer by the name of a patch');
SELECT is((SELECT count(*) FROM patchmail.quarantine), 2::bigint,
          'an answer by the name of a patch is not kept besides');
SELECT is(stored(facts_comment('<l5@example.org>', '{<p@example.org>}', more => '{"patch_like": "unread attachment"}')),
          'stored', 'an answer with an attached patch that was not read');
SELECT is(stored(facts_comment('<l6@example.org>', '{<y@example.org>}', more => '{"patch_like": "unread attachment"}')),
          'waiting: what it answers has not come yet', 'the same before what it answers');
SELECT is((SELECT array_agg(q.msgid || ': ' || q.reason ORDER BY q.id) FROM patchmail.quarantine q
            WHERE q.msgid IN ('<l5@example.org>', '<l6@example.org>')),
          '{"<l5@example.org>: it has an attached patch that cannot be read",
            "<l6@example.org>: it has an attached patch that cannot be read"}',
          'both are kept with their bytes besides');
SELECT is(stored(facts_comment('<l5@example.org>', '{<p@example.org>}', more => '{"patch_like": "unread attachment"}')),
          'duplicate: its Message-ID is known in project demo',
          'an answer with an unread patch that comes again is a duplicate');
DELETE FROM public.patchwork_patchcomment WHERE msgid IN ('<l4@example.org>', '<l5@example.org>');
DELETE FROM patchmail.message WHERE msgid IN ('<l4@example.org>', '<l5@example.org>', '<l6@example.org>');
DELETE FROM patchmail.quarantine;

-- What it makes
SELECT results_eq($$SELECT msgid::text, date, headers, content, name::text, project_id, archived, diff, hash::text,
                           number::int,
                           num_nulls(commit_ref, delegate_id, pull_url, related_id), state_id
                      FROM public.patchwork_patch
            WHERE msgid = '<p@example.org>'$$,
                  format($$SELECT '<p@example.org>', '2026-02-01 12:00Z'::timestamptz,
                           E'From: ada <ada@example.org>\nSubject: [PATCH] p\nMessage-ID: <p@example.org>\n',
                           'It was wrong.', 'p', %s, false,
                           E'--- a/src/file.c\n+++ b/src/file.c\n@@ -1 +1 @@\n-a\n+b\n',
                           patch('p')->>'hash', 1, 4, 1$$, :project), 'every column of a patch');
SELECT results_eq($$SELECT msgid::text, date, headers, content, name::text, project_id FROM public.patchwork_cover$$,
                  format($$SELECT '<c@example.org>', '2026-02-01 12:00Z'::timestamptz,
                           E'From: ada <ada@example.org>\nSubject: [PATCH 0/2] c\nMessage-ID: <c@example.org>\n',
                           'These belong together.', '[0/2] c', %s$$, :project), 'every column of a cover letter');
SELECT results_eq($$SELECT msgid::text, date, headers, content, patch_id,
                  addressed FROM public.patchwork_patchcomment$$,
                  $$SELECT '<r@example.org>', '2026-02-01 13:00Z'::timestamptz,
                           E'From: rob <rob@example.org>\nSubject: Re: [PATCH 1/2] r\nMessage-ID: <r@example.org>\n',
                           'Looks good.', (patch_of('p')).id, NULL::boolean$$, 'every column of a comment');
SELECT is((SELECT array_agg(p.email ORDER BY p.email) FROM public.patchwork_person p),
          '{ada@example.org,rob@example.org}',
          'the people are there, also of a reply that waits');
SELECT store_mail(facts_patch('<' || repeat('ä', 300) || '>', repeat('ö', 300), name => repeat('ü', 300),
                              email => repeat('e', 300), more => jsonb_build_object('pull_url', repeat('u', 300))));
SELECT row_eq($$SELECT p.msgid, p.name, p.pull_url, r.name, r.email
                  FROM public.patchwork_patch p JOIN public.patchwork_person r ON r.id = p.submitter_id
                 WHERE p.msgid LIKE '<ää%'$$,
              ROW(('<' || repeat('ä', 254))::varchar, repeat('ö', 255)::varchar, repeat('u', 255)::varchar,
                  repeat('ü', 255)::varchar, repeat('e', 255)::varchar), 'cut at 255 characters');
SELECT is(store_mail(facts_patch('<' || repeat('ä', 300) || '>', repeat('ö', 300), name => repeat('ü', 300),
                                 email => repeat('e', 300), more => jsonb_build_object('pull_url', repeat('u', 300)))),
          'duplicate', 'a mail that was cut is known by what is left');
SELECT is(store_mail(facts_comment('<l@example.org>', ARRAY['<' || repeat('ä', 300) || '>'])), 'stored',
          'an answer to it finds it');
SELECT is(store_mail(patch('d', more => '{"date": null, "date_source": null}')), 'stored', 'a mail without a date');
SELECT is((patch_of('d')).date, now(), 'has the present one');

-- What the tables cannot hold
CREATE FUNCTION impossible(number integer, more jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT patch('q' || number, who => 'q', more => more - 'subject')
           || jsonb_build_object('subject', patch('q')->'subject' || coalesce(more->'subject', '{}'));
$$;
CREATE TEMP TABLE q (n serial, why text, more jsonb, reason text);
INSERT INTO q (why, more, reason) VALUES
    ('a version with too many digits', '{"subject": {"version": 99999999999}}', '%out of range%(22003)'),
    ('a patch number over 32767', '{"subject": {"number": 40000, "total": 40000}}', 'its number is out of range'),
    ('a number without a total', '{"subject": {"number": 1}}', 'its subject has only one of number and total'),
    ('an unknown kind', '{"kind": "poem"}', 'its kind is none that is known'),
    ('a date that no calendar has', '{"date": "2026-02-31T12:00:00Z"}', '%out of range%(22008)'),
    ('no Message-ID', '{"message_id": null}', 'it has no message_id');
SELECT alike(stored(impossible(n, more)), 'quarantined: the database cannot hold it: ' || reason,
             why) FROM q ORDER BY n;
SELECT is(count(*), (SELECT count(*) FROM q), 'each is in quarantine') FROM patchmail.quarantine;
SELECT is_empty($$SELECT FROM public.patchwork_person WHERE name = 'q'$$, 'nothing else is left of them: no person');
SELECT is_empty($$SELECT FROM patchmail.message WHERE msgid LIKE '<q%'$$, 'no row in the ledger');
SELECT is_empty($$SELECT FROM public.patchwork_series WHERE version > 2 OR total > 2$$, 'no series');
SELECT is(stored(patch('q1')), 'stored', 'the same mail read better can be stored later');

-- What an admin has to mend is an error to the caller, who tries again
SAVEPOINT mended;
UPDATE public.patchwork_project SET subject_match = '(';
SELECT throws_ok($$SELECT stored(patch('m'))$$, '2201B', NULL, 'a subject_match that is no regular expression');
ROLLBACK TO mended;
UPDATE public.patchwork_tag SET pattern = '[' WHERE abbrev = 'T';
SELECT throws_ok($$SELECT stored(patch('m'))$$, '2201B', NULL, 'a tag pattern that is none');
SELECT is_empty($$SELECT FROM patchmail.quarantine WHERE msgid = '<m@example.org>'$$, 'the mail is not put aside');
UPDATE public.patchwork_project SET use_tags = false;
SELECT is(stored(patch('m')), 'stored', 'a project without tags does not mind');
ROLLBACK TO mended;
SELECT throws_ok(format('SELECT patchmail.store(%L, '''', ''{}'')', patch('m') || version), '0A000',
                 format('facts of version %s are not known here', version->>'facts'),
                 'facts of version ' || (version->>'facts'))
  FROM (VALUES ('{"facts": 2}'::jsonb), ('{"facts": 0}')) v (version);
SELECT throws_ok(format('SELECT patchmail.store(%L, '''', ''{}'')', patch('m') - 'facts'), '0A000', NULL,
                 'facts without a version');
SELECT is(stored(patch('m')), 'stored', 'after facts that cannot be read all is well');

-- The list that the deliverer names, if subjects decide
SELECT make_project('picky', 'picky.example.org', 'picky') AS picky \gset
SELECT is(stored(patch('s1'), '{"list_id": "picky.example.org"}'),
          'ignored: no project of its list wants its subject: picky.example.org',
          'no project of the list wants it');
SELECT is_empty($$SELECT FROM patchmail.message WHERE msgid = '<s1@example.org>'$$, 'no project has the mail');
SELECT is(stored(jsonb_set(patch('s1'), '{subject,text}', '"picky"'), '{"list_id": "picky.example.org"}'), 'stored',
          'one wants it');
SELECT is((patch_of('s1')).project_id, :picky, 'the project that wants the mail has it');

-- Several projects
SELECT make_project('second', 'second.example.org') AS second \gset
CREATE FUNCTION to_both(facts jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT facts || '{"list_ids": [{"field": "List-Id", "id": "second.example.org"},
                                   {"field": "List-Id", "id": "demo.example.org"}]}';
$$;
SELECT is(stored(to_both(patch('b1'))), 'stored', 'a mail to two lists');
SELECT is((SELECT array_agg(project_id ORDER BY project_id) FROM public.patchwork_patch
            WHERE msgid = '<b1@example.org>'),
          ARRAY[:project, :second], 'a mail to two lists is stored in both projects');
SELECT is(stored(to_both(patch('b1'))), 'duplicate: its Message-ID is known in project demo',
          'a mail to two lists that comes again is a duplicate in both');
SELECT is(stored(patch('b2')), 'stored', 'a mail comes over the first list only');
SELECT is(stored(to_both(patch('b2'))), 'stored', 'a mail that then comes over both lists is new in the second');
SELECT is(stored(to_both(reply('b3', 'p'))), 'stored', 'stored in one and waiting in the other is stored');
SELECT is((SELECT array_agg(project_id) FROM patchmail.message
            WHERE waiting IS NOT NULL AND msgid = '<b3@example.org>'),
          ARRAY[:second], 'a mail that is stored in one project waits in the other');
SELECT is(stored(reply('b4', 'x')), 'waiting: what it answers has not come yet', 'a reply waits in the first project');
SELECT is(stored(to_both(reply('b4', 'x'))), 'waiting: what it answers has not come yet',
          'a reply that then comes over both: waiting is more than duplicate');
SELECT is(stored(to_both(facts_comment('<b5@example.org>', '{}'))),
          'ignored: it is neither patch nor cover letter, and answers nothing', 'ignored in both');
SELECT alike(stored(to_both(impossible(7, '{"subject": {"version": 99999999999}}'))), 'quarantined: %',
             'what no table holds');
SELECT is((SELECT count(*) FROM patchmail.quarantine WHERE msgid = '<q7@example.org>'), 1::bigint,
          'what no table holds is in quarantine once');

SELECT * FROM finish();
ROLLBACK;
