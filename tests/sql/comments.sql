-- _patchmail.find_parent(), create_comment(), place_comment(), move_comments() and place_answers(): what a comment is a
-- comment on, and how it waits for it.
\ir preamble.psql
\ir state.psql
SELECT plan(51);
SELECT make_project() AS project \gset
SAVEPOINT empty;

-- Its parent: the nearest that is here
SELECT store_all(cover('c', 2), patch('p', '1/2', 'c'), patch('q', '2/2', 'c'), reply('r', 'p'), reply('rc', 'c'),
                 reply('w', 'x'));
CREATE FUNCTION parent(answers text) RETURNS text LANGUAGE sql AS $$
    SELECT word(p.msgid)
      FROM patchmail.message p WHERE p.id = _patchmail.find_parent(read_as_ledger(reply('n', answers)));
$$;
SELECT is(parent(answers), parent, format('in reply to "%s"', answers)) FROM (VALUES
    ('p', 'p'), ('c', 'c'), ('r', 'p'), ('rc', 'c'), ('p c', 'p'), ('c p', 'c'), ('x p', 'p'), ('r c', 'p'),
    ('rc p', 'c'),
    ('w p', 'p'), ('x y z q p c', 'q'), ('w', NULL), ('x', NULL), ('', NULL), ('n', NULL), ('n p', 'p')) a (answers,
    parent);

-- What it becomes
SELECT store_all(reply('a', 'p', more => '{"hints": {"action_required": true}}'),
                 reply('b', 'c', more => '{"hints": {"action_required": true}}'));
SELECT is((SELECT addressed FROM public.patchwork_patchcomment WHERE word(msgid) = 'a'), false,
          'action required: it is not addressed yet');
SELECT is((SELECT addressed FROM public.patchwork_covercomment WHERE word(msgid) = 'b'), false,
          'action required: a reply to a cover letter is not addressed yet');
SELECT is((SELECT addressed FROM public.patchwork_patchcomment WHERE word(msgid) = 'r'), NULL, 'else nothing is said');
SELECT row_eq($$SELECT kind, parent_id, patchcomment_id IS NOT NULL, covercomment_id,
              waiting FROM (SELECT (ledger('a')).*) m$$,
              ROW('comment'::text, (ledger('p')).id, true, NULL::integer, NULL::jsonb), 'its ledger row');
SELECT row_eq($$SELECT kind, parent_id, patchcomment_id, covercomment_id, waiting FROM (SELECT (ledger('w')).*) m$$,
              ROW('comment'::text, NULL::bigint, NULL::integer, NULL::integer, reply('w', 'x')),
              'one that waits has its facts with it');
SELECT is((SELECT array_agg(e ORDER BY e) FROM all_events() e WHERE e LIKE '%-comment-%'),
          '{"cover-comment-created c b","cover-comment-created c rc",'
          '"patch-comment-created p a","patch-comment-created p r"}',
          'one event each, none of those that wait');
ROLLBACK TO empty;

-- Waiting
SELECT is(store_all(reply('r', 'p', more => '{"hints": {"action_required": true}}')), '{waiting}',
          'a reply that comes before its patch waits');
SELECT is_empty($$SELECT FROM public.patchwork_patchcomment$$, 'a reply that waits is no comment');
SELECT store_all(patch('p'));
SELECT results_eq($$SELECT p.msgid::text, k.date, k.headers, k.content, k.addressed
                      FROM public.patchwork_patchcomment k JOIN public.patchwork_patch p ON p.id = k.patch_id$$,
                  $$SELECT '<p@example.org>', (reply('r', 'p')->>'date')::timestamptz, reply('r', 'p')->>'headers',
                           reply('r', 'p')->>'content', false$$, 'when its patch comes it is there, with all it had');
SELECT is((ledger('r')).waiting, NULL, 'a reply that was placed waits no more');
ROLLBACK TO empty;
SELECT state_is_in_every_order($$
    comments r1>p r2>p r3>p r4>p
    event patch-comment-created p r1
    event patch-comment-created p r2
    event patch-comment-created p r3
    event patch-comment-created p r4
    event patch-completed p [- 1:p]
    event patch-created p
    event series-completed [- 1:p]
    event series-created [- 1:p]
    patch p "p"
    series [- 1:p] "p" v1 of 1, 12:00 by ada <ada>
    tag p A 4
    $$, 'a chain in which each names only the one before', patch('p'), reply('r1', 'p', content => 'Acked-by: 1'),
    reply('r2', 'r1', content => 'Acked-by: 2'), reply('r3', 'r2', content => 'Acked-by: 3'),
    reply('r4', 'r3', content => 'Acked-by: 4'));
SELECT state_is_in_every_order($$
    comments a>? b>?
    $$, 'what they answer never comes', reply('a', 'x'), reply('b', 'a x'));

-- A nearer one comes later
SELECT state_is_in_every_order($$
    comments m>p n>p o>p
    event patch-comment-created p m
    event patch-comment-created p n
    event patch-comment-created p o
    event patch-completed p [- 1:p]
    event patch-created p
    event series-completed [- 1:p]
    event series-created [- 1:p]
    patch p "p"
    series [- 1:p] "p" v1 of 1, 12:00 by ada <ada>
    tag p T 1
    $$, 'the middle is a comment', patch('p'), reply('m', 'p'), reply('n', 'm p'),
    reply('o', 'n m', content => 'Tested-by: o'));
SELECT state_is_in_every_order($$
    comments n>m o>m
    cover c "[0/1] c"
    event cover-created c
    event patch-comment-created m n
    event patch-comment-created m o
    event patch-completed m [c 1:m]
    event patch-created m
    event series-completed [c 1:m]
    event series-created [c 1:m]
    patch m "[1/1] m"
    series [c 1:m] "c" v1 of 1, 12:00 by ada <ada>
    tag m T 2
    $$, 'the middle is a patch: comments of the cover letter move to it, with their tags',
    cover('c', 1), patch('m', '1/1', 'c'), reply('n', 'm c', content => 'Tested-by: n'),
    reply('o', 'n m c', content => 'Tested-by: o'));
SELECT state_is_in_every_order($$
    comments n>c o>c
    cover c "[0/1] c"
    event cover-comment-created c n
    event cover-comment-created c o
    event cover-created c
    event patch-completed p [c 1:p]
    event patch-created p
    event series-completed [c 1:p]
    event series-created [c 1:p]
    patch p "[1/1] p"
    series [c 1:p] "c" v1 of 1, 12:00 by ada <ada>
    $$, 'the nearer one is the cover letter', patch('p', '1/1', 'c'), cover('c', 1),
    reply('n', 'c p', content => 'Tested-by: n'), reply('o', 'n p', content => 'Tested-by: o'));
SELECT store_all(patch('p'), reply('n', 'm p', more => '{"hints": {"action_required": true}}'));
UPDATE public.patchwork_patchcomment SET addressed = true;
SELECT store_all(patch('m', answers => 'p'));
SELECT is(all_comments(), 'n>m', 'a comment moves to a nearer parent');
SELECT isnt((SELECT addressed FROM public.patchwork_patchcomment), NULL,
          'a comment that moves keeps that an action was required');
SELECT is((SELECT addressed FROM public.patchwork_patchcomment), true,
          'a comment that moves keeps that somebody has addressed it');
ROLLBACK TO empty;

-- place_comment and move_comments
SELECT store_all(cover('c', 1), patch('p', '1/1', 'c'), reply('r', 'p', content => 'Acked-by: r'));
UPDATE public.patchwork_patchcomment SET addressed = true;
SELECT is(_patchmail.move_comments(ARRAY[(ledger('r')).id], ARRAY[(ledger('c')).id]), msgids('r'),
          'move_comments gives those that have the parent now');
SELECT results_eq($$SELECT k.headers, k.content, k.addressed FROM public.patchwork_covercomment k$$,
                  $$SELECT reply('r', 'p')->>'headers', 'Acked-by: r', true$$,
                      'comments that move keep all that they had');
SELECT is(concat_ws('/', all_comments(), (SELECT count(*) FROM public.patchwork_patchtag),
                    (SELECT array_agg(e) FROM all_events() e WHERE e LIKE '%comment%')),
          'r>c/0/{"cover-comment-created c r"}', 'nothing is left at the old place of comments');
SELECT row_eq($$SELECT parent_id, patchcomment_id, covercomment_id, waiting FROM (SELECT (ledger('r')).*) m$$,
              ROW((ledger('c')).id, NULL::integer, (SELECT id FROM public.patchwork_covercomment), NULL::jsonb),
              'the ledger notes it');
DELETE FROM public.patchwork_event WHERE cover_comment_id IS NOT NULL;
DELETE FROM public.patchwork_covercomment;
SELECT is(_patchmail.move_comments(ARRAY[(ledger('r')).id], ARRAY[(ledger('p')).id]), msgids('r'),
          'one that an admin deleted has another parent in the ledger');
SELECT is(concat_ws('/', all_comments(), (ledger('r')).parent_id = (ledger('p')).id), '/t',
          'a comment that an admin deleted stays deleted');
ROLLBACK TO empty;
SELECT store_all(cover('c', 1), patch('p', '1/1', 'c'), reply('r', 'c', content => 'Acked-by: r'));
DELETE FROM public.patchwork_event WHERE patch_id IS NOT NULL;
DELETE FROM public.patchwork_patch;
SELECT is(_patchmail.move_comments(ARRAY[(ledger('r')).id], ARRAY[(ledger('p')).id]), NULL,
          'if the new parent is deleted, the comment does not get it');
SELECT is(concat_ws('/', all_comments(), (ledger('r')).waiting->>'content', (ledger('r')).parent_id = (ledger('c')).id),
          'r>?/Acked-by: r/t', 'a comment whose new parent is deleted waits, with all that it had');
ROLLBACK TO empty;
SELECT store_all(cover('c', 1), reply('r', 'c'));
SELECT is((_patchmail.place_comment(ledger('r'), (ledger('c')).id, NULL)).parent_id, (ledger('c')).id,
          'place_comment without facts only notes the place');
ROLLBACK TO empty;

-- Mails that answer each other in a circle
SET LOCAL statement_timeout = '60s';
SELECT state_is_in_every_order($$
    comments a>? b>? c>?
    $$, 'three comments in a circle wait for ever', reply('a', 'c'), reply('b', 'a'), reply('c', 'b'));
SELECT state_is_in_every_order($$
    comments a>p b>p
    event patch-comment-created p a
    event patch-comment-created p b
    event patch-completed p [- 1:p]
    event patch-created p
    event series-completed [- 1:p]
    event series-created [- 1:p]
    patch p "p"
    series [- 1:p] "p" v1 of 1, 12:00 by ada <ada>
    $$, 'two comments that answer each other, and a patch', patch('p'), reply('a', 'b p'), reply('b', 'a p'));
SELECT is((state_in_every_order(ARRAY[patch('p'), reply('a', 'c'), reply('b', 'a p'), reply('c', 'b')])).series,
          'v1[- 1:p]', 'a circle that a patch is tied to');
SELECT state_is_in_every_order($$
    comments a>p b>q
    event patch-comment-created p a
    event patch-comment-created q b
    event patch-completed p [- 1:p]
    event patch-completed q [- 1:q]
    event patch-created p
    event patch-created q
    event series-completed [- 1:p]
    event series-completed [- 1:q]
    event series-created [- 1:p]
    event series-created [- 1:q]
    patch p "p"
    patch q "q"
    series [- 1:p] "p" v1 of 1, 12:00 by ada <ada>
    series [- 1:q] "q" v1 of 1, 12:00 by ada <ada>
    $$, 'comments that answer each other and a patch each', patch('p'), patch('q'), reply('a', 'b p'),
        reply('b', 'a q'));
SELECT series_in_every_order('v1[- 1:p1 2:p2]', 'patches that answer each other hang on nothing: they are loose',
                             patch('p1', '1/2', 'p2'), patch('p2', '2/2', 'p1'));
SELECT series_in_every_order('v1[- 1:p1 2:p2 3:p3]', 'three patches in a circle',
                             patch('p1', '1/3', 'p3'), patch('p2', '2/3', 'p1'), patch('p3', '3/3', 'p2'));
SELECT series_in_every_order('v1[c 1:p1]', 'a cover letter that answers its patch', cover('c', 1, 'p1'),
                             patch('p1', '1/1', 'c'));
SELECT is(store_all(patch('self', answers => 'self'), reply('selfish', 'selfish')), '{stored,ignored}',
          'a mail that answers itself answers nothing');

SELECT * FROM finish();
ROLLBACK;
