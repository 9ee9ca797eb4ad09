-- Versions, resends and several series in one thread: each posting is a series of its own, whatever comes first.
\ir preamble.psql
\ir state.psql
SELECT plan(21);
SELECT make_project() AS project \gset

-- Version 2 in reply to version 1
SELECT series_in_every_order('v1[c 1:p1] v2[C 1:P1 2:P2]', 'with a cover letter each', cover('c', 1),
    patch('p1', '1/1', 'c'), cover('C', 2, 'c', 2, 2000), patch('P1', '1/2', 'C c', 2, 2001),
    patch('P2', '2/2', 'C c', 2, 2002));
SELECT series_in_every_order('v1[c 2:p2] v2[C 1:P1]', 'version 2 answers a patch of version 1', cover('c', 2),
    patch('p2', '2/2', 'c'), cover('C', 1, 'p2 c', 2), patch('P1', '1/1', 'C p2 c', 2));
SELECT series_in_every_order('v1[c 1:p1] v2[- 1:P1 2:P2]', 'version 2 has no cover letter, and answers the old one',
    cover('c', 1), patch('p1', '1/1', 'c'), patch('P1', '1/2', 'c', 2, 2001), patch('P2', '2/2', 'c', 2, 2002));
SELECT series_in_every_order('v1[c 2:p2] v2[- 1:P1 2:P2]', 'its patch 2 answers its patch 1', cover('c', 2),
    patch('p2', '2/2', 'c'), patch('P1', '1/2', 'c', 2, 2001),
    patch('P2', '2/2', 'P1 c', 2, 2002));
SELECT series_in_every_order('v1[- 1:p1 2:p2] v2[- 1:P1 2:P2]', 'each patch answers its older version',
    patch('p1', '1/2'), patch('p2', '2/2', 'p1'), patch('P1', '1/2', 'p1', 2, 2001),
    patch('P2', '2/2', 'P1 p1', 2, 2002));
SELECT series_in_every_order('v1[- 1:p] v2[- 1:P1 2:P2] v3[- 1:Q]',
                             'a single patch becomes a series and a single again',
    patch('p'), patch('P1', '1/2', 'p', 2, 2001), patch('P2', '2/2', 'P1 p', 2, 2002),
    patch('Q', NULL, 'P1 p', 3, 4000));
SELECT series_in_every_order('v1[c 2:p2 3:p3] v2[- 2:P2]', 'one patch anew, of version 2',
    cover('c', 3), patch('p2', '2/3', 'c'), patch('p3', '3/3', 'c'),
    patch('P2', '2/3', 'p2 c', 2, 100));
SELECT series_in_every_order('v2[C 1:P1 2:P2]', 'only the cover letter says v2', cover('C', 2, version => 2),
    patch('P1', '1/2', 'C', 1, 1), patch('P2', '2/2', 'C', 1, 2));
SELECT series_in_every_order('v1[- 1:p1 2:p2] v2[- 1:P1 2:P2]', 'two versions without references',
    patch('p1', '1/2'), patch('p2', '2/2', minute => 1), patch('P1', '1/2', version => 2, minute => 5),
    patch('P2', '2/2', version => 2, minute => 6));

-- The whole series again, and it does not say so
SELECT series_in_every_order('v1[C 1:P1] v1[c 1:p1]', 'with a cover letter that answers the old one', cover('c', 2),
    patch('p1', '1/2', 'c'), cover('C', 2, 'c', minute => 2000),
    patch('P1', '1/2', 'C c', minute => 2001));
SELECT series_in_every_order('v1[- 1:P1 2:P2] v1[c 1:p1 2:p2]', 'in reply to the old cover letter', cover('c', 2),
    patch('p1', '1/2', 'c', minute => 1), patch('p2', '2/2', 'c', minute => 2),
    patch('P1', '1/2', 'c', minute => 2001), patch('P2', '2/2', 'c', minute => 2002));
SELECT series_in_every_order('v1[- 1:P1 2:P2] v1[- 1:p1 2:p2]', 'in reply to the old patch 1',
    patch('p1', '1/2'), patch('p2', '2/2', 'p1'), patch('P1', '1/2', 'p1', minute => 2001),
    patch('P2', '2/2', 'P1 p1', minute => 2002));
SELECT series_in_every_order('v1[- 1:P1 2:P2] v1[- 1:p1 2:p2]', 'without references, the next day',
    patch('p1', '1/2'), patch('p2', '2/2'), patch('P1', '1/2', minute => 2001), patch('P2', '2/2', minute => 2002));
SELECT series_in_every_order('v1[- 1:P1 2:P2] v1[- 1:p1 2:p2]', 'both in reply to a mail that never comes',
    patch('p1', '1/2', 'x'), patch('p2', '2/2', 'x', minute => 1), patch('P1', '1/2', 'x', minute => 2001),
    patch('P2', '2/2', 'x', minute => 2002));
SELECT series_in_every_order('v1[- 2:P2] v1[c 1:p1 2:p2]', 'one patch again', cover('c', 2),
    patch('p1', '1/2', 'c'), patch('p2', '2/2', 'c'), patch('P2', '2/2', 'p2 c', minute => 30));

-- Several series in reply to one mail
SELECT series_in_every_order('v1[- 1:a1 2:a2] v1[- 1:b1 2:b2]', 'of two authors, and the mail never comes',
    patch('a1', '1/2', 'x'), patch('a2', '2/2', 'x'), patch('b1', '1/2', 'x', who => 'bob'),
    patch('b2', '2/2', 'x', who => 'bob'));
SELECT series_in_every_order('v1[- 1:a1 2:a2] v1[- 1:b1] v1[- 1:x]', 'two series of two authors in reply to a patch',
    patch('x'), patch('a1', '1/2', 'x'), patch('a2', '2/2', 'x'), patch('b1', '1/2', 'x', who => 'bob'));
SELECT series_in_every_order('v1[- 1:a1 2:a2] v1[- 1:b1]', 'of one author, of different totals',
    patch('a1', '1/2', 'x'), patch('a2', '2/2', 'x'), patch('b1', '1/3', 'x'));
SELECT series_in_every_order('v1[- 1:x] v1[A 1:a1] v1[B 1:b1]', 'with a cover letter each', patch('x'),
                             cover('A', 2, 'x'),
    patch('a1', '1/2', 'A x'), cover('B', 2, 'x', who => 'bob'), patch('b1', '1/2', 'B x', who => 'bob'));
SELECT series_in_every_order('v1[- 1:a1 2:a2] v1[c 1:p1]', 'another author''s series in reply to a cover letter',
    cover('c', 1), patch('p1', '1/1', 'c'), patch('a1', '1/2', 'c', minute => 100, who => 'bob'),
    patch('a2', '2/2', 'a1 c', minute => 101, who => 'bob'));
SELECT series_in_every_order('v1[- 1:f] v1[c 1:p1]', 'a fix without a marker in the middle of a series',
    cover('c', 2), patch('p1', '1/2', 'c'), patch('f', NULL, 'p1 c', who => 'bob'), reply('r', 'f p1 c'));

SELECT * FROM finish();
ROLLBACK;
