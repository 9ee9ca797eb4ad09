-- Whose place in a series it is: what a stranger sends, also under another's name, in whatever order it comes.
-- Ada's mail is verified ("pass"); Eve's own is as well, as hers; what she sends as Ada fails or says nothing.
\ir preamble.psql
\ir state.psql
SELECT plan(23);
SELECT make_project() AS project \gset

CREATE FUNCTION ada(mail jsonb) RETURNS jsonb LANGUAGE sql AS $$SELECT with_verdict(mail, 'pass')$$;
-- A mail with another title than its id.
CREATE FUNCTION titled(mail jsonb, title text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_set(mail, '{subject,title}', to_jsonb(title));
$$;

-- A complete series, and a patch that wants the place of one of its own, dated a minute before it.
SELECT series_in_every_order(expected, who || ' answers the cover letter, ' || verdict,
    ada(cover('c', 2)), ada(patch('p1', '1/2', 'c', minute => 2)), ada(patch('p2', '2/2', 'c', minute => 3)),
    with_verdict(patch('e2', '2/2', 'c', minute => 1, who => who), verdict))
  FROM (VALUES ('eve', 'pass', 'v1[- 2:e2] v1[c 1:p1 2:p2]'), ('eve', 'none', 'v1[- 2:e2] v1[c 1:p1 2:p2]'),
               ('ada', 'none', 'v1[- 2:e2] v1[c 1:p1 2:p2]'), ('ada', 'fail', 'v1[- 2:e2] v1[c 1:p1 2:p2]'),
               ('ada', 'conflict', 'v1[- 2:e2] v1[c 1:p1 2:p2]')) e (who, verdict, expected);
SELECT series_in_every_order('v1[- 2:e2] v1[c 1:p1 2:p2]', 'a stranger takes no place of an author who is not verified',
    cover('c', 2), patch('p1', '1/2', 'c', minute => 2), patch('p2', '2/2', 'c', minute => 3),
    with_verdict(patch('e2', '2/2', 'c', minute => 1, who => 'eve'), 'pass'));
SELECT series_in_every_order('v1[- 2:e2] v1[c 1:p1 2:p2]',
                             'a stranger takes no place of a patch whose signature a list broke',
    ada(cover('c', 2)), ada(patch('p1', '1/2', 'c', minute => 2)),
    with_verdict(patch('p2', '2/2', 'c', minute => 3), 'none'),
    with_verdict(patch('e2', '2/2', 'c', minute => 1, who => 'eve'), 'pass'));
SELECT series_in_every_order('v1[- 1:e1] v1[- 1:p1 2:p2 3:p3]', 'an answer to the patch that leads a series',
    ada(patch('p1', '1/3')), ada(patch('p2', '2/3', 'p1', minute => 2)), ada(patch('p3', '3/3', 'p1', minute => 3)),
    with_verdict(patch('e1', '1/3', 'p2', minute => -5, who => 'eve'), 'pass'));
SELECT series_in_every_order('v1[- 1:e1 2:e2] v1[c 1:p1 2:p2]', 'a whole series of answers',
    ada(cover('c', 2)), ada(patch('p1', '1/2', 'c', minute => 2)), ada(patch('p2', '2/2', 'c', minute => 3)),
    with_verdict(patch('e1', '1/2', 'c', minute => 1, who => 'eve'), 'pass'),
    with_verdict(patch('e2', '2/2', 'c', minute => 1, who => 'eve'), 'pass'));
SELECT series_in_every_order('v1[- 1:e1 4:e4] v1[c 1:p1 2:p2]', 'a series of answers of which some would still fit',
    ada(cover('c', 2)), ada(patch('p1', '1/2', 'c', minute => 2)), ada(patch('p2', '2/2', 'c', minute => 3)),
    with_verdict(patch('e1', '1/4', 'c', minute => 1, who => 'eve'), 'pass'),
    with_verdict(patch('e4', '4/4', 'c', minute => 1, who => 'eve'), 'pass'));

-- Without their cover letter, or without references
SELECT series_in_every_order('v1[- 1:e1] v1[- 1:p1 2:p2]', 'a mail in her name, before the cover letter has come',
    ada(patch('p1', '1/2', 'c', minute => 1)), ada(patch('p2', '2/2', 'c', minute => 2)),
    with_verdict(patch('e1', '1/2', 'c'), 'fail'));
SELECT series_in_every_order('v1[- 1:e1] v1[- 1:p1 2:p2 3:p3]', 'a series that was begun in her name before hers',
    with_verdict(patch('e1', '1/3'), 'fail'), ada(patch('p1', '1/3', minute => 1)),
    ada(patch('p2', '2/3', minute => 2)),
    ada(patch('p3', '3/3', minute => 3)));
SELECT series_in_every_order('v1[- 1:p1 2:p2 3:p3] v1[- 3:e3]', 'an answer to one of a series without references',
    ada(patch('p1', '1/3')), ada(patch('p2', '2/3', minute => 1)), ada(patch('p3', '3/3', minute => 2)),
    with_verdict(patch('e3', '3/3', 'p1', minute => 1, who => 'eve'), 'pass'));
SELECT series_in_every_order('v1[- 1:p1 2:p2] v1[e]', 'a cover letter in her name draws in nothing of hers',
    with_verdict(cover('e', 2), 'none'), ada(patch('p1', '1/2')), ada(patch('p2', '2/2', minute => 1)));
SELECT series_in_every_order('v1[c 1:p1 2:p2] v1[e]',
                             'a cover letter in her name does not keep her own from drawing in hers',
    with_verdict(cover('e', 2), 'none'), ada(cover('c', 2)), ada(patch('p1', '1/2')),
    ada(patch('p2', '2/2', minute => 1)));
SELECT series_in_every_order('v1[- 1:p1 2:p2]', 'mail of hers that nobody verifies is a series as ever',
    patch('p1', '1/2'), patch('p2', '2/2', minute => 1));

-- Names
SELECT series_in_every_order('v1[a 1:b 2:c]',
                             'a cover letter names its series, also after a patch of somebody better known',
    cover('a', 2, minute => 19), patch('b', '1/2', 'a', minute => 1, who => 'bob'),
    with_verdict(patch('c', '2/2', 'b a', minute => 2, who => 'eve'), 'pass'));
CREATE FUNCTION named(id text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws(' ', coalesce(s.name, '(none)'), 'by', word(r.email))
      FROM public.patchwork_series s JOIN public.patchwork_person r ON r.id = s.submitter_id
     WHERE s.id = (series_of($1)).id;
$$;
SAVEPOINT empty;
SELECT store_all(with_verdict(patch('e1', '1/3', 'p2', minute => -5, who => 'eve'), 'pass'), ada(patch('p2', '2/3')),
                 ada(patch('p3', '3/3', 'p2')));
SELECT is(all_series(), 'v1[- 1:e1 2:p2 3:p3]', 'a stranger may send the number that is missing');
SELECT is(named('p2'), '(none) by ada', 'a stranger''s patch names nothing');
SELECT store_all(ada(patch('p1', '1/3', 'p2')));
SELECT is(all_series(), 'v1[- 1:e1] v1[- 1:p1 2:p2 3:p3]', 'a stranger''s patch makes room when hers comes');
SELECT is(named('p2'), '[1/3] p1 by ada', 'her patch names the series');
SELECT bag_eq($$SELECT e.category, members(e.series_id) FROM public.patchwork_event e
                 WHERE e.category IN ('series-created', 'series-completed')$$,
              $$VALUES ('series-created', '[- 1:e1]'), ('series-created', '[- 1:p1 2:p2 3:p3]'),
                       ('series-completed', '[- 1:p1 2:p2 3:p3]')$$, 'each event once');
ROLLBACK TO empty;
SELECT store_all(with_verdict(patch('e1', '1/3', 'c'), 'none'), ada(patch('p2', '2/3', 'c')),
                 ada(patch('p3', '3/3', 'c')));
SELECT is(named('p2'), '(none) by ada', 'somebody in her name does not name the series either');

SELECT * FROM finish();
ROLLBACK;
