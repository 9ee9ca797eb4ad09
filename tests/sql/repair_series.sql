-- What admins do with series by hand: split, merge, move patches; and that it stays, whatever mail comes later.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS project \gset
INSERT INTO public.auth_user (id, username, first_name, last_name, email, password, is_superuser, is_staff, is_active,
                              date_joined)
VALUES (1, 'uma', '', '', 'uma@example.org', '', false, false, true, now());
CREATE FUNCTION ids(words text) RETURNS integer[] LANGUAGE sql STABLE AS $$
    SELECT array_agg((patch_of(w)).id) FROM regexp_split_to_table(words, ' ') w;
$$;
-- What an audit says, a line an object.
CREATE FUNCTION said(changes patchmail.audit[]) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(concat_ws(' ', c.function, c.actor, c.object, coalesce(c.after, c.before)->>'msgid',
                                CASE WHEN c.before IS NULL THEN 'new' WHEN c.after IS NULL THEN 'gone'
                                     ELSE (SELECT string_agg(k, ',' ORDER BY k)
                                             FROM jsonb_object_keys(c.after - '{msgid,name}'::text[]) k) END),
                      E'\n' ORDER BY c.id) FROM unnest(changes) c;
$$;
-- Tries the rest of a thread after a repair one by one and as a batch: the series that there are then.
CREATE FUNCTION series_later(mails jsonb[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    alone  record := state_after(mails);
    batch  record := state_after(mails, cardinality(mails));
BEGIN
    RETURN CASE WHEN (alone.series, alone.state, alone.ledger) = (batch.series, batch.state, batch.ledger)
                THEN alone.series
                ELSE concat_ws(E'\n', 'one by one:', alone.state, alone.ledger, 'in a batch:', batch.state,
                               batch.ledger) END;
END
$$;
SAVEPOINT empty;

-- A series is split
SELECT store_all(cover('c', 4), patch('p1', '1/4', 'c'), patch('p2', '2/4', 'c'), patch('p3', '3/4', 'c'),
                 patch('p4', '4/4', 'c'));
SELECT is(said(ARRAY(SELECT s FROM patchmail.split_series((series_of('p1')).id, ids('p3 p4 p3'), actor => 'uma',
                                                           dry_run => true) s)),
          E'split_series uma patch <p3@example.org> series\nsplit_series uma patch <p4@example.org> series\n'
          'split_series uma series new', 'a dry run tells what a split would change');
SELECT is(all_series(), 'v1[c 1:p1 2:p2 3:p3 4:p4]', 'and has changed nothing');
SELECT is((SELECT count(*) FROM patchmail.audit WHERE function = 'split_series'), 0::bigint, 'nor written an audit');
SELECT is(said(ARRAY(SELECT s FROM patchmail.split_series((series_of('p1')).id, ids('p3 p4'), 'the other half') s)),
          E'split_series patch <p3@example.org> series\nsplit_series patch <p4@example.org> series\n'
          'split_series series new', 'a split tells what it has changed');
SELECT is((SELECT count(*) FROM patchmail.audit WHERE function = 'split_series'), 3::bigint,
          'and the audit has a row for each object');
SELECT is((SELECT (a.before->>'msgid', a.before->'series', a.after->'series')::text FROM patchmail.audit a
            WHERE a.object_id = (patch_of('p3')).id AND a.object = 'patch'),
          (SELECT ('<p3@example.org>', to_jsonb((series_of('p1')).id), to_jsonb((series_of('p3')).id))::text),
          'a row says which it is, and how it was before and after');
SELECT is(all_series(), 'v1[- 3:p3 4:p4] v1[c 1:p1 2:p2]', 'the patches are a series of their own');
SELECT is((SELECT s.name || '|' || s.total FROM series_of('p3') s), 'the other half|4', 'which has the name given');
SELECT bag_eq($$SELECT e FROM all_events() e WHERE e ~ 'series|completed'$$,
              $$VALUES ('series-created [c 1:p1 2:p2]'), ('series-created [- 3:p3 4:p4]'),
                       ('patch-completed p1 [c 1:p1 2:p2]'), ('patch-completed p2 [c 1:p1 2:p2]')$$,
              'what is not complete any more has no event of that');
SELECT is(series_later(ARRAY[reply('r', 'p3'), patch('n', '1/4', 'p3')]), 'v1[- 1:n 3:p3 4:p4] v1[c 1:p1 2:p2]',
          'a patch that answers a part joins its series');
SELECT is(series_later(ARRAY[cover('c2', 4, 'c', 2, 90), patch('q1', '1/4', 'c2 c', 2, 90)]),
          'v1[- 3:p3 4:p4] v1[c 1:p1 2:p2] v2[c2 1:q1]', 'the next version stands by itself');
SELECT is(series_later(ARRAY[patch('p1', '1/4', 'c'), patch('p3', '3/4', 'c'), patch('p4', '4/4', 'c'), cover('c', 4)]),
          'v1[- 3:p3 4:p4] v1[c 1:p1 2:p2]', 'the same mail again changes nothing');
SELECT is((_patchmail.series_lead((series_of('p1')).id, (ledger('p1')).thread)).msgid, '<c@example.org>',
          'the rest is led by what led it');
ROLLBACK TO empty;

-- Patches that hang on one that is split off stay
SELECT store_all(patch('p1', '1/3'), patch('p2', '2/3', 'p1'), patch('p3', '3/3', 'p2 p1'));
SELECT count(*) FROM patchmail.split_series((series_of('p1')).id, ids('p1'));
SELECT is(all_series(), 'v1[- 1:p1] v1[- 2:p2 3:p3]', 'the first of a chain is split off');
SELECT is((SELECT s.name FROM series_of('p1') s), '[1/3] p1', 'its series has its name');
SELECT is(series_later(ARRAY[reply('r', 'p1'), cover('c', 3, ''), patch('x', '1/3', 'p2 p1')]),
          'v1[- 1:p1] v1[- 1:x 2:p2 3:p3] v1[c]', 'and the others stay together');
ROLLBACK TO empty;

-- Two series become one
SELECT store_all(cover('c', 4), patch('p1', '1/4', 'c'), patch('p2', '2/4', 'c'),
                 patch('p3', '3/4', 'lost', minute => 600), patch('s', who => 'bob'));
SELECT is(all_series(), 'v1[- 1:s] v1[- 3:p3] v1[c 1:p1 2:p2]', 'a part of a series lost its way');
SELECT (series_of('p3')).id AS stray, (series_of('p1')).id AS main \gset
SELECT is(said(ARRAY(SELECT s FROM patchmail.merge_series(:stray, :main, 'uma') s)),
          E'merge_series uma patch <p3@example.org> series\nmerge_series uma series gone',
          'a merger tells what it has changed');
SELECT is(all_series(), 'v1[- 1:s] v1[c 1:p1 2:p2 3:p3]', 'the two are one');
SELECT is((SELECT count(*) FROM public.patchwork_event WHERE series_id = :stray), 0::bigint,
          'what was the other is gone, with its events');
SELECT is(series_later(ARRAY[patch('p4', '4/4', 'lost', minute => 601)]),
          'v1[- 1:s] v1[c 1:p1 2:p2 3:p3 4:p4]', 'what comes for the one that is gone joins');
SELECT store_all(patch('p4', '4/4', 'c'));
SELECT is((SELECT count(*) FROM public.patchwork_event WHERE category = 'series-completed' AND series_id = :main),
          1::bigint, 'and completes the other');
ROLLBACK TO empty;

SELECT store_all(patch('p2', '2/2', 'gone', minute => 300), cover('c', 2), patch('q1', '1/2', minute => 900));
SELECT (series_of('c')).id AS letter, (series_of('p2')).id AS two, (series_of('q1')).id AS one \gset
SELECT throws_like(format('SELECT patchmail.merge_series(%s, %s)', :letter, :two), '%has no patches',
                   'a cover letter alone is no series to merge');
SELECT count(*) FROM patchmail.merge_series(:two, :letter);
SELECT count(*) FROM patchmail.merge_series(:letter, :one);
SELECT is(all_series(), 'v1[c 1:q1 2:p2]', 'the cover letter goes along');
SELECT is((SELECT s.name FROM series_of('q1') s), 'c', 'and names the series');
SELECT is((SELECT count(*) FROM public.patchwork_event WHERE category = 'series-completed'), 1::bigint,
          'which is complete, and says so once');
SELECT store_all(reply('r', 'c'), patch('q3', '1/2', 'c', minute => 901));
SELECT is(all_series(), 'v1[- 1:q3] v1[c 1:q1 2:p2]', 'a number that is taken makes a series of its own');
SELECT is(all_comments(), 'r>c', 'and replies find what they answer');
ROLLBACK TO empty;

-- A patch is moved
SELECT store_all(cover('c', 3), patch('p1', '1/3', 'c'), patch('p2', '2/3', 'c'), patch('o', '3/3', 'x', minute => 500),
                 patch('lone', minute => 700));
SELECT (series_of('c')).id AS main, (series_of('o')).id AS other \gset
SELECT is(said(ARRAY(SELECT s FROM patchmail.move_patches(ids('o p1'), :main) s)),
          E'move_patches patch <o@example.org> series\nmove_patches series gone', 'a patch is moved to a series');
SELECT is(all_series(), 'v1[- 1:lone] v1[c 1:p1 2:p2 3:o]', 'and is in it');
SELECT throws_ok(format('SELECT patchmail.move_patches(%L, %s)', ids('lone'), :main), '23514', NULL,
                 'but not with a number that is there');
SELECT throws_like(format('SELECT patchmail.move_patches(%L, %s)', ids('lone'), :main),
                   '%both have the number 1: a series has each number once', 'and the refusal says so');
SELECT is(series_later(ARRAY[reply('r', 'o'), patch('o2', '2/3', 'o x', minute => 501)]),
          'v1[- 1:lone] v1[- 2:o2] v1[c 1:p1 2:p2 3:o]', 'it stays when its old neighbours come');
ROLLBACK TO empty;

-- Patches without a marker too
SELECT store_all(patch('a'), patch('b', minute => 30));
UPDATE public.patchwork_patch SET number = 2 WHERE id = (patch_of('b')).id;
SELECT count(*) FROM patchmail.merge_series((series_of('b')).id, (series_of('a')).id);
SELECT is(all_series(), 'v1[- 1:a 2:b]', 'patches that are series of their own become one');
SELECT is((SELECT total FROM series_of('a') s), 2, 'whose total is no less than the numbers');
SELECT is(series_later(ARRAY[reply('r', 'b'), patch('b', minute => 30), patch('d', '1/2', 'a')]),
          'v1[- 1:a 2:b] v1[- 1:d]', 'and stay so');
ROLLBACK TO empty;

-- Mail that Patchwork stored itself
SELECT store_all(cover('c', 2), patch('p1', '1/2', 'c'), patch('p2', '2/2', 'c'));
TRUNCATE patchmail.message, patchmail.reference, patchmail.dependency;
SELECT count(*) FROM patchmail.split_series((series_of('p1')).id, ids('p2'));
SELECT is(all_series(), 'v1[- 2:p2] v1[c 1:p1]', 'a series that the ledger does not know is split');
SELECT is(series_later(ARRAY[reply('r', 'p2'), patch('p2', '2/2', 'c'), patch('n', '1/2', 'p2 c')]),
          'v1[- 1:n 2:p2] v1[c 1:p1]', 'and stays so');
ROLLBACK TO empty;

-- What depends on a series depends on the one that has its patches
SELECT store_all(cover('c', 2), patch('p1', '1/2', 'c'), patch('p2', '2/2', 'c'),
                 patch('d', more => '{"depends_on": [{"message_id": "<p2@example.org>"}]}', who => 'bob'));
SELECT is((SELECT members(to_series_id) FROM public.patchwork_series_dependencies), '[c 1:p1 2:p2]',
          'a series depends on another');
SELECT count(*) FROM patchmail.split_series((series_of('p1')).id, ids('p2'));
SELECT is((SELECT members(to_series_id) FROM public.patchwork_series_dependencies), '[- 2:p2]',
          'and on the part of it that it names, when that is split off');
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
DROP TABLE public.patchwork_series_dependencies;
SELECT lives_ok(format('SELECT patchmail.merge_series(%s, %s)', (series_of('p2')).id, (series_of('p1')).id),
                'a Patchwork without dependencies is no matter');
ROLLBACK TO empty;

-- Nonsense
SELECT store_all(cover('c', 2), patch('p1', '1/2', 'c'), patch('p2', '2/2', 'c'), patch('o'));
SELECT make_project('other', 'other.example.org') AS other \gset
SELECT store_mail(patch('x') || '{"list_ids": [{"field": "List-Id", "id": "other.example.org"}]}') AS x \gset
SELECT throws_like(format(q, (series_of('p1')).id, (patch_of('p1')).id, (patch_of('o')).id, (series_of('x')).id,
                          (patch_of('x')).id, (series_of('o')).id), said, q)
  FROM (VALUES
    ('SELECT patchmail.split_series(%1$s, NULL)', 'which patch is meant is not given'),
    ('SELECT patchmail.split_series(%1$s, ''{}'')', 'which patch is meant is not given'),
    ('SELECT patchmail.split_series(%1$s, ARRAY[%2$s, NULL])', 'which patch is meant is not given'),
    ('SELECT patchmail.split_series(NULL, ARRAY[%2$s])', 'which series is meant is not given'),
    ('SELECT patchmail.split_series(0, ARRAY[%2$s])', 'there is no series 0'),
    ('SELECT patchmail.split_series(%1$s, ARRAY[%2$s, 0])', 'there is no patch 0'),
    ('SELECT patchmail.split_series(%1$s, ARRAY[%3$s])', 'patch % is not of series %'),
    ('SELECT patchmail.split_series(%6$s, ARRAY[%3$s])', 'these are all patches of series %: nothing of it would %'),
    ('SELECT patchmail.split_series(%1$s, ARRAY[%2$s], actor => ''nobody'')', 'there is no user "nobody"'),
    ('SELECT patchmail.merge_series(%1$s, %1$s)', 'series % is the same series'),
    ('SELECT patchmail.merge_series(%1$s, NULL)', 'which series is meant is not given'),
    ('SELECT patchmail.merge_series(%1$s, 0)', 'there is no series 0'),
    ('SELECT patchmail.merge_series(%6$s, %1$s)', 'patches % and % both have the number 1: %'),
    ('SELECT patchmail.merge_series(%1$s, %4$s)', 'series % and % are of different projects'),
    ('SELECT patchmail.move_patches(ARRAY[%5$s], %1$s)', 'series % is of another project'),
    ('SELECT patchmail.move_patches(ARRAY[%2$s], NULL)', 'which series is meant is not given')) t (q, said);
SELECT is(all_series(), 'v1[- 1:o] v1[- 1:x] v1[c 1:p1 2:p2]', 'what is refused has changed nothing');

SELECT * FROM finish();
ROLLBACK;
