-- Arrival order: in whatever order the mails of one posting come, the tables end up the same, with each event once.
-- Each test stores its mails in every order (5 mails: 120 orders) and compares everything that Patchwork shows, and
-- what the ledger says.
\ir preamble.psql
\ir state.psql
SELECT plan(22);
SELECT make_project() AS project \gset

-- The comparison itself has to be able to fail.
SELECT * FROM check_test(series_in_every_order('v1[- 1:q]', 'x', patch('p')), false, 'a wrong series is seen');
SELECT * FROM check_test(series_in_every_order('v1[- 1:p] v1[- 1:q]', 'x', patch('p'), patch('q'), patch('q', '1/1')),
                         false, 'a wrong name of a patch is seen, if two mails have one Message-ID');
SELECT is(state(), NULL, 'trying an order leaves nothing behind');

-- Threads with a cover letter
SELECT state_is_in_every_order($$
    comments r>p2 rr>p2
    cover c "[0/2] c"
    event cover-created c
    event patch-comment-created p2 r
    event patch-comment-created p2 rr
    event patch-completed p1 [c 1:p1 2:p2]
    event patch-completed p2 [c 1:p1 2:p2]
    event patch-created p1
    event patch-created p2
    event series-completed [c 1:p1 2:p2]
    event series-created [c 1:p1 2:p2]
    patch p1 "[1/2] p1"
    patch p2 "[2/2] p2"
    series [c 1:p1 2:p2] "c" v1 of 2, 12:00 by ada <ada>
    tag p2 A 2
    tag p2 T 1
    $$, 'a cover letter, two patches, a reply to patch 2, a reply to the reply',
    cover('c', 2), patch('p1', '1/2', 'c', minute => 1),
    patch('p2', '2/2', 'c', minute => 2, content => 'Tested-by: t'),
    reply('r', 'p2 c', content => 'Acked-by: a'), reply('rr', 'r p2 c', content => 'Acked-by: b'));
SELECT state_is_in_every_order($$
    comments r1>c r2>p1 r3>p1
    cover c "[0/1] c"
    event cover-comment-created c r1
    event cover-created c
    event patch-comment-created p1 r2
    event patch-comment-created p1 r3
    event patch-completed p1 [c 1:p1]
    event patch-created p1
    event series-completed [c 1:p1]
    event series-created [c 1:p1]
    patch p1 "[1/1] p1"
    series [c 1:p1] "c" v1 of 1, 12:05 by ada <ada>
    $$, 'replies that name only what they answer, and a cover letter that is newer than its patch',
    cover('c', 1, minute => 5), patch('p1', '1/1', 'c'), reply('r1', 'c'), reply('r2', 'p1'), reply('r3', 'r2'));
SELECT state_is_in_every_order($$
    event patch-completed p1 [- 1:p1 2:p2 4:p4]
    event patch-completed p2 [- 1:p1 2:p2 4:p4]
    event patch-created p1
    event patch-created p2
    event patch-created p4
    event series-created [- 1:p1 2:p2 4:p4]
    patch p1 "[v3,1/4] p1"
    patch p2 "[v3,2/4] p2"
    patch p4 "[v3,4/4] p4"
    series [- 1:p1 2:p2 4:p4] "[v3,1/4] p1" v3 of 4, 12:01 by ada <ada>
    $$, 'cover letter and patch 3 never come', patch('p1', '1/4', 'c', 3, 1), patch('p2', '2/4', 'c', 3, 2),
    patch('p4', '4/4', 'c', 3, 4));
SELECT series_in_every_order('v1[c 1:p1 2:p2 3:p3]', 'each mail answers the one before',
    cover('c', 3), patch('p1', '1/3', 'c', minute => 1), patch('p2', '2/3', 'p1 c', minute => 2),
    patch('p3', '3/3', 'p2 p1 c', minute => 3));
SELECT series_in_every_order('v1[c 1:p1 2:p2 3:p3]', 'each mail names only the one before',
    cover('c', 3), patch('p1', '1/3', 'c', minute => 1), patch('p2', '2/3', 'p1', minute => 2),
    patch('p3', '3/3', 'p2', minute => 3));
SELECT series_in_every_order('v1[c 1:p1 2:p2]', 'parts that were sent hours later',
    cover('c', 2), patch('p1', '1/2', 'c', minute => 600), patch('p2', '2/2', 'c', minute => 1500));
SELECT series_in_every_order('v1[c 1:p1 2:p2]', 'a patch of another author belongs to the cover letter that it answers',
    cover('c', 2), patch('p1', '1/2', 'c'), patch('p2', '2/2', 'c', who => 'bob'));
SELECT state_is_in_every_order($$
    cover c "[0/3] c"
    event cover-created c
    event patch-completed p1 [c 1:p1 2:p2]
    event patch-completed p2 [c 1:p1 2:p2]
    event patch-created p1
    event patch-created p2
    event series-created [c 1:p1 2:p2]
    patch p1 "[1/2] p1"
    patch p2 "[2/2] p2"
    series [c 1:p1 2:p2] "c" v1 of 3, 12:00 by ada <ada>
    $$, 'a cover letter that says that there are more patches than they say themselves',
    cover('c', 3), patch('p1', '1/2', 'c'), patch('p2', '2/2', 'c'));
SELECT state_is_in_every_order($$
    cover c "[0/2] c"
    event cover-created c
    event patch-completed p1 [c 1:p1 2:p2]
    event patch-completed p2 [c 1:p1 2:p2]
    event patch-created p1
    event patch-created p2
    event series-completed [c 1:p1 2:p2]
    event series-created [c 1:p1 2:p2]
    patch p1 "[1/3] p1"
    patch p2 "[2/3] p2"
    series [c 1:p1 2:p2] "c" v1 of 2, 12:00 by ada <ada>
    $$, 'a cover letter that says that there are fewer patches than there are',
    cover('c', 2), patch('p1', '1/3', 'c'), patch('p2', '2/3', 'c'));

-- Threads without one
SELECT state_is_in_every_order($$
    event patch-completed p1 [- 1:p1 2:p2 3:p3]
    event patch-completed p2 [- 1:p1 2:p2 3:p3]
    event patch-completed p3 [- 1:p1 2:p2 3:p3]
    event patch-created p1
    event patch-created p2
    event patch-created p3
    event series-completed [- 1:p1 2:p2 3:p3]
    event series-created [- 1:p1 2:p2 3:p3]
    patch p1 "[1/3] p1"
    patch p2 "[2/3] p2"
    patch p3 "[3/3] p3"
    series [- 1:p1 2:p2 3:p3] "[1/3] p1" v1 of 3, 12:05 by ada <ada>
    $$, 'the others answer patch 1; date and name are patch 1''s, though it is the newest',
    patch('p1', '1/3', minute => 5), patch('p2', '2/3', 'p1', minute => 1), patch('p3', '3/3', 'p1', minute => 2));
SELECT state_is_in_every_order($$
    comments r>p
    event patch-comment-created p r
    event patch-completed p [- 1:p]
    event patch-created p
    event series-completed [- 1:p]
    event series-created [- 1:p]
    patch p "p"
    series [- 1:p] "p" v1 of 1, 12:00 by ada <ada>
    tag p R 1
    $$, 'a single patch and its reply', patch('p'), reply('r', 'p', content => 'Reviewed-by: r'));
SELECT series_in_every_order('v1[- 1:p1] v1[- 1:q] v2[- 1:p2]', 'single patches that answer each other stay alone',
    patch('p1'), patch('p2', answers => 'p1', version => 2), patch('q', answers => 'p1'), reply('r', 'q'));
SELECT state_is_in_every_order($$
    event patch-completed p1 [- 1:p1 2:p2 3:p3]
    event patch-completed p2 [- 1:p1 2:p2 3:p3]
    event patch-completed p3 [- 1:p1 2:p2 3:p3]
    event patch-created p1
    event patch-created p2
    event patch-created p3
    event series-completed [- 1:p1 2:p2 3:p3]
    event series-created [- 1:p1 2:p2 3:p3]
    patch p1 "[1/2] p1"
    patch p2 "[2/2] p2"
    patch p3 "[3/2] p3"
    series [- 1:p1 2:p2 3:p3] "[1/2] p1" v1 of 2, 12:00 by ada <ada>
    $$, 'a patch numbered 3/2', patch('p1', '1/2'), patch('p2', '2/2', 'p1'), patch('p3', '3/2', 'p1'));
SELECT state_is_in_every_order($$
    event patch-completed p1 [- 1:p1 2:p2]
    event patch-completed p2 [- 1:p1 2:p2]
    event patch-created p0
    event patch-created p1
    event patch-created p2
    event series-completed [- 1:p1 2:p2]
    event series-created [- 1:p1 2:p2]
    patch p0 "[0/2] p0" outside
    patch p1 "[1/2] p1"
    patch p2 "[2/2] p2"
    series [- 1:p1 2:p2] "[1/2] p1" v1 of 2, 12:00 by ada <ada>
    $$, 'number 0 with a diff is a patch; the series has patch 1''s name',
    patch('p0', '0/2'), patch('p1', '1/2', 'p0'), patch('p2', '2/2', 'p0'));

-- No references at all
SELECT series_in_every_order('v1[- 1:p1 2:p2 3:p3]', 'three patches without references',
    patch('p1', '1/3'), patch('p2', '2/3', minute => 1), patch('p3', '3/3', minute => 2));
SELECT series_in_every_order('v1[c 1:p1 2:p2 3:p3]', 'three patches and a cover letter without references',
    cover('c', 3), patch('p1', '1/3', minute => 1), patch('p2', '2/3', minute => 2), patch('p3', '3/3', minute => 3));
SELECT series_in_every_order('v1[- 1:p1 2:p2 3:p3]',
                             'patches without references, each within 20 minutes of the one before',
    patch('p1', '1/3'), patch('p2', '2/3', minute => 19), patch('p3', '3/3', minute => 38));
SELECT series_in_every_order('v1[- 1:p1] v1[- 2:p2] v1[- 2:p4] v2[- 2:p3]',
    'patches without references do not join over more time, versions or authors',
    patch('p1', '1/2'), patch('p2', '2/2', minute => 21), patch('p3', '2/2', version => 2),
    patch('p4', '2/2', who => 'bob'));
SELECT series_in_every_order('v1[- 1:p1 2:p2] v1[- 1:q1 2:q2]', 'two of them one after the other',
    patch('p1', '1/2'), patch('p2', '2/2', minute => 1), patch('q1', '1/2', minute => 2),
    patch('q2', '2/2', minute => 3));

SELECT * FROM finish();
ROLLBACK;
