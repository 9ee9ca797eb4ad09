-- patchmail.mark_committed() and find_committed(): which patches a commit was made of.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS project \gset
INSERT INTO public.auth_user (id, username, password, is_superuser, first_name, last_name, email, is_staff, is_active,
                              date_joined)
VALUES (1, 'uma', '', false, '', '', 'uma@example.org', false, true, now());

-- A diff of a file, with lines that depend on the words.
CREATE FUNCTION diff(words text, file text DEFAULT 'src/file.c') RETURNS text LANGUAGE sql AS $$
    SELECT format(E'diff --git a/%1$s b/%1$s\n--- a/%1$s\n+++ b/%1$s\n@@ -1 +1,%2$s @@\n-begin();\n', file,
                  count(*) + 1) || string_agg(format(E'+call_%s();\n', w), '' ORDER BY n)
      FROM string_to_table(words, ' ') WITH ORDINALITY t (w, n);
$$;
-- What facts say of a diff, as facts_mail() makes it.
CREATE FUNCTION of_diff(diff text, file text DEFAULT 'src/file.c') RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('diff', diff, 'hash', left(md5(diff) || md5('hash'), 40),
                              'patch_id', left(md5(diff) || md5('patch_id'), 40), 'files', jsonb_build_array(file));
$$;
-- A mail with that title, and a diff of its words: both are those of its id if they are not given.
CREATE FUNCTION titled(id text, title text DEFAULT NULL, words text DEFAULT NULL, marker text DEFAULT NULL,
                       answers text DEFAULT '', version integer DEFAULT 1, minute integer DEFAULT 0,
                       who text DEFAULT 'ada', content text DEFAULT 'It was wrong.', file text DEFAULT 'src/file.c')
RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_set(m, '{subject}', m->'subject' || jsonb_build_object('title', coalesce($2, 'demo: ' || $1)))
      FROM patch($1, $4, $5, $6, $7, $8, $9, of_diff(diff(coalesce($3, $1), $10), $10)) m;
$$;
-- A commit with that title and those words, and links.
CREATE FUNCTION commit_of(title text, words text, links text DEFAULT '', who text DEFAULT 'ada',
                          content text DEFAULT 'It was wrong.', file text DEFAULT 'src/file.c')
RETURNS jsonb LANGUAGE sql AS $$
    SELECT titled('commit', $1, $2, NULL, '', 1, 0, $4, $5, $6) || jsonb_build_object('links', to_jsonb(msgids($3)));
$$;
-- What would be done with a commit: "a+hash b:why not".
CREATE FUNCTION found(facts jsonb, commit text DEFAULT 'c0ffee0',
    project text DEFAULT 'demo') RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(word(f.msgid) || CASE WHEN f.marks THEN '+' || f.evidence ELSE ':' || f.reason END, ' ; '
                      ORDER BY f.patch_id) FROM patchmail.find_committed(commit, facts, project) f;
$$;
-- What it marks: "a+hash".
CREATE FUNCTION marked(facts jsonb, commit text DEFAULT 'c0ffee0',
    project text DEFAULT 'demo') RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(word(f.msgid) || '+' || f.evidence, ' ' ORDER BY f.patch_id), '')
      FROM patchmail.find_committed(commit, facts, project) f WHERE f.marks;
$$;
CREATE FUNCTION ids(words text) RETURNS integer[] LANGUAGE sql AS $$
    SELECT ARRAY(SELECT (patch_of(w)).id FROM string_to_table(words, ' ') w) $$;
CREATE FUNCTION is_in_state(word text) RETURNS text LANGUAGE sql AS $$
    SELECT s.slug || coalesce(' ' || (patch_of(word)).commit_ref, '') FROM public.patchwork_state s
     WHERE s.id = (patch_of(word)).state_id $$;

SAVEPOINT empty;

-- Each kind of evidence ----------------------------------------------------------------------------------------------

SELECT store_all(titled('a'), titled('b'), titled('c', file => 'src/other.c'));
SELECT is(found(commit_of('demo: a', 'a')), 'a+hash', 'the same diff');
SELECT is(found(commit_of('demo: a', 'a') || '{"hash": null}'), 'a+patch-id', 'the same patch-id');
SELECT is(found(commit_of('demo: a', 'x y')), 'a+title', 'title, author and files');
SELECT is(found(commit_of('another title', 'x y', 'a')), 'a:the commit has another title, and not most of its changes: '
          'the link is a reference', 'a link to something else is none');
SELECT is(found(commit_of('demo: a', 'x y', 'a', 'rob', file => 'x')), 'a+link', 'a link to a patch with its title is');
SELECT is(found(commit_of('Another title', 'a', 'a', 'rob')), 'a+link', 'so is one to a patch with its diff');
SELECT is(found(commit_of('Another title', 'x a', 'a', 'rob')), 'a+link', 'or with most of it');
SELECT is(found(commit_of('Another title', 'a', who => 'rob')),
          'a:its diff is that of the commit, but title and author are others',
              'the same diff of somebody else is no evidence');
SELECT is(found(commit_of('Another title', 'a')), 'a+hash', 'that of the author is, whatever the title is');
SELECT is(found(commit_of('demo: a', 'a', who => 'rob')), 'a+hash', 'so is that with the title, whoever the author is');
SELECT is(found(commit_of('demo: a', 'x', who => 'rob')), NULL, 'a title of somebody else is none');
SELECT is(found(commit_of('[tag] Demo:  A!', 'x')), 'a+title', 'marks, case and punctuation of a title do not count');
SELECT is(found(commit_of('demo: a', 'x', file => 'src/other.c')), 'a:the commit changes other files',
    'nor is a title with other files');
SELECT is(found(commit_of('demo: a', 'x') || '{"files": ["src/file.c", "src/new.c"]}'), 'a+title',
    'files more than the patch has are none that are other');
SELECT is(found(commit_of('demo: a', 'x') || '{"files": []}'), 'a:the commit changes other files', 'no files are');
SELECT is(found(commit_of('', 'x') || '{"subject": null, "hash": null, "patch_id": null}'), NULL,
    'no title is no title');
SELECT is(found(commit_of('demo: a', 'x') || '{"date": "2027-02-03T00:00:00Z"}'), NULL, 'a title of long ago is none');
SELECT is(found(commit_of('demo: a', 'x') || '{"date": "2025-02-03T00:00:00Z"}'), 'a+title', 'a year is not long');
SELECT is(found(commit_of('demo: a', 'x') || jsonb_build_object('author', jsonb_build_object(
          'name', n, 'email', 'private@example.com'))), e, format('the author %s of another address', n))
  FROM (VALUES ('ada', NULL), (NULL, NULL)) t (n, e);
UPDATE public.patchwork_person SET name = 'Ada Author' WHERE email = 'ada@example.org';
SELECT is(found(commit_of('demo: a', 'x') || '{"author": {"name": "ADA author", "email": "private@example.com"}}'),
    'a+title', 'a full name is enough');
SELECT is(found(commit_of('Squashed', 'a b', 'a b')), 'a+link ; b+link', 'a commit of two patches has two');
SELECT is(found(commit_of('demo: a', 'a b', 'b', 'rob')), 'b+link', 'a link counts before a title');
SELECT is(found(commit_of('demo: a', 'a b', 'b')),
    'a:the evidence for patch ' || (patch_of('b')).id || ' is better ; b+link',
    'and what else looks like it is told');

SELECT store_all(titled('f', content => E'From: Rob <Rob@example.org>\n\nText.'),
                 titled('s', content => E'Text.\n\nSigned-off-by: Rob <rob@example.org>'),
                 titled('t', content => E'Text.\n\nReviewed-by: Rob <rob@example.org>'));
SELECT is(marked(commit_of('Another', w, who => 'rob')), e, 'the diff of a patch whose text names its author: ' || w)
  FROM (VALUES ('f', 'f+hash'), ('s', 's+hash'), ('t', '')) t (w, e);

-- By hand
SELECT is((SELECT string_agg(word(f.msgid) || f.evidence || f.marks, ' ') FROM patchmail.find_committed(
              'c0ffee0', project => 'demo', msgid => m) f), 'alinktrue', 'msgid => ' || m)
  FROM (VALUES ('<a@example.org>'), ('a@example.org'), (' a@example.org ')) t (m);
SELECT is((SELECT string_agg(word(f.msgid) || f.evidence || f.marks, ' ') FROM patchmail.find_committed(
              'c0ffee0', hash => upper((patch_of('a')).hash)) f), 'ahashtrue', 'hash => in capitals');
SELECT is((SELECT string_agg(word(f.msgid) || f.evidence || f.marks, ' ') FROM patchmail.find_committed(
              'c0ffee0', patch_id => (ledger('a')).git_patch_id) f), 'apatch-idtrue', 'patch_id =>');
SELECT is((SELECT string_agg(word(f.msgid) || f.evidence || f.marks, ' ') FROM patchmail.find_committed(
              'c0ffee0', commit_of('Another', 'x', who => 'rob'), msgid => '<a@example.org>') f), 'alinktrue',
          'what a person says counts whatever the commit says');
SELECT is((SELECT string_agg(word(f.msgid) || f.evidence || f.marks, ' ') FROM patchmail.find_committed(
              'c0ffee0', commit_of('Another', 'x', who => 'rob'), hash => (patch_of('a')).hash) f), 'ahashtrue',
          'so does a hash');

-- Versions -----------------------------------------------------------------------------------------------------------

ROLLBACK TO empty;
SELECT store_all(titled('v3', 't', 'a b', version => 3, minute => 3), titled('v4', 't', 'a b', version => 4,
    minute => 4),
                 titled('v1', 't', 'a', minute => 1), titled('v2', 't', 'a b c', version => 2, minute => 2));
SELECT is(marked(commit_of('T', 'a b')), 'v4+hash', 'of versions with the same diff the newest');
SELECT is(marked(commit_of('T', 'a b c')), 'v2+hash',
    'but the one with the diff of the commit, though others are newer');
SELECT is(marked(commit_of('T', 'x')), 'v4+title', 'by title the latest');
SELECT is(marked(commit_of('T', 'x', 'v2')), 'v2+link', 'one that is linked, whatever is newer');
SELECT is(marked(commit_of('T', 'x', 'v1 v2')), 'v2+link', 'of versions that are linked the newest');
SELECT is(marked(commit_of('T', 'a b', 'v1')), 'v4+hash',
    'a link to an old version is a reference, if a newer one has the diff');
SELECT is(marked(commit_of('T', 'a b', 'v3')), 'v3+link', 'not if both have it');
SELECT patchmail.patches_update(ids('v4'), '{"state": "superseded"}');
SELECT is(marked(commit_of('T', 'a b')), 'v3+hash', 'one that is superseded comes last');
SELECT is(found(commit_of('T', 'x')) LIKE '%v4:it is not open: its state is superseded%', true, 'and is none by title');
SELECT is(marked(commit_of('T', 'x')), '', 'nor is an older one then');
SELECT patchmail.patches_update(ids('v3'), '{"state": "superseded"}');
SELECT is(marked(commit_of('T', 'a b')), 'v4+hash', 'if all are superseded the newest');

ROLLBACK TO empty;
SELECT store_all(titled('p', 't', 'a', minute => 1), titled('q', 't', 'b', minute => 2));
SELECT is(found(commit_of('T', 'x')), 'p:several patches may be meant: it is not certain which ; '
          'q:several patches may be meant: it is not certain which', 'two patches with one title are no versions');
SELECT is(marked(commit_of('T', 'b')), 'q+hash', 'the diff says which');
SELECT store_all(titled('r', 't', 'c', minute => 3)
                 || '{"subject": {"text": "[PATCH RESEND] t", "title": "t", "prefixes": ["RESEND"], "version": 1}}');
SELECT is(marked(commit_of('T', 'x')), '', 'nor with a third');
DELETE FROM public.patchwork_event;
ROLLBACK TO empty;
SELECT store_all(titled('p', 't', 'a', minute => 1), titled('r', 't', 'c', minute => 3)
                 || '{"subject": {"text": "[PATCH RESEND] t", "title": "t", "prefixes": ["RESEND"], "version": 1}}');
SELECT is(marked(commit_of('T', 'x')), 'r+title', 'one that is sent again is');

ROLLBACK TO empty;
SELECT store_all(titled('v1', 't', 'a b c d', minute => 1), titled('v2', 't', 'a b e f', version => 2, minute => 2));
SELECT is(found(commit_of('T', 'a b c d x')), format('v1:patch %s is a later version ; '
          'v2:patch %s is an earlier version, and more like the commit', (patch_of('v2')).id, (patch_of('v1')).id),
    'an old version that is more like the commit leaves it open which one it was made of');
SELECT is(marked(commit_of('T', 'a b e f x')), 'v2+title', 'not if the latest is more like it');
SELECT is(marked(commit_of('T', 'a b x')), 'v2+title', 'nor if both are as like');
SELECT is(marked(commit_of('T', 'a b c d x') - 'diff'), 'v2+title', 'nor if the diff is not known');
SELECT is(marked(commit_of('T', 'a b c d e x')), '', 'but if all of it is in the commit, and not all of the latest');
ROLLBACK TO empty;
SELECT store_all(cover('c', 2), titled('p1', 't', 'a', '1/2', 'c'), titled('p2', 't', 'b', '2/2', 'c'));
SELECT is(marked(commit_of('T', 'x')), '', 'two of one series are no versions');
SELECT is(marked(commit_of('T', 'x', 'c')), '', 'and a link to their cover letter names neither');
SELECT is(marked(commit_of('T', 'x', 'p2')), 'p2+link', 'one to a patch does');

-- Series, cover letters, comments
ROLLBACK TO empty;
SELECT store_all(cover('c', 3), titled('p1', NULL, NULL, '1/3', 'c'), titled('p2', NULL, NULL, '2/3', 'c'),
                 titled('p3', NULL, NULL, '3/3', 'c'), reply('r', 'p1'));
SELECT is(marked(commit_of('demo: p2', 'x', 'c', 'rob', file => 'y')), 'p2+link',
    'a cover letter names the patch with the title');
SELECT is(found(commit_of('demo: p4', 'x', 'c')), NULL, 'and none if no patch has it');
SELECT is(found(commit_of('demo: p2', 'x', 'p1', 'rob', file => 'y')),
          'p1:another patch of its series has the title of the commit ; p2+link',
              'a patch names the one of its series');
SELECT is(marked(commit_of('demo: p1', 'p1 p2', 'p1 p2')), 'p1+link p2+link', 'two of a series in one commit');
SELECT is(marked(commit_of('demo: p1', 'p1 p2', 'p2')), 'p1+link',
    'of which one is linked, and the other has the title');
SELECT is(found(commit_of('x', 'x', 'r')), NULL, 'a comment names none');
SELECT is(marked(commit_of('reworded', 'p2')), 'p2+hash', 'each diff has its patch');

-- References, reverts, backports -------------------------------------------------------------------------------------

ROLLBACK TO empty;
SELECT store_all(titled('old', 't', 'a b'), titled('new', 't', 'a b c', version => 2, minute => 5,
    content => E'Text.\n\nLink: https://lore.example.org/r/old@example.org'));
SELECT is(found(commit_of('T', 'a b c', 'old')),
          format('old:the link stands in the text of patch %s: it is a reference ; new+hash', (patch_of('new')).id),
          'a link that the author wrote says nothing of the commit');
SELECT is(marked(commit_of('T', 'x', 'old')), 'new+title', 'whatever the evidence for his patch is');
SELECT is(marked(commit_of('T', 'x', 'old new')), 'new+link', 'also a link');

ROLLBACK TO empty;
SELECT store_all(titled('a', 'fix it', 'a'), titled('rev', 'Revert "fix it"', 'u'));
SELECT is(found(commit_of('Revert "fix it"', 'z', 'a', content => 'This reverts commit 0123456789ab.', file => 'q')),
          'a:the commit takes something back, and has another title ; rev:the commit changes other files',
          'a revert is not what it reverts');
SELECT is(marked(commit_of('Do it otherwise', 'a', 'a', content => 'This reverts commit 0123456789ab.')), '',
          'whatever its title is, and though it has the same diff');
SELECT is(marked(commit_of('Reapply "fix it"', 'a', 'a')), '', 'so is what takes back the revert');
SELECT is(marked(commit_of('Revert "fix it"', 'u')), 'rev+hash', 'a patch that reverts is found by its diff');
SELECT is(marked(commit_of('Revert "fix it"', 'x')), 'rev+title', 'by its title');
SELECT is(marked(commit_of('Revert "fix it"', 'x', 'rev a')), 'rev+link', 'and by its link');

ROLLBACK TO empty;
SELECT store_all(titled('a'), titled('stable', 'demo: s', 's',
    content => E'commit 0123456789abcdef upstream.\n\nText.'));
SELECT is(marked(commit_of('demo: a', 'a', l, content => c)), '', format('a copy of another commit: %s, %s', c, l))
  FROM (VALUES (E'Text.\n\n(cherry picked from commit 0123456789abcdef0123456789abcdef01234567)'),
               ('commit 0123456789abcdef upstream.'), (E'[ Upstream commit 0123456789abcdef ]\n\nText.')) t (c),
       unnest('{"",a}'::text[]) l;
SELECT is(marked(commit_of('demo: s', 's', content => 'commit 0123456789abcdef0123 upstream.')), 'stable+hash',
    'a patch that is such a copy itself');
SELECT is(marked(commit_of('demo: s', 's', content => 'commit 0123456789ff upstream.')), '', 'but of the same commit');
SELECT is(marked(commit_of('demo: a', 'a', content => 'commit 0123456789abcdef did it wrong.')), 'a+hash',
    'a commit that only names another one is no copy');

-- Equal diffs
ROLLBACK TO empty;
SELECT store_all(titled('mine', 'one', 'a'), titled('yours', 'two', 'a', who => 'rob', minute => 1));
SELECT is(marked(commit_of('one', 'a')), 'mine+hash', 'title and author tell patches with one diff apart');
SELECT is(marked(commit_of('two', 'a')), 'yours+hash', 'the title first');
SELECT is(marked(commit_of('three', 'a')), 'mine+hash', 'then the author');
SELECT is((SELECT count(*) FROM patchmail.find_committed('c0ffee0', hash => (patch_of('mine')).hash) f WHERE f.marks),
    0::bigint,
    'a hash alone does not tell them apart');
SELECT store_all(titled('also', 'four', 'a', minute => 2));
SELECT is(marked(commit_of('three', 'a')), '', 'nor does the author, if both are his');

-- Marking ------------------------------------------------------------------------------------------------------------

ROLLBACK TO empty;
SELECT store_all(titled('a'), titled('b'));
UPDATE public.patchwork_project SET send_notifications = true;
CREATE FUNCTION events() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', word(p.msgid), e.category, o.slug, n.slug, u.username), '; ' ORDER BY e.id)
      FROM public.patchwork_event e JOIN public.patchwork_patch p ON p.id = e.patch_id
      LEFT JOIN public.patchwork_state o ON o.id = e.previous_state_id
      LEFT JOIN public.patchwork_state n ON n.id = e.current_state_id
      LEFT JOIN public.auth_user u ON u.id = e.actor_id WHERE e.category = 'patch-state-changed' $$;
SAVEPOINT two;
CREATE TEMP TABLE shown AS
SELECT * FROM patchmail.mark_committed('c0ffee0', commit_of('demo: a', 'a'), 'demo', actor => 'uma', dry_run => true);
SELECT is(is_in_state('a'), 'new', 'a dry run leaves the patch');
SELECT is((SELECT count(*) FROM patchmail.audit WHERE function = 'mark_committed'), 0::bigint, 'and writes nothing');
SELECT is(events(), NULL, 'nor makes it events');
SELECT results_eq($$SELECT function, actor, project_id, object, object_id, before, after
                      FROM patchmail.mark_committed('c0ffee0', commit_of('demo: a', 'a'), 'demo', actor => 'uma')$$,
                  $$SELECT function, actor, project_id, object, object_id, before, after FROM shown$$,
                  'it shows what is done');
SELECT is((SELECT (before, after)::text FROM shown),
          (SELECT ('{"msgid": "<a@example.org>", "state": "new", "commit_ref": null}'::jsonb,
                   '{"msgid": "<a@example.org>", "state": "accepted", "evidence": "hash",
                      "commit_ref": "c0ffee0"}'::jsonb)::text),
          'the audit says by which evidence');
SELECT is(is_in_state('a'), 'accepted c0ffee0', 'state and commit are written');
SELECT is(events(), 'a patch-state-changed new accepted uma', 'with Patchwork''s event');
SELECT is((SELECT count(*) FROM public.patchwork_patchchangenotification WHERE patch_id = (patch_of('a')).id),
    1::bigint,
    'and its notification');
SELECT is_empty($$SELECT patchmail.mark_committed('c0ffee0', commit_of('demo: a', 'a'), 'demo')$$,
    'again it is nothing to do');
SELECT is(found(commit_of('demo: a', 'a')), 'a:it has this commit already', 'and it says why');
SELECT is(found(commit_of('demo: a', 'a'), 'c0ffee0123'), 'a:it has this commit already',
    'as it does of a longer name of it');
SELECT patchmail.patch_update((patch_of('a')).id, '{"state": "rejected"}');
SELECT is_empty($$SELECT patchmail.mark_committed('c0ffee0', commit_of('demo: a', 'a'), 'demo')$$,
    'what somebody did with it since stays');
SELECT is(found(commit_of('demo: a', 'a'), 'beef'), 'a:it has another commit',
    'another commit does not take its place');
SELECT is_empty($$SELECT patchmail.mark_committed('beef', commit_of('demo: a', 'a'), 'demo', gone => '{c0ffee}')$$,
    'nor if something else is gone');
SAVEPOINT marked;
SELECT is((SELECT after->>'commit_ref' FROM patchmail.mark_committed('beef', commit_of('demo: a', 'a'), 'demo',
    again => true)),
    'beef', 'it does if that is wanted');
ROLLBACK TO marked;
SELECT is((SELECT after->>'commit_ref' FROM patchmail.mark_committed('beef', commit_of('demo: a', 'a'), 'demo',
    gone => '{x,c0ffee0}')),
    'beef', 'or if the other one is gone');
ROLLBACK TO two;
SELECT is((SELECT count(*) FROM patchmail.mark_committed('c0ffee0', commit_of('Both', 'a b', 'a b'))), 2::bigint,
    'two patches, in all projects');
SELECT is(is_in_state('a') || ', ' || is_in_state('b'), 'accepted c0ffee0, accepted c0ffee0', 'have the commit');
ROLLBACK TO two;
SELECT patchmail.patches_update(ids('a'), '{"state": "accepted"}');
SELECT is((SELECT after FROM patchmail.mark_committed('c0ffee0', commit_of('demo: a', 'a'))),
          '{"msgid": "<a@example.org>", "evidence": "hash", "commit_ref": "c0ffee0"}'::jsonb,
          'a patch that is accepted already gets the commit alone');
ROLLBACK TO two;
SELECT is((SELECT after->>'state' FROM patchmail.mark_committed('c0ffee0', msgid => '<a@example.org>',
    state => 'Under Review')),
          'under-review', 'another state');
ROLLBACK TO two;
SELECT patchmail.patches_update(ids('a'), '{"archived": true}');
SELECT is(found(commit_of('demo: a', 'x')), 'a:it is not open: its state is new', 'by title nothing that is archived');
SELECT is(marked(commit_of('demo: a', 'a')), 'a+hash', 'by its diff it is');
SELECT is((SELECT count(*) FROM patchmail.mark_committed('c0ffee0', commit_of('demo: b', 'x'))), 1::bigint, 'by title');
SELECT is(found(commit_of('demo: b', 'x')), 'b:it has this commit already', 'also once');

-- Once a patch has the commit, weaker evidence says nothing of others
ROLLBACK TO two;
SELECT store_all(titled('a2', 'demo: a', 'n', version => 2, minute => 9));
SELECT patchmail.patches_update(ids('a'), '{"commit_ref": "c0ffee0"}');
SELECT is(found(commit_of('demo: a', 'x')), format('a:it has this commit already ; a2:patch %s has this commit already',
          (patch_of('a')).id), 'an older version that has the commit keeps it alone');

-- The policy of a project --------------------------------------------------------------------------------------------

ROLLBACK TO two;
SELECT is((patchmail.set_policy('demo', relate => false)).commits, 'title', 'at first every evidence is enough');
CREATE FUNCTION by_policy(policy text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
    PERFORM patchmail.set_policy('demo', commits => policy);
    RETURN (SELECT concat_ws(' ', VARIADIC array_agg(nullif(marked(c), '') ORDER BY n))
              FROM (VALUES (1, commit_of('demo: a', 'a', 'a')), (2, commit_of('demo: a', 'a')),
                           (3, commit_of('demo: a', 'a') || '{"hash": null}'), (4, commit_of('demo: a', 'x'))) t (n,
                               c));
END $$;
SELECT is(by_policy(p), e, 'commits => ' || p)
  FROM (VALUES ('off', ''), ('link', 'a+link'), ('hash', 'a+link a+hash'), ('patch-id', 'a+link a+hash a+patch-id'),
               ('title', 'a+link a+hash a+patch-id a+title')) t (p, e);
SELECT patchmail.set_policy('demo', commits => 'link');
SELECT is(found(commit_of('demo: a', 'a')), 'a:the policy of the project is commits => link', 'it says so');
SELECT patchmail.set_policy('demo', commits => 'off');
SELECT is((SELECT count(*) FROM patchmail.mark_committed('c0ffee0', msgid => '<a@example.org>')), 1::bigint,
    'what a person says himself is bound by none');
SELECT is((patchmail.set_policy('demo', relate => true)).commits, 'off', 'a policy stays');

-- Projects, and mail of other ones -----------------------------------------------------------------------------------

ROLLBACK TO empty;
SELECT make_project('other', 'other.example.org') AS other \gset
SELECT store_all(titled('a'));
SELECT store_mail(titled('b') || '{"list_ids": [{"field": "List-Id", "id": "other.example.org"}]}');
SELECT is(marked(commit_of('demo: b', 'b'), project => p), e, 'in project ' || coalesce(p, 'any'))
  FROM (VALUES ('demo', ''), ('other', 'b+hash'), (NULL, 'b+hash')) t (p, e);

-- A later version that went elsewhere
CREATE FUNCTION elsewhere(mail jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT store_mail(mail || '{"list_ids": [{"field": "List-Id", "id": "other.example.org"}]}') $$;
SELECT store_all(titled('w1', 't', 'b'));
SELECT is(marked(commit_of('T', 'x')), 'w1+title', 'the latest version');
SELECT elsewhere(titled('w2', 't', 'b c', version => 2, minute => 5));
SELECT is(found(commit_of('T', 'x')), format('w1:patch %s of another project or submitter may be a later version',
          (SELECT id FROM public.patchwork_patch WHERE msgid = '<w2@example.org>')),
    'is not the latest if a later one went to another project alone');
SELECT is(marked(commit_of('T', 'x'), project => 'other'), 'w2+title', 'there it is');
SELECT is(marked(commit_of('T', 'b y'), project => 'other'), '',
    'but not if the one that did not go there is more like the commit');
SELECT is(marked(commit_of('T', 'b')), 'w1+hash', 'the same diff is evidence all the same');
SELECT store_all(titled('w2', 't', 'b c', version => 2, minute => 5));
SELECT is(marked(commit_of('T', 'x')), 'w2+title', 'once it has come here too, it is the latest');
SELECT store_all(titled('before', 't', 'b', who => 'rob', minute => 1),
                 titled('w3', 'not t', 'b', who => 'rob', minute => 8));
SELECT is(marked(commit_of('T', 'x')), 'w2+title', 'what somebody else sent before counts for nothing');
SELECT store_all(titled('on', 't', 'q', '1/1', version => 3, who => 'rob', minute => 8,
                        content => E'From: Ada <ada@example.org>\n\nText.'));
SELECT is(marked(commit_of('T', 'x')), '', 'nor is it certain once somebody else has sent it on');
SELECT is(marked(commit_of('T', 'q')), 'on+hash', 'but for the diff');

-- A patch that Patchwork stored itself, of which the ledger knows nothing
ROLLBACK TO empty;
SELECT store_all(titled('a'), titled('b'));
DELETE FROM patchmail.message;
SELECT is(marked(commit_of('demo: a', 'a')), 'a+hash', 'a patch that the ledger does not know is found by its diff');
SELECT is(marked(commit_of('demo: a', 'x')), 'a+title', 'by its title');
SELECT is(marked(commit_of('demo: a', 'x', 'a')), 'a+link', 'by its link');
CREATE TABLE public.django_migrations (id integer);
SELECT is((ledger('a')).git_patch_id, NULL, 'it has no patch-id');
SELECT is(store_all(titled('a'), titled('b', words => 'other')), '{duplicate,quarantined}',
    'until the mail comes again');
SELECT is((ledger('a')).git_patch_id, titled('a')->>'patch_id', 'with which it gets one');
SELECT is((ledger('b')).git_patch_id, NULL, 'if its diff is the same');

-- Nonsense ------------------------------------------------------------------------------------------------------------

SELECT throws_like(q, said, q) FROM (VALUES
    ('SELECT patchmail.mark_committed(NULL, msgid => ''x'')', 'the commit has to be named by %'),
    ('SELECT patchmail.mark_committed('' '', msgid => ''x'')', 'the commit has to be named by %'),
    ('SELECT patchmail.mark_committed(''a b'', msgid => ''x'')', 'the commit has to be named by %'),
    ('SELECT patchmail.mark_committed(repeat(''a'', 256), msgid => ''x'')', 'the commit has to be named by %'),
    ('SELECT patchmail.mark_committed(''c'')', 'nothing is given by which the patch of commit c could be found'),
    ('SELECT patchmail.mark_committed(''c'', msgid => '' '')', 'nothing is given by which %'),
    ('SELECT patchmail.mark_committed(''c'', ''[]'')', 'the facts of commit c are not those of a patch'),
    ('SELECT patchmail.mark_committed(''c'', ''null'')', 'the facts of commit c are not those of a patch'),
    ('SELECT patchmail.mark_committed(''c'', ''{"rejected": "empty input"}'')',
     'the facts of commit c are not those of a patch: empty input'),
    ('SELECT patchmail.mark_committed(''c'', hash => ''x'')', '"x" is no hash of 40 hexadecimal digits'),
    ('SELECT patchmail.mark_committed(''c'', patch_id => repeat(''a'', 41))',
        '"aaa%" is no hash of 40 hexadecimal digits'),
    ('SELECT patchmail.mark_committed(''c'', ''{}'', ''none'')', 'there is no project "none"'),
    ('SELECT patchmail.mark_committed(''c'', ''{}'', actor => ''nobody'')', 'there is no user "nobody"'),
    ('SELECT patchmail.mark_committed(''c'', ''{}'', state => ''none'')', 'there is no state "none": %'),
    ('SELECT patchmail.set_policy(''demo'', commits => ''all'')', 'commits => "all" is no evidence: %'),
    ('SELECT patchmail.find_committed(''c'')', 'nothing is given by which %')) t (q, said);
SELECT is_empty(format('SELECT patchmail.mark_committed(''c'', %L)', f), 'facts ' || f)
  FROM (VALUES ('{}'),
      ('{"subject": 1, "files": 2, "links": [1, null], "author": [], "date": {}, "hash": 7, "diff": []}'),
               ('{"subject": {"title": null}, "files": null, "links": null, "author": {"name": 1},
                 "content": [1]}')) t (f);

SELECT * FROM finish();
ROLLBACK;
