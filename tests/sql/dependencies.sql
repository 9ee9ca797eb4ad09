-- _patchmail.resolve_dependencies() and write_dependencies(): Depends-on, whichever comes first.
\ir preamble.psql
\ir state.psql
SELECT plan(31);
SELECT make_project() AS project \gset
SELECT make_project('second', 'second.example.org') AS second \gset
SAVEPOINT empty;

CREATE FUNCTION depends(VARIADIC ids text[]) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('depends_on',
    jsonb_agg(jsonb_build_object('message_id', (msgids(i))[1]))) FROM unnest(ids) i;
$$;
CREATE FUNCTION all_dependencies() RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(l, ', ' ORDER BY l), '')
      FROM (SELECT format('%s on %s', members(d.from_series_id), members(d.to_series_id))
              FROM public.patchwork_series_dependencies d) x(l);
$$;
-- One test: these dependencies, in whatever order the mails come.
CREATE FUNCTION dependencies_are(expected text, why text, VARIADIC mails jsonb[]) RETURNS text LANGUAGE sql AS $$
    SELECT is((SELECT string_agg(l, ', ') FROM regexp_split_to_table(s.state, '\n') l
                WHERE l ~ 'depends on|^in order|^but as given'),
              expected, why)
      FROM state_in_every_order(mails) s;
$$;
SAVEPOINT helped;

SELECT dependencies_are('[- 1:b] depends on [- 1:a]', 'a patch on a patch', patch('a'),
                        patch('b', more => depends('a')));
-- What a stranger puts into a series says nothing of it, also in its sender's name.
SELECT dependencies_are(NULL, format('%s, %s, in the series of somebody else', who, verdict),
                        with_verdict(patch('a'), 'pass'),
                        with_verdict(cover('d', 3), 'pass'), with_verdict(patch('d1', '1/3', 'd'), 'pass'),
                        with_verdict(patch('d2', '2/3', 'd', who => who, more => depends('a')), verdict))
  FROM (VALUES ('eve', 'pass'), ('ada', 'none'), ('ada', 'fail')) v (who, verdict);
SELECT dependencies_are('[- 1:d1 2:d2] depends on [- 1:a]', 'nobody says who sent a series', patch('a'),
                        patch('d1', '1/2'), patch('d2', '2/2', 'd1', more => depends('a')));
SELECT dependencies_are('[- 1:b] depends on [c 1:p]', 'on a cover letter', cover('c', 1), patch('p', '1/1', 'c'),
                        patch('b', more => depends('c')));
SELECT dependencies_are('[- 1:b] depends on [c 1:p1 2:p2]', 'on a patch of a series', cover('c', 2),
                        patch('p1', '1/2', 'c'),
                        patch('p2', '2/2', 'c'), patch('b', more => depends('p2')));
SELECT dependencies_are('[c 1:p] depends on [- 1:a]', 'a cover letter says it', patch('a'),
                        cover('c', 1, more => depends('a')),
                        patch('p', '1/1', 'c'));
SELECT dependencies_are('[c 1:p] depends on [- 1:a], [c 1:p] depends on [- 1:b]', 'both mails of a series say it',
                        patch('a'), patch('b'), cover('c', 1, more => depends('a')),
                        patch('p', '1/1', 'c', more => depends('a', 'b')));
SELECT dependencies_are('[- 1:a] depends on [- 1:b], [- 1:b] depends on [- 1:a]', 'two on each other',
                        patch('a', more => depends('b')), patch('b', more => depends('a')));
SELECT dependencies_are('[- 1:b] depends on [- 1:a], [- 1:c] depends on [- 1:a]', 'two on one', patch('a'),
                        patch('b', more => depends('a')), patch('c', more => depends('a')));
SELECT dependencies_are('[C 1:P1] depends on [c 1:p1]', 'a series on another one', cover('c', 1),
                        patch('p1', '1/1', 'c'),
                        cover('C', 1, minute => 100, more => depends('c')), patch('P1', '1/1', 'C', minute => 100));
SELECT dependencies_are(NULL, 'a series does not depend on itself', cover('c', 1),
                        patch('p', '1/1', 'c', more => depends('c')));
SELECT dependencies_are(NULL, 'what never comes', patch('b', more => depends('x')));
SELECT dependencies_are(NULL, 'a comment is not depended on', patch('a'), reply('r', 'a'),
                        patch('b', more => depends('r')));
SELECT dependencies_are(NULL, 'what a comment says does not count', patch('a'), patch('b'),
                        reply('r', 'b', more => depends('a')));
SELECT dependencies_are('[- 1:p1 2:p2] depends on [- 1:a]', 'series that become one by a late mail keep it',
                        patch('a'), patch('p1', '1/2', more => depends('a')), patch('p2', '2/2', 'p1', minute => 60));
SELECT dependencies_are('[- 1:b] depends on [- 1:p1 2:p2 3:p3], [- 1:p1 2:p2 3:p3] depends on [- 1:a]',
                        'dependencies stay when the rows of their series are given up',
                        patch('a', minute => 500), patch('p1', '1/3', more => depends('a')),
                        patch('p2', '2/3', 'p1', minute => 60),
                        patch('p3', '3/3', 'p2', minute => 120), patch('b', minute => 500, more => depends('p1')));

SELECT dependencies_are('[C 2:p2] depends on [- 1:a]', 'a patch takes it along when it moves to another series',
                        patch('a', minute => 500), cover('c', 2),
                        patch('p2', '2/2', 'C c', minute => 6, more => depends('a')),
                        cover('C', 2, 'c', minute => 5));
SELECT dependencies_are('[- 1:b] depends on [C 2:p2]', 'a patch that is depended on takes that along to another series',
                        patch('b', more => depends('p2')),
                        cover('c', 2), patch('p2', '2/2', 'C c', minute => 6), cover('C', 2, 'c', minute => 5));

-- By Patchwork's own ids
CREATE FUNCTION depends_on_id(kind text, id integer) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('depends_on', jsonb_build_array(jsonb_build_object(kind, id)));
$$;
SELECT store_all(patch('a'), cover('c', 1), patch('p', '1/1', 'c'),
                 patch('o') || '{"list_ids": [{"field": "List-Id", "id": "second.example.org"}]}');
SAVEPOINT targets;
SELECT store_all(patch('b', more => depends_on_id('series_id', (series_of('c')).id)));
SELECT is(all_dependencies(), '[- 1:b] on [c 1:p]', 'a series by its id');
ROLLBACK TO targets;
SELECT store_all(patch('b', more => depends_on_id('patch_id', (patch_of('p')).id)));
SELECT is(all_dependencies(), '[- 1:b] on [c 1:p]', 'a patch by its id');
ROLLBACK TO targets;
SELECT is(store_all(patch('b1', more => depends_on_id('patch_id', 1000000)),
          patch('b2', more => depends_on_id('series_id', 1000000))),
          '{stored,stored}', 'ids that there are not');
SELECT is(all_dependencies(), '', 'nothing comes of them');
SELECT store_all(patch('b3', more => depends_on_id('series_id', (series_of('o')).id)),
                 patch('b4', more => depends_on_id('patch_id', (patch_of('o')).id)), patch('b5', more => depends('o')));
SELECT is(all_dependencies(), '', 'nothing comes of dependencies on another project');
SELECT is(store_all(patch('b6', more => '{"depends_on": [{"series_id": 99999999999}]}')), '{quarantined}',
          'a number that is no id');
ROLLBACK TO targets;
UPDATE public.patchwork_project SET show_dependencies = false;
SELECT store_all(patch('b', more => depends('a')));
SELECT is(all_dependencies(), '[- 1:b] on [- 1:a]', 'kept also where the project does not show them');
SELECT is(store_all(patch('b', more => depends('c'))), '{duplicate}', 'a duplicate');
SELECT is(all_dependencies(), '[- 1:b] on [- 1:a]', 'changes nothing');
ROLLBACK TO targets;

-- What Patchwork stored itself, and releases without the table
DELETE FROM patchmail.message;
DELETE FROM patchmail.reference;
SELECT store_all(patch('b', more => depends('p')));
SELECT is(all_dependencies(), '[- 1:b] on [c 1:p]', 'on a patch that is not in the ledger');
ROLLBACK TO targets;
DROP TABLE public.patchwork_series_dependencies;
SELECT is(store_all(patch('b', more => depends('a'))), '{stored}',
          'before Patchwork''s migration 0048 nothing is written');

SELECT * FROM finish();
ROLLBACK;
