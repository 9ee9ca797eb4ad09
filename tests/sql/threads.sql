-- _patchmail.join_threads() and find_anchor(): what hangs together in the ledger.
\ir preamble.psql
\ir state.psql
SELECT plan(53);
SELECT make_project() AS project \gset
SELECT make_project('second', 'second.example.org') AS second \gset
SAVEPOINT empty;

-- Threads: the ledger's mails, those of one thread together.
CREATE FUNCTION threads() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(t, ' | ' ORDER BY t) FROM (
        SELECT string_agg(word(m.msgid), ' ' ORDER BY m.msgid) FROM patchmail.message m GROUP BY m.project_id,
        m.thread) x(t);
$$;
-- One test: these mails, in whatever order they come, make these threads.
CREATE FUNCTION threads_are(expected text, why text, VARIADIC mails jsonb[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    got   text;
    other text;
BEGIN
    BEGIN
        PERFORM store_all(VARIADIC mails);
        got := threads();
        RAISE EXCEPTION USING ERRCODE = 'PT000';
    EXCEPTION WHEN SQLSTATE 'PT000' THEN
    END;
    other := (SELECT s.state FROM state_in_every_order(mails) s WHERE s.state LIKE 'in order%');
    RETURN is(coalesce(other, got), expected, why);
END
$$;
SAVEPOINT helped;
SELECT threads_are('p', 'a first mail is a thread', patch('p'));
SELECT threads_are('p | q', 'two mails that have nothing to do with each other', patch('p'), patch('q'));
SELECT threads_are('p r', 'a mail and what answers it', patch('p'), reply('r', 'p'));
SELECT threads_are('a b', 'two that answer a third, which is not here', reply('a', 'x'), reply('b', 'y x'));
SELECT threads_are('a b c d', 'two threads become one by a mail that refers to both',
                   patch('a'), reply('b', 'a'), patch('c'), reply('d', 'c b'));
SELECT threads_are('a b c', 'two threads become one by a mail to which both refer', patch('a', answers => 'c'),
                   patch('b', answers => 'c'),
                   patch('c'));
SELECT threads_are('p1 p2', 'parts of an unthreaded series', patch('p1', '1/2'), patch('p2', '2/2', minute => 20));
SELECT threads_are('p1 p2', 'parts of a series, one of which refers to something', patch('p1', '1/2', 'x'),
                   patch('p2', '2/2'));
SELECT threads_are('p1 p2', 'parts of a series that both refer to something', patch('p1', '1/2', 'x'),
                   patch('p2', '2/2', 'y'));
SELECT threads_are('p1 | p2', 'more than 20 minutes', patch('p1', '1/2'), patch('p2', '2/2', minute => 20.1));
SELECT threads_are('p1 | p2', 'another version', patch('p1', '1/2'), patch('p2', '2/2', version => 2));
SELECT threads_are('p1 | p2', 'another total', patch('p1', '1/2'), patch('p2', '2/3'));
SELECT threads_are('p1 | p2', 'another author', patch('p1', '1/2'), patch('p2', '2/2', who => 'bob'));
SELECT threads_are('p1 | p2', 'patches without a marker', patch('p1'), patch('p2'));
SELECT threads_are('p1 p2 p3', 'the one in the middle comes whenever it likes', patch('p1', '1/3'),
                   patch('p2', '2/3', minute => 15), patch('p3', '3/3', minute => 30));
SELECT store_all(patch('a', '1/2'),
                 patch('a', '1/2', more => '{"list_ids": [{"field": "List-Id", "id": "second.example.org"}]}'),
                 patch('b', '2/2', 'a', more => '{"list_ids": [{"field": "List-Id", "id": "second.example.org"}]}'));
SELECT is(threads(), 'a | a b', 'each project has its own threads');
ROLLBACK TO helped;

-- What join_threads says
CREATE FUNCTION joined(facts jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', CASE WHEN j.thread = 0 THEN 'new'
                               ELSE (SELECT word(min(m.msgid)) FROM patchmail.message m WHERE m.thread = j.thread) END,
                     CASE WHEN j.joined THEN 'joined' END)
      FROM jsonb_populate_record(read_as_ledger(facts), jsonb_build_object('id', 0, 'submitter_id', (
               SELECT r.id FROM public.patchwork_person r WHERE r.email = facts->'author'->>'email'))) n,
           _patchmail.join_threads(n) j;
$$;
SELECT store_all(patch('a'), reply('b', 'a'), patch('c'), reply('d', 'x'), patch('e', '1/2'));
SELECT is(joined(patch('n')), 'new', 'a new thread has the id of its first message');
SELECT is(joined(patch('n', answers => 'a')), 'a joined', 'the thread of what it refers to');
SELECT is(joined(patch('x')), 'd joined', 'a reply that waits for it');
SELECT is(joined(reply('n', 'x')), 'd joined', 'a reply that waits for what another refers to as well');
SELECT is(joined(patch('n', '2/2')), 'e joined', 'the other part of a series');
SELECT is(joined(patch('n', answers => 'c a')), 'a joined', 'of two threads the older');
SELECT is(threads(), 'a b c | d | e', 'two threads that a mail ties together are one from now on');
ROLLBACK TO helped;

-- References
SELECT store_all(reply('r', 'b a'), patch('p'));
SELECT is((SELECT array_agg(word(msgid) ORDER BY msgid) FROM patchmail.reference WHERE message_id = (ledger('r')).id),
          '{a,b}',
          'a row for each reference');
SELECT is_empty($$SELECT FROM patchmail.reference WHERE message_id = (ledger('p')).id$$, 'none without references');
SELECT is(store_all(reply('r', 'b a')), '{duplicate}', 'nothing is entered twice');
SELECT is((SELECT count(*) FROM patchmail.reference), 2::bigint, 'no reference is entered twice');
ROLLBACK TO helped;

-- Anchors: what a patch of a series hangs on
CREATE FUNCTION anchor(facts jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT word(a.msgid)
      FROM patchmail.message a, jsonb_populate_record(read_as_ledger(facts), jsonb_build_object(
               'submitter_id', (SELECT p.id FROM public.patchwork_person p
                                 WHERE p.email = facts->'author'->>'email'))) m
     WHERE a.id = _patchmail.find_anchor(m);
$$;
SELECT store_all(cover('c', 3), patch('p1', '1/3', 'c'), patch('p2', '2/3', 'p1 c'), reply('r', 'p1 c'), patch('s'),
                 cover('C', 2, 'c', 2, 2000), patch('P1', '1/2', 'C c', 2, 2000), patch('t', '3/3', 'x', 1));
SELECT is(anchor(patch('n', '3/3', 'c')), 'c', 'a cover letter');
SELECT is(anchor(patch('n', '3/3', 'p1 c')), 'p1', 'the nearest');
SELECT is(anchor(patch('n', '3/3', 'p2')), 'p2', 'a patch of the same total and another number');
SELECT is(anchor(patch('n', '3/3', 'r p1 c')), 'p1', 'a patch does not hang on a comment');
SELECT is(anchor(patch('n', '2/3', 'p2 p1 c')), 'p1', 'a patch does not hang on one of the same number');
SELECT is(anchor(patch('n', '3/4', 'p1 c')), 'c', 'a patch hangs on no patch of another total, but on a cover letter');
SELECT is(anchor(patch('n', '3/4', 'c', who => 'bob')), NULL,
          'a patch does not hang on another author''s cover letter of another total');
SELECT is(anchor(patch('n', '3/3', 's')), NULL, 'a patch does not hang on one without a marker');
SELECT is(anchor(patch('n', '3/3', 'y p1')), 'p1', 'what is not here is passed over');
SELECT is(anchor(patch('n', NULL, 'c')), NULL, 'a patch without a marker hangs on nothing');
SELECT is(anchor(patch('n', '3/3')), NULL, 'a patch without references hangs on nothing');
SELECT is(anchor(patch('x', '2/3', 't')), NULL, 'a patch does not hang on one that refers to it in turn');
SELECT is(anchor(patch('n', '1/2', 'c', 2)), NULL, 'a version that does not fit');
SELECT is(anchor(patch('n', '2/2', 'P1 C c', 2, 2000)), 'P1', 'the same version');
SELECT is(anchor(patch('n', '2/2', 'C c', 2, 9000)), 'C', 'however late');
SELECT is(anchor(patch('n', '2/2', 'C', 1, 2020)), 'C', 'none is said, and within 20 minutes');
SELECT is(anchor(patch('n', '2/2', 'C', 1, 1980)), 'C', 'before or after');
SELECT is(anchor(patch('n', '2/2', 'C', 1, 2020.1)), NULL, 'a slip of the version counts for 20 minutes and no more');
SELECT is(anchor(patch('n', '2/2', 'C c', 1, 2020.1)), 'c', 'a patch hangs on what stands farther away and fits');
SELECT is(anchor(patch('n', '2/2', 'C', 1, 2000, 'bob')), NULL,
          'a slip of the version does not count for another author');
SELECT is(anchor(patch('n', '2/2', 'r C', 1, 2000)), NULL,
          'a slip of the version does not count in answer to something else');
SELECT is(anchor(patch('n', '1/2', 'C', 3, 2020)), 'C', 'a slip may say another version');
SELECT is(anchor(patch('n', '3/3', 'C', 1, 2000)), NULL, 'a slip of version and total does not count');
SELECT is(anchor(patch('n', '3/3', 'p1', who => 'bob')), 'p1', 'whoever sent it');
SELECT is(anchor(patch('n', '3/3', 'p1') || '{"list_ids": []}'), 'p1', 'the project is that of the ledger row');
SELECT store_all(patch('o', '1/2', more => '{"list_ids": [{"field": "List-Id", "id": "second.example.org"}]}'));
SELECT is(anchor(patch('n', '2/2', 'o')), NULL, 'a patch does not hang on another project''s mail');

SELECT * FROM finish();
ROLLBACK;
