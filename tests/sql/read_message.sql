-- _patchmail.message_name(), message_references() and read_message(): what the ledger keeps of a mail.
\ir preamble.psql
\ir state.psql
SELECT plan(43);
SELECT make_project() AS project \gset

-- The name
CREATE FUNCTION name_of(prefixes text[], title text, linkname text DEFAULT 'demo') RETURNS text LANGUAGE sql AS $$
    SELECT _patchmail.message_name(jsonb_build_object('prefixes', to_jsonb(prefixes), 'title', title), linkname);
$$;
SELECT is(name_of('{}', 'file: change it'), 'file: change it', 'no prefixes: the title');
SELECT is(name_of('{RFC,v2,1/3}', 'file: change it'), '[RFC,v2,1/3] file: change it', 'prefixes in their order');
SELECT is(name_of('{demo,v2}', 'x'), '[v2] x', 'the project''s linkname is no prefix');
SELECT is(name_of('{DEMO,demo}', 'x'), 'x', 'the project''s linkname in any case is no prefix, even alone');
SELECT is(name_of('{demo-next,d.mo}', 'x'), '[demo-next,d.mo] x', 'only the very word of the linkname is no prefix');
SELECT is(name_of('{demo}', 'x', 'Demo'), 'x', 'the case of the linkname does not matter');
SELECT is(name_of('{a,a}', 'x'), '[a,a] x', 'a prefix twice stays twice');
SELECT is(name_of('{v2}', ''), '[v2] ', 'no title');
SELECT is(name_of('{}', ''), '', 'no subject at all');
SELECT is(name_of('{}', repeat('ä', 300)), repeat('ä', 255), 'cut at 255 characters, not bytes');
SELECT is(name_of('{v2}', repeat('ä', 300)), '[v2] ' || repeat('ä', 250), 'with its prefixes');

-- The row
CREATE FUNCTION read(facts jsonb) RETURNS SETOF patchmail.message LANGUAGE sql AS $$
    SELECT read_as_ledger(facts);
$$;
SELECT results_eq($$SELECT project_id, msgid::text, kind, version, number, total, name::text, title::text, refs, date,
                           change_id
                      FROM read(facts_patch('<1@example.org>', 'file: it', 2, 3, 4, '{<b@x>,<a@x>}', '{demo,RFC}',
                                            date => '2026-02-01 12:00+02', more => '{"change_id": "I1"}'))$$,
                  format($$SELECT %s, '<1@example.org>', 'patch', 4, 2, 3, '[RFC,v4,2/3] file: it', 'file: it',
                                  '{<b@x>,<a@x>}'::text[], '2026-02-01 10:00Z'::timestamptz, 'I1'$$, :project),
                  'what the mail says');
SELECT is((SELECT num_nonnulls(id, thread, submitter_id, waiting, patch_id, cover_id, patchcomment_id,
                               covercomment_id, anchor_id, series_id, parent_id) FROM read(patch('p'))), 0,
          'what it does not say is left for others');
SELECT is((SELECT author_name FROM read(patch('p'))), 'ada', 'the row has the name of its author');
SELECT is((SELECT author_name FROM read(patch('p', who => ''))), NULL, 'the row has no name if its author has none');
SELECT is((SELECT adopted FROM read(patch('p'))), false, 'it comes by mail');
SELECT is((SELECT arrived FROM read(patch('p'))), now(), 'now');
SELECT is((SELECT date FROM read(patch('p', more => '{"date": null}'))), now(), 'without a date, the present one');
SELECT is((SELECT date FROM read(patch('p', more => jsonb_build_object('date', given)))), now(),
          'the present one for ' || given)
  FROM (VALUES ('infinity'), ('-infinity'), ('12026-02-01T12:00:00Z'), ('0044-03-15 BC')) d (given);
SELECT is((SELECT date FROM read(patch('p', more => '{"date": "9999-12-29T12:00:00Z"}'))), '9999-12-29 12:00Z',
          'the last day that can be read in every time zone');
SELECT row_eq('SELECT kind, number, total FROM read(cover(''c'', 5))', ROW('cover'::text, 0, 5),
              'a cover letter is number 0');
SELECT row_eq('SELECT version, number, total FROM read(patch(''p''))', ROW(1, NULL::integer, NULL::integer),
              'no marker');
SELECT row_eq('SELECT version, number, total FROM read(reply(''r'', ''p''))', ROW(1, NULL::integer, NULL::integer),
              'a comment has no marker: its subject repeats that of what it answers');
SELECT is((SELECT waiting FROM read(reply('r', 'p'))), reply('r', 'p'),
          'a comment carries its facts, to wait with them');
SELECT is((SELECT waiting FROM read(cover('c', 2))), NULL, 'others do not wait');
SELECT is((SELECT change_id FROM read(patch('p'))), NULL, 'no change-id');
SELECT is((SELECT git_patch_id FROM read(patch('p', more => '{"patch_id": "0a1"}'))), '0a1', 'the patch-id of a patch');
SELECT is((SELECT git_patch_id FROM read(f)), NULL, f->>'kind' || ' without a patch-id')
  FROM (VALUES (patch('p') - 'patch_id'), (reply('r', 'p', more => '{"patch_id": "0a1"}')),
               (cover('c', 1, more => '{"patch_id": "0a1"}'))) m (f);

-- Cutting and references
SELECT row_eq($$SELECT msgid, length(name), length(title)
                  FROM read(facts_patch('<' || repeat('ä', 300) || '>', repeat('t', 300), prefixes => '{RFC}'))$$,
              ROW('<' || repeat('ä', 254), 255, 255), 'cut at 255 characters');
SELECT is((SELECT refs FROM read(reply('r', 'b a c'))), msgids('b a c'),
          'references as the facts have them, nearest first');
SELECT is((SELECT refs FROM read(reply('r', 'r b r'))), msgids('b'), 'a mail does not refer to itself');
SELECT is((SELECT refs FROM read(reply('r', ''))), '{}', 'no references');
SELECT is((SELECT refs FROM read(facts_comment('<r@x>', ARRAY[repeat('l', 300), repeat('l', 299), 'm']))),
          ARRAY[repeat('l', 255), repeat('l', 255), 'm'], 'references are cut as Message-IDs are');
SELECT is(store_mail(facts_comment('<long@example.org>', ARRAY[repeat('l', 300), repeat('l', 299), 'm'])), 'waiting',
          'a mail is stored whose references are the same once they are cut');
SELECT is(store_mail(facts_patch(repeat('s', 300), refs => ARRAY[repeat('s', 299)], number => 1, total => 2)), 'stored',
          'a mail is stored whose reference is its own Message-ID once it is cut');
SELECT is((SELECT cardinality(refs)
             FROM read(facts_comment('<r@x>', ARRAY(SELECT n::text FROM generate_series(1, 500) n)))),
          500, 'many references');

-- In the ledger
SELECT store_all(facts_patch('<l@example.org>', 'file: it', 1, 2, refs => '{<x@example.org>,<y@example.org>}',
                             prefixes => '{demo}'));
SELECT is((ledger('l')).name, '[1/2] file: it', 'the ledger has the name that Patchwork has');
SELECT is((SELECT array_agg(msgid ORDER BY msgid) FROM patchmail.reference WHERE message_id = (ledger('l')).id),
          msgids('x y'), 'the ledger has the references to look up');

SELECT * FROM finish();
ROLLBACK;
