-- _patchmail.shell_pattern(), find_delegate(), find_state() and create_submission(): who looks after a new patch, and
-- its state.
\ir preamble.psql
\ir state.psql
SELECT plan(174);
SELECT make_project() AS project \gset
SELECT make_project('second', 'second.example.org') AS second \gset
INSERT INTO public.auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active,
                              date_joined)
SELECT n, '', false, 'u' || n, '', '', email, false, true, '2026-01-01Z'
  FROM (VALUES (1001, 'One@Example.org'), (1002, 'two@example.org'), (1003, 'same@example.org'),
  (1004, 'same@example.org'),
               (1005, '')) u (n, email);

-- Shell patterns
SELECT is(path ~ _patchmail.shell_pattern(pattern), fits,
          format('%s %s %s', pattern, CASE WHEN fits THEN 'fits' ELSE 'does not fit' END, to_json(path)))
  FROM (VALUES
    ('src/file.c', 'src/file.c', true), ('src/file.c', 'src/file.cc', false), ('src/file.c', 'a/src/file.c', false),
    ('src/file.c', 'src/fileXc', false), ('src/File.c', 'src/file.c', false),
    ('*', 'src/file.c', true), ('*', '', true), ('src/*', 'src/a/b/c.h', true), ('src/*', 'src', false),
    ('src/*', 'xsrc/a', false), ('*.c', 'src/a.c', true), ('*.c', 'src/a.cc', false), ('*/a*b/*', 'x/aXX/Yb/z', true),
    ('**', 'x/y', true), ('?', 'a', true), ('?', 'ab', false), ('?', '', false), ('a?c', 'a/c', true),
    ('[abc]x', 'bx', true), ('[abc]x', 'dx', false), ('[a-c]x', 'bx', true), ('[!abc]x', 'dx', true),
    ('[!abc]x', 'ax', false), ('[!a-c]x', 'bx', false), ('[^a]x', '^x', true), ('[^a]x', 'bx', false),
    ('[a\]x', '\x', true), ('[', '[', true), ('[abc', '[abc', true), ('a]', 'a]', true), ('[]', '[]', true),
    ('a+b', 'a+b', true), ('a+b', 'aab', false), ('(a|b){1}^$', '(a|b){1}^$', true), ('a\b', 'a\b', true),
    ('.*', 'x', false), ('ä*', 'äö', true), ('a b', 'a b', true), ('', '', true), ('', 'a', false),
    ('[.]c', '.c', true),
    ('a*c', E'a\nc', true), ('[[]a', '[a', true), ('\d', '1', false), ('_-', '_-', true)) p (pattern, path, fits);
SELECT is(_patchmail.shell_pattern(NULL), NULL, 'no pattern');

-- The user whom the mail names
CREATE FUNCTION delegate(address text, VARIADIC files text[]) RETURNS integer LANGUAGE sql AS $$
    SELECT _patchmail.find_delegate((SELECT id FROM public.patchwork_project WHERE linkname = 'demo'), address,
    to_jsonb(files));
$$;
SELECT is(delegate(NULL, 'src/a.c'), NULL, 'no name and no rules: nobody');
SELECT is(delegate('one@example.ORG', 'src/a.c'), 1001, 'a delegate is found by address, in any case');
SELECT is(delegate('same@example.org', 'src/a.c'), 1003, 'of two users with one address the older is the delegate');
SELECT is(delegate('one', 'src/a.c'), NULL, 'nobody has that address');

-- Rules
INSERT INTO public.patchwork_delegationrule (path, priority, project_id, user_id) VALUES
    ('src/*', 0, :project, 1001), ('src/net/*', 5, :project, 1002), ('doc/*', 0, :project, 1002),
    ('*.tie', 1, :project, 1002), ('*.ti?', 1, :project, 1001), ('doc/only', 0, :second, 1001);
SELECT is(delegate(NULL, 'src/a.c'), 1001, 'a rule gives the delegate by the file');
SELECT is(delegate(NULL, 'src/net/a.c'), 1002, 'the rule of the highest priority counts');
SELECT is(delegate(NULL, 'x.tie'), 1001, 'of rules of one priority the first by path counts');
SELECT is(delegate(NULL, 'src/a.c', 'src/b.c'), 1001, 'all files give the same delegate');
SELECT is(delegate(NULL, 'src/net/a.c', 'doc/b'), 1002, 'different rules may give the same delegate');
SELECT is(delegate(NULL, 'src/a.c', 'doc/b'), NULL, 'two files, two users: nobody');
SELECT is(delegate(NULL, 'src/a.c', 'Makefile'), NULL, 'a file without a rule: nobody');
SELECT is(delegate(NULL, 'Makefile', 'src/a.c'), NULL, 'files with different delegates give nobody, in either order');
SELECT is(_patchmail.find_delegate(:project, NULL, '[]'), NULL, 'no files: nobody');
SELECT is(delegate('two@example.org', 'src/a.c'), 1002, 'the mail''s word is stronger than rules');
SELECT is(delegate('nobody@example.org', 'src/a.c'), 1001, 'the mail''s word does not count if nobody has the address');
SELECT is(_patchmail.find_delegate(:second, NULL, '["src/a.c"]'), NULL, 'rules are a project''s own');

SELECT is(path LIKE _patchmail.like_pattern(pattern), path ~ _patchmail.shell_pattern(pattern), 'LIKE '
          || concat_ws(' ', pattern, to_json(path)))
  FROM unnest(ARRAY['*', 'a*', '*a', 'a?c', '?', '%', '_', 'a%b*', '\\', '\\*', 'a\\_b', '', 'a.c', 'ä?']) pattern,
       unnest(ARRAY['', 'a', 'abc', 'a%b', 'a_c', '\\', '\\x', 'a\\_b', E'a\nc', 'äö', '%', '_']) path
 WHERE pattern IN ('%', '_') OR length(path) < 3;
SELECT is(_patchmail.like_pattern('a[b]*'), NULL, 'only a regular expression has sets');
SELECT is(delegate(NULL, VARIADIC array_fill('src/a.c'::text, '{10000}')), 1001, 'as many files as are looked at');
SET LOCAL client_min_messages = error;  -- the server says why
SELECT is(delegate(NULL, VARIADIC array_fill('src/a.c'::text, '{10001}')), NULL, 'one more: nobody');
SELECT is(delegate('two@example.org', VARIADIC array_fill('src/a.c'::text, '{10001}')), 1002,
          'with too many files the mail''s word still counts');
SELECT is(delegate(NULL, 'src/' || repeat('a', 900000)), 1001, 'a long name');
SELECT is(delegate(NULL, 'src/' || repeat('a', 1000000)), NULL, 'one that is too long: nobody');

-- States
SELECT is((SELECT name::text FROM public.patchwork_state WHERE id = _patchmail.find_state(wanted)), state,
          'state ' || coalesce(wanted, 'NULL')) FROM (VALUES
    (NULL, 'New'), ('Accepted', 'Accepted'), ('under review', 'Under Review'), ('no such state', 'New'), ('', 'New'))
  s (wanted, state);
UPDATE public.patchwork_state SET ordering = ordering + 100;
UPDATE public.patchwork_state SET ordering = 0 WHERE name = 'Deferred';
SELECT is((SELECT name FROM public.patchwork_state WHERE id = _patchmail.find_state(NULL)), 'Deferred',
          'new patches have the state with ordering 0, whatever its name');

-- On the patch
SELECT store_all(patch('hinted', more => '{"hints": {"state": "accepted", "delegate": "two@example.org"}}'),
                 patch('ruled'));
SELECT is((SELECT s.name FROM public.patchwork_state s WHERE s.id = (patch_of('hinted')).state_id), 'Accepted',
          'the state of a mail''s hint');
SELECT is((patch_of('hinted')).delegate_id, 1002, 'the delegate of a mail''s hint');
SELECT is((patch_of('ruled')).delegate_id, 1001, 'the delegate by the rules');
SELECT is((SELECT array_agg(DISTINCT category ORDER BY category) FROM public.patchwork_event),
          '{patch-completed,patch-created,series-completed,series-created}',
          'a state that is there from the start is no event');

SELECT * FROM finish();
ROLLBACK;
