-- What a series depends on, and what it is based on, whichever comes first.
\ir preamble.psql
\ir state.psql
SELECT plan(77);
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

-- By git's patch-id, and by b4's change-id
CREATE FUNCTION digits(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT left(md5(name) || md5(name), 40);
$$;
CREATE FUNCTION identified(mail jsonb, name text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT mail || jsonb_build_object('patch_id', digits(name));
$$;
CREATE FUNCTION changed(mail jsonb, change_id text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT mail || jsonb_build_object('change_id', change_id);
$$;
-- The mail naming patches: "P" by patch-id, "c:1" by change-id and version, "c:" by change-id, "<p" by Message-ID.
CREATE FUNCTION naming(mail jsonb, VARIADIC names text[]) RETURNS jsonb LANGUAGE sql AS $$
    SELECT mail || jsonb_build_object('depends_on', jsonb_agg(
        CASE WHEN n.name LIKE '<%' THEN jsonb_build_object('message_id', (msgids(substr(n.name, 2)))[1])
             WHEN n.name LIKE '%:%' THEN jsonb_strip_nulls(jsonb_build_object(
                 'change_id', split_part(n.name, ':', 1),
                 'version', nullif(split_part(n.name, ':', 2), '')::integer))
             ELSE jsonb_build_object('git_patch_id', digits(n.name)) END ORDER BY n.place))
      FROM unnest(names) WITH ORDINALITY n (name, place);
$$;
SELECT dependencies_are('[- 1:b] depends on [- 1:a]', 'a patch by its patch-id', identified(patch('a'), 'A'),
                        naming(patch('b', minute => 60), 'A'));
SELECT dependencies_are('[- 1:b] depends on [- 1:a]', 'a patch that was sent after the one that names it',
                        identified(patch('a', minute => 60), 'A'), naming(patch('b'), 'A'));
SELECT dependencies_are('[- 1:b] depends on [c 1:p1 2:p2]', 'all patches of a series by their patch-ids', cover('c', 2),
                        identified(patch('p1', '1/2', 'c'), 'A'), identified(patch('p2', '2/2', 'c'), 'B'),
                        naming(patch('b', minute => 60), 'A', 'B'));
SELECT dependencies_are('[- 1:n] depends on [- 1:b]', 'the version before it, not one after it',
                        identified(patch('a'), 'A'), identified(patch('b', version => 2, minute => 60), 'A'),
                        naming(patch('n', minute => 90), 'A'),
                        identified(patch('c', version => 3, minute => 120), 'A'));
SELECT dependencies_are('[- 1:n] depends on [- 1:a]',
                        'its own author''s patch, not a copy that somebody else sent later',
                        identified(patch('a'), 'A'), identified(patch('b', who => 'eve', minute => 60), 'A'),
                        naming(patch('n', minute => 90), 'A'));
SELECT dependencies_are('[- 1:n] depends on [- 1:a]', 'a copy with a worse verdict is not meant',
                        with_verdict(identified(patch('a', who => 'bob'), 'A'), 'pass'),
                        with_verdict(identified(patch('b', who => 'eve', minute => 60), 'A'), 'none'),
                        naming(patch('n', minute => 90), 'A'));
SELECT dependencies_are('[- 1:n] depends on [- 1:a], [- 1:n] depends on [- 1:b]',
                        'what is named by Message-ID too stays when another one is meant by the patch-id',
                        identified(patch('a'), 'A'), identified(patch('b', version => 2, minute => 60), 'A'),
                        naming(patch('n', minute => 90), '<a', 'A'));
SELECT dependencies_are(NULL, 'a patch-id in the series itself', identified(patch('p1', '1/2'), 'A'),
                        naming(patch('p2', '2/2', 'p1'), 'A'));
SELECT dependencies_are('[C 1:q] depends on [c 1:p]', 'a version by change-id', changed(cover('c', 1), 'I'),
                        patch('p', '1/1', 'c'), changed(cover('d', 1, '', 2, 60), 'I'),
                        naming(cover('C', 1, minute => 90), 'I:1'), patch('q', '1/1', 'C', minute => 90));
SELECT dependencies_are('[- 1:n] depends on [- 1:b]', 'the second version by change-id, of a patch alone',
                        changed(patch('a'), 'I'), changed(patch('b', version => 2, minute => 60), 'I'),
                        naming(patch('n', minute => 90), 'I:2'));
SELECT dependencies_are('[- 1:n] depends on [- 1:b]', 'a change-id without version means the last one before',
                        changed(patch('a'), 'I'), changed(patch('b', version => 2, minute => 60), 'I'),
                        naming(patch('n', minute => 90), 'I:'), changed(patch('c', version => 3, minute => 120), 'I'));
SELECT dependencies_are(NULL, 'a version and a patch-id that are not here', changed(identified(patch('a'), 'A'), 'I'),
                        naming(patch('b', minute => 60), 'I:2', 'X'));
SELECT is(later(ARRAY[identified(patch('a', minute => 1), 'A'), changed(cover('c', 1, minute => 200), 'I'),
                      naming(patch('n', minute => 300), 'A', 'I:1', '<d'), patch('p', '1/1', 'c', minute => 200),
                      cover('d', 1, minute => 400), patch('q', '1/1', 'd', minute => 400),
                      identified(patch('b', minute => 100), 'A')], 'all_dependencies()'),
          '[- 1:n] on [- 1:b], [- 1:n] on [c 1:p], [- 1:n] on [d 1:q]', 'in a batch as one by one');
-- In two batches, whichever comes first.
CREATE FUNCTION in_batches(VARIADIC batches jsonb[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text;
    batch jsonb;
BEGIN
    FOREACH batch IN ARRAY batches LOOP
        PERFORM store_together(ARRAY(SELECT jsonb_array_elements(batch)));
    END LOOP;
    found := concat_ws('; ', all_dependencies(), (SELECT string_agg(c.kind, ' ') FROM patchmail.check() c));
    RAISE EXCEPTION USING ERRCODE = 'PT000';
EXCEPTION WHEN SQLSTATE 'PT000' THEN
    RETURN found;
END
$$;
SELECT is(in_batches(VARIADIC b), '[- 1:n] on [- 1:b], [- 1:n] on [c 1:p]', 'in batches, ' || why)
  FROM (VALUES ('the named first', ARRAY[jsonb_build_array(identified(patch('a'), 'A'), changed(cover('c', 1), 'I'),
                                                           patch('p', '1/1', 'c'),
                                                           identified(patch('b', minute => 60), 'A')),
                                         jsonb_build_array(naming(patch('n', minute => 90), 'A', 'I:1'))]),
               ('the named last', ARRAY[jsonb_build_array(naming(patch('n', minute => 90), 'A', 'I:1')),
                                        jsonb_build_array(identified(patch('b', minute => 60), 'A'),
                                                          patch('p', '1/1', 'c'), changed(cover('c', 1), 'I')),
                                        jsonb_build_array(identified(patch('a'), 'A'))])) t (why, b);

-- What is named leaves, moves, or is known later
CREATE FUNCTION dependencies_after(commands text, VARIADIC mails jsonb[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    PERFORM store_all(VARIADIC mails);
    EXECUTE commands;
    found := concat_ws('; ', all_dependencies(), (SELECT string_agg(c.kind, ' ') FROM patchmail.check() c));
    RAISE EXCEPTION USING ERRCODE = 'PT000';
EXCEPTION WHEN SQLSTATE 'PT000' THEN
    RETURN found;
END
$$;

SELECT is(dependencies_after(command, identified(changed(patch('a'), 'I'), 'A'),
                             identified(changed(patch('b', minute => 60, who => 'bob'), 'I'), 'A'),
                             naming(patch('n', minute => 90, who => 'cid'), name)), expected,
          format('%s: %s', name, why))
  FROM (VALUES ('SELECT', '[- 1:n] on [- 1:b]', 'the later one'),
               ('SELECT patchmail.delete_spam(msgids => msgids(''b''))', '[- 1:n] on [- 1:a]',
                'it is deleted, and the other one is meant'),
               ('SELECT patchmail.move_to_project(''second'', msgids(''b''))', '[- 1:n] on [- 1:a]',
                'it is moved, and the other one is meant'),
               ('SELECT patchmail.move_to_project(''second'', msgids(''n''))', '', 'who names it is moved'),
               ('SELECT patchmail.move_to_project(''second'', msgids(''n b''))', '[- 1:n] on [- 1:b]', 'both are moved')
       ) c (command, expected, why), (VALUES ('A'), ('I:1')) n (name);
SELECT is(dependencies_after('SELECT patchmail.set_hashes(ARRAY[p.id], ARRAY[p.hash::text], ARRAY[digits(''A'')])'
                             ' FROM patch_of(''a'') p',
                             patch('a') - 'patch_id', naming(patch('n', minute => 90), 'A')), '[- 1:n] on [- 1:a]',
          'a patch-id that is computed later');
SELECT is(dependencies_after('SELECT store_all(identified(patch(''a''), ''A''))', patch('a') - 'patch_id',
                             naming(patch('n', minute => 90), 'A')), '[- 1:n] on [- 1:a]',
          'a mail that comes again with its patch-id');
SELECT is(dependencies_after('DELETE FROM public.patchwork_series_dependencies; SELECT patchmail.repair()',
                             identified(patch('a'), 'A'), changed(patch('b'), 'I'),
                             naming(patch('n', minute => 90), 'A', 'I:1')), '[- 1:n] on [- 1:a], [- 1:n] on [- 1:b]',
          'repair() writes what is missing');
SELECT is(store_all(patch('f') || '{"depends_on": [{"git_patch_id": "1", "change_id": "2"}]}',
                    patch('g') || '{"depends_on": [{"git_patch_id": "1", "version": 2}]}',
                    patch('h') || '{"depends_on": [{}]}', patch('i') || '{"depends_on": [{"version": 3}]}'),
          '{quarantined,quarantined,quarantined,quarantined}', 'lines that name more or less than one thing');
SELECT is((SELECT count(*) FROM patchmail.quarantine q WHERE q.reason LIKE '%depends_on%'), 4::bigint,
          'for that reason');
ROLLBACK TO helped;

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
ROLLBACK TO helped;

-- series_base(): what to apply, in order
CREATE FUNCTION based(mail jsonb, commit text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT mail || jsonb_build_object('base_commit', commit);
$$;
CREATE FUNCTION naming(mail jsonb, VARIADIC names text[]) RETURNS jsonb LANGUAGE sql AS $$
    SELECT mail || depends(VARIADIC names);
$$;
CREATE FUNCTION base_of(id text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', members(b.id), b.base_commit,
                                CASE WHEN b.base_series_id IS NOT NULL THEN 'of ' || members(b.base_series_id) END,
                                CASE WHEN NOT b.complete THEN 'incomplete' END,
                                CASE WHEN b.committed THEN 'committed' END), ', ' ORDER BY b.step)
      FROM patchmail.series_base((series_of(id)).id) b;
$$;
SELECT store_all(patch('a'), based(naming(patch('b'), 'a'), '0123456789'), naming(patch('c', minute => 1), 'b', 'a'),
                 naming(patch('d', minute => 2), 'e', 'c', 'a'), patch('e', '1/2'),
                 naming(patch('x', minute => 3), 'y'), naming(patch('y', minute => 4), 'z'),
                 naming(patch('z', minute => 5), 'x', 'y'));
SELECT is(base_of('a'), '[- 1:a]', 'a patch that depends on nothing');
SELECT is(base_of('c'), '[- 1:a], [- 1:b] 0123456789, [- 1:c]', 'what is depended on comes before');
SELECT is(base_of('d'), '[- 1:e] incomplete, [- 1:a], [- 1:b] 0123456789, [- 1:c], [- 1:d]',
          'in the order in which the mail names it');
SELECT is(base_of('x'), '[- 1:z], [- 1:y], [- 1:x]', 'a circle ends somewhere, and what was asked for is last');
UPDATE public.patchwork_patch p SET commit_ref = '0123456789abcdef0123456789abcdef01234567'
 WHERE p.id = (patch_of('a')).id;
SELECT is(base_of('b'), '[- 1:a] committed, [- 1:b] 0123456789 of [- 1:a]', 'a base that a patch became since');
UPDATE public.patchwork_patch p SET commit_ref = '0123456' WHERE p.id = (patch_of('a')).id;
SELECT is(base_of('b'), '[- 1:a] committed, [- 1:b] 0123456789 of [- 1:a]', 'also abbreviated');
UPDATE public.patchwork_patch p SET commit_ref = '0123456788' WHERE p.id = (patch_of('a')).id;
SELECT is(base_of('b'), '[- 1:a] committed, [- 1:b] 0123456789', 'not another commit');
UPDATE public.patchwork_patch p SET commit_ref = '012345' WHERE p.id = (patch_of('a')).id;
SELECT is(base_of('b'), '[- 1:a] committed, [- 1:b] 0123456789', 'not what fewer than 7 digits name');
UPDATE public.patchwork_patch p SET commit_ref = '' WHERE p.id = (patch_of('a')).id;
SELECT is(base_of('b'), '[- 1:a], [- 1:b] 0123456789', 'no commit at all');
INSERT INTO public.patchwork_series_dependencies (from_series_id, to_series_id)
VALUES ((series_of('a')).id, (series_of('e')).id);
DELETE FROM public.patchwork_series_dependencies d
 WHERE d.from_series_id = (series_of('d')).id AND d.to_series_id = (series_of('c')).id;
SELECT is(base_of('d'), '[- 1:e] incomplete, [- 1:a], [- 1:d]', 'what an admin has entered and taken out counts');
SELECT throws_ok('SELECT patchmail.series_base(1000000)', 'P0002', 'there is no series 1000000', 'no such series');
SELECT throws_ok('SELECT patchmail.series_base(NULL)', 'P0002', 'there is no series NULL', 'NULL');
SELECT is(store_all(based(cover('C', 2, minute => 60), 'aaaaaaa'),
                    based(patch('C1', '1/2', 'C', minute => 60), 'bbbbbbb'),
                    based(patch('C2', '2/2', 'C', minute => 60, who => 'eve'), 'ccccccc'),
                    based(patch('D2', '2/2', 'D1', minute => 90, who => 'eve'), 'ccccccc'),
                    patch('D1', '1/2', minute => 90)), '{stored,stored,stored,stored,stored}', 'series with bases');
SELECT is(base_of('C'), '[C 1:C1 2:C2] aaaaaaa', 'the base that the cover letter says');
SELECT is(base_of('D1'), '[- 1:D1 2:D2]', 'a stranger''s mail says nothing of it');
DROP TABLE public.patchwork_series_dependencies;
SELECT is(base_of('c'), '[- 1:a], [- 1:b] 0123456789, [- 1:c]', 'also before Patchwork''s migration 0048');

SELECT * FROM finish();
ROLLBACK;
