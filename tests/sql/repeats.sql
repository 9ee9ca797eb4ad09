-- Mails that look like cover letters and answer one: _patchmail.repeats_cover().
\ir preamble.psql
\ir state.psql
SELECT plan(28);
SELECT make_project() AS project \gset

-- A cover letter with another title than its id.
CREATE FUNCTION titled(mail jsonb, title text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_set(mail, '{subject,title}', to_jsonb(title));
$$;
-- The series and the comments after these mails, in whatever order they come.
CREATE FUNCTION made(expected text, why text, VARIADIC mails jsonb[]) RETURNS text LANGUAGE sql AS $$
    SELECT is(concat_ws(' ', s.series, CASE WHEN s.state NOT LIKE 'in order %'
                                            THEN '| ' || substring(s.state, 'comments ([^\n]*)') END), expected, why)
      FROM state_in_every_order(mails) s;
$$;
SAVEPOINT empty;

SELECT made('v1[c 1:p] | r>c', 'somebody answers a cover letter and keeps its subject', titled(cover('c', 1), 'lamp'),
            patch('p', '1/1', 'c', minute => 1), titled(cover('r', 1, 'c', minute => 30, who => 'bob'), 'lamp'));
SELECT made('v1[c] | r>c s>c', 'a reply to a repeat answers the cover letter', titled(cover('c', 1), 'lamp'),
            titled(cover('r', 1, 'c', who => 'bob'), 'lamp'), reply('s', 'r'));
SELECT made('v1[c] | r>c s>c', 'a repeat of a repeat answers the cover letter', titled(cover('c', 1), 'lamp'),
            titled(cover('r', 1, 'c', who => 'bob'), 'lamp'), titled(cover('s', 1, 'r', who => 'carol'), 'lamp'));
SELECT made('v1[c] v1[r]', 'a cover letter that its author sends again stays one', titled(cover('c', 1), 'lamp'),
            titled(cover('r', 1, 'c', minute => 30), 'lamp'));
SELECT made('v1[c] v1[s] | r>c', 'a cover letter that its author sends again in answer to an answer stays one',
            titled(cover('c', 1), 'lamp'),
            titled(reply('r', 'c'), 'lamp'), titled(cover('s', 1, 'r c', minute => 90), 'lamp'));
SELECT made('v1[c] v1[r]', 'a cover letter of another title stays one', titled(cover('c', 1), 'lamp'),
            titled(cover('r', 1, 'c', who => 'bob'), 'two lamps'));
SELECT made('v1[c] v1[r]', 'a cover letter of another total stays one', titled(cover('c', 1), 'lamp'),
            titled(cover('r', 2, 'c', who => 'bob'), 'lamp'));
SELECT made('v1[c] v2[r]', 'a new version of somebody else stays a cover letter', titled(cover('c', 1), 'lamp'),
            titled(cover('r', 1, 'c', 2, who => 'bob'), 'lamp'));
SELECT made('v1[c] v1[r]', 'a cover letter that answers nothing stays one', titled(cover('c', 1), 'lamp'),
            titled(cover('r', 1, who => 'bob'), 'lamp'));
SELECT made('v1[c] v1[r]', 'two cover letters that answer each other both stay cover letters',
            titled(cover('c', 1, 'r'), 'lamp'),
            titled(cover('r', 1, 'c', who => 'bob'), 'lamp'));
SELECT made('outside:c v1[- 1:p] | r>c', 'a pull request is a cover letter too', titled(patch('c', '0/1'), 'lamp'),
            patch('p', '1/1', 'c', minute => 1), titled(cover('r', 1, 'c', who => 'bob'), 'lamp'));
SELECT made('v1[- 1:p] v1[c] | r>c', 'what hung on the answer is a series of its own', titled(cover('c', 1), 'lamp'),
            titled(cover('r', 1, 'c', who => 'bob'), 'lamp'), patch('p', '1/1', 'r', who => 'bob'));
SELECT state_is_in_every_order(
    $$comments r>c
      cover c "[0/1] lamp"
      event cover-comment-created c r
      event cover-created c
      event series-created [c]
      series [c] "lamp" v1 of 1, 12:00 by ada <ada>$$, 'nothing is left of the other cover letter',
    titled(cover('c', 1), 'lamp'), titled(cover('r', 1, 'c', who => 'bob'), 'lamp'));
SELECT is(other_state_in_random_orders(ARRAY[titled(cover('c', 2), 'lamp'), patch('p1', '1/2', 'c'),
                                             patch('p2', '2/2', 'c'),
       titled(cover('r', 2, 'c', who => 'bob'), 'lamp'), titled(cover('s', 2, 'r c', who => 'carol'), 'lamp'),
       reply('t', 's r c'), reply('u', 'r p1'), patch('q1', '1/2', 'r', minute => 1, who => 'bob')], 40), NULL,
          'many of them, in random orders');

-- Comings and goings
SELECT is(store_all(titled(cover('c', 1), 'lamp'), titled(cover('r', 1, 'c', who => 'bob'), 'lamp')), '{stored,stored}',
          'a mail that repeats a cover letter is stored');
SELECT is(store_all(titled(cover('r', 1, 'c', who => 'bob'), 'lamp')), '{duplicate}',
          'a mail that repeats a cover letter is known when it comes again');
SELECT is(store_all(titled(cover('r', 1, 'c', who => 'eve'), 'lamp')), '{quarantined}',
          'a repeat that comes again from another author is not the same');
ROLLBACK TO empty;
SELECT is(store_all(titled(cover('r', 1, 'c', who => 'bob'), 'lamp'), titled(cover('c', 1), 'lamp'),
                    titled(cover('r', 1, 'c', who => 'bob'), 'lamp')), '{stored,stored,duplicate}',
                    'in the other order a repeat is known too');
ROLLBACK TO empty;
SELECT store_all(with_verdict(titled(cover('c', 1, who => 'eve'), 'lamp'), 'none'),
                 titled(cover('r', 1, 'c', who => 'bob'), 'lamp'), patch('p', '1/1', 'r', minute => 1, who => 'bob'),
                 reply('s', 'r'), titled(patch('x', more => '{"depends_on": [{"message_id": "<r@example.org>"}]}'),
                                         'x'));
SELECT is(concat_ws(' ', all_series(), '|', all_comments()), 'v1[- 1:p] v1[- 1:x] v1[c] | r>c s>c',
          'an answer to a forged one');
SELECT is(store_all(with_verdict(titled(cover('c', 1), 'candle'), 'pass')), '{stored}',
          'the true cover letter takes the place of a forged one');
SELECT is(concat_ws(' ', all_series(), '|', all_comments()), 'v1[- 1:x] v1[c] v1[r 1:p] | s>r',
          'what was a comment is a cover letter again');
SELECT set_has('SELECT all_events()', $$VALUES ('cover-created r'), ('series-created [r 1:p]'),
               ('series-completed [r 1:p]'),
                                              ('cover-comment-created r s')$$, 'a cover letter again has its events');
SELECT is((SELECT string_agg(concat(members(d.from_series_id), members(d.to_series_id)), ' ')
             FROM public.patchwork_series_dependencies d), '[- 1:x][r 1:p]',
                  'what depends on a cover letter depends on it again');
ROLLBACK TO empty;
SELECT store_all(titled(cover('r', 1, 'c', who => 'bob', more => '{"depends_on": [{"message_id": "<x@example.org>"}]}'),
                        'lamp'),
                 patch('x'));
SELECT is((SELECT count(*) FROM public.patchwork_series_dependencies), 1::bigint, 'a cover letter depends on a patch');
SELECT store_all(titled(cover('c', 1), 'lamp'));
SELECT is((SELECT count(*) FROM public.patchwork_series_dependencies), 0::bigint, 'as a comment it depends on nothing');
ROLLBACK TO empty;
SELECT store_all(titled(cover('r', 1, 'c', who => 'bob'), 'lamp'), reply('s', 'x'), patch('x'));
INSERT INTO public.patchwork_covercomment (msgid, date, headers, content, cover_id, submitter_id)
SELECT '<by-hand@example.org>', now(), '', 'Text.', (cover_of('r')).id, (cover_of('r')).submitter_id;
SELECT store_all(titled(cover('c', 1), 'lamp'));
SELECT is((cover_of('r')).msgid::text, '<r@example.org>',
          'one with a comment that only Patchwork knows stays a cover letter');
ROLLBACK TO empty;
SELECT store_all(titled(cover('r' || n, 1, 'c', who => 'eve'), 'lamp')) FROM generate_series(1, 120) n;
SELECT is(store_all(titled(cover('c', 1), 'lamp')), '{stored}', 'of very many');
SELECT is((SELECT count(*) FROM public.patchwork_cover), 21::bigint, 'a hundred are looked at');

SELECT * FROM finish();
ROLLBACK;
