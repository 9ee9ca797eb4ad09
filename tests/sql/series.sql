-- The rows of series: series_name(), series_lead(), create_series(), change_series(), series_completion(),
-- complete_series(), settle_series(), fill_series(), vacate_series(), move_series() and assemble().
\ir preamble.psql
\ir state.psql
SELECT plan(58);
SELECT make_project() AS project \gset
SAVEPOINT empty;

-- Name and lead
SELECT store_all(cover('c', 3, minute => 9), patch('p1', '1/3', 'c'), patch('p2', '2/3', 'c'), patch('s'),
                 reply('r', 's'),
                 patch('q3', '3/9', 'x', minute => 0), patch('q2', '2/9', 'x', minute => 5), patch('q4', '4/9', 'x'),
                 patch('l2', '1/2', 'y', minute => 0), patch('l1', '2/2', 'y', minute => 5));
SELECT is(_patchmail.series_name(ledger(id)), name, 'a series that ' || id || ' leads') FROM (VALUES
    ('c', 'c'), ('p1', '[1/3] p1'), ('p2', NULL), ('s', 's')) n (id, name);
SELECT is(word((_patchmail.series_lead((series_of(id)).id, (ledger(id)).thread)).msgid), lead,
          'the lead of the series of ' || id)
  FROM (VALUES ('p2', 'c'), ('q4', 'q2'), ('l1', 'l2')) l (id, lead);
SELECT is((_patchmail.series_lead((series_of('c')).id, 0)).id, NULL, 'in another thread it has no members');
SELECT is((_patchmail.series_lead((series_of('s')).id, (ledger('s')).thread)).id, NULL,
          'the series of a single patch has no lead');
SELECT is((series_of(id)).name::text, name, 'the name of the series of ' || id)
  FROM (VALUES ('p1', 'c'), ('q3', NULL), ('l1', '[1/2] l2'), ('s', 's')) n (id, name);

-- create_series
ROLLBACK TO empty;
SELECT store_all(patch('s', version => 2), patch('p2', '2/3', 'x', 4, 7));
SELECT _patchmail.create_series(ledger('s')) AS created \gset
SELECT row_eq(format('SELECT name, date, version, total, project_id, submitter_id, cover_letter_id
                        FROM public.patchwork_series WHERE id = %s', :created),
              ROW('[v2] s'::varchar, '2026-02-01 12:00Z'::timestamptz, 2, 1, :project, (ledger('s')).submitter_id,
              NULL::integer),
              'create_series: a patch without a marker is one of one');
SELECT _patchmail.create_series(ledger('p2')) AS created \gset
SELECT row_eq(format('SELECT name, date, version, total FROM public.patchwork_series WHERE id = %s', :created),
              ROW(NULL::varchar, '2026-02-01 12:07Z'::timestamptz, 4, 3), 'patch 2 gives no name');
SELECT is((SELECT count(*) FROM public.patchwork_event WHERE category = 'series-created' AND series_id = :created),
          1::bigint,
          'its event');

ROLLBACK TO empty;

-- change_series: what the former lead gave is replaced, what an admin gave is not
CREATE FUNCTION after_change(what text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    PERFORM store_all(patch('p2', '2/3', 'c', 2, 7, 'bob'), cover('d', 4, minute => 1), cover('e', 5, who => 'zoe'));
    UPDATE public.patchwork_series SET cover_letter_id = NULL WHERE version = 1;
    what := replace(what, 'submitter_id = 1', 'submitter_id = ' || (ledger('e')).submitter_id);
    what := replace(what, 'cover_letter_id = 1', 'cover_letter_id = ' || (cover_of('e')).id);
    EXECUTE 'UPDATE public.patchwork_series s SET ' || what || ' WHERE s.version = 2';
    PERFORM _patchmail.change_series((series_of('p2')).id, ledger('p2'), ledger('d'));
    SELECT concat_ws(' ', s.name, to_char(s.date, 'HH24:MI'), 'v' || s.version, s.total, word(r.email), word(c.msgid))
      INTO result
      FROM (SELECT (series_of('p2')).*) s JOIN public.patchwork_person r ON r.id = s.submitter_id
      LEFT JOIN public.patchwork_cover c ON c.id = s.cover_letter_id;
    RAISE EXCEPTION USING ERRCODE = 'PT000';
EXCEPTION WHEN SQLSTATE 'PT000' THEN
    RETURN result;
END
$$;
SELECT is(after_change(what), changed, 'change_series after: ' || what) FROM (VALUES
    ('id = id', 'd 12:01 v1 4 ada d'), ('name = ''Mine''', 'Mine 12:01 v1 4 ada d'),
    ('date = ''2026-02-01 15:00Z''', 'd 15:00 v1 4 ada d'), ('total = 7', 'd 12:01 v1 7 ada d'),
    ('submitter_id = 1', 'd 12:01 v1 4 zoe d'), ('cover_letter_id = 1', 'd 12:01 v1 4 ada e')) c (what, changed);

-- series_completion and complete_series
ROLLBACK TO empty;
CREATE FUNCTION completion(id text) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(coalesce(word(p.msgid), s.category), ' ' ORDER BY s.category, p.number), '')
      FROM _patchmail.series_completion((series_of($1)).id) s LEFT JOIN public.patchwork_patch p ON p.id = s.patch_id;
$$;
SAVEPOINT helped;
SELECT store_all(cover('c', 3));
SELECT is(completion('c'), '', 'a cover letter alone: nothing is complete');
SELECT store_all(patch('p2', '2/3', 'c'));
SELECT is(completion('c'), '', 'patch 2 waits for patch 1');
SELECT store_all(patch('p1', '1/3', 'c'));
SELECT is(completion('c'), 'p1 p2', 'both are complete then');
SELECT store_all(patch('p4', '4/3', 'c'));
SELECT is(completion('c'), 'p1 p2', 'a number over the total waits as well');
SELECT store_all(patch('p3', '3/3', 'c'));
SELECT is(completion('c'), 'p1 p2 p3 p4 series-completed', 'all');
SELECT is((SELECT count(*) FROM public.patchwork_event WHERE category = 'series-completed'), 1::bigint,
          'one event of the series');
SELECT _patchmail.complete_series(ARRAY[(series_of('c')).id]);
SELECT is((SELECT array_agg(e) FROM all_events() e WHERE e LIKE '% x%'), NULL, 'asked again, none is made twice');
DELETE FROM public.patchwork_event WHERE category = 'series-completed' OR patch_id = (patch_of('p2')).id;
SELECT _patchmail.complete_series(ARRAY[(series_of('c')).id]);
SELECT is((SELECT count(*) FROM all_events() e WHERE e ~ '-completed'), 5::bigint, 'those that lack are made');

-- settle_series
UPDATE public.patchwork_patch SET series_id = NULL WHERE id = (patch_of('p2')).id;
SELECT _patchmail.settle_series((series_of('c')).id, (ledger('c')).thread);
SELECT is((SELECT array_agg(e ORDER BY e) FROM all_events() e WHERE e ~ '-completed'),
          '{"patch-completed p1 [c 1:p1 3:p3 4:p4]"}', 'what is complete no longer has no event');
UPDATE public.patchwork_patch SET series_id = (series_of('c')).id WHERE id = (patch_of('p2')).id;
SELECT _patchmail.settle_series((series_of('c')).id, (ledger('c')).thread);
SELECT is((SELECT count(*) FROM all_events() e WHERE e ~ '-completed'), 5::bigint,
          'a series that is complete again has its event again');
SELECT (series_of('c')).id AS emptied \gset
INSERT INTO public.patchwork_seriesreference (msgid, project_id, series_id) VALUES ('<c@example.org>', :project,
                                                                  :emptied);
SELECT store_all(patch('dep'));
INSERT INTO public.patchwork_series_dependencies (from_series_id, to_series_id)
VALUES (:emptied, (series_of('dep')).id), ((series_of('dep')).id, :emptied);
UPDATE public.patchwork_patch SET series_id = NULL WHERE series_id = :emptied;
SELECT _patchmail.settle_series(:emptied, 0);
SELECT isnt(members(:emptied), NULL, 'a series with a cover letter stays');
UPDATE public.patchwork_series SET cover_letter_id = NULL WHERE id = :emptied;
SELECT lives_ok(format('SELECT _patchmail.settle_series(%s, 0); SET CONSTRAINTS ALL IMMEDIATE', :emptied),
                'an empty one goes with all that hangs on it');
SET CONSTRAINTS ALL DEFERRED;
SELECT is(members(:emptied), NULL, 'an empty series is gone');
ROLLBACK TO helped;

-- vacate_series and fill_series
SELECT store_all(cover('c', 2), patch('p1', '1/2', 'c'), patch('p2', '2/2', 'c'),
                 patch('o1', '1/2', 'x', who => 'bob'));
SELECT (series_of('c')).id AS old, (series_of('o1')).id AS other \gset
SELECT is(_patchmail.vacate_series(ARRAY[(ledger('c')).id, (ledger('p1')).id, (ledger('p2')).id]), ARRAY[:old],
          'vacate_series gives the series that was left');
SELECT is(members(:old), '[-]', 'patches and cover letter are out of it');
SELECT is((SELECT count(series_id) FROM patchmail.message WHERE word(msgid) IN ('c', 'p1', 'p2')), 0::bigint,
          'the ledger has patches and cover letter out of it');
SELECT is(members(:other), '[- 1:o1]', 'others are not touched');
SELECT is(_patchmail.vacate_series('{}'), '{}', 'nobody leaves');
SELECT _patchmail.fill_series(:old, ARRAY[(ledger('p1')).id]);
SELECT is(members(:old), '[- 1:p1]', 'fill_series puts the patch in');
SELECT is((ledger('p1')).series_id, :old, 'the ledger has the patch in the series');
SELECT _patchmail.create_series(ledger('c')) AS made \gset
SELECT _patchmail.fill_series(:made, ARRAY[(ledger('p2')).id, (ledger('c')).id]);
SELECT is(members(:made), '[c 2:p2]', 'fill_series puts the patch into a new series');
UPDATE patchmail.message SET series_id = NULL WHERE word(msgid) = 'o1';
UPDATE public.patchwork_patch SET series_id = NULL WHERE word(msgid) = 'o1';
SELECT _patchmail.fill_series(:old, ARRAY[(ledger('o1')).id]);
SELECT is(members(:old), '[- 1:p1]', 'a patch whose number is taken stays outside');
UPDATE patchmail.message SET series_id = NULL WHERE word(msgid) = 'p2';
SELECT _patchmail.fill_series(:old, ARRAY[(ledger('p2')).id]);
SELECT is(members(:old) || members(:made), '[- 1:p1][c 2:p2]', 'a patch that stands in another series stays there');
ROLLBACK TO helped;

-- move_series and assemble, seen through store: rows are kept where they can be
SELECT store_all(patch('p1', '1/2', 'c'), patch('p2', '2/2', 'c'));
SELECT (series_of('p1')).id AS kept \gset
SELECT store_all(cover('c', 2));
SELECT is((series_of('c')).id, :kept, 'a cover letter that comes last joins the row that is there');
SELECT is((series_of('c')).name, 'c', 'a cover letter that comes last gives the series its name');
ROLLBACK TO helped;
SELECT store_all(patch('p1', '1/3'), patch('p3', '3/3', 'p2', minute => 60), patch('p4', '4/3', 'p2', minute => 60));
SELECT is(all_series(), 'v1[- 1:p1] v1[- 3:p3 4:p4]', 'two series, until the mail comes that ties them together');
SELECT (series_of('p1')).id AS smaller, (series_of('p3')).id AS larger \gset
SELECT store_all(patch('p2', '2/3', 'p1', minute => 30));
SELECT is(all_series(), 'v1[- 1:p1 2:p2 3:p3 4:p4]', 'two series that a mail ties together are one');
SELECT is((series_of('p2')).id, :larger, 'the row that most of them had');
SELECT is(members(:smaller), NULL, 'the other is gone');
SELECT is((series_of('p2')).name, '[1/3] p1', 'name and date are those of its lowest patch');
SELECT is((SELECT array_agg(e ORDER BY e) FROM all_events() e WHERE e ~ '^series-'),
          '{"series-completed [- 1:p1 2:p2 3:p3 4:p4]","series-created [- 1:p1 2:p2 3:p3 4:p4]"}',
          'one series was created');
ROLLBACK TO helped;
SELECT store_all(patch('p1', '1/2', 'c'), patch('p2', '2/2', 'C c'));
SELECT (series_of('p1')).id AS first \gset
SELECT is(all_series(), 'v1[- 1:p1 2:p2]', 'patches of two cover letters that are not here');
SELECT store_all(cover('c', 2));
SELECT is(all_series(), 'v1[c 1:p1 2:p2]', 'the older cover letter comes: it has both');
SELECT store_all(cover('C', 2, 'c', minute => 1));
SELECT is(all_series(), 'v1[C 2:p2] v1[c 1:p1]', 'the nearer one comes: patch 2 goes there');
SELECT is((series_of('c')).id, :first, 'the first row stays with the first patch');
SELECT is((SELECT array_agg(e ORDER BY e) FROM all_events() e WHERE e ~ '^series-|-completed'),
          '{"patch-completed p1 [c 1:p1]","series-created [C 2:p2]","series-created [c 1:p1]"}',
          'what was complete in between is so no longer');

SELECT * FROM finish();
ROLLBACK;
