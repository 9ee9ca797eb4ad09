-- The views patchmail.unverified and patchmail.verdicts.
\ir preamble.psql
\ir state.psql
SELECT plan(9);
SELECT make_project() AS project \gset
SELECT make_project('second', 'second.example.org') AS second \gset

SELECT is_empty('SELECT * FROM patchmail.unverified', 'no mail');
SELECT is_empty('SELECT * FROM patchmail.verdicts', 'no mail');
-- A minute is one since Sunday, 2026-02-01 12:00.
SELECT store_all(with_verdict(patch('good', minute => -7 * 1440), 'pass', 'dkim'),
                 with_verdict(patch('bad', minute => 5), 'fail', 'spf'),
                 with_verdict(cover('cover', 2), 'fail', 'x'), with_verdict(reply('reply', 'bad'), 'none'),
                 with_verdict(reply('waits', 'x', minute => 719), 'none'),
                 with_verdict(reply('monday', 'x', minute => 720), 'none'),
                 with_verdict(facts_patch('<o@example.org>', email => '"a@b"@Lists.Example.COM', name => 'Odd',
                                    list_id => 'second.example.org'), 'claimed', 'Reply-To'),
                 with_verdict(patch('p0', '0/2', minute => 6), 'ambiguous'));

SELECT results_eq($$SELECT u.project, u.patch_id, u.name, u.submitter, u.email, u.date, u.verdict, u.reason
                      FROM patchmail.unverified u ORDER BY u.project, u.date$$,
                  $$VALUES ('demo'::varchar, (patch_of('bad')).id, 'bad'::varchar, 'ada'::varchar,
                            'ada@example.org'::varchar, '2026-02-01 12:05Z'::timestamptz, 'fail'::patchmail.verdict,
                            'spf'),
                           ('demo', (patch_of('p0')).id, '[0/2] p0', 'ada', 'ada@example.org', '2026-02-01 12:06Z',
                            'ambiguous', NULL),
                           ('second', (patch_of('o')).id, 'file: change it', 'Odd', '"a@b"@Lists.Example.COM',
                            '2026-02-01 12:00Z', 'claimed', 'Reply-To')$$, 'patches whose author is not verified');
SELECT set_eq('SELECT v.project::text, v.week, v.domain, v.verdict, v.messages FROM patchmail.verdicts v',
              $$VALUES ('demo', '2026-01-19'::date, 'example.org', 'pass'::patchmail.verdict, 1::bigint),
                       ('demo', '2026-01-26', 'example.org', 'ambiguous', 1),
                       ('demo', '2026-01-26', 'example.org', 'fail', 2),
                       ('demo', '2026-01-26', 'example.org', 'none', 2),
                       ('demo', '2026-02-02', 'example.org', 'none', 1),
                       ('second', '2026-01-26', 'lists.example.com', 'claimed', 1)$$,
              'how much mail had which verdict: all kinds, and what waits');
SET LOCAL timezone = 'Pacific/Auckland';
SELECT is((SELECT max(v.week) FROM patchmail.verdicts v), '2026-02-02', 'weeks are in UTC');
SELECT is((SELECT sum(v.messages) FROM patchmail.verdicts v WHERE v.week = '2026-01-26'), 6::numeric,
          'wherever the admin is');

-- What Patchwork stored
UPDATE patchmail.message SET adopted = true, verdict = 'none' WHERE word(msgid) = 'bad';
SELECT is((SELECT array_agg(u.name ORDER BY u.name COLLATE "C") FROM patchmail.unverified u),
          '{"[0/2] p0","file: change it"}', 'a patch that Patchwork stored has no verdict');
SELECT is((SELECT sum(v.messages) FROM patchmail.verdicts v), 7::numeric,
          'a patch that Patchwork stored is not counted');
DELETE FROM public.patchwork_event WHERE patch_id = (patch_of('o')).id;
DELETE FROM public.patchwork_patch WHERE word(msgid) = 'o';
SELECT is((SELECT array_agg(u.name ORDER BY u.name) FROM patchmail.unverified u), '{"[0/2] p0"}',
          'a patch that was deleted is not shown');

SELECT * FROM finish();
ROLLBACK;
