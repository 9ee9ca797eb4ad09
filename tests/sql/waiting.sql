-- Replies that wait for what they answer: who wrote one is nobody until it has its place.
\ir preamble.psql
\ir state.psql
SELECT plan(22);
SELECT make_project() AS project \gset
SAVEPOINT empty;

-- Who is in Patchwork's table: "ada:Ada".
CREATE FUNCTION people() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(concat(word(p.email), ':', p.name), ' ' ORDER BY p.email COLLATE "C")
      FROM public.patchwork_person p;
$$;
-- A reply by who calls himself so.
CREATE FUNCTION called(mail jsonb, name text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT mail || jsonb_build_object('author', jsonb_build_object('name', name, 'email', mail->'author'->>'email'));
$$;
SAVEPOINT helped;

SELECT is(store_all(reply('r', 'p')), '{waiting}', 'a reply waits');
SELECT is(people(), NULL, 'a reply that waits makes nobody a person');
SELECT is((SELECT w.submitter::text FROM patchmail.waiting w), 'rob@example.org',
          'the view shows the author of a reply that waits');
SELECT is(store_all(reply('r', 'p')), '{duplicate}', 'a reply that waits is known when it comes again');
SELECT is(store_all(reply('r', 'p', who => 'eve')), '{quarantined}',
          'a reply of another author with its Message-ID is not the same');
SELECT is(store_all(patch('p')), '{stored}', 'what it answers comes');
SELECT is(people(), 'ada:ada rob:rob', 'the author of a reply is entered when what it answers comes');
SELECT is(all_comments(), 'r>p', 'a reply that was placed has its place');
ROLLBACK TO helped;

-- Names
SELECT store_all(patch('a', who => 'rob'), called(reply('r', 'p', 60), 'Robert'));
SELECT is(people(), 'rob:rob', 'a reply that waits does not rename its author');
SELECT store_all(called(patch('b', who => 'rob', minute => 5), 'Bob'));
SELECT is(people(), 'rob:Bob', 'a reply that waits does not keep an earlier mail from renaming its author');
SELECT store_all(patch('p'));
SELECT is(people(), 'ada:ada rob:Robert', 'a reply that gets its place gives the latest name');
ROLLBACK TO helped;
SELECT store_all(patch('a', who => 'rob', minute => 90), called(reply('r', 'p', 60), 'Robert'), patch('p'));
SELECT is(people(), 'ada:ada rob:rob', 'as of the date that it was sent at');
ROLLBACK TO helped;
SELECT state_is_in_every_order(
    $$comments r>p s>p
      event patch-comment-created p r
      event patch-comment-created p s
      event patch-completed p [- 1:p]
      event patch-created p
      event series-completed [- 1:p]
      event series-created [- 1:p]
      patch p "p"
      series [- 1:p] "p" v1 of 1, 12:00 by Zoe <rob>$$, 'in whatever order they come',
    patch('p', who => 'rob'), called(reply('r', 'p', 60), 'Robert'), called(reply('s', 'r', 70), 'Zoe'));
SELECT store_all(called(reply('r', 'p'), 'Robert'), called(reply('s', 'p', 61), ''), patch('p'));
SELECT is(people(), 'ada:ada rob:Robert', 'two of one author are by one person');
ROLLBACK TO helped;
SELECT store_all(called(reply('r', 'p', who => 'ROB'), 'Robert'), reply('s', 'p', 61), patch('p'));
SELECT is((SELECT count(*) FROM public.patchwork_person p WHERE lower(p.email) = 'rob@example.org'), 1::bigint,
          'whatever the case of its letters');
ROLLBACK TO helped;

-- A list that rewrites From
SELECT store_all(reply('r', 'p') || '{"author": {"name": "rob via demo", "email": "demo@example.org"},
                                      "original_author": {"name": "Rob", "email": "rob@example.org"}}');
SELECT is((SELECT w.submitter::text FROM patchmail.waiting w), 'rob@example.org',
          'the view shows the author whom the list hides');
SELECT store_all(patch('p'));
SELECT is(people(), 'ada:ada rob:Rob', 'the author whom the list hides is entered');
ROLLBACK TO helped;

-- It comes once more, better known, and another mail gets its Message-ID
SELECT store_all(with_verdict(called(reply('r', 'p'), 'Mallory'), 'fail'));
SELECT is(store_all(with_verdict(called(reply('r', 'p'), 'Rob'), 'pass')), '{duplicate}',
          'a reply that waits comes again, better known');
SELECT is(people(), NULL, 'a reply that comes again makes nobody a person');
SELECT store_all(patch('p'));
SELECT is(people(), 'ada:ada rob:Rob', 'its author has the name that it gave then');
ROLLBACK TO helped;
SELECT store_all(with_verdict(patch('p', who => 'eve'), 'none'), with_verdict(called(reply('r', 'p'), 'Rob'), 'none'),
                 with_verdict(reply('p', 'x', who => 'ada'), 'pass'));
SELECT is(all_comments(), 'p>? r>?', 'what a reply was a comment on makes room for a mail that waits');
SELECT is((SELECT string_agg(word(m.msgid), ' ' ORDER BY m.msgid) FROM patchmail.message m WHERE m.submitter_id = 0),
          'p r',
          'both wait, and neither author is a person');

SELECT * FROM finish();
ROLLBACK;
