-- patchmail.foresee(): what would become of a mail, as patchmail.store() says it, and nothing is touched.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS project, make_project('other', 'other.example.org') AS other \gset

CREATE FUNCTION foreseen(facts jsonb, source jsonb DEFAULT '{"transport": "import"}') RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(': ', f.outcome, f.reason) FROM patchmail.foresee(facts, source) f;
$$;
-- NULL if patchmail.store() then does what was foreseen.
CREATE FUNCTION differs(facts jsonb, source jsonb DEFAULT '{"transport": "import"}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    foreseen text := foreseen(facts, source);
    happened text;
BEGIN
    BEGIN
        happened := concat_ws(': ', s.outcome, s.reason) FROM patchmail.store(facts, '\x00', source) s;
        RAISE EXCEPTION USING ERRCODE = 'PT000';
    EXCEPTION WHEN SQLSTATE 'PT000' THEN
    END;
    RETURN CASE WHEN foreseen IS DISTINCT FROM happened THEN format('%s, not %s', happened, foreseen) END;
END
$$;
SELECT store_all(patch('p'), patch('s1', '1/2'), reply('r', 'p'), reply('w', 'nowhere')) IS NOT NULL AS done \gset

CREATE TABLE cases (name text, mail jsonb);
INSERT INTO cases VALUES
    ('a new patch', patch('new')), ('a new series', cover('c', 2)), ('the other half', patch('s2', '2/2', 's1')),
    ('a reply', reply('r2', 'p')), ('a reply to a reply', reply('r3', 'r')),
    ('a reply to what is not there', reply('r4', 'x')), ('a reply to what waits', reply('r5', 'w')),
    ('what is known', patch('p')), ('a reply that is known', reply('r', 'p')),
    ('talk', facts_comment('<talk@example.org>', '{}')),
    ('a hint', patch('i', more => '{"hints": {"ignore": true}}')),
    ('nothing', patch('e', more => '{"kind": "empty"}')),
    ('nothing that looks like a patch', patch('l', more => '{"kind": "empty", "patch_like": "unread attachment"}')),
    ('an attachment that is not read', patch('u', more => '{"patch_like": "unread attachment"}')),
    ('no list', patch('n', more => '{"list_ids": []}')),
    ('a list that nobody has', patch('s', more => '{"list_ids": [{"id": "x.example.org", "field": "List-Id"}]}')),
    ('two lists', patch('b', more => '{"list_ids": [{"id": "demo.example.org", "field": "List-Id"},
                                                    {"id": "other.example.org", "field": "List-Id"}]}')),
    ('two lists, known in one', patch('p', more => '{"list_ids": [{"id": "demo.example.org", "field": "List-Id"},
                                                                 {"id": "other.example.org", "field": "List-Id"}]}')),
    ('what could not be parsed', facts_rejected('too large'));
SELECT is(differs(c.mail), NULL, c.name || ' is foreseen') FROM cases c;
SELECT is(foreseen(patch('new')), 'stored', 'a new patch would be stored');
SELECT is(foreseen(patch('n'), '{"transport": "import", "list_id": "other.example.org"}'), 'stored',
          'the list of the source counts');
SELECT is(foreseen(patch('s', more => '{"list_ids": [{"id": "x.example.org", "field": "List-Id"}]}')),
          'ignored: no project has its list id: x.example.org', 'the reason names the list');
SELECT throws_ok($$SELECT foreseen(patch('n'), '{"transport": "import", "list_id": "x.example.org"}')$$, '42704', NULL,
                 'a list of the source that nobody has is an error, as in store()');
SELECT throws_ok($$SELECT foreseen(patch('n', more => '{"facts": 2}'))$$, '0A000', NULL, 'and so are later facts');

-- Policy
SELECT patchmail.set_policy('demo', store => 'pass') IS NOT NULL AS done \gset
SELECT is(foreseen(with_verdict(patch('new'), 'pass')), 'stored', 'policy lets a good mail in');
SELECT matches(foreseen(with_verdict(patch('new'), 'none')), '^quarantined: policy of project demo: its verdict is none',
            'policy holds a bad one');
SELECT patchmail.set_policy('demo', store => 'pass', otherwise => 'refuse') IS NOT NULL AS done \gset
SELECT matches(foreseen(with_verdict(patch('new'), 'none')), '^refused: policy of project demo', 'or refuses it');

-- Nothing is touched
SELECT is((SELECT p.provolatile::text FROM pg_proc p WHERE p.oid = 'patchmail.foresee(jsonb,jsonb)'::regprocedure), 's',
          'foresee() may not write');
SELECT pg_sequence_last_value('public.patchwork_submission_id_seq') AS patches,
       pg_sequence_last_value('patchmail.message_id_seq') AS messages,
       pg_sequence_last_value('public.patchwork_event_id_seq') AS events, count(*) AS locks
  FROM pg_locks WHERE locktype = 'advisory' \gset
SELECT count(foreseen(c.mail)) AS done FROM cases c \gset
SELECT is(ARRAY[pg_sequence_last_value('public.patchwork_submission_id_seq'),
                pg_sequence_last_value('patchmail.message_id_seq'),
                pg_sequence_last_value('public.patchwork_event_id_seq'),
                (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory')],
          ARRAY[:patches, :messages, :events, :locks]::bigint[], 'it takes no number of a sequence, and no lock');

-- What an archive's marks hang on
SELECT patchmail.projects_digest() AS digest \gset
SELECT is(patchmail.projects_digest(), :'digest'::text, 'the digest of the projects stays');
SELECT matches(:'digest'::text, '^[0-9a-f]{12}$', 'it is short');
SAVEPOINT before;
SELECT make_project('third', 'third.example.org') AS third \gset
SELECT isnt(patchmail.projects_digest(), :'digest'::text, 'a new project changes it');
ROLLBACK TO before;
UPDATE public.patchwork_project SET listid = 'new.example.org' WHERE linkname = 'other';
SELECT isnt(patchmail.projects_digest(), :'digest'::text, 'another list id changes it');
ROLLBACK TO before;
UPDATE public.patchwork_project SET subject_match = 'x' WHERE linkname = 'other';
SELECT isnt(patchmail.projects_digest(), :'digest'::text, 'another pattern changes it');
ROLLBACK TO before;
UPDATE public.patchwork_project SET name = 'Another name' WHERE linkname = 'other';
SELECT is(patchmail.projects_digest(), :'digest'::text, 'another name does not');
SELECT * FROM finish();
ROLLBACK;
