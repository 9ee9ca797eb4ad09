-- What an admin changed by hand stays, when more mail of the thread comes; and the mail is stored.
\ir preamble.psql
\ir state.psql
SELECT plan(47);
SELECT make_project() AS project \gset

-- The hand changes.  Deleting as Patchwork's own pages do: with everything that hangs on it.
CREATE FUNCTION put_into(id text, other text) RETURNS void LANGUAGE sql AS $$
    UPDATE public.patchwork_patch SET series_id = (series_of(other)).id WHERE patchwork_patch.id = (patch_of($1)).id;
$$;
CREATE FUNCTION delete_patch(id text) RETURNS void LANGUAGE sql AS $$
    DELETE FROM public.patchwork_event e
     WHERE e.patch_id = (patch_of($1)).id
        OR e.patch_comment_id IN (SELECT k.id FROM public.patchwork_patchcomment k
                                  WHERE k.patch_id = (patch_of($1)).id);
    DELETE FROM public.patchwork_patchcomment k WHERE k.patch_id = (patch_of($1)).id;
    DELETE FROM public.patchwork_patchtag k WHERE k.patch_id = (patch_of($1)).id;
    DELETE FROM public.patchwork_patch p WHERE p.msgid = (msgids($1))[1];
$$;
CREATE FUNCTION delete_cover(id text) RETURNS void LANGUAGE sql AS $$
    UPDATE public.patchwork_series SET cover_letter_id = NULL WHERE cover_letter_id = (cover_of($1)).id;
    DELETE FROM public.patchwork_event e WHERE e.cover_id = (cover_of($1)).id;
    DELETE FROM public.patchwork_covercomment k WHERE k.cover_id = (cover_of($1)).id;
    DELETE FROM public.patchwork_cover c WHERE c.msgid = (msgids($1))[1];
$$;
CREATE FUNCTION delete_series(member text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    old integer := (series_of(member)).id;
BEGIN
    DELETE FROM public.patchwork_event e WHERE e.series_id = old;
    UPDATE public.patchwork_patch p SET series_id = NULL WHERE p.series_id = old;
    DELETE FROM public.patchwork_series s WHERE s.id = old;
END
$$;
SAVEPOINT empty;

-- A patch is moved to another series
SELECT store_all(cover('c', 3), patch('p1', '1/3', 'c'), patch('p2', '2/3', 'c'), patch('o', '1/9', 'x'));
SELECT put_into('p2', 'o');
SELECT is(store_all(patch('p3', '3/3', 'c'), reply('r', 'p2'), patch('o3', '3/9', 'x')), '{stored,stored,stored}',
          'a patch was moved: more mail is stored');
SELECT is(all_series(), 'v1[- 1:o 2:p2 3:o3] v1[c 1:p1 3:p3]', 'a patch that was moved stays where it was put');
SELECT is(all_comments(), 'r>p2', 'a patch that was moved is answered where it is');
SELECT is((SELECT array_agg(e) FROM all_events() e WHERE e LIKE 'series-completed%'), NULL,
          'the series that lacks it is not complete');
SELECT store_all(patch('o2', '2/9', 'x'));
SELECT is(all_series(), 'outside:o2 v1[- 1:o 2:p2 3:o3] v1[c 1:p1 3:p3]',
          'a patch whose number it has now stays outside');
ROLLBACK TO empty;
SELECT store_all(patch('p1', '1/3'), patch('p3', '3/3', 'p2', minute => 60), patch('o', '7/9', 'x'));
SELECT put_into('p1', 'o');
SELECT store_all(patch('p2', '2/3', 'p1', minute => 30));
SELECT is(all_series(), 'v1[- 1:p1 7:o] v1[- 2:p2 3:p3]',
          'a mail that ties its series to another does not move it back');
ROLLBACK TO empty;
SELECT store_all(patch('p1', '1/3'), patch('p3', '3/3', 'p2', minute => 60), patch('p4', '4/3', 'p2', minute => 60));
UPDATE public.patchwork_patch SET series_id = NULL WHERE word(msgid) IN ('p1', 'p3');
SELECT store_all(patch('p2', '2/3', 'p1', minute => 30));
SELECT is(all_series(), 'outside:p1 outside:p3 v1[- 2:p2 4:p4]',
          'patches that were taken out of their series stay out');
ROLLBACK TO empty;
SELECT store_all(patch('s'), cover('c', 2), patch('p1', '1/2', 'c'));
UPDATE public.patchwork_patch SET number = 2 WHERE word(msgid) = 's';
SELECT put_into('s', 'c');
SELECT store_all(patch('p2', '2/2', 'c'), reply('r', 's'));
SELECT is(members((series_of('c')).id), '[c 1:p1 2:s]', 'a single patch that was put into a series stays there');
SELECT is((patch_of('p2')).series_id, NULL, 'a patch whose place an admin gave to another one stays outside');
ROLLBACK TO empty;

-- A cover letter is moved or exchanged
SELECT store_all(patch('p1', '1/2', 'c'), patch('p2', '2/2', 'c'), cover('o', 5, 'y'));
UPDATE public.patchwork_series SET cover_letter_id = NULL WHERE total = 5;
UPDATE public.patchwork_series SET cover_letter_id = (cover_of('o')).id WHERE total = 2;
SELECT store_all(cover('c', 2));
SELECT is(members((series_of('p1')).id), '[o 1:p1 2:p2]',
          'a cover letter that was put there stays when another one comes');
ROLLBACK TO empty;

-- The series' own columns
SELECT store_all(patch('p2', '2/2', 'c', minute => 5));
UPDATE public.patchwork_series SET name = 'By hand';
SELECT store_all(patch('p1', '1/2', 'c', minute => 4));
SELECT is((series_of('p1')).name, 'By hand', 'a name stays when patch 1 comes');
SELECT store_all(cover('c', 2, minute => 3));
SELECT is((series_of('p1')).name, 'By hand', 'a name stays when the cover letter comes');
SELECT is(to_char((series_of('p1')).date, 'HH24:MI'), '12:03', 'the rest is the cover letter''s');
ROLLBACK TO empty;
SELECT store_all(patch('p3', '3/3', 'p2'), patch('p1', '1/3', minute => 100));
UPDATE public.patchwork_series s SET name = 'Hand ' || s.id;
SELECT (series_of('p3')).name AS name \gset
SELECT store_all(patch('p2', '2/3', 'p1', minute => 50));
SELECT is((series_of('p1')).name, :'name', 'the name of the row that stays, when two series become one');
ROLLBACK TO empty;
SELECT store_all(patch('p1', '1/3', 'c'));
UPDATE public.patchwork_series SET total = 2, version = 7;
SELECT store_all(patch('p2', '2/3', 'c'), cover('c', 3));
SELECT is(all_series(), 'v7[c 1:p1 2:p2]', 'a version');
SELECT is((series_of('c')).total, 2, 'a total that an admin gave stays');
SELECT is((SELECT count(*) FROM all_events() e WHERE e LIKE 'series-completed%'), 1::bigint,
          'a total that an admin gave makes the series complete');
ROLLBACK TO empty;

-- Comments
SELECT store_all(patch('a'), patch('b'), reply('r', 'a'), reply('m', 'x a'));
UPDATE public.patchwork_patchcomment SET patch_id = (patch_of('b')).id;
SELECT store_all(patch('x', answers => 'a'), reply('s', 'r'));
SELECT is(all_comments(), 'm>b r>b s>a', 'comments that were moved stay, though what they answer has come');
ROLLBACK TO empty;
SELECT store_all(patch('a'), reply('m', 'x a'), reply('n', 'm'));
DELETE FROM public.patchwork_event WHERE patch_comment_id IS NOT NULL;
DELETE FROM public.patchwork_patchcomment;
SELECT is(store_all(patch('x', answers => 'a'), reply('o', 'm')), '{stored,stored}',
          'comments were deleted: more mail is stored');
SELECT is(all_comments(), 'o>x', 'comments that were deleted do not come back');
SELECT is(store_mail(reply('m', 'x a')), 'duplicate',
          'comments that were deleted do not come back by the same mail again');
ROLLBACK TO empty;

-- A patch is deleted
SELECT store_all(cover('c', 3), patch('p1', '1/3', 'c'), patch('p2', '2/3', 'c'), reply('r1', 'p1'), reply('r2', 'p2'));
SELECT delete_patch('p1');
SELECT is(store_all(patch('p3', '3/3', 'c')), '{stored}', 'a patch was deleted: the next one of the series');
SELECT is(all_series(), 'v1[c 2:p2 3:p3]', 'joins what is left');
SELECT is(store_all(patch('p1', '1/3', 'c')), '{duplicate}', 'the deleted one does not come back');
SELECT is(store_all(reply('s1', 'p1 c'), reply('t1', 'r1 p1')), '{waiting,waiting}',
          'replies to it have nowhere to go');
SELECT is(store_all(reply('s2', 'p2 c')), '{stored}', 'replies to others have');
SELECT is(all_comments(), 'r2>p2 s1>? s2>p2 t1>?', 'nothing else is changed');
SELECT is(store_all(cover('C', 3, 'p1', 2, 2000), patch('P1', '1/3', 'C', 2, 2000), patch('N', '1/1', 'p1', 2, 900)),
          '{stored,stored,stored}', 'a new version answers it');
SELECT is(all_series(), 'v1[c 2:p2 3:p3] v2[- 1:N] v2[C 1:P1]', 'a new version is a series of its own');
ROLLBACK TO empty;
SELECT store_all(patch('s'), reply('r', 's'));
SELECT delete_series('s'), delete_patch('s');
SELECT is(store_all(patch('s'), reply('q', 'r')), '{duplicate,waiting}', 'a single patch was deleted, with its series');
ROLLBACK TO empty;
SELECT store_all(patch('p3', '3/3', 'p2', minute => 60), patch('p1', '1/3'));
SELECT delete_patch('p3');
SELECT is(store_all(patch('p2', '2/3', 'p1', minute => 30)), '{stored}',
          'one was deleted before its series became one with another');
SELECT is((SELECT array_agg(members(s.id)) FROM public.patchwork_series s WHERE members(s.id) <> '[-]'),
          '{"[- 1:p1 2:p2]"}',
          'the others are together');
ROLLBACK TO empty;

-- A cover letter is deleted
SELECT store_all(cover('c', 3), patch('p1', '1/3', 'c'), reply('r', 'c'));
SELECT delete_cover('c');
SELECT is(store_all(patch('p2', '2/3', 'c'), patch('p3', '3/3', 'p1 c')), '{stored,stored}',
          'a cover letter was deleted: more patches');
SELECT is(all_series(), 'v1[- 1:p1 2:p2 3:p3]', 'join their series');
SELECT is((SELECT count(*) FROM all_events() e WHERE e LIKE 'series-completed%'), 1::bigint,
          'the series that they join is complete');
SELECT is(store_all(cover('c', 3), reply('s', 'c'), reply('t', 'r c')), '{duplicate,waiting,waiting}',
          'a cover letter that was deleted does not come back');
ROLLBACK TO empty;
SELECT store_all(cover('c', 2), patch('p2', '2/2', 'C c'));
SELECT delete_cover('c');
SELECT is(store_all(cover('C', 2, 'c'), patch('p1', '1/2', 'C c')), '{stored,stored}', 'the nearer cover letter comes');
SELECT is(members((series_of('p2')).id), '[C 1:p1 2:p2]', 'the nearer cover letter has its patches');
ROLLBACK TO empty;

-- A series is deleted, its patches stay
SELECT store_all(cover('c', 3), patch('p1', '1/3', 'c'));
SELECT delete_series('c');
SELECT is(store_all(patch('p2', '2/3', 'c'), reply('r', 'p1')), '{stored,stored}',
          'a series was deleted: more mail is stored');
SELECT is((patch_of('p1')).series_id, NULL, 'what was in it stays outside');
SELECT is(store_all(patch('p3', '3/3', 'p2 c')), '{stored}', 'a third patch is stored');
ROLLBACK TO empty;
SELECT store_all(patch('p2', '2/3', 'c'), patch('p3', '3/3', 'c'));
SELECT delete_series('p2');
SELECT is(store_all(patch('p1', '1/3', 'c'), cover('c', 3)), '{stored,stored}',
          'patch 1 and the cover letter come after that');
ROLLBACK TO empty;
SELECT store_all(patch('p3', '3/3', 'p2', minute => 60), patch('p1', '1/3'), patch('p4', '4/3', 'p2', minute => 60));
SELECT delete_series('p3');
SELECT is(store_all(patch('p2', '2/3', 'p1', minute => 30)), '{stored}',
          'a mail that ties the deleted series to another');
ROLLBACK TO empty;
SELECT store_all(cover('c', 2), patch('p1', '1/2', 'c'));
SELECT delete_series('c'), delete_patch('p1'), delete_cover('c');
SELECT is(store_all(patch('p2', '2/2', 'c')), '{stored}', 'a series was deleted with all that was in it');
SELECT is(store_all(patch('n', '1/2', 'c', 2, 99), cover('C', 2, 'c', 3, 999)), '{stored,stored}',
          'new versions of it');
ROLLBACK TO empty;

-- People and projects
SELECT store_all(patch('a'));
UPDATE public.patchwork_patch
   SET submitter_id = (_patchmail.find_person('{"name": "Zoe", "email": "zoe@example.org"}', now(), true)).id;
SELECT store_all(reply('r', 'a', who => 'ada'));
SELECT is((SELECT r.name FROM public.patchwork_person r WHERE r.id = (patch_of('a')).submitter_id), 'Zoe',
          'a submitter');
UPDATE public.patchwork_patch SET name = 'By hand', state_id = 3, archived = true, delegate_id = NULL,
       commit_ref = 'c0ffee';
SELECT store_all(patch('a'), reply('s', 'a'));
SELECT results_eq('SELECT name::text, state_id, archived, commit_ref::text FROM public.patchwork_patch',
                  $$VALUES ('By hand', 3, true, 'c0ffee')$$, 'what was done to a patch');

SELECT * FROM finish();
ROLLBACK;
