-- _patchmail.find_person(): whose mail may rename a person, whatever the order of arrival.
\ir preamble.psql
\ir state.psql
SELECT plan(36);
SELECT make_project() AS project \gset
SELECT make_project('second', 'second.example.org') AS second \gset

CREATE FUNCTION named(id text, verdict text, name text, minute double precision DEFAULT 0,
                      email text DEFAULT 'zoe@example.org', list_id text DEFAULT 'demo.example.org')
RETURNS jsonb LANGUAGE sql AS $$
    SELECT with_verdict(patch(id, minute => minute), verdict)
           || jsonb_build_object('author', jsonb_build_object('name', name, 'email', email),
                                 'list_ids', jsonb_build_array(jsonb_build_object('field', 'List-Id', 'id', list_id)));
$$;
SELECT * FROM check_test(name_in_every_order('Zoe A', 'x', named('a', 'pass', 'Zoe A'), named('b', 'pass', 'Zoe B', 1)),
                         false, 'a wrong name is seen');

SAVEPOINT empty;

-- Nobody may
SELECT name_in_every_order('Zoe A', 'if no mail may rename, the earliest gives the name', named('a', 'fail', 'Zoe A'),
                           named('b', 'fail', 'Zoe B', 1), named('c', 'ambiguous', 'Zoe C', 2));
SELECT name_in_every_order('Zoe C', 'the earliest mail may be any of them', named('a', 'fail', 'Zoe A', 9),
                           named('b', 'ambiguous', 'Zoe B', 1), named('c', 'fail', 'Zoe C'));
SELECT name_in_every_order('Zoe A', 'of one date, the smaller', named('a', 'fail', 'Zoe B'),
                           named('b', 'fail', 'Zoe b'), named('c', 'fail', 'Zoe A'));
SELECT name_in_every_order('Zoe B', 'a mail without a name does not count', named('a', 'fail', NULL),
                           named('b', 'fail', 'Zoe B', 1), named('c', 'fail', '', 2));
SELECT name_in_every_order('', 'nobody gives one', named('a', 'fail', NULL), named('b', 'fail', '', 1));
SELECT name_in_every_order('Zoe A', 'whoever may gives none', named('a', 'fail', 'Zoe A', 1),
                           named('b', 'fail', 'Zoe B', 2), named('c', 'pass', NULL));
SELECT name_in_every_order('Zoe A', 'a reply that waits does not count', named('a', 'fail', 'Zoe A', 1),
                           with_verdict(reply('w', 'x', 0, 'zoe'), 'fail')
                           || '{"author": {"name": "Zoe W", "email": "zoe@example.org"}}',
                           named('c', 'fail', 'Zoe C', 2));

SELECT store_all(named('a', 'fail', 'Zoe A', 5), named('b', 'fail', 'Zoe B', 1, 'ZOE@Example.org'));
SELECT is((SELECT string_agg(email || ' ' || name, ', ') FROM public.patchwork_person), 'zoe@example.org Zoe B',
          'an address in any case');
ROLLBACK TO empty;

-- Some may
SELECT name_in_every_order('Zoe B', 'the only mail that may rename counts, between others', named('a', 'fail', 'Zoe A'),
                           named('b', 'none', 'Zoe B', 1), named('c', 'fail', 'Zoe C', 2));
SELECT name_in_every_order('Zoe C', 'the only mail that may rename counts, after others', named('a', 'fail', 'Zoe A'),
                           named('b', 'ambiguous', 'Zoe B', 1),
                           named('c', 'conflict', 'Zoe C', 2));
SELECT name_in_every_order('Zoe C', 'the only mail that may rename counts, before others',
                           named('a', 'fail', 'Zoe A', 1), named('b', 'fail', 'Zoe B', 2),
                           named('c', 'claimed', 'Zoe C'));
SELECT name_in_every_order('Zoe D', 'the latest mail that may rename counts', named('a', 'fail', 'Zoe A'),
                           named('b', 'pass', 'Zoe B', 1), named('c', 'fail', 'Zoe C', 9),
                           named('d', 'none', 'Zoe D', 3));
SELECT name_in_every_order('Zoe B', 'the earliest mail that may rename does not count', named('a', 'pass', 'Zoe A', 2),
                           named('b', 'pass', 'Zoe B', 3), named('c', 'fail', 'Zoe C', 1),
                           named('d', 'fail', 'Zoe D', 0));
SELECT name_in_every_order('Zoe X', 'of which some have one name', named('a', 'fail', 'Zoe X'),
                           named('b', 'pass', 'Zoe X', 1), named('c', 'fail', 'Zoe Y', -1),
                           named('d', 'fail', 'Zoe X', 5));

-- What a policy asks for
SELECT patchmail.set_policy('demo', rename => 'pass');
SELECT name_in_every_order('Zoe B', 'a policy may ask for more', named('a', 'none', 'Zoe A', 9),
                           named('b', 'pass', 'Zoe B', 1), named('c', 'claimed', 'Zoe C'));
SELECT name_in_every_order('Zoe A', 'a policy under which no mail may rename', named('a', 'none', 'Zoe A'),
                           named('b', 'none', 'Zoe B', 1));
SELECT name_in_every_order('Zoe B', 'another project may ask for less', named('a', 'none', 'Zoe A', 9),
                           named('b', 'none', 'Zoe B', 1, list_id => 'second.example.org'),
                           named('c', 'none', 'Zoe C'));
SELECT patchmail.set_policy('demo', rename => 'ambiguous');
SELECT name_in_every_order('Zoe C', 'a policy under which every mail may rename', named('a', 'fail', 'Zoe A'),
                           named('b', 'pass', 'Zoe B', 1),
                           named('c', 'ambiguous', 'Zoe C', 2));
ROLLBACK TO empty;

-- Names that no mail gave
INSERT INTO public.patchwork_person (email, name) VALUES ('zoe@example.org', 'By Patchwork');
SELECT name_in_every_order('By Patchwork', 'a name that Patchwork gave stays', named('a', 'fail', 'Zoe A'),
                           named('b', 'fail', 'By Patchwork', 5), named('c', 'fail', 'Zoe C', 9));
SELECT name_in_every_order('Zoe B', 'a mail that may rename replaces a name that Patchwork gave',
                           named('a', 'fail', 'Zoe A', -1), named('b', 'none', 'Zoe B'),
                           named('c', 'fail', 'Zoe C', 9));
SELECT store_all(named('a', 'fail', 'By Patchwork', 5));
SELECT is((ledger('a')).author_name, NULL, 'the ledger keeps no name that counts for nothing');
SELECT store_all(named('b', 'fail', 'Zoe B', 1));
SELECT is((SELECT name FROM public.patchwork_person), 'By Patchwork',
          'a name that counts for nothing lets no older one replace it');
ROLLBACK TO empty;
INSERT INTO public.patchwork_person (email, name) VALUES ('zoe@example.org', NULL);
SELECT name_in_every_order('Zoe A', 'somebody without a name gets one', named('a', 'fail', 'Zoe A'),
                           named('b', 'fail', 'Zoe B', 1), named('c', 'fail', NULL, -1));
ROLLBACK TO empty;
SELECT store_all(named('a', 'fail', 'Zoe A', 5));
UPDATE public.patchwork_person SET name = 'By Hand';
SELECT store_all(named('b', 'fail', 'Zoe B', 1), named('c', 'fail', 'Zoe C', 9));
SELECT is((SELECT name FROM public.patchwork_person), 'By Hand', 'a name that was given by hand stays');
SELECT store_all(named('d', 'none', 'Zoe D', 0));
SELECT is((SELECT name FROM public.patchwork_person), 'Zoe D',
          'a mail that may rename replaces a name that was given by hand');
ROLLBACK TO empty;

-- What Patchwork stored itself, and when
CREATE TABLE public.django_migrations ();
INSERT INTO public.patchwork_person (id, email, name) VALUES (2001, 'zoe@example.org', 'By Patchwork');
INSERT INTO public.patchwork_patch (msgid, date, headers, content, name, project_id, submitter_id, archived, number,
                                    state_id)
SELECT '<old@example.org>', '2026-02-01 12:30Z', '', '', 'old', :project, 2001, false, 1, 1;
SELECT store_all(named('a', 'fail', 'Zoe A', 0), named('b', 'fail', 'Zoe B', 90));
SELECT is((SELECT name FROM public.patchwork_person), 'By Patchwork', 'its name stays');
SELECT store_all(named('c', 'none', 'Zoe C', 1));
SELECT is((SELECT name FROM public.patchwork_person), 'By Patchwork',
          'a name stays against an older mail that may rename');
SELECT store_all(named('d', 'fail', 'Zoe D', 99), named('e', 'none', 'Zoe E', 91));
SELECT is((SELECT name FROM public.patchwork_person), 'Zoe E',
          'a name does not stay against a newer mail that may rename');
SELECT is(store_all(with_verdict(patch('old', who => 'zoe'), 'fail')), '{duplicate}', 'what Patchwork stored is known');
SELECT is((ledger('old')).verdict, 'none', 'nothing is known of its author');
ROLLBACK TO empty;

-- The function
SELECT f.id AS new, f.name AS given
  FROM _patchmail.find_person('{"name": "New", "email": "new@example.org"}', now(), false) f \gset
SELECT is((SELECT email || ' ' || name FROM public.patchwork_person WHERE id = :new), 'new@example.org New',
          'any mail names a new person');
SELECT is(:'given'::text, 'New', 'the name of a new person counts');
SELECT is((SELECT f.name FROM _patchmail.find_person('{"name": "Other", "email": "NEW@example.org"}', now(), false) f),
          NULL, 'a name that is known and was given by no mail');
SELECT is((SELECT f.name FROM _patchmail.find_person('{"name": "Other", "email": "new@example.org"}', now(), true) f),
          'Other', 'one that may be given');
SELECT is((SELECT name FROM public.patchwork_person WHERE email = 'new@example.org'), 'Other',
          'a name that may be given is given');

SELECT * FROM finish();
ROLLBACK;
