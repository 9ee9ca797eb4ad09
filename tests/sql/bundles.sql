-- patchmail.bundle_create(), _update(), _add(), _remove() and _delete(): bundles are kept by Patchwork's rules.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS project \gset
SELECT make_project('other', 'other.example.org') AS other \gset
SELECT patchmail.add_user('mona', 'mona@example.org'), patchmail.add_user('ci');
SELECT store_all(patch('p1'), patch('p2'), patch('p3'),
                 patch('o', more => '{"list_ids": [{"field": "List-Id", "id": "other.example.org"}]}'),
                 patch('q', more => '{"list_ids": [{"field": "List-Id", "id": "other.example.org"}]}'));
CREATE FUNCTION ids_of(words text) RETURNS integer[] LANGUAGE sql AS $$
    SELECT array_agg((patch_of(w)).id ORDER BY n) FROM regexp_split_to_table(words, ' ') WITH ORDINALITY s (w, n);
$$;
-- A bundle as "name of mona in demo, public: p1 p2".
CREATE FUNCTION bundle(id integer) RETURNS text LANGUAGE sql AS $$
    SELECT format('%s of %s in %s%s: %s', b.name, u.username, r.linkname, CASE WHEN b.public THEN ', public' END,
                  (SELECT string_agg(word(p.msgid), ' ' ORDER BY k."order")
                     FROM public.patchwork_bundlepatch k JOIN public.patchwork_patch p ON p.id = k.patch_id
                    WHERE k.bundle_id = b.id))
      FROM public.patchwork_bundle b JOIN public.auth_user u ON u.id = b.owner_id
      JOIN public.patchwork_project r ON r.id = b.project_id WHERE b.id = $1;
$$;
CREATE FUNCTION made(name text, patches text, owner text DEFAULT 'mona') RETURNS integer LANGUAGE sql AS $$
    SELECT b.object_id::integer FROM patchmail.bundle_create($1, $3, ids_of($2)) b;
$$;
-- What the audit says that was done.
CREATE FUNCTION last_audit() RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', a.function, a.actor, a.object, a.project_id = (
                         SELECT p.id FROM public.patchwork_project p WHERE p.linkname = 'demo'), a.before - 'patches',
                     '>', a.after - 'patches')
      FROM patchmail.audit a ORDER BY a.id DESC LIMIT 1;
$$;

SELECT made(' next ', 'p2 p1 p2') AS next \gset
SELECT is(bundle(:next), 'next of mona in demo: p2 p1', 'a bundle has its patches in the order given, each once');
SELECT is(last_audit(), 'bundle_create bundle t > {"name": "next", "owner": "mona", "public": false, '
                        '"project": "demo"}', 'the audit has what was made');
SELECT results_eq(format('SELECT "order" FROM public.patchwork_bundlepatch WHERE bundle_id = %s ORDER BY 1', :next),
                  'VALUES (1), (2)', 'patches are counted from 1');
SELECT isnt(made('next', 'p1', 'ci'), :next, 'another user may have one of the same name');
SELECT lives_ok($$SELECT patchmail.bundle_create(repeat('n', 50), 'ci', ids_of('p1'), true, 'mona')$$,
                'a public one with a long name');

SELECT patchmail.bundle_add(:next, ids_of('p3 p1'), 'ci');
SELECT is(bundle(:next), 'next of mona in demo: p2 p1 p3', 'more patches come at the end, those that are there stay');
SELECT is(last_audit(), 'bundle_add ci bundle t {"name": "next"} > {"name": "next"}', 'the audit has who added them');
SELECT is_empty(format('SELECT patchmail.bundle_add(%s, ids_of(''p1''))', :next), 'adding what is there is no change');
SELECT patchmail.bundle_remove(:next, ids_of('p2 p2'));
SELECT is(bundle(:next), 'next of mona in demo: p1 p3', 'patches are taken out');

SELECT patchmail.bundle_update(:next, '{"name": "later", "public": true}');
SELECT is(bundle(:next), 'later of mona in demo, public: p1 p3', 'name and public are changed, the patches stay');
SELECT is(last_audit(), 'bundle_update bundle t {"name": "next", "public": false} > {"name": "later", "public": true}',
          'the audit has what was changed');
SELECT patchmail.bundle_update(:next, jsonb_build_object('patches', ids_of('p3 p2 p3 p1')));
SELECT is(bundle(:next), 'later of mona in demo, public: p3 p2 p1', 'a list of patches takes the place of the old one');
SELECT patchmail.bundle_update(:next, jsonb_build_object('patches', ids_of('q o')));
SELECT is(bundle(:next), 'later of mona in other, public: q o', 'a bundle is of the project of its patches');
SELECT patchmail.bundle_update(:next, jsonb_build_object('id', 1, 'owner', '{}', 'patches', jsonb_build_array(
           jsonb_build_object('id', (patch_of('o')).id, 'name', 'o'))));
SELECT is(bundle(:next), 'later of mona in other, public: o', 'patches as the API''s documents have them');
SELECT is_empty(format('SELECT patchmail.bundle_update(%s, ''{}'')', :next), 'no key, no change');

DELETE FROM public.patchwork_bundlepatch WHERE bundle_id = :next;  -- as Patchwork's pages let one do
SELECT patchmail.bundle_update(:next, '{"name": "none"}');
SELECT is(bundle(:next), 'none of mona in other, public: ', 'an empty bundle can get another name');
SELECT patchmail.bundle_update(:next, '{"name": "later"}');

-- What is refused
CREATE FUNCTION bundles() RETURNS text LANGUAGE sql AS $$
    SELECT concat((SELECT string_agg(bundle(b.id), '|' ORDER BY b.id) FROM public.patchwork_bundle b),
                  (SELECT count(*) FROM patchmail.audit));
$$;
SELECT made('mine', 'p1') AS mine \gset
SELECT bundles() AS before \gset
SELECT throws_ok(call, code, message, message || ': ' || call) FROM (VALUES
    ($$SELECT patchmail.bundle_create('a', 'mona', '{}')$$, '23514', 'a bundle cannot be empty'),
    ($$SELECT patchmail.bundle_create('a', 'mona', NULL)$$, '23514', 'a bundle cannot be empty'),
    ($$SELECT patchmail.bundle_create('a', 'mona', '{0}')$$, 'P0002', 'there is no patch 0'),
    ($$SELECT patchmail.bundle_create('a', 'mona', '{NULL}')$$, 'P0002', 'there is no patch NULL'),
    ($$SELECT made('a', 'p1 o')$$, '23514', 'the patches of a bundle have to be of one project'),
    ($$SELECT made('', 'p1')$$, '23514', 'the name of a bundle has 1 to 50 characters, and no slash'),
    ($$SELECT made(' ', 'p1')$$, '23514', 'the name of a bundle has 1 to 50 characters, and no slash'),
    ($$SELECT made(NULL, 'p1')$$, '23514', 'the name of a bundle has 1 to 50 characters, and no slash'),
    ($$SELECT made('a/b', 'p1')$$, '23514', 'the name of a bundle has 1 to 50 characters, and no slash'),
    ($$SELECT made(repeat('n', 51), 'p1')$$, '23514', 'the name of a bundle has 1 to 50 characters, and no slash'),
    ($$SELECT made('mine', 'p2')$$, '23514', 'its owner has a bundle "mine" already'),
    ($$SELECT made('a', 'p1', 'nobody')$$, 'P0002', 'there is no user "nobody"'),
    ($$SELECT made('a', 'p1', NULL)$$, 'P0002', 'there is no user ""'),
    ($$SELECT patchmail.bundle_create('a', 'mona', ids_of('p1'), NULL)$$, '23514',
     'a bundle is public or not: that is NULL'),
    ($$SELECT patchmail.bundle_create('a', 'mona', ids_of('p1'), true, 'nobody')$$, 'P0002',
     'there is no user "nobody"'),
    ('SELECT patchmail.bundle_update(0, ''{}'')', 'P0002', 'there is no bundle 0'),
    ('SELECT patchmail.bundle_update(NULL, ''{}'')', 'P0002', 'there is no bundle NULL'),
    ('SELECT patchmail.bundle_add(0, ids_of(''p1''))', 'P0002', 'there is no bundle 0'),
    ('SELECT patchmail.bundle_remove(0, ids_of(''p1''))', 'P0002', 'there is no bundle 0'),
    ('SELECT patchmail.bundle_delete(0)', 'P0002', 'there is no bundle 0')) x (call, code, message);
SELECT throws_ok(format('SELECT patchmail.%s', format(call, :mine)), code, message, message || ': ' || call)
  FROM (VALUES
    ('bundle_update(%s, ''{"name": "later"}'')', '23514', 'its owner has a bundle "later" already'),
    ('bundle_update(%s, ''{"name": "a/b"}'')', '23514', 'the name of a bundle has 1 to 50 characters, and no slash'),
    ('bundle_update(%s, ''{"name": null}'')', '23514', 'name may not be null'),
    ('bundle_update(%s, ''{"public": "yes"}'')', '23514', 'public has to be of type boolean, and is of type string'),
    ('bundle_update(%s, ''{"colour": 1}'')', '23514', 'there is no key "colour" to change, only name, patches, public'),
    ('bundle_update(%s, NULL)', '23514', 'a change is an object with any of the keys name, patches, public'),
    ('bundle_update(%s, ''{"patches": []}'')', '23514', 'a bundle cannot be empty'),
    ('bundle_update(%s, ''{"patches": 1}'')', '23514', 'patches has to be of type array, and is of type number'),
    ('bundle_update(%s, ''{"patches": [0]}'')', 'P0002',
     'patches is a list of ids of patches, and there is no patch 0'),
    ('bundle_update(%s, ''{}'', ''nobody'')', 'P0002', 'there is no user "nobody"'),
    ('bundle_add(%s, ids_of(''o''))', '23514', 'the patches of a bundle have to be of one project'),
    ('bundle_add(%s, ''{}'')', '22023', 'which patch is meant is not given'),
    ('bundle_add(%s, ''{0}'')', 'P0002', 'there is no patch 0'),
    ('bundle_add(%s, ''{NULL}'')', '22023', 'which patch is meant is not given'),
    ('bundle_remove(%s, ids_of(''p1''))', '23514', 'a bundle cannot be empty'),
    ('bundle_remove(%s, NULL)', '22023', 'which patch is meant is not given'),
    ('bundle_delete(%s, ''nobody'')', 'P0002', 'there is no user "nobody"')) x (call, code, message);
SELECT throws_ok(format('SELECT patchmail.bundle_remove(%s, ids_of(''p2''))', :mine), 'P0002',
                 format('bundle %s does not have patch %s', :mine, (patch_of('p2')).id),
                 'a patch that it does not have');
SELECT is(bundles(), :'before', 'an error changes nothing');

SELECT is((SELECT b.before->>'name' || ' ' || (b.after IS NULL) FROM patchmail.bundle_delete(:mine, 'mona') b),
          'mine true', 'one is deleted');
SELECT is(bundle(:mine), NULL, 'it is gone');
SELECT is((patch_of('p1')).msgid::text, '<p1@example.org>', 'its patches stay');
SELECT isnt(made('mine', 'p1'), :mine, 'its name is free');

SELECT * FROM finish();
ROLLBACK;
