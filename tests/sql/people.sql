-- _patchmail.find_author(), find_person() and create_person(): who wrote a mail.
\ir preamble.psql
\ir state.psql
SELECT plan(64);
SELECT make_project() AS project \gset

-- The author
CREATE FUNCTION author(author jsonb, original jsonb, listemail text DEFAULT 'demo@example.org')
RETURNS jsonb LANGUAGE sql AS $$
    SELECT _patchmail.find_author(jsonb_build_object('author', author, 'original_author', original), listemail);
$$;
\set ada '{"name": "Ada", "email": "ada@example.org"}'
\set list '{"name": "Ada via Demo", "email": "Demo@Example.org"}'
SELECT is(author(:'ada', 'null'), :'ada', 'the author is the one in From');
SELECT is(author(:'list', :'ada'), :'ada', 'the list''s own address, in any case: who stands behind it');
SELECT is(author(:'list', 'null'), :'list', 'nobody was found behind it: From stays');
SELECT is(author(:'list', NULL), :'list', 'From stays if the facts do not say who stands behind it');
SELECT is(author('{"name": "Bob", "email": "bob@example.org"}', :'ada')->>'name', 'Bob',
          'another address in From: nothing was rewritten');
SELECT is(author(:'list', :'ada', 'other@example.org'), :'list', 'another list''s address');
SELECT is(author(format('{"name": "Ada via Demo", "email": "ada=example.com@%s"}', host)::jsonb,
                 '{"name": "Ada", "email": "ada@example.com", "encoded": true}')->>'email' = 'ada@example.com',
                 rewritten,
          'her address in one of ' || host)
  FROM (VALUES ('example.org', true), ('Lists.EXAMPLE.org', true), ('dmarc.lists.example.org', true),
               ('example.net', false), ('badexample.org', false), ('org', false), ('example.org.example.net', false)
       ) h (host, rewritten);
SELECT is(author('{"name": "Ada", "email": "ada=example.com@example.org"}',
                 '{"name": "Ada", "email": "ada@example.com"}')->>'email', 'ada=example.com@example.org',
          'if the facts do not say that it is in there, it is an address like any other');
SELECT is(_patchmail.domains_related(one, other), related, format('%s and %s', one, other))
  FROM (VALUES ('a@lists.example.org', 'b@example.org', true), ('a@example.org', 'b@lists.example.org', true),
               ('a@b@example.org', 'example.org', true), ('a@org', 'b@example.org', false), ('a@', 'b@', false),
               ('a@example.org', 'b@ample.org', false)) d (one, other, related);

-- A person is found by address
CREATE FUNCTION person(author jsonb, date timestamptz DEFAULT '2026-02-01Z') RETURNS integer LANGUAGE sql AS $$
    SELECT (_patchmail.find_person(author, date, true)).id;
$$;
SELECT person(:'ada') AS ada_id \gset
SELECT row_eq(format('SELECT email, name, user_id FROM public.patchwork_person WHERE id = %s', :ada_id),
              ROW('ada@example.org'::varchar, 'Ada'::varchar, NULL::integer), 'a new person');
SELECT is(person(:'ada'), :ada_id, 'known from now on');
SELECT is(person('{"name": "Ada", "email": "ADA@Example.ORG"}'), :ada_id, 'an address is found in any case');
SELECT is((SELECT email FROM public.patchwork_person WHERE id = :ada_id), 'ada@example.org',
          'the address stays as first seen');
SELECT isnt(person('{"name": "Ada", "email": "ada@example.com"}'), :ada_id,
            'the name alone is not the person');
SELECT isnt(person('{"name": "Ada", "email": "a_a@example.org"}'), :ada_id,
            'an address is no pattern');
SELECT person('{"name": "", "email": "n@example.org"}') AS nameless \gset
SELECT is((SELECT name FROM public.patchwork_person WHERE id = :nameless), NULL, 'no name');
SELECT row_eq(format('SELECT length(email), length(name) FROM public.patchwork_person WHERE id = %s',
                     person(jsonb_build_object('name', repeat('n', 300), 'email', repeat('e', 300)))),
              ROW(255, 255), 'cut at 255 characters');
SELECT is((_patchmail.create_person('ADA@example.org', 'Somebody')).id, :ada_id, 'create_person makes nobody twice');
SELECT is((_patchmail.create_person('ADA@example.org', 'Somebody')).known_name, 'Ada',
          'create_person gives the name that is known');
SELECT is((_patchmail.create_person('new@example.org', 'New')).known_name, 'New',
          'create_person gives the name of a new person');
SELECT is((_patchmail.create_person('none@example.org', NULL)).known_name, NULL,
          'create_person gives no name for a person without one');

-- Letters beyond ASCII have no other case: in most locales that of a dotless i is the one of i.
SELECT is(upper('ı'), 'I', 'what the locale says') WHERE upper('ı') = 'I'
UNION ALL SELECT pass('the locale has no upper case for a dotless i') WHERE upper('ı') <> 'I';
SELECT person('{"name": "Victim", "email": "victim@ibm.example"}') AS victim \gset
SELECT isnt(person(jsonb_build_object('name', 'Evil', 'email', email)), :victim, email || ' is somebody else')
  FROM (VALUES ('victim@ıbm.example'), ('vıctim@ibm.example'), ('victım@ıbm.example')) e (email);
SELECT is((SELECT name FROM public.patchwork_person WHERE id = :victim), 'Victim',
          'a mail under such an address renames nobody');
SELECT is(author('{"name": "Evil", "email": "lıst@example.org"}', :'ada', 'list@example.org')->>'name', 'Evil',
          'an address with a dotless i is not the list''s');
INSERT INTO public.auth_user (id, password, username, first_name, last_name, email, is_superuser, is_staff, is_active,
                              date_joined)
    VALUES (7, '', 'iris', '', '', 'iris@example.org', false, false, true, now());
SELECT is(_patchmail.find_delegate(:project, 'ırıs@example.org', '[]'), NULL,
          'an address with a dotless i is not a user''s');
SELECT is(_patchmail.find_delegate(:project, 'IRIS@example.org', '[]'), 7,
          'a user is found by the address in upper case');
INSERT INTO public.patchwork_state (id, name, slug, ordering, action_required) VALUES (77, 'in kernel', 'in-kernel', 77,
    false);
SELECT is(_patchmail.find_state('ın Kernel'), _patchmail.find_state(NULL),
          'a name with a dotless i is not a state''s');
SELECT is(_patchmail.find_state('In Kernel'), 77, 'a state is found in any case');

-- People that Patchwork made, perhaps two of one address
INSERT INTO public.patchwork_person (id, email, name) VALUES (2002, 'Two@Example.org', 'Second'),
                                                              (2001, 'two@example.org', 'First');
SELECT is(person('{"name": "First", "email": "TWO@example.org"}', now()), 2001,
          'of two persons with one address the older is taken');
INSERT INTO public.patchwork_person (id, email, name) VALUES (2003, 'old@example.org', 'Old Name');
SELECT is(person('{"name": null, "email": "old@example.org"}', now()), 2003, 'a mail without a name');
SELECT is((SELECT name FROM public.patchwork_person WHERE id = 2003), 'Old Name',
          'leaves the name that Patchwork gave');
SELECT person('{"name": "New Name", "email": "old@example.org"}', now());
SELECT is((SELECT name FROM public.patchwork_person WHERE id = 2003), 'New Name', 'the next name replaces it');

-- The name is that of the mail with the latest date, in every order.
CREATE FUNCTION named(id text, name text, minute double precision) RETURNS jsonb LANGUAGE sql AS $$
    SELECT patch(id, minute => minute) || jsonb_build_object('author', jsonb_build_object('name', name,
                                                                                          'email', 'zoe@example.org'));
$$;
SELECT * FROM check_test(name_in_every_order('Zoe B', 'x', named('a', 'Zoe A', 0), named('a', 'Zoe B', 0)), false,
                         'a name that depends on the order is seen');
SELECT name_in_every_order('Zoe C', 'the latest of three', named('a', 'Zoe A', 0), named('b', 'Zoe B', 1),
                           named('c', 'Zoe C', 2));
SELECT name_in_every_order('Zoe A', 'it may be an old one again', named('a', 'Zoe A', 0), named('b', 'Zoe B', 1),
                           named('c', 'Zoe A', 2));
SELECT name_in_every_order('Zoe B', 'a mail without a name does not count', named('a', 'Zoe A', 0),
                           named('b', 'Zoe B', 1),
                           named('c', NULL, 2));
SELECT name_in_every_order('Zoe B', 'a mail with an empty name does not count', named('a', 'Zoe A', 0),
                           named('b', 'Zoe B', 1),
                           named('c', '', 2));
SELECT name_in_every_order('Zoe', 'the first ones had none', named('a', NULL, 0), named('b', 'Zoe', 1),
                           named('c', NULL, 2));
SELECT name_in_every_order('', 'nobody gives one', named('a', NULL, 0), named('b', NULL, 1));
SELECT name_in_every_order('Zoe b', 'of one date, the greater', named('a', 'Zoe B', 0), named('b', 'Zoe b', 0),
                           named('c', 'Zoe A', 0));
SELECT name_in_every_order('Zoe A', 'a reply that waits does not count', named('a', 'Zoe A', 0),
                           reply('w', 'x', 5, 'zoe',
                           more => '{"author": {"name": "Zoe B", "email": "zoe@example.org"}}'));
SELECT name_in_every_order('Zoe B', 'a reply that has got its place counts', named('a', 'Zoe A', 0),
                           patch('x', who => 'bob'),
                           reply('w', 'x', 5, 'zoe',
                           more => '{"author": {"name": "Zoe B", "email": "zoe@example.org"}}'));

-- Dates in the future
SELECT store_all(named('a', 'Zoe A', 0) || '{"date": "9999-12-31T23:59:59Z"}');
SELECT is((SELECT (name, name IS NOT NULL)::text FROM public.patchwork_person WHERE email = 'zoe@example.org'),
          '("Zoe A",t)',
          'a mail from the year 9999 gives a name');
UPDATE patchmail.message m SET arrived = now() - interval '1 hour' WHERE m.msgid = (msgids('a'))[1];
SELECT store_all(named('b', 'Zoe B', 0)
                 || jsonb_build_object('date', to_char(now() - interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SSOF')));
SELECT is((SELECT name FROM public.patchwork_person WHERE email = 'zoe@example.org'), 'Zoe B',
          'for no longer than until another one comes');
DELETE FROM patchmail.message;
DELETE FROM public.patchwork_event;
DELETE FROM public.patchwork_patch;

-- Over projects
SELECT make_project('second', 'second.example.org') AS second \gset
SELECT store_all(named('a', 'Zoe A', 5),
                 named('b', 'Zoe B', 1) || '{"list_ids": [{"field": "List-Id", "id": "second.example.org"}]}');
SELECT is((SELECT array_agg(name) FROM public.patchwork_person WHERE email = 'zoe@example.org'), '{Zoe A}',
          'one person for all projects, with the latest name of all');
SELECT is((SELECT count(DISTINCT submitter_id) FROM public.patchwork_patch), 1::bigint, 'both patches are hers');

-- The author of a mail that the list rewrote
SELECT store_all(patch('via',
                 more => jsonb_build_object('author', '{"name": "Vic via demo", "email": "demo@example.org"}'::jsonb,
                 'original_author', '{"name": "Vic", "email": "vic@example.org", "source": "Reply-To"}'::jsonb)));
SELECT is((SELECT email || ' ' || name FROM public.patchwork_person WHERE id = (patch_of('via')).submitter_id),
          'vic@example.org Vic', 'stored with the author whom the list hides');
SELECT is((ledger('via')).author_name, 'Vic', 'the ledger has the author whom the list hides');
SELECT is_empty($$SELECT FROM public.patchwork_person WHERE email = 'demo@example.org'$$, 'the list is no person');
UPDATE public.patchwork_person SET name = 'By Hand' WHERE email = 'vic@example.org';
SELECT store_all(facts_patch('<v2@example.org>', name => 'Vic', email => 'vic@example.org', date => '2020-01-01Z'));
SELECT is((SELECT name FROM public.patchwork_person WHERE email = 'vic@example.org'), 'By Hand',
          'an older mail does not change the name');

SELECT * FROM finish();
ROLLBACK;
