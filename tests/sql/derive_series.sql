-- _patchmail.derive_series(), join_series() and extend_series(): which series there are in a thread.
\ir preamble.psql
\ir state.psql
SELECT plan(50);
SELECT make_project() AS project \gset

-- The derived series of the thread of a mail: "c p1 p2 | q1".
CREATE FUNCTION derived(thread bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(s, ' | ' ORDER BY s COLLATE "C")
      FROM (SELECT string_agg(word(m.msgid), ' ' ORDER BY m.kind, m.number, m.msgid COLLATE "C")
              FROM _patchmail.derive_series(thread) d, unnest(d.ids, d.series) u(id, series)
              JOIN patchmail.message m ON m.id = u.id GROUP BY u.series) x(s);
$$;
CREATE FUNCTION derived(mails jsonb[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    PERFORM store_all(VARIADIC mails);
    result := derived((ledger(word(mails[1]->>'message_id'))).thread);
    RAISE EXCEPTION USING ERRCODE = 'PT000';
EXCEPTION WHEN SQLSTATE 'PT000' THEN
    RETURN result;
END
$$;
CREATE FUNCTION derives(expected text, why text, VARIADIC mails jsonb[]) RETURNS text LANGUAGE sql AS $$
    SELECT is(derived(mails), expected, why);
$$;
SAVEPOINT helped;

-- What it gives
SELECT derives(NULL, 'a thread without marked mail', patch('p'), reply('r', 'p'));
SELECT derives('c p1', 'only marked patches and cover letters count', cover('c', 2), patch('p1', '1/2', 'c'),
               reply('r', 'p1'),
               patch('s', NULL, 'p1'));
SELECT store_all(cover('c', 2), patch('p1', '1/2', 'c', minute => 1), patch('q1', '1/2', 'c', minute => 100));
SELECT is((SELECT array_agg(word(m.msgid) ORDER BY n) FROM _patchmail.derive_series((ledger('c')).thread) d,
                  unnest(d.ids) WITH ORDINALITY u(id, n) JOIN patchmail.message m ON m.id = u.id), '{c,p1,q1}',
          'ids in the order of their dates');
SELECT is((SELECT d.series[1] = d.series[2] AND d.series[1] <> d.series[3]
             FROM _patchmail.derive_series((ledger('c')).thread) d),
          true, 'a number for each, the same for those of one series');
SELECT is((SELECT d.placed FROM _patchmail.derive_series((ledger('c')).thread) d),
          ARRAY[(series_of('c')).id, (series_of('p1')).id, (series_of('q1')).id],
              'derive_series() gives the series where each was placed before');
SELECT is((SELECT d.ids FROM _patchmail.derive_series(0) d), NULL, 'no such thread');
ROLLBACK TO helped;

-- Rule 1 and 2: what hangs together, or has the nearest reference, version, total and author in common
SELECT derives('c p1 p2', 'what hangs on one cover letter', cover('c', 2), patch('p1', '1/2', 'c'),
               patch('p2', '2/2', 'c'));
SELECT derives('p1 p2', 'on one that is not here', patch('p1', '1/2', 'x'), patch('p2', '2/2', 'x'));
SELECT derives('p1 p4 | p2 | p3', 'of other versions, totals, authors', patch('p1', '1/2', 'x'),
               patch('p4', '2/2', 'x'), patch('p2', '2/2', 'x', 2), patch('p3', '2/3', 'x'));
SELECT derives('c p1 p2', 'a version that only the cover letter names', cover('c', 2, version => 3),
               patch('p1', '1/2', 'c'), patch('p2', '2/2', 'c'));

-- Rule 3: a number twice
SELECT derives('c p1 p2 | q1 q2', 'by time', cover('c', 2), patch('p1', '1/2', 'c'),
               patch('p2', '2/2', 'c', minute => 1),
               patch('q1', '1/2', 'c', minute => 50), patch('q2', '2/2', 'c', minute => 51));
SELECT derives('c p1 p2 | q1 q2', 'by what each hangs on, before time', cover('c', 2), patch('p1', '1/2', 'c'),
               patch('p2', '2/2', 'p1 c', minute => 500), patch('q1', '1/2', 'c', minute => 50),
               patch('q2', '2/2', 'q1 c', minute => 90));
SELECT derives('c p1 p2 | q2', 'the one that comes first in time has the place', cover('c', 2), patch('p1', '1/2', 'c'),
               patch('q2', '2/2', 'c', minute => 200), patch('p2', '2/2', 'c', minute => 100));
SELECT derives('c p1 | q1 q2', 'to the nearest in time of those where its number is free', cover('c', 2),
               patch('p1', '1/2', 'c'), patch('q1', '1/2', 'c', minute => 100), patch('q2', '2/2', 'c', minute => 101));

-- Rule 4: alone by the others
SELECT derives('p1 p2 | q1', 'by author', patch('p1', '1/2'), patch('p2', '2/2', minute => 3), reply('r', 'p1 q1'),
               patch('q1', '1/2', who => 'bob'));
SELECT derives('p1 p2 p3', 'a patch that answers a loose one ties it', patch('p1', '1/3'), patch('p2', '2/3', 'p1'),
               patch('p3', '3/3', minute => 5));
SELECT derives('c p1 p2', 'the loose ones join the cover letter nearby', cover('c', 2), patch('p1', '1/2'),
               patch('p2', '2/2'));
SELECT derives('p1 p2', 'each answers another mail that is not here', patch('p1', '1/2', 'x'), patch('p2', '2/2', 'y'));
SELECT derives('c p1 p2 | q1 q2', 'each patch of a v2 answers the same one of v1', cover('c', 2),
               patch('p1', '1/2', 'c'),
               patch('p2', '2/2', 'c'), patch('q1', '1/2', 'p1 c', 2, minute => 500),
               patch('q2', '2/2', 'p2 c', 2, minute => 501));
SELECT derives('c p1 p2 p3 | q2', 'a reroll of one patch is a series of its own', cover('c', 3),
               patch('p1', '1/3', 'c'),
               patch('p2', '2/3', 'c'), patch('p3', '3/3', 'c'), patch('q2', '2/3', 'p2 c', 2, minute => 5));
SELECT derives('c p1 p2 p3 | q1 q3', 'a reroll of two is one', cover('c', 3), patch('p1', '1/3', 'c'),
               patch('p2', '2/3', 'c'), patch('p3', '3/3', 'c'), patch('q1', '1/3', 'p1 c', 2, minute => 5),
               patch('q3', '3/3', 'p3 c', 2, minute => 6));
SELECT derives('p1 | p2', 'more than 20 minutes apart, tied by a reply', patch('p1', '1/2', 'x'),
               patch('p2', '2/2', 'y', minute => 21), reply('r', 'p1 p2'));
SELECT derives('c | d | p1', 'a patch does not join one of two cover letters', cover('c', 2), patch('p1', '1/2'),
               cover('d', 2));

-- Rule 5, join_series by itself.  Members are of one author, each is its own root.
CREATE FUNCTION joined(series integer[], numbers integer[], minutes double precision[], authors integer[] DEFAULT NULL,
                       threads integer[] DEFAULT NULL, links integer[] DEFAULT NULL, trust integer[] DEFAULT NULL,
                       adopted boolean[] DEFAULT NULL) RETURNS integer[] LANGUAGE sql AS $$
    SELECT j.series
      FROM _patchmail.join_series(
               series,
               ARRAY(SELECT bit_or(set_bit(repeat('0', 10)::varbit, m.number, 1))
                       FROM unnest(series, numbers) m(series, number) GROUP BY m.series ORDER BY m.series),
               ARRAY(SELECT max(m.minute) FROM unnest(series, minutes) m(series, minute)
                      GROUP BY m.series ORDER BY m.series),
               minutes, coalesce(authors, array_fill(1, ARRAY[cardinality(series)])),
               coalesce(threads, array_fill(NULL::integer, ARRAY[cardinality(series)])),
               coalesce(links, array_fill(NULL::integer, ARRAY[cardinality(series)])),
               ARRAY(SELECT generate_series(1, cardinality(series))),
               coalesce(trust, array_fill(1, ARRAY[cardinality(series)])),
               coalesce(adopted, array_fill(false, ARRAY[cardinality(series)]))) j;
$$;
SELECT is(joined('{1,2}', '{0,1}', '{0,20}'), '{1,1}', 'another series, with a member within 20 minutes');
SELECT is(joined('{1,2}', '{0,1}', '{0,20.1}'), '{1,2}', 'another series, with no member within 20 minutes');
SELECT is(joined('{1,1,2}', '{0,2,1}', '{0,30,50}'), '{1,1,1}', 'any of its members will do');
SELECT is(joined('{1,1,2,2}', '{0,2,1,2}', '{0,1,2,3}'), '{1,1,2,2}', 'it has one of the numbers');
SELECT is(joined('{1,2,3}', '{0,0,1}', '{0,1,2}'), '{1,2,2}', 'the nearer of two');
SELECT is(joined('{1,2,3}', '{0,0,1}', '{0,2,1}'), '{1,2,3}', 'none of two that are as near');
SELECT is(joined('{1,2,3}', '{0,1,2}', '{0,2,1}'), '{1,1,1}', 'both where they do not exclude each other');
SELECT is(joined('{1,2,3,4}', '{0,1,0,1}', '{0,1,5,6}'), '{1,1,3,3}', 'two sendings after each other');
SELECT is(joined('{1,2,3}', '{0,1,1}', '{0,1,15}'), '{1,1,3}', 'what is left over stays by itself');
SELECT is(joined('{1,2,2,3}', '{0,1,2,1}', '{0,1,2,900}'), '{1,1,1,3}', 'a series goes as a whole');
SELECT is(joined('{1,2,3}', '{0,1,2}', '{0,15,30}'), '{1,1,1}', 'from one to the next');
SELECT is(joined('{1,2}', '{1,2}', '{0,0}', '{1,2}'), '{1,2}',
          'series of another author, version or total do not join');
SELECT is(joined('{1,1,2,2}', '{0,1,2,3}', '{0,0,0,0}', '{1,2,3,2}'), '{1,1,2,2}', 'the author is that of the root');
SELECT is(joined('{1,2}', '{1,2}', '{0,0}', '{1,2}', '{3,3}'), '{1,1}',
          'series of one thread join, with a slip in the version');
SELECT is(joined('{1,2}', '{1,2}', '{0,21}', '{1,2}', '{3,3}'), '{1,2}',
          'series of one thread join only within 20 minutes');
SELECT is(joined('{1,2}', '{1,2}', '{0,900}', '{1,2}', NULL, '{NULL,1}'), '{1,1}', 'series join by an answer');
SELECT is(joined('{1,2}', '{1,1}', '{0,9}', '{1,2}', NULL, '{NULL,1}'), '{1,2}',
          'an answer with the same number does not join');
SELECT is(joined('{1,2,3}', '{0,1,1}', '{0,900,1}', '{1,2,1}', NULL, '{NULL,1,NULL}'), '{1,1,3}',
          'an answer before time');
SELECT is(joined('{1,2}', '{0,1}', '{0,0}', '{1,1}', '{1,1}', '{NULL,1}', '{2,1}'), '{1,2}',
          'an answer with another verdict does not join');
SELECT is(joined('{1,2,3}', '{0,1,2}', '{0,0,0}', adopted => '{t,t,f}'), '{1,2,1}',
          'no two that Patchwork placed');
SELECT is(joined('{1,NULL,2}', '{0,NULL,1}', '{0,0,0}'), '{1,NULL,1}', 'a member that has no place yet gets none');
SELECT is(joined(ARRAY(SELECT generate_series(1, 9)), ARRAY(SELECT generate_series(1, 9)),
                 ARRAY(SELECT abs(n - 5) * 10 FROM generate_series(1, 9) n)), array_fill(1, ARRAY[9]), 'many are one');

-- For many generated threads, well-formed and wild: after each mail the tables hold what derive_series gives, and where
-- extend_series gives an answer, it is the same.
CREATE FUNCTION pick(VARIADIC choices text[]) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT choices[1 + floor(random() * cardinality(choices))];
$$;
CREATE FUNCTION tidy_mail(n integer) RETURNS jsonb LANGUAGE sql AS $$
    SELECT CASE WHEN n = 1 THEN cover('m1', 9, minute => random() * 60)
                WHEN random() < 0.1 THEN reply('m' || n, 'm1')
                ELSE patch('m' || n, (n - 1) || '/9', pick('m1', concat('m', n - 1, ' m1')),
                minute => random() * 60) END;
$$;
CREATE FUNCTION bare_mail(n integer, answers text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT patch('m' || n, concat(CASE WHEN random() < 0.9 THEN n ELSE 1 END, '/9'),
                 CASE WHEN n = 1 OR random() < 0.9 THEN answers ELSE 'm1' END, minute => n * 10 + random() * 15);
$$;
CREATE FUNCTION wild_mail(n integer) RETURNS jsonb LANGUAGE sql AS $$
    SELECT CASE pick('cover', 'reply', 'patch', 'patch', 'patch')
           WHEN 'cover' THEN cover('m' || n, total::integer, refs, version::integer, minute, who)
           WHEN 'reply' THEN reply('m' || n, refs)
           ELSE patch('m' || n, concat(pick('1', '2', '3'), '/', total), refs, version::integer, minute, who) END
      FROM (SELECT pick('2', '3', '3') AS total, pick('1', '1', '2') AS version, random() * 60 AS minute,
                   pick('ada', 'ada', 'bob') AS who,
                   concat_ws(' ', pick('', 'x', 'm1', 'm' || (n - 1)), pick('', 'm1', 'm2', 'm3', 'm6')) AS refs) x;
$$;
CREATE FUNCTION generated(shape text, size integer) RETURNS jsonb[] LANGUAGE sql AS $$
    SELECT array_agg(CASE shape WHEN 'wild' THEN wild_mail(n)
                                WHEN 'without its cover letter' THEN bare_mail(n, 'x')
                                WHEN 'without references' THEN bare_mail(n, '')
                                WHEN 'tidy' THEN tidy_mail(n)
                                WHEN 'wild, verdicts'
                                THEN with_verdict(wild_mail(n), pick('pass', 'none', 'none', 'fail'))
                                WHEN 'tidy, verdicts'
                                THEN with_verdict(tidy_mail(n), pick('pass', 'pass', 'none', 'fail'))
                                END ORDER BY n) FROM generate_series(1, size) n;
$$;
CREATE FUNCTION shape(n integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT (ARRAY['wild', 'tidy', 'wild', 'without its cover letter', 'wild, verdicts', 'without references',
                  'wild, verdicts',
                  'tidy, verdicts'])[1 + n % 8];
$$;
-- Compares with the tables what derive_series gives: the threads in which two mails are together here and not there.
CREATE FUNCTION misplaced() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(DISTINCT derived(t.thread), ', ')
      FROM (SELECT DISTINCT thread FROM patchmail.message) t, LATERAL _patchmail.derive_series(t.thread) d,
           generate_subscripts(d.ids, 1) i, generate_subscripts(d.ids, 1) j
     WHERE (d.series[i] = d.series[j]) <> (d.placed[i] = d.placed[j]);
$$;
-- What extend_series says of the latest mail, as if it had not come yet.
CREATE FUNCTION extended(latest patchmail.message) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    series integer;
BEGIN
    DELETE FROM patchmail.message m WHERE m.id = latest.id;
    series := (_patchmail.extend_series(latest)).id;
    RAISE EXCEPTION USING ERRCODE = 'PT000';
EXCEPTION WHEN SQLSTATE 'PT000' THEN
    RETURN series;
END
$$;
CREATE TABLE checked (run integer, series integer, extended integer, wrong text);
CREATE FUNCTION check_generated(run integer, mails jsonb[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    latest patchmail.message;
    found  checked[] := '{}';
    row    checked;
BEGIN
    FOR i IN 1 .. cardinality(mails) LOOP
        PERFORM store_all(mails[i]);
        latest := ledger('m' || i);
        row := ROW(run, latest.series_id, NULL, misplaced());
        IF latest.kind = 'patch' AND latest.number IS NOT NULL
           AND NOT EXISTS (SELECT FROM patchmail.reference r WHERE r.msgid = latest.msgid) THEN
            row.extended := extended(latest);
        END IF;
        found := found || row;
    END LOOP;
    RAISE EXCEPTION USING ERRCODE = 'PT000';
EXCEPTION WHEN SQLSTATE 'PT000' THEN
    INSERT INTO checked SELECT * FROM unnest(found);
END
$$;
SELECT setseed(0.5);
SELECT check_generated(n, generated(shape(n), 7)) FROM generate_series(1, 160) n;
SELECT is_empty('SELECT * FROM checked WHERE wrong IS NOT NULL', 'what was placed is what is derived');
SELECT is_empty('SELECT * FROM checked WHERE extended <> series', 'what extend_series gives is what is derived');
SELECT cmp_ok((SELECT count(*) FROM checked WHERE extended IS NOT NULL), '>', 50::bigint,
          'extend_series often gives an answer');
SELECT cmp_ok((SELECT count(*) FROM checked WHERE extended IS NULL AND series IS NOT NULL), '>', 50::bigint,
              'extend_series often leaves it to derive_series');

-- The order in which the mails of such threads come does not matter.
CREATE FUNCTION shuffled(mails jsonb[]) RETURNS jsonb[] LANGUAGE sql VOLATILE AS $$
    SELECT array_agg(m ORDER BY r) FROM (SELECT m, random() AS r FROM unnest(mails) m) x;
$$;
CREATE TABLE arrived AS
    SELECT n, o, state_after(CASE WHEN o = 0 THEN mails ELSE shuffled(mails) END)::text AS state
      FROM (SELECT n, generated(shape(n), 6) AS mails FROM generate_series(1, 64) n) g, generate_series(0, 4) o;
SELECT is_empty('SELECT n, count(DISTINCT state) FROM arrived GROUP BY n HAVING count(DISTINCT state) > 1',
                'generated threads are the same in whatever order they come');

SELECT * FROM finish();
ROLLBACK;
