-- _patchmail.place_answers(), answers_after() and place_waiting(): more answers than one transaction places.
\ir preamble.psql
\ir state.psql
SELECT plan(31);
SELECT make_project() AS project \gset
SELECT make_project('second', 'second.example.org') AS second \gset
CREATE FUNCTION words(stem text, n integer) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT stem || i FROM generate_series(1, n) i;
$$;
CREATE FUNCTION unplaced() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', u.pile, u.step, word(u.msgid), u.after > 0), ', ' ORDER BY u.pile, u.step, u.msgid)
      FROM patchmail.unplaced u;
$$;
CREATE FUNCTION waiting() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM patchmail.waiting';
SAVEPOINT empty;

-- A part at a time
SELECT store_mail(reply(w, 'p', content => 'Acked-by: a')) FROM words('r', 1200) w;
SELECT is(waiting(), 1200::bigint, 'many replies wait for one mail');
SELECT is(store_mail(patch('p')), 'stored', 'the mail that replies wait for comes');
SELECT ok(waiting() BETWEEN 700 AND 1199, 'some of them are placed at once');
SELECT is(unplaced(), '1 1 p t', 'what is left is noted');
SELECT is((SELECT count(*) FROM public.patchwork_patchcomment) + waiting(), 1200::bigint, 'the others still wait');
SELECT is((SELECT count FROM public.patchwork_patchtag), (SELECT count(*)::integer FROM public.patchwork_patchcomment),
          'tags are those of what is placed');
SELECT is(store_mail(reply('late', 'p r1')), 'stored', 'one more reply has its place at once');
SELECT store_mail(patch('o'));
SELECT is(waiting(), 0::bigint, 'other mail of the project places the rest');
SELECT is(unplaced(), NULL, 'nothing is left to place');
SELECT row_eq('SELECT count(*), count(DISTINCT msgid) FROM public.patchwork_patchcomment',
              ROW(1201::bigint, 1201::bigint),
              'each is placed once');
SELECT is((SELECT count(*) FROM public.patchwork_event WHERE category = 'patch-comment-created'), 1201::bigint,
          'each reply has one event');
SELECT is((SELECT sum(count) FROM public.patchwork_patchtag), 1200::bigint, 'the tags of all replies are counted');
ROLLBACK TO empty;

-- By an admin.  The table has had rows, so that a mail also goes on once with what it leaves over itself.
SELECT store_mail(reply(w, 'p')) FROM words('r', 1700) w;
SELECT store_mail(patch('p'));
SELECT is_empty($$SELECT patchmail.place_waiting('second')$$, 'a project that has nothing to place');
SELECT results_eq('SELECT * FROM patchmail.place_waiting()', $$VALUES ('demo', 1::bigint)$$,
          'place_waiting() says how much is left');
SELECT results_eq($$SELECT * FROM patchmail.place_waiting('demo')$$, $$VALUES ('demo', 0::bigint)$$,
                  'place_waiting() says 0 when it is done');
SELECT is_empty('SELECT patchmail.place_waiting()', 'after that nothing is left');
SELECT is(waiting(), 0::bigint, 'all replies are placed');
ROLLBACK TO empty;

-- What other mail finds: the last pile goes on first
SELECT store_mail(reply(w, 'p')) FROM words('r', 1200) w;
SELECT store_mail(reply(w, 'q')) FROM words('s', 600) w;
SELECT store_all(patch('p'));
UPDATE patchmail.unplaced SET pile = 7;
SELECT _patchmail.place_answers(:project, (msgids('q'))[1], 10);
SELECT is(unplaced(), '7 1 p t, 8 1 q t', 'two piles');
SELECT store_all(patch('q'));
SELECT store_all(patch('o'), patch('o2'), patch('o3'), patch('o4'));
SELECT is(unplaced(), NULL, 'both are done in the end');
SELECT is(waiting(), 0::bigint, 'no reply waits in the end');
ROLLBACK TO empty;

-- How much is looked at
SELECT store_mail(reply(w, 'p')) FROM words('r', 5) w;
SELECT store_mail(reply('large', 'p', content => (SELECT string_agg(md5(i::text), ' ')
                                                    FROM generate_series(1, 4000) i)));
SELECT store_mail(reply('last', 'p'));
SELECT row_eq(format('SELECT cardinality(ids), cost, more FROM _patchmail.answers_after(%s, ''<p@example.org>'', 0, 3)',
                     :project), ROW(3, 3, true), 'as many as are wanted');
SELECT row_eq(format('SELECT cardinality(ids), cost, more FROM _patchmail.answers_after(%s, ''<p@example.org>'', 0, 5)',
                     :project), ROW(5, 5, true), 'to the very last');
SELECT row_eq(format('SELECT cardinality(ids), cost > 30, more FROM _patchmail.answers_after'
                     '(%s, ''<p@example.org>'', 0, 10)',
                     :project), ROW(6, true, true), 'a large one counts for many, but is taken');
SELECT row_eq(format('SELECT cardinality(ids), cost, more FROM _patchmail.answers_after'
                     '(%s, ''<p@example.org>'', %s, 10)',
                     :project, (ledger('large')).id), ROW(1, 1, false), 'the last one comes after it');
SELECT row_eq(format('SELECT ids, last, cost, more FROM _patchmail.answers_after(%s, ''<none@example.org>'', 0, 10)',
                     :project),
              ROW('{}'::bigint[], NULL::bigint, 0, false), 'a mail that nobody refers to');
ROLLBACK TO empty;

-- In whatever order, one reference a call: the same in the end as at once.
CREATE FUNCTION finished(mails jsonb[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    done text;
BEGIN
    PERFORM store_all(VARIADIC mails);
    FOR i IN 1 .. 200 LOOP
        EXIT WHEN NOT EXISTS (SELECT FROM patchmail.unplaced);
        PERFORM _patchmail.place_answers(u.project_id, NULL, 1) FROM patchmail.unplaced u LIMIT 1;
    END LOOP;
    done := concat_ws(E'\n', state(), ledger_state(), 'unplaced ' || unplaced());
    RAISE EXCEPTION USING ERRCODE = 'PT000';
EXCEPTION WHEN SQLSTATE 'PT000' THEN
    RETURN done;
END
$$;
CREATE FUNCTION thread() RETURNS jsonb[] LANGUAGE sql AS $$
    SELECT ARRAY[cover('c', 2), patch('p1', '1/2', 'c'), patch('p2', '2/2', 'p1 c', content => 'Acked-by: p'),
                 reply('a', 'p1', content => 'Acked-by: a'), reply('b', 'a c', content => 'Tested-by: b'),
                 reply('d', 'b p2', content => 'Acked-by: d'), reply('e', 'd'),
                 reply('f', 'p2 p1', content => 'Acked-by: f')];
$$;
SELECT finished(thread()) AS at_once \gset
SELECT alike(:'at_once'::text, '%comments a>p1 b>p1 d>p1 e>p1 f>p2%', 'at once');
CREATE TEMP TABLE original AS SELECT pg_get_functiondef('_patchmail.place_answers'::regproc) AS definition;
DO $$ BEGIN EXECUTE (SELECT replace(definition, 'most integer DEFAULT 500', 'most integer DEFAULT 1')
                       FROM original); END $$;
SELECT setseed(0.5);
SELECT is((SELECT count(DISTINCT finished((SELECT array_agg(m ORDER BY random()) FROM unnest(thread()) m WHERE n > 0)))
             FROM generate_series(1, 60) n), 1::bigint, 'one after the other, in many orders, it is the same');
SELECT is(finished((SELECT array_agg(m ORDER BY n DESC) FROM unnest(thread()) WITH ORDINALITY u(m, n))),
          :'at_once'::text,
          'in the reverse order it is the same as at once');
SELECT store_all(reply('a', 'p'), reply('b', 'p'), patch('p'));
SELECT isnt(unplaced(), NULL, 'a call with a small limit leaves answers over');
ROLLBACK TO empty;

-- A circle that hands two parents round ends
SELECT store_all(patch('p'), patch('q'));
SELECT store_mail(reply('r' || i, CASE i WHEN 1 THEN 'r6' ELSE 'r' || i - 1 END)) FROM generate_series(1, 6) i;
UPDATE patchmail.message SET parent_id = CASE WHEN word(msgid) IN ('r1', 'r2', 'r3') THEN (ledger('p')).id
    ELSE (ledger('q')).id END,
       waiting = NULL, submitter_id = (ledger('p')).submitter_id WHERE kind = 'comment';
SET LOCAL statement_timeout = '60s';
INSERT INTO patchmail.unplaced SELECT :project, 1, 1, m, 0 FROM unnest(msgids('r3 r6')) m;
SELECT _patchmail.place_answers(:project, NULL, 100);
SELECT isnt(unplaced(), NULL, 'it goes round');
SELECT _patchmail.place_answers(:project, NULL, 5000) FROM generate_series(1, 20);
SELECT is(unplaced(), NULL, 'a pile is not worked on for ever');

SELECT * FROM finish();
ROLLBACK;
