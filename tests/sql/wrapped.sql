-- Mail that a list wrapped in another one has two Message-IDs, and others refer to either: _patchmail.add_alias().
\ir preamble.psql
\ir state.psql
SELECT plan(16);
SELECT make_project() AS project \gset

-- wrapped(mail, 'x'): the mail as the list sends it; it was <x@example.org> before.
CREATE FUNCTION wrapped(mail jsonb, id text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT mail || jsonb_build_object('wrapped_message_id', (msgids(id))[1]);
$$;
CREATE FUNCTION references_of(id text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(word(r), ' ' ORDER BY n) FROM unnest((ledger(id)).refs) WITH ORDINALITY u(r, n);
$$;

SELECT state_is_in_every_order($$
    comments r>p s>p
    event patch-comment-created p r
    event patch-comment-created p s
    event patch-completed p [- 1:p]
    event patch-created p
    event series-completed [- 1:p]
    event series-created [- 1:p]
    patch p "p"
    series [- 1:p] "p" v1 of 1, 12:00 by ada <ada>
    $$, 'replies to the list''s copy and to the author''s', wrapped(patch('p'), 'x'), reply('r', 'x'), reply('s', 'p'));
SELECT series_in_every_order('v1[c 1:p1 2:p2]', 'a series of which each mail was wrapped',
    wrapped(cover('c', 2), 'x'), wrapped(patch('p1', '1/2', 'x', minute => 1), 'x1'),
    wrapped(patch('p2', '2/2', 'x1 x', minute => 2), 'x2'));
SELECT state_is_in_every_order($$
    comments q>p r>p t>p
    event patch-comment-created p q
    event patch-comment-created p r
    event patch-comment-created p t
    event patch-completed p [- 1:p]
    event patch-created p
    event series-completed [- 1:p]
    event series-created [- 1:p]
    patch p "p"
    series [- 1:p] "p" v1 of 1, 12:00 by ada <ada>
    $$, 'replies that were wrapped', patch('p'), wrapped(reply('r', 'p'), 'x'), reply('q', 'x'), reply('t', 'r'));
SELECT state_is_in_every_order($$
    comments r>p
    event patch-comment-created p r
    event patch-completed p [- 1:p]
    event patch-created p
    event series-completed [- 1:p]
    event series-created [- 1:p]
    patch p "p"
    series [- 1:p] "p" v1 of 1, 12:00 by ada <ada>
    $$, 'a mail that refers to the one that is wrapped in it', patch('p'), wrapped(reply('r', 'x p'), 'x'));
SELECT series_in_every_order('v1[- 1:d] v1[- 1:p]', 'Depends-on names the author''s copy', wrapped(patch('p'), 'x'),
    patch('d', more => '{"depends_on": [{"message_id": "<x@example.org>"}]}'));

SAVEPOINT empty;
SELECT store_all(wrapped(patch('p'), 'x'), reply('r', 'x p'));
SELECT is(references_of('r'), 'p p', 'the ledger knows the mail by one name');
SELECT store_all(wrapped(reply('s', 'y p'), 'y'));
SELECT is(references_of('s'), 'y p', 'a mail that is said to be in another is known by that Message-ID');
SELECT is(store_all(patch('x'), patch('p'), wrapped(patch('p'), 'x')), '{duplicate,duplicate,duplicate}',
          'the mail itself, the wrapper, or both again are duplicates');
ROLLBACK TO empty;
SELECT is(store_all(patch('x'), reply('r', 'p'), reply('s', 'x'), wrapped(patch('p'), 'x'), reply('t', 'p')),
          '{stored,waiting,stored,duplicate,stored}', 'the mail itself came first');
SELECT is(all_comments(), 'r>x s>x t>x', 'a reply to the wrapper is a comment on the mail');
SELECT is((SELECT count(DISTINCT m.thread) FROM patchmail.message m), 1::bigint,
          'mail and answers to the wrapper are in one thread');
ROLLBACK TO empty;
SELECT store_all(cover('x', 2), patch('p1', '1/2', 'c', minute => 30), patch('d', more => '{"depends_on":
                 [{"message_id": "<c@example.org>"}]}'), wrapped(cover('c', 2), 'x'));
SELECT is(all_series(), 'v1[- 1:d] v1[x 1:p1]', 'a patch that answers the wrapper belongs to it');
SELECT is((SELECT concat(members(from_series_id), members(to_series_id)) FROM public.patchwork_series_dependencies),
          '[- 1:d][x 1:p1]', 'what depends on the wrapper depends on the mail');
ROLLBACK TO empty;
SELECT store_all(patch('p1', '1/2', 'c'), patch('p2', '2/2', 'x', minute => 30), wrapped(reply('c', 'y'), 'x'));
SELECT is(all_series(), 'v1[- 1:p1 2:p2]', 'patches that answer the one and the other are of one series');
ROLLBACK TO empty;
SELECT is(store_all(patch('a'), patch('b'), wrapped(patch('b'), 'a')), '{stored,stored,duplicate}',
          'two mails that are both there');
SELECT is((SELECT count(*) FROM patchmail.alias), 0::bigint, 'stay two');

SELECT * FROM finish();
ROLLBACK;
