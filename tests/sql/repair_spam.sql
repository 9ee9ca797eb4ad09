-- Mail that an admin deletes is gone with what was only about it, and does not come back.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS demo \gset
SELECT make_project('other', 'other.example.org') AS other \gset
UPDATE public.patchwork_project SET use_tags = true;
-- What there is, and what the same mails and others make of it, one by one and in a batch.
CREATE FUNCTION shown() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws(' | ', all_series(), all_comments(),
                     (SELECT string_agg(word(email), ' ' ORDER BY email) FROM public.patchwork_person),
                     (SELECT 'QUARANTINED' FROM patchmail.quarantine LIMIT 1));
$$;
CREATE FUNCTION shown_later(mails jsonb[]) RETURNS text LANGUAGE sql AS $$
    SELECT later(mails, $q$concat_ws(' ', $1::text, shown())$q$);
$$;
CREATE TEMP TABLE mail (n serial, facts jsonb);
INSERT INTO mail (facts) VALUES
    (cover('c', 2)), (patch('p1', '1/2', 'c')), (patch('p2', '2/2', 'c')), (reply('r', 'p1')),
    (patch('s', who => 'eve', minute => 30, content => 'Buy PILLS now')),
    (reply('rs', 's', content => 'Acked-by: Rob <rob@example.org>')), (reply('rrs', 'rs s')),
    (reply('both', 's p1', who => 'kim')), (reply('deep', 'both')),
    (reply('es', 'p2', who => 'eve', content => E'Acked-by: Eve <eve@example.org>\nhttp://spam.example.net')),
    (reply('res', 'es p2')), (reply('lost', 'nowhere es', who => 'kim')), (reply('w', 'never', who => 'eve')),
    (reply('ww', 'w', who => 'walt')), (patch('m', who => 'mal', minute => 60));
SELECT store_all(VARIADIC array_agg(facts ORDER BY n)) FROM mail;
SELECT is(shown(), 'v1[- 1:m] v1[- 1:s] v1[c 1:p1 2:p2] | both>s deep>s es>p2 lost>p2 r>p1 res>p2 rrs>s rs>s w>? ww>? '
           '| '
                   'ada eve kim mal rob', 'there is spam, and what answers it');
SAVEPOINT stored;

-- By sender
SELECT count(*) AS dry FROM patchmail.delete_spam(sender => 'Eve@example.org', dry_run => true) \gset
SELECT is(shown(), 'v1[- 1:m] v1[- 1:s] v1[c 1:p1 2:p2] | both>s deep>s es>p2 lost>p2 r>p1 res>p2 rrs>s rs>s w>? ww>? '
           '| '
                   'ada eve kim mal rob', 'a dry run deletes nothing');
SELECT bag_eq($$SELECT object, coalesce(before->>'msgid', before->>'email', ''), after IS NULL
                  FROM patchmail.delete_spam(sender => 'Eve@example.org', why => 'it sells pills')$$,
              $$VALUES ('comment', '<rs@example.org>', true), ('comment', '<rrs@example.org>', true),
                       ('comment', '<es@example.org>', true), ('comment', '<both@example.org>', false),
                       ('comment', '<deep@example.org>', false), ('mail', '<w@example.org>', true),
                       ('mail', '<ww@example.org>', true), ('patch', '<s@example.org>', true),
                       ('patch', '<p2@example.org>', false), ('series', '', true), ('person', 'eve@example.org',
                        true)$$,
              'what is given is what is gone, and what has moved');
SELECT is(:dry, (SELECT count(*)::integer FROM patchmail.audit WHERE function = 'delete_spam'),
          'the dry run had shown as much');
SELECT is(shown(), 'v1[- 1:m] v1[c 1:p1 2:p2] | both>p1 deep>p1 lost>p2 r>p1 res>p2 | ada kim mal rob',
          'spam is gone with what is only about it; a reply that answers other mail too is there');
SELECT is((SELECT count(*) FROM public.patchwork_patchtag), 0::bigint, 'tags of deleted comments do not count');
SELECT is((SELECT count(*) FROM all_events() e WHERE e ~ '\m(s|rs|es)\M'), 0::bigint, 'nor are there events of it');
SELECT is((SELECT count(*) FROM patchmail.reference r
            WHERE r.message_id > 0 AND NOT EXISTS (SELECT FROM patchmail.message m WHERE m.id = r.message_id)),
                0::bigint,
          'the ledger has nothing left of it');
SELECT is(shown_later(ARRAY(SELECT facts FROM mail ORDER BY n)),
          '{duplicate,duplicate,duplicate,duplicate,duplicate,duplicate,duplicate,duplicate,duplicate,duplicate,'
          'duplicate,'
          'duplicate,duplicate,duplicate,duplicate} v1[- 1:m] v1[c 1:p1 2:p2] | both>p1 deep>p1 lost>p2 r>p1 res>p2 | '
          'ada kim mal rob', 'all the same mail again changes nothing');
SELECT is(shown_later(ARRAY(SELECT facts FROM mail ORDER BY n DESC)),
          '{duplicate,duplicate,duplicate,duplicate,duplicate,duplicate,duplicate,duplicate,duplicate,duplicate,'
          'duplicate,'
          'duplicate,duplicate,duplicate,duplicate} v1[- 1:m] v1[c 1:p1 2:p2] | both>p1 deep>p1 lost>p2 r>p1 res>p2 | '
          'ada kim mal rob', 'in the reverse order too');
SELECT is((SELECT s.reason FROM patchmail.store((SELECT facts FROM mail WHERE n = 5), '', '{}') s),
          'an admin removed it: it sells pills', 'the outcome says why');
SELECT is(shown_later(ARRAY[reply('new', 's', who => 'walt'), reply('fine', 'es p2'), reply('wait', 'unknown')]),
          '{ignored,stored,waiting} v1[- 1:m] v1[c 1:p1 2:p2] | both>p1 deep>p1 fine>p2 lost>p2 r>p1 res>p2 wait>? '
          '| ada kim mal rob', 'a later reply to it is ignored, unless it leads to other mail; others wait as ever');
SELECT is(shown_later(ARRAY[reply('newer', 'new', who => 'walt'), reply('new', 's', who => 'walt')]),
          '{waiting,ignored} ' || shown(), 'a reply that waits for such a reply goes with it');
SELECT store_all(reply('new', 's', who => 'walt'));
SELECT is(store_all(reply('newer', 'new', who => 'walt')), '{ignored}', 'one that comes later is ignored as well');
SELECT is((SELECT (reason, mails)::text FROM patchmail.ignored WHERE reason ~ 'admin'),
          '("it answers mail that an admin removed",2)', 'and it is counted');
SELECT is(shown_later(ARRAY[patch('s', who => 'ada', minute => 90), patch('x', who => 'eve', minute => 91)]),
          '{stored,stored} v1[- 1:m] v1[- 1:s] v1[- 1:x] v1[c 1:p1 2:p2] | both>s deep>s lost>p2 r>p1 res>p2 | '
          'ada eve kim mal rob', 'another author''s mail may have the Message-ID, and the sender may send other mail');
ROLLBACK TO stored;

-- One that was quarantined is released all the same
SELECT count(*) AS gone FROM patchmail.delete_spam(sender => 'mal@example.org') \gset
SELECT is(shown(), 'v1[- 1:s] v1[c 1:p1 2:p2] | both>s deep>s es>p2 lost>p2 r>p1 res>p2 rrs>s rs>s w>? ww>? | '
                   'ada eve kim rob', 'one of many is gone');
SELECT _patchmail.quarantine_message(patch('m', who => 'mal', minute => 60), 'x', '{"transport": "deliver"}', 'why')
       AS held \gset
SELECT count(*) AS marked FROM patchmail.release((SELECT id FROM patchmail.quarantine LIMIT 1)) \gset
SELECT is((SELECT s.outcome FROM patchmail.store(patch('m', who => 'mal', minute => 60), 'x',
           jsonb_build_object('transport', 'quarantine', 'quarantine_id', (SELECT id
               FROM patchmail.quarantine LIMIT 1))) s),
          'stored', 'what an admin releases is stored');
SELECT is(shown_later(ARRAY[reply('rm', 'm')]),
          '{stored} v1[- 1:m] v1[- 1:s] v1[c 1:p1 2:p2] | both>s deep>s es>p2 lost>p2 r>p1 res>p2 rm>m rrs>s rs>s w>? '
          'ww>? '
          '| ada eve kim mal rob', 'and answered as any other');
ROLLBACK TO stored;

-- By Message-ID, text, date; in one project
SELECT count(*) AS gone FROM patchmail.delete_spam('demo', msgids => ARRAY['p1@example.org',
    '<none@example.org>']) \gset
SELECT is(all_series(), 'v1[- 1:m] v1[- 1:s] v1[c 2:p2]', 'a patch of a series is gone by its Message-ID');
SELECT is((SELECT count(*) FROM public.patchwork_event WHERE category = 'series-completed'
              AND series_id = (series_of('p2')).id), 0::bigint, 'which is not complete any more');
SELECT is(shown_later(ARRAY[patch('p1', '1/2', 'c'), reply('r', 'p1')]), '{duplicate,duplicate} ' || shown(),
          'and neither it nor the replies to it come back');
SELECT is(shown_later(ARRAY[patch('q', '1/2', 'c')]), '{stored} ' || replace(shown(), '[c 2:p2]', '[c 1:q 2:p2]'),
          'but its place may be taken');
ROLLBACK TO stored;
SELECT count(*) AS gone FROM patchmail.delete_spam(pattern => 'spam\.example|pills') \gset
SELECT is(shown(), 'v1[- 1:m] v1[c 1:p1 2:p2] | both>p1 deep>p1 lost>p2 r>p1 res>p2 w>? ww>? | ada kim mal rob',
          'mail is gone by what is in it');
ROLLBACK TO stored;
SELECT count(*) AS gone FROM patchmail.delete_spam(since => '2026-02-01 12:30Z', until => '2026-02-01 12:30Z') \gset
SELECT is(all_series(), 'v1[- 1:m] v1[c 1:p1 2:p2]', 'mail is gone by its date');
ROLLBACK TO stored;
SELECT is((SELECT count(*) FROM patchmail.delete_spam('demo', 'eve@example.org', pattern => 'no such text')), 0::bigint,
          'mail has to meet all that is given');
SELECT is((SELECT count(*) FROM patchmail.delete_spam('other', 'eve@example.org')), 0::bigint, 'and be of the project');
SELECT count(*) AS gone FROM patchmail.delete_spam(msgids => ARRAY['c@example.org', 'p1@example.org',
    'p2@example.org']) \gset
SELECT is(shown(), 'v1[- 1:m] v1[- 1:s] | both>s deep>s rrs>s rs>s w>? ww>? | eve kim mal rob',
          'a whole series is gone, with its row and its people');
ROLLBACK TO stored;

-- A name that a deleted mail gave
SELECT store_all(patch('n1', who => 'nan', minute => 200), patch('n2', who => 'nan', minute => 300)
                 || '{"author": {"name": "Buy Now", "email": "nan@example.org"}}');
SELECT count(*) AS gone FROM patchmail.delete_spam(msgids => ARRAY['n2@example.org']) \gset
SELECT is((SELECT name FROM public.patchwork_person WHERE email = 'nan@example.org'), 'nan',
          'the name that deleted mail gave goes with it');
ROLLBACK TO stored;

-- What Patchwork stored itself, what an admin put there, and a wrapped mail
SELECT store_all(patch('in', who => 'kim', more => '{"wrapped_message_id": "<wrapped@example.org>"}'));
SELECT count(*) AS put FROM patchmail.reparent_comment('demo', 'r@example.org', 's@example.org') \gset
SELECT count(*) AS gone FROM patchmail.delete_spam(msgids => ARRAY['s@example.org', 'in@example.org']) \gset
SELECT is(shown_later(ARRAY[reply('r', 'p1'), patch('wrapped', who => 'kim'), reply('x', 'wrapped')]),
          '{duplicate,duplicate,ignored} v1[- 1:m] v1[c 1:p1 2:p2] | both>p1 deep>p1 es>p2 lost>p2 res>p2 w>? ww>? '
          '| ada eve kim mal rob', 'a reply that an admin put there goes too; either Message-ID of a mail stays away');
ROLLBACK TO stored;
TRUNCATE patchmail.message, patchmail.reference, patchmail.dependency, patchmail.authentication;
SELECT count(*) AS gone FROM patchmail.delete_spam(sender => 'eve@example.org') \gset
SELECT is(shown(), 'v1[- 1:m] v1[c 1:p1 2:p2] | lost>p2 r>p1 res>p2 | ada kim mal rob',
          'mail that the ledger does not know is gone as well');
SELECT is(shown_later(ARRAY[patch('s', who => 'eve', minute => 30), reply('rs', 's'), reply('es', 'p2', who => 'eve')]),
          '{duplicate,duplicate,duplicate} ' || shown(), 'and does not come back');
ROLLBACK TO stored;

-- A user, and who has another address, stay
INSERT INTO public.auth_user (id, username, first_name, last_name, email, password, is_superuser, is_staff, is_active,
                              date_joined)
VALUES (1, 'uma', '', '', 'uma@example.org', '', false, false, true, now());
UPDATE public.patchwork_person SET user_id = 1 WHERE email = 'eve@example.org';
SELECT count(*) AS gone FROM patchmail.delete_spam(sender => 'eve@example.org', actor => 'uma') \gset
SELECT is((SELECT count(*) FROM public.patchwork_person WHERE email = 'eve@example.org'), 1::bigint, 'a user stays');

-- Nonsense
SELECT throws_like(q, said, q) FROM (VALUES
    ('SELECT patchmail.delete_spam()', 'what is spam is not given: %'),
    ('SELECT patchmail.delete_spam(''demo'')', 'what is spam is not given: %'),
    ('SELECT patchmail.delete_spam(''none'', ''eve@example.org'')', 'there is no project "none"'),
    ('SELECT patchmail.delete_spam(pattern => ''('')', '"(" is no regular expression: %'),
    ('SELECT patchmail.delete_spam(pattern => '''')', 'the regular expression is not given'),
    ('SELECT patchmail.delete_spam(sender => ''e'', actor => ''nobody'')', 'there is no user "nobody"')) t (q, said);
SELECT is((SELECT count(*) FROM patchmail.delete_spam(msgids => ARRAY[NULL])), 0::bigint, 'NULL is no Message-ID');
SELECT is((SELECT count(*) FROM patchmail.delete_spam(msgids => '{}', since => '-infinity')), 0::bigint,
          'no Message-IDs are no mail, whatever else is given');

SELECT * FROM finish();
ROLLBACK;
