-- patchmail.store_many(): many mails in one call, each with its own outcome, and the tables as after one by one.
\ir preamble.psql
\ir state.psql
SELECT plan(48);
SELECT make_project() AS project \gset

-- The outcome and reason of each mail in one line; `alone` where the caller is to give it by itself.
CREATE FUNCTION many(mails jsonb[], source jsonb DEFAULT '{"transport": "import"}') RETURNS text[] LANGUAGE sql AS $$
    SELECT array_agg(coalesce(concat_ws(': ', s.outcome, s.reason), '') ORDER BY s.number)
      FROM patchmail.store_many(to_jsonb(mails), to_jsonb(array_fill(source, ARRAY[cardinality(mails)]))) s;
$$;
-- What the database would be after these mails, given one by one and together; NULL if that is the same and most of
-- them are taken together, by _patchmail.store_plain().
CREATE FUNCTION differs(mails jsonb[], expected integer DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    given record := state_after(mails);
    there record := state_after(mails, cardinality(mails));
    taken record;
BEGIN
    BEGIN
        SELECT cardinality(p.stored || p.waiting) AS mails INTO taken
          FROM _patchmail.store_plain(to_jsonb(mails), to_jsonb(array_fill(jsonb '{}', ARRAY[cardinality(mails)]))) p;
        RAISE EXCEPTION USING ERRCODE = 'PT000';
    EXCEPTION WHEN SQLSTATE 'PT000' THEN
    END;
    IF there IS DISTINCT FROM given THEN
        RETURN concat_ws(E'\n', 'together', there.state, there.ledger, 'one by one', given.state, given.ledger);
    END IF;
    RETURN CASE WHEN taken.mails < coalesce(expected, cardinality(mails))
                THEN format('only %s are taken together', taken.mails) END;
END
$$;
CREATE FUNCTION same(why text, VARIADIC mails jsonb[]) RETURNS text LANGUAGE sql AS $$
    SELECT is(differs(mails), NULL, why || ': as one by one');
$$;

-- Outcomes
SELECT is(many(ARRAY[patch('p'), reply('r', 'p'), reply('w', 'x'), facts_comment('<n@example.org>', '{}'),
                     patch('e', more => '{"kind": "empty"}'), patch('i', more => '{"hints": {"ignore": true}}'),
                     patch('o', more => '{"list_ids": []}'), cover('c', 1), patch('p')]),
          ARRAY['stored', 'stored', 'waiting: what it answers has not come yet',
                'ignored: it is neither patch nor cover letter, and answers nothing',
                'ignored: it has neither text nor diff',
                'ignored: X-Patchwork-Hint says ignore', 'ignored: it has no list id', 'stored',
                'duplicate: its Message-ID is known in project demo'], 'each mail has its outcome, and why');
SELECT is(many(ARRAY[reply('r', 'p'), patch('p2')]), '{duplicate: its Message-ID is known in project demo,stored}',
          'what is known already is a duplicate');
SELECT is(all_series(), 'v1[- 1:p2] v1[- 1:p] v1[c]', 'what is stored is there');
SELECT is((SELECT array_agg(i.reason || ' ' || i.mails ORDER BY i.reason COLLATE "C") FROM patchmail.ignored i),
          ARRAY['X-Patchwork-Hint says ignore 1', 'it has neither text nor diff 1', 'it has no list id 1',
                'it is neither patch nor cover letter, and answers nothing 1'], 'what is ignored is counted');
SELECT is(many(ARRAY[facts_rejected('too large'), patch('h', more => '{"patch_like": "unread attachment"}'),
                     patch('q')]),
          '{"","",stored}', 'what goes to quarantine is left to the caller');
SELECT is((SELECT count(*) FROM patchmail.quarantine), 0::bigint, 'what is left to the caller is not in quarantine');
SELECT is((SELECT count(*) FROM patchmail.message m WHERE word(m.msgid) = 'h'), 0::bigint,
          'what is left to the caller is not in the ledger');
SELECT is(many('{}'), NULL, 'no mails give no rows');
SELECT is(many(ARRAY[patch('z1'), patch('z2', more => '{"facts": 2}')]), '{stored,""}',
          'facts of a later version are an error of that mail');
SELECT is(many(ARRAY[patch('z3')], '{"transport": "import", "list_id": "demo.example.org"}'), '{stored}',
          'a list that the source names');

-- One that fails leaves the others
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.msgid LIKE '%bad%' THEN
        RAISE EXCEPTION 'no' USING ERRCODE = 'check_violation';
    ELSIF new.msgid LIKE '%locked%' THEN
        RAISE EXCEPTION 'locked' USING ERRCODE = 'deadlock_detected';
    END IF;
    RETURN new;
END
$$;
CREATE TRIGGER refuse BEFORE INSERT ON public.patchwork_patch FOR EACH ROW EXECUTE FUNCTION refuse();
SELECT is(many(ARRAY[patch('f1'), patch('bad1'), reply('f2', 'bad1'), reply('f3', 'f1'), patch('bad2')]),
          '{stored,"",waiting: what it answers has not come yet,stored,""}',
          'a mail that fails is left to the caller, the others are stored');
SELECT is((SELECT string_agg(word(m.msgid), ' ' ORDER BY m.msgid) FROM patchmail.message m
            WHERE word(m.msgid) ~ '^(f|bad)'), 'f1 f2 f3',
          'nothing of it is there');
SELECT throws_ok($$SELECT many(ARRAY[patch('g1'), patch('locked')])$$, '40P01', 'locked',
                 'what another transaction stops is an error of the call');
SELECT is((SELECT count(*) FROM patchmail.message m WHERE word(m.msgid) = 'g1'), 0::bigint,
          'nothing is stored of a call that another transaction stops');
DROP TRIGGER refuse ON public.patchwork_patch;
SELECT is(current_setting('lock_timeout'), '0', 'no patience is left over');
SELECT is(many(ARRAY[patch('g2')], '{"transport": "import", "patience": 1234}'), '{stored}', 'with patience');
SELECT is(current_setting('lock_timeout'), '1234ms', 'that is how long a lock is waited for');

-- The tables are as after one by one
SELECT same('a series with its cover letter and replies', cover('c1', 2), patch('c2', '1/2', 'c1'),
            patch('c3', '2/2', 'c1'),
            reply('c4', 'c1'), reply('c5', 'c2'), reply('c6', 'c5 c2'));
SELECT same('in the wrong order', reply('c6', 'c5 c2'), reply('c5', 'c2'), patch('c3', '2/2', 'c1'),
            patch('c2', '1/2', 'c1'),
            reply('c4', 'c1'), cover('c1', 2));
SELECT same('patches that answer each other', patch('d1', '1/3'), patch('d2', '2/3', 'd1'),
            patch('d3', '3/3', 'd2 d1'));
SELECT same('a series without references', patch('e1', '1/2'), patch('e2', '2/2', minute => 19),
            patch('e3', '1/2', minute => 41));
SELECT same('two versions in a thread', cover('v1', 1), patch('v2', '1/1', 'v1'), cover('v3', 1, 'v1', version => 2),
            patch('v4', '1/1', 'v3 v1', version => 2), reply('v5', 'v4'));
SELECT is(differs(ARRAY[cover('b1', 1), cover('b2', 1, 'b1', who => 'rob',
    more => '{"subject": {"text": "x", "title": "b1", "prefixes": [], "version": 1, "number": 0, "total": 1}}')], 1),
          NULL, 'a cover letter that repeats another one: as one by one');
SELECT same('two mails by the same absent one', reply('a1', 'absent'), reply('a2', 'absent'),
            patch('a3', NULL, 'absent'));
SELECT same('a chain of replies, the last first', reply('h5', 'h4'), reply('h4', 'h3'), reply('h3', 'h2'),
            reply('h2', 'h1'),
            patch('h1'));
SELECT same('a chain that hangs on nothing', reply('k3', 'k2'), reply('k2', 'k1'), reply('k1', 'k0'), patch('k9'));
SELECT same('a nearer parent that waits', reply('n1', 'nowhere'), patch('n2'), reply('n3', 'n1 n2'));
SELECT same('one who has two names', patch('m1', who => 'zoe', minute => 2),
            patch('m2', who => 'zoe', minute => 1, more => '{"author": {"name": "Zoe Z", "email": "zoe@example.org"}}'),
            reply('m3', 'm1', 3, who => 'zoe', more => '{"author": {"name": "Zoe Y", "email": "zoe@example.org"}}'));
SELECT is(differs(ARRAY[patch('s1', who => 'Zoe'), patch('s2', who => 'zoe'), patch('s3')], 1), NULL,
          'an address in two spellings: as one by one');
SELECT same('tags', patch('t1', content => E'It was wrong.\n\nAcked-by: A <a@example.org>'),
            reply('t2', 't1', content => E'Reviewed-by: R <r@example.org>\nAcked-by: B <b@example.org>'),
            reply('t3', 't2 t1', content => 'Acked-by: C <c@example.org>'));
SELECT same('what depends on what', patch('y1', '1/1', more => '{"depends_on": [{"message_id": "<y2@example.org>"}]}'),
            patch('y2', '1/2'), patch('y3', '2/2', 'y2'));
SELECT same('a patch numbered 0, and one without a marker', patch('o1', '0/1'), patch('o2', '1/1', 'o1'),
            patch('o3', NULL, 'o1'));
SELECT is(differs(ARRAY[patch('j1'), patch('j1'), reply('j1', 'j1'), reply('j2', 'j1')], 1), NULL,
          'one Message-ID three times: as one by one');
SELECT same('verdicts that may do everything here', with_verdict(patch('u1'), 'pass'),
            with_verdict(reply('u2', 'u1'), 'none', NULL, jsonb_build_array(result(1))));
SELECT is(differs(ARRAY[with_verdict(patch('x1'), 'fail'), with_verdict(reply('x2', 'x1'), 'ambiguous')], 0), NULL,
          'verdicts that may not: as one by one');

-- With what is there
SELECT is(many(ARRAY[reply('l1', 'l0'), reply('l2', 'l3')]),
          '{waiting: what it answers has not come yet,waiting: what it answers has not come yet}',
          'replies to what is to come');
SELECT is(differs(ARRAY[patch('l0'), reply('l3', 'l0')]), NULL, 'when it comes they have their place: as one by one');
SELECT is(differs(ARRAY[reply('l4', 'l1 l2'), reply('l5', 'l4')]), NULL,
          'a mail that makes one thread of two: as one by one');
SELECT is(differs(ARRAY[patch('l0', '1/2'), patch('l6', '2/2', 'l0')], 1), NULL,
          'a part of a series that is answered: as one by one');

SELECT is(many(ARRAY[reply('ww', 'p', more => '{"wrapped_message_id": "<wg@example.org>"}')]), '{stored}',
          'a mail that a list wrapped is stored');
SELECT is(differs(ARRAY[reply('wg', 'p'), reply('wh', 'wg')], 1), NULL,
          'the mail that a list had wrapped: as one by one');

SELECT is(store_all(patch('dx'), cover('dc', 2, minute => 1),
                    patch('da', '1/2', 'dc', minute => 9,
                          more => '{"depends_on": [{"message_id": "<dx@example.org>"}]}')),
          '{stored,stored,stored}', 'a series that depends on another one is stored');
SELECT is(differs(ARRAY[patch('db', '1/2', 'dc', minute => 2), patch('dd')]), NULL,
          'a patch that takes the place of one with a dependency: as one by one');

-- What a hint, a rule or a policy says
UPDATE public.patchwork_project SET use_tags = false WHERE linkname = 'demo';
SELECT same('a project without tags', patch('t1', content => 'Acked-by: A <a@example.org>'),
            reply('t2', 't1', content => 'Acked-by: B <b@example.org>'));
SELECT is(many(ARRAY[patch('q1', more => '{"hints": {"state": "accepted", "delegate": null}}'),
                     reply('q2', 'q1', more => '{"hints": {"action_required": true}}')]), '{stored,stored}',
                     'mails with hints');
SELECT is((SELECT s.slug || ' ' || k.addressed FROM public.patchwork_patch p
             JOIN public.patchwork_state s ON s.id = p.state_id
             JOIN public.patchwork_patchcomment k ON k.patch_id = p.id WHERE word(p.msgid) = 'q1'), 'accepted false',
                  'hints count');
SELECT is(count(*), 1::bigint, 'a policy is set') FROM patchmail.set_policy('demo', store => 'pass');
SELECT is(many(ARRAY[with_verdict(patch('q3'), 'pass'), with_verdict(patch('q4'), 'none')]), '{stored,""}',
          'a policy holds what it does not allow');
SELECT * FROM finish();
ROLLBACK;
