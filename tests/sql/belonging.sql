-- Mails that belong together although a sending broke off, a Message-ID was replaced, or a version or total is a slip:
-- in whatever order they come they are one series; and what is another one stays so.
\ir preamble.psql
\ir state.psql
SELECT plan(38);
SELECT make_project() AS project \gset

-- A sending that broke off, or lost its references
SELECT series_in_every_order('v1[c 1:p1 2:p2 3:p3]', 'the rest of a series went out as a thread of its own',
                             cover('c', 3),
    patch('p1', '1/3', 'c'), patch('p2', '2/3', minute => 6), patch('p3', '3/3', 'p2', minute => 6));
SELECT series_in_every_order('v1[c 1:p1 2:p2]', 'the cover letter got another Message-ID', cover('c', 2),
    patch('p1', '1/2', 'x', minute => 1), patch('p2', '2/2', 'x', minute => 1));
SELECT series_in_every_order('v1[c 1:p1 2:p2]', 'the cover letter is not threaded', cover('c', 2),
    patch('p1', '1/2', minute => 1), patch('p2', '2/2', 'p1', minute => 1));
SELECT series_in_every_order('v1[c 1:p1 2:p2]', 'a cover letter that was sent last', cover('c', 2, minute => 15),
                             patch('p1', '1/2'),
    patch('p2', '2/2', 'p1', minute => 1));
SELECT series_in_every_order('v1[- 1:p1 2:p2] v1[- 3:p3] v1[c]',
                             'a part that comes more than 20 minutes later does not join', cover('c', 3, minute => -21),
    patch('p1', '1/3'), patch('p2', '2/3', 'p1'), patch('p3', '3/3', 'x', minute => 21));
SELECT series_in_every_order('v1[c 1:p1] v1[d 1:q1]', 'two series after each other, each apart from its cover letter',
                             cover('c', 1),
    patch('p1', '1/1', 'x', minute => 1), cover('d', 1, minute => 5), patch('q1', '1/1', 'y', minute => 6));
SELECT series_in_every_order('v1[- 1:p1] v1[c] v1[d]', 'a patch joins no cover letter if two would fit', cover('c', 1),
    cover('d', 1, minute => 2), patch('p1', '1/1', 'x', minute => 1));
SELECT series_in_every_order('v1[- 1:p1] v1[c]', 'a patch of another author does not join a cover letter',
                             cover('c', 1),
    patch('p1', '1/1', 'x', who => 'bob'));
SELECT series_in_every_order('v1[- 1:p1] v1[c]', 'a patch with a worse verdict does not join a cover letter',
                             with_verdict(cover('c', 1), 'pass'),
    with_verdict(patch('p1', '1/1', 'x'), 'none'));
SELECT series_in_every_order('v1[- 1:p1] v1[c]', 'a patch with a verdict worse than none does not join a cover letter',
                             cover('c', 1),
    with_verdict(patch('p1', '1/1', 'x'), 'fail'));
SELECT series_in_every_order('v1[- 1:p1 2:p2] v2[c]', 'a cover letter of another version does not join',
                             cover('c', 2, version => 2),
    patch('p1', '1/2', 'x'), patch('p2', '2/2', 'x'));
SELECT series_in_every_order('outside:p0 v1[- 1:a1 2:a2] v1[- 1:p1 2:p2]',
                             'a pull request leaves the series that it fits when its own comes',
    patch('a1', '1/2'), patch('a2', '2/2', 'a1'),
    patch('p0', '0/2', minute => 7, more => '{"pull_url": "https://example.org/one"}'),
    patch('p1', '1/2', 'p0', minute => 7),
    patch('p2', '2/2', 'p0', minute => 7));

-- A slip of the version, in one thread
SELECT series_in_every_order('v2[- 1:p1 2:p2]', 'a patch of another version', patch('p1', '1/2'),
    patch('p2', '2/2', 'p1', 2, minute => 1));
SELECT series_in_every_order('v2[c 1:p1 2:p2]', 'a cover letter without a version', cover('c', 2),
                             patch('p1', '1/2', 'c', 2),
    patch('p2', '2/2', 'p1 c', 2, minute => 1));
SELECT series_in_every_order('v3[c 1:p1 2:p2]', 'one of another version', cover('c', 2, version => 2),
    patch('p1', '1/2', 'c', 3), patch('p2', '2/2', 'c', 3, minute => 1));
SELECT series_in_every_order('v3[c 1:p1 2:p2]', 'only the cover letter says the version', cover('c', 2, version => 3),
    patch('p1', '1/2', 'c'), patch('p2', '2/2', 'c', minute => 1));
SELECT series_in_every_order('v2[c 1:p1 2:p2 3:p3]', 'one patch in the middle', cover('c', 3), patch('p1', '1/3', 'c'),
    patch('p2', '2/3', 'c', 2, minute => 1), patch('p3', '3/3', 'c', minute => 2));
SELECT series_in_every_order('v2[- 1:p1 2:p2]', 'their cover letter is not here', patch('p1', '1/2', 'x'),
    patch('p2', '2/2', 'x', 2, minute => 1));
SELECT series_in_every_order('v1[- 1:p1] v2[- 2:p2]', 'a patch of another version 20 minutes later does not join',
                             patch('p1', '1/2'),
    patch('p2', '2/2', 'p1', 2, minute => 20.1));
SELECT series_in_every_order('v1[- 1:p1] v2[- 2:p2]', 'a patch of another version in another thread does not join',
                             patch('p1', '1/2'),
    patch('p2', '2/2', 'x', 2, minute => 1), reply('r', 'p1 p2'));
SELECT series_in_every_order('v1[- 1:p1] v2[- 2:p2]', 'a patch of another version and author does not join',
                             patch('p1', '1/2'),
    patch('p2', '2/2', 'p1', 2, minute => 1, who => 'bob'));
SELECT series_in_every_order('v1[c] v2[- 1:p1]', 'a patch of another version with a worse verdict does not join',
                             with_verdict(cover('c', 1), 'pass'),
    with_verdict(patch('p1', '1/1', 'c', 2, minute => 1), 'none'));

-- A version that is one
SELECT series_in_every_order('v1[- 1:p1 2:p2] v2[- 1:q1 2:q2]', 'a v2 in answer to v1, minutes later',
                             patch('p1', '1/2'),
    patch('p2', '2/2', 'p1'), patch('q1', '1/2', 'p1', 2, minute => 5), patch('q2', '2/2', 'q1 p1', 2, minute => 5));
SELECT series_in_every_order('v1[c 1:p1] v2[- 1:q1 2:q2]', 'a v2 in answer to an incomplete v1', cover('c', 2),
    patch('p1', '1/2', 'c'), patch('q1', '1/2', 'c', 2, minute => 5), patch('q2', '2/2', 'c', 2, minute => 5));
SELECT series_in_every_order('v1[- 1:p1 2:p2] v2[- 2:q2]', 'one patch of it', patch('p1', '1/2'),
                             patch('p2', '2/2', 'p1'),
    patch('q2', '2/2', 'p1', 2, minute => 5));
SELECT series_in_every_order('v1[c] v2[- 2:q2]', 'in answer to one that is not here', cover('c', 2),
    patch('q2', '2/2', 'x c', 2, minute => 5));
SELECT series_in_every_order('v1[c 1:p1] v2[d 1:q1]', 'with its own cover letter', cover('c', 1),
                             patch('p1', '1/1', 'c'),
    cover('d', 1, 'c', 2, minute => 5), patch('q1', '1/1', 'd c', 2, minute => 5));
SELECT series_in_every_order('v1[c 1:p1] v2[- 1:q1 2:q2]', 'on both sides of the 20 minutes', cover('c', 2),
    patch('p1', '1/2', 'c'), patch('q1', '1/2', 'c', 2, minute => 19.9), patch('q2', '2/2', 'c', 2, minute => 20.1));

-- Another total
SELECT series_in_every_order('v1[- 1:q1 2:q2] v1[c 1:p1]', 'a longer series in answer to the cover letter',
                             cover('c', 1),
    patch('p1', '1/1', 'c'), patch('q1', '1/2', 'c', minute => 3), patch('q2', '2/2', 'c', minute => 3));
SELECT is(series, 'v1[- 1:q1 2:q2 3:q3 4:q4] v1[c 1:p1 2:p2 3:p3]',
          'a longer series in answer, whose last parts would fit')
  FROM state_after(ARRAY[cover('c', 3), patch('p1', '1/3', 'c'), patch('p2', '2/3', 'c'), patch('p3', '3/3', 'c'),
       patch('q1', '1/4', 'c', minute => 3), patch('q2', '2/4', 'c', minute => 3), patch('q3', '3/4', 'c', minute => 3),
       patch('q4', '4/4', 'c', minute => 3)]);
SELECT is(other_state_in_random_orders(ARRAY[cover('c', 3), patch('p1', '1/3', 'c'), patch('p2', '2/3', 'c'),
       patch('p3', '3/3', 'c'), patch('q1', '1/4', 'c', minute => 3), patch('q2', '2/4', 'c', minute => 3),
       patch('q3', '3/4', 'c', minute => 3), patch('q4', '4/4', 'c', minute => 3)], 20), NULL, 'in random orders');
SELECT series_in_every_order('v1[c 1:p1 2:p2 3:p3]', 'a cover letter that counts wrong', cover('c', 2),
    patch('p1', '1/3', 'c'), patch('p2', '2/3', 'c'), patch('p3', '3/3', 'c'));
SELECT series_in_every_order('v1[c 1:p1 2:p2]', 'one more patch, of which the cover letter knew nothing', cover('c', 1),
    patch('p1', '1/1', 'c'), patch('p2', '2/2', 'p1 c', minute => 200));
SELECT series_in_every_order('v1[c 1:p1 2:p2]', 'one more patch, of which the series knew nothing', cover('c', 1),
    patch('p1', '1/1', 'c'), patch('p2', '2/1', 'p1 c', minute => 200));
SELECT series_in_every_order('v1[- 2:p2] v1[c 1:p1]', 'one more patch from somebody else does not join', cover('c', 1),
    patch('p1', '1/1', 'c'), patch('p2', '2/2', 'p1 c', minute => 200, who => 'eve'));

-- Strangers among the members of what was joined
SELECT series_in_every_order('v1[- 1:e1] v1[c 1:p1 2:p2]', 'a stranger who takes a place there leaves it',
                             cover('c', 2),
    patch('p1', '1/2', 'x', minute => 1), patch('p2', '2/2', 'x', minute => 1), patch('e1', '1/2', 'c', who => 'eve'));
SELECT series_in_every_order('v1[- 1:e1] v1[c 1:p1 2:p2]', 'a stranger''s patch does not keep a series from being one',
                             cover('c', 2),
    patch('e1', '1/2', 'p2', who => 'eve'), patch('p1', '1/2', 'x', minute => 1), patch('p2', '2/2', 'x', minute => 1));

-- What a series that was joined is called
SELECT state_is_in_every_order(
    $$cover c "[0/2] c"
      event cover-created c
      event patch-completed p1 [c 1:p1 2:p2]
      event patch-completed p2 [c 1:p1 2:p2]
      event patch-created p1
      event patch-created p2
      event series-completed [c 1:p1 2:p2]
      event series-created [c 1:p1 2:p2]
      patch p1 "[v2,1/2] p1"
      patch p2 "[v2,2/2] p2"
      series [c 1:p1 2:p2] "c" v2 of 2, 12:00 by ada <ada>$$,
      'its version is the highest of its parts, each event comes once',
    cover('c', 2), patch('p1', '1/2', 'c', 2), patch('p2', '2/2', 'c', 2, minute => 1));

SELECT * FROM finish();
ROLLBACK;
