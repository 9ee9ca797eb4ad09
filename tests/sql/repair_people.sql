-- People whom an admin merges, renames or forgets; and what their mail does later.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS project \gset
CREATE FUNCTION person(who text) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT p.id FROM public.patchwork_person p WHERE p.email = who || '@example.org';
$$;
CREATE FUNCTION people() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(concat(word(p.email), '=', p.name,
                             (SELECT string_agg(' ' || word(x.msgid), '' ORDER BY x.msgid)
                                FROM (SELECT msgid, submitter_id FROM public.patchwork_patch
                                      UNION ALL SELECT msgid, submitter_id FROM public.patchwork_cover
                                      UNION ALL SELECT msgid, submitter_id FROM public.patchwork_patchcomment
                                      UNION ALL SELECT msgid, submitter_id FROM public.patchwork_covercomment) x
                               WHERE x.submitter_id = p.id)), ', ' ORDER BY p.email)
      FROM public.patchwork_person p;
$$;
-- What the people are after these mails, one by one and in a batch.
CREATE FUNCTION people_later(mails jsonb[]) RETURNS text LANGUAGE sql AS $$
    SELECT later(mails, $q$people()
                           || CASE WHEN EXISTS (SELECT FROM patchmail.quarantine) THEN ' QUARANTINED' ELSE '' END$q$);
$$;
CREATE FUNCTION named(mail jsonb, name text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT mail || jsonb_build_object('author', mail->'author' || jsonb_build_object('name', name));
$$;
INSERT INTO public.auth_user (id, username, first_name, last_name, email, password, is_superuser, is_staff, is_active,
                              date_joined)
VALUES (1, 'uma', '', '', 'uma@example.org', '', false, false, true, now()),
    (2, 'ulf', '', '', 'ulf@example.org', '', false, false, true, now());
SAVEPOINT empty;

-- Two are one ---------------------------------------------------------------------------------------------------------

SELECT store_all(cover('c', 2, who => 'old'), patch('p1', '1/2', 'c', who => 'old'), reply('r', 'p1', who => 'old'),
                 reply('k', 'c', who => 'old'), patch('q', who => 'new'), reply('s', 'q'),
                 reply('w', 'later', who => 'old'));
SELECT is(people(), 'new=new q, old=old c k p1 r, rob=rob s', 'two people wrote');
SELECT is((SELECT count(*) FROM patchmail.merge_person(person('old'), person('new'), dry_run => true)), 6::bigint,
          'a dry run shows each of their rows');
SELECT is(people(), 'new=new q, old=old c k p1 r, rob=rob s', 'and changes none');
UPDATE public.patchwork_person SET user_id = 1 WHERE id = person('old');
SELECT person('old') AS old, person('new') AS new \gset
SELECT bag_eq(format('SELECT object, before->>''submitter'' AS old, after->>''submitter'' AS new FROM '
    'patchmail.merge_person(%s, %s)'
                     ' WHERE object <> ''person''', :old, :new),
              format('VALUES (''patch'', %1$L, %2$L), (''cover'', %1$L, %2$L), (''series'', %1$L, %2$L),
                             (''comment'', %1$L, %2$L), (''comment'', %1$L, %2$L)', :old, :new),
              'all that the one sent becomes the other''s');
SELECT is(people(), 'new=new c k p1 q r, rob=rob s', 'and he is there no more');
SELECT is((SELECT user_id FROM public.patchwork_person WHERE id = :new), 1, 'the other is the user that he was');
SELECT is((SELECT (before->>'email', after->>'email')::text FROM patchmail.audit WHERE object_id = :old
            AND object = 'person'), '(old@example.org,)', 'the audit says who is gone');
SELECT is(people_later(ARRAY[patch('p2', '2/2', 'c', who => 'old'), patch('x', minute => 10, who => 'OLD')]),
          'new=new c k p1 p2 q r x, rob=rob s', 'mail from the old address is the other one''s');
SELECT is(people_later(ARRAY[patch('later', minute => 5, who => 'new')]),
          'new=old c k later p1 q r w, rob=rob s', 'so is a reply that waited, and its name');
SELECT is(people_later(ARRAY[cover('c', 2, who => 'old'), patch('p1', '1/2', 'c', who => 'old'),
                             reply('r', 'p1', who => 'old'), patch('p1', '1/2', 'c', who => 'new')]),
          'new=new c k p1 q r, rob=rob s', 'the same mail from either address is a duplicate');
SELECT is(people_later(ARRAY[named(patch('y1', who => 'old', minute => 600), 'Nel Old'),
                             named(patch('y2', who => 'new', minute => 500), 'Nel New')]),
          'new=Nel Old c k p1 q r y1 y2, rob=rob s', 'the latest mail from either address names him');
SELECT is((SELECT array_agg(s.outcome ORDER BY s.number)
             FROM patchmail.store_many(jsonb_build_array(cover('z', 1, 'c', 1, who => 'old') || '{"depends_on": []}'),
                                       '[{"transport": "import"}]') s), '{stored}',
          'a mail from the old address is stored where others come in a batch');
SELECT count(*) FROM patchmail.merge_person(:new, person('rob'));
SELECT is(people_later(ARRAY[patch('x', who => 'old'), patch('y', who => 'new')]),
          'rob=rob c k p1 q r s x y z', 'who is merged twice is the last one');
ROLLBACK TO empty;

-- Parts of a series under two addresses
SELECT store_all(patch('p1', '1/2', '', minute => 1, who => 'old'), patch('p2', '2/2', '', minute => 2, who => 'new'),
                 patch('d', who => 'bob', more => '{"depends_on": [{"message_id": "<p2@example.org>"}]}'));
SELECT is(all_series(), 'v1[- 1:d] v1[- 1:p1] v1[- 2:p2]', 'what two people sent is two series');
SELECT count(*) FROM patchmail.merge_person(person('old'), person('new'));
SELECT is((SELECT count(*) FROM public.patchwork_series_dependencies), 1::bigint, 'dependencies stay');
SELECT is_empty($$SELECT * FROM patchmail.reassemble('demo')$$, 'a merger leaves series as they would be derived');
SELECT is(all_series(), 'v1[- 1:d] v1[- 1:p1 2:p2]', 'the parts that one sent under two addresses are one');
SELECT is((SELECT members(to_series_id) FROM public.patchwork_series_dependencies), '[- 1:p1 2:p2]',
           'on which depends what did');
ROLLBACK TO empty;

SELECT store_all(patch('a', who => 'old'), patch('b', who => 'new'));
UPDATE public.patchwork_person SET user_id = CASE WHEN id = person('old') THEN 1 ELSE 2 END;
SELECT throws_like(format(q, person('old')), said, q) FROM (VALUES
    ('SELECT patchmail.merge_person(%s, %1$s)', 'person % is the same person'),
    ('SELECT patchmail.merge_person(%s, 0)', 'there is no person 0'),
    ('SELECT patchmail.merge_person(NULL, %s)', 'which person is meant is not given'),
    ('SELECT patchmail.merge_person(%s, person(''new''))', 'persons % and % are two users of Patchwork'),
    ('SELECT patchmail.merge_person(%s, person(''new''), ''nobody'')', 'there is no user "nobody"')) t (q, said);
ROLLBACK TO empty;

-- A name stays --------------------------------------------------------------------------------------------------------

SELECT store_all(patch('a', who => 'ada'), patch('b', who => 'bob'));
SELECT is((SELECT (before->>'name', after->>'name', actor)::text
             FROM patchmail.rename_person(person('ada'), ' Ada Given ', 'uma')), '(ada,"Ada Given",uma)',
          'a person is renamed');
SELECT is(people_later(ARRAY[named(patch('x', minute => 900), 'Ada Mail'), named(patch('y', minute => 800), 'A.')]),
          'ada=Ada Given a x y, bob=bob b', 'and keeps the name whatever mail says');
SELECT is(people_later(ARRAY[with_verdict(patch('a', content => 'Another text'), 'pass')]),
          'ada=Ada Given a, bob=bob b QUARANTINED', 'and when a mail of his leaves');
SELECT is((SELECT count(*) FROM patchmail.rename_person(person('ada'), 'Ada Given')), 0::bigint,
          'the same name again is no change');
SELECT store_all(named(patch('x', minute => 900), 'Ada Mail'));
SELECT is((SELECT after->>'name' FROM patchmail.rename_person(person('ada'), NULL)), 'Ada Mail',
          'without a name mail decides again');
SELECT is(people_later(ARRAY[named(patch('y', minute => 990), 'Ada Later')]), 'ada=Ada Later a x y, bob=bob b',
          'and later mail renames');
SELECT throws_like(format(q, person('ada')), said, q) FROM (VALUES
    ('SELECT patchmail.rename_person(%s, '' '')', 'a name has from 1 to 255 characters'),
    ('SELECT patchmail.rename_person(%s, repeat(''x'', 256))', 'a name has from 1 to 255 characters'),
    ('SELECT patchmail.rename_person(0, ''x'')', 'there is no person 0'),
    ('SELECT patchmail.rename_person(NULL, ''x'')', 'which person is meant is not given')) t (q, said);
ROLLBACK TO empty;

-- Somebody is forgotten -----------------------------------------------------------------------------------------------

SELECT store_all(named(cover('c', 1, who => 'zoe'), 'Zoe Smith'), named(patch('p', '1/1', 'c', who => 'zoe'),
    'Zoe Smith'),
                 reply('r', 'p', content => E'On Monday Zoe  Smith <zoe@example.org> wrote:\n> Zoe\nNot '
                     'z.zoe@example.org, '
                                            'zoe@example.org.uk or zoe-zoe@example.org. Ask ZOE@EXAMPLE.ORG.'),
                 named(reply('w', 'later', who => 'zoe'), 'Zoe'), patch('other', who => 'bob'));
UPDATE public.patchwork_patch SET headers = E'From: =?utf-8?q?Zoe_Smith?=\n <zoe@example.org>\nSubject: x\nCc: '
    '"Zoe Smith" <Zoe@example.org>, bob@example.org\n' WHERE msgid = '<p@example.org>';
SELECT store_mail(facts_rejected('bad', '<q1@example.org>', 'by Zoe Smith')
                  || '{"author": {"name": "Zoe", "email": "zoe@example.org"}}');
SELECT count(*) FROM patchmail.rename_person(person('zoe'), 'Zoe S. Given');
INSERT INTO public.patchwork_emailoptout VALUES ('Zoe@example.org');
SELECT is((SELECT count(*) FROM patchmail.forget('zoe@example.org', dry_run => true)), 1::bigint, 'a dry run forgets');
SELECT is((SELECT name FROM public.patchwork_person WHERE id = person('zoe')), 'Zoe S. Given', 'nobody');
SELECT person('zoe') AS zoe \gset
SELECT is((SELECT (f.object, f.object_id, f.before, f.after->'patchwork_patch',
           f.after->'thrown away from quarantine')::text
             FROM patchmail.forget(' <ZOE@example.org> ', 'uma') f), format('(person,%s,,1,1)', :zoe),
          'what is given says how much was changed, and not what it said');
SELECT is((SELECT concat(name, ' ', email) FROM public.patchwork_person WHERE id = :zoe),
          format('forgotten-%1$s forgotten-%1$s@forgotten.invalid', :zoe), 'a person is called something else');
SELECT is((SELECT headers FROM public.patchwork_patch WHERE msgid = '<p@example.org>'),
          format(E'From: forgotten-%1$s <forgotten-%1$s@forgotten.invalid>\nSubject: x\nCc: '
                 'forgotten-%1$s <forgotten-%1$s@forgotten.invalid>, bob@example.org\n', :zoe),
          'headers name nobody, not even encoded');
SELECT is((SELECT content FROM public.patchwork_patchcomment WHERE msgid = '<r@example.org>'),
          format(E'On Monday forgotten-%1$s <forgotten-%1$s@forgotten.invalid> wrote:\n> Zoe\nNot z.zoe@example.org, '
                 'zoe@example.org.uk or zoe-zoe@example.org. Ask forgotten-%1$s@forgotten.invalid.', :zoe),
          'nor do texts of others, which keep what is only like it');
-- Whatever is left in any table.
CREATE FUNCTION mentions(pattern text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    relation regclass;
    found    bigint;
BEGIN
    FOR relation IN SELECT c.oid FROM pg_class c WHERE c.relkind = 'r'
                       AND c.relnamespace IN ('public'::regnamespace, 'patchmail'::regnamespace) LOOP
        EXECUTE format('SELECT count(*) FROM %s x WHERE x::text ~* $1', relation) INTO found USING pattern;
        IF found > 0 THEN
            RETURN NEXT concat(relation, ' ', found);
        END IF;
    END LOOP;
END
$$;
SELECT bag_eq($$SELECT mentions('zoe *smith|zoe s\. given|(^|[^.-])zoe@example\.org($|[^.])')$$, ARRAY[]::text[],
              'no table says any more who it was');
SELECT is(people_later(ARRAY[cover('c', 1, who => 'zoe'), patch('p', '1/1', 'c', who => 'zoe'),
                             reply('r', 'p', content => 'On Monday Zoe Smith <zoe@example.org> wrote: Zoe')]),
          people(), 'the same mail again is a duplicate, and names nobody');
SELECT is(people_later(ARRAY[named(patch('new', who => 'zoe', minute => 900), 'Zoe Smith')]),
          'bob=bob other, ' || format('forgotten-%1$s@forgotten.invalid=forgotten-%1$s c p, ', :zoe)
          || 'rob=rob r, zoe=Zoe Smith new', 'new mail is from somebody new');
SELECT is(people_later(ARRAY[patch('later', who => 'bob', minute => 50)]),
          'bob=bob later other, ' || format('forgotten-%1$s@forgotten.invalid=forgotten-%1$s c p w, ', :zoe)
          || 'rob=rob r', 'a reply that waited is of whom nobody knows');
SELECT throws_like(q, said, q) FROM (VALUES
    ('SELECT patchmail.forget(NULL)', '"%" is no address'),
    ('SELECT patchmail.forget(''zoe'')', '"zoe" is no address'),
    ('SELECT patchmail.forget(''uma@example.org'')', 'the address is that of a user of Patchwork: %')) t (q, said);

SELECT * FROM finish();
ROLLBACK;
