-- Threads that an admin moves to another project are there with all that is theirs, and later mail follows.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS demo \gset
SELECT make_project('other', 'other.example.org') AS other \gset
UPDATE public.patchwork_project SET use_tags = linkname = 'demo';
INSERT INTO public.auth_user (id, username, first_name, last_name, email, password, is_superuser, is_staff, is_active,
                              date_joined)
VALUES (1, 'uma', '', '', 'uma@example.org', '', false, false, true, now());

-- Everything that has a project, a line each: where it is.
CREATE FUNCTION places() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(p.linkname || ':' || x.what, ' ' ORDER BY p.linkname, x.what COLLATE "C")
      FROM (SELECT project_id, word(msgid) FROM public.patchwork_patch
            UNION ALL SELECT project_id, word(msgid) FROM public.patchwork_cover
            UNION ALL SELECT p.project_id, word(k.msgid) || '>' || word(p.msgid)
                        FROM public.patchwork_patchcomment k JOIN public.patchwork_patch p ON p.id = k.patch_id
            UNION ALL SELECT c.project_id, word(k.msgid) || '>' || word(c.msgid)
                        FROM public.patchwork_covercomment k JOIN public.patchwork_cover c ON c.id = k.cover_id
            UNION ALL SELECT project_id, word(msgid) || '>?' FROM patchmail.message WHERE waiting IS NOT NULL
            UNION ALL SELECT project_id, members(id) FROM public.patchwork_series) x (project_id, what)
      JOIN public.patchwork_project p ON p.id = x.project_id;
$$;
-- What does not fit together: rows of one project that belong to rows of another.
CREATE FUNCTION misfits() RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT 'series of ' || p.msgid FROM public.patchwork_patch p JOIN public.patchwork_series s ON s.id = p.series_id
     WHERE s.project_id <> p.project_id
    UNION ALL
    SELECT 'cover of ' || c.msgid FROM public.patchwork_cover c JOIN public.patchwork_series s
        ON s.cover_letter_id = c.id
     WHERE s.project_id <> c.project_id
    UNION ALL
    SELECT 'event ' || e.category FROM public.patchwork_event e
      LEFT JOIN public.patchwork_patch p ON p.id = e.patch_id LEFT JOIN public.patchwork_cover c ON c.id = e.cover_id
      LEFT JOIN public.patchwork_series s ON s.id = e.series_id
     WHERE e.project_id <> coalesce(p.project_id, c.project_id, s.project_id)
    UNION ALL
    SELECT 'ledger ' || m.msgid FROM patchmail.message m
      LEFT JOIN public.patchwork_patch p ON p.id = m.patch_id LEFT JOIN public.patchwork_cover c ON c.id = m.cover_id
     WHERE m.project_id <> coalesce(p.project_id, c.project_id, m.project_id)
    UNION ALL
    SELECT 'reference ' || k.msgid FROM patchmail.message m, unnest(m.refs) k (msgid)
     WHERE NOT EXISTS (SELECT FROM patchmail.reference r
                        WHERE r.project_id = m.project_id AND r.msgid = k.msgid AND r.message_id = m.id)
    UNION ALL
    SELECT 'needless reference ' || r.msgid FROM patchmail.reference r
     WHERE r.message_id > 0
       AND NOT EXISTS (SELECT FROM patchmail.message m WHERE m.id = r.message_id AND m.project_id = r.project_id)
        OR r.message_id = 0
       AND NOT EXISTS (SELECT FROM patchmail.dependency d WHERE d.project_id = r.project_id AND d.msgid = r.msgid)
       AND NOT EXISTS (SELECT FROM patchmail.alias a WHERE a.project_id = r.project_id AND a.alias = r.msgid)
    UNION ALL
    SELECT 'thread of several projects'
        FROM patchmail.message m GROUP BY m.thread HAVING count(DISTINCT m.project_id) > 1
    UNION ALL
    SELECT 'reference of a series' FROM public.patchwork_seriesreference r
      JOIN public.patchwork_series s ON s.id = r.series_id WHERE s.project_id <> r.project_id
    UNION ALL
    SELECT 'bundle ' || b.name FROM public.patchwork_bundle b JOIN public.patchwork_bundlepatch x ON x.bundle_id = b.id
      JOIN public.patchwork_patch p ON p.id = x.patch_id WHERE p.project_id <> b.project_id
    UNION ALL
    SELECT 'dependency' FROM public.patchwork_series_dependencies d
      JOIN public.patchwork_series a ON a.id = d.from_series_id JOIN public.patchwork_series b ON b.id = d.to_series_id
     WHERE a.project_id <> b.project_id;
$$;
CREATE FUNCTION places_later(mails jsonb[]) RETURNS text LANGUAGE sql AS $$
    SELECT later(mails, $q$concat_ws(' ', places(), (SELECT string_agg(m, ' ') FROM misfits() m),
                                      (SELECT 'QUARANTINED' FROM patchmail.quarantine LIMIT 1))$q$);
$$;
CREATE FUNCTION to_other(mail jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT mail || '{"list_ids": [{"field": "List-Id", "id": "other.example.org"}]}';
$$;

SELECT store_all(cover('c', 3), patch('p1', '1/3', 'c', content => 'Acked-by: A <a@example.org>'), patch('p2', '2/3',
    'c'),
                 reply('r', 'p1'), reply('rc', 'c'), reply('w', 'gone p2x', content => 'waits'),
                 patch('s', who => 'bob'), reply('rs', 's'),
                 patch('d', who => 'bob', minute => 9, more => '{"depends_on": [{"message_id": "<p2@example.org>"}]}'),
                 patch('e', '1/1', 'c', 2, more => '{"depends_on": [{"message_id": "<p1@example.org>"}]}'),
                 reply('y', 'x p1 c', content => 'leads there'));
SELECT patchmail.write_series_references() > 0 AS written \gset
INSERT INTO public.patchwork_bundle (id, name, public, owner_id, project_id)
VALUES (1, 'mixed', true, 1, :demo), (2, 'moving', true, 1, :demo);
INSERT INTO public.patchwork_bundlepatch (bundle_id, patch_id, "order")
VALUES (1, (patch_of('p1')).id, 1), (1, (patch_of('s')).id, 2), (2, (patch_of('p1')).id, 1), (2, (patch_of('p2')).id,
    2);
INSERT INTO public.patchwork_check (patch_id, user_id, date, state, context) VALUES ((patch_of('p1')).id, 1, now(), 1,
    'ci');
UPDATE public.patchwork_patch SET delegate_id = 1 WHERE id = (patch_of('p1')).id;
SELECT is_empty('SELECT misfits()', 'all fits together before');
SELECT places() AS before \gset
SAVEPOINT stored;

SELECT is((SELECT string_agg(DISTINCT object || ' ' || (after->>'project'), ', ')
             FROM patchmail.move_to_project('other', series_ids => ARRAY[(series_of('p1')).id], dry_run => true)),
          'comment other, cover other, patch other, series other', 'a dry run tells what would move');
SELECT is(places(), :'before', 'and moves nothing');
SELECT count(*) AS moved FROM patchmail.move_to_project('other', series_ids => ARRAY[(series_of('p1')).id]) \gset
SELECT is(places(), 'demo:[- 1:d] demo:[- 1:s] demo:d demo:rs>s demo:s demo:w>? other:[- 1:e] other:[c 1:p1 2:p2] '
                    'other:c other:e other:p1 other:p2 other:r>p1 other:rc>c other:y>p1',
          'a thread moves whole: other versions, comments');
SELECT is_empty('SELECT misfits()', 'and all fits together after');
SELECT is((SELECT string_agg(name || ' ' || project_id, ', ' ORDER BY id) FROM public.patchwork_bundle),
          format('mixed %s, moving %s', :demo, :other), 'a bundle of it goes along');
SELECT is((SELECT before->'bundles' || jsonb_build_array(after->'bundles') FROM patchmail.audit
            WHERE function = 'move_to_project' AND object_id = (patch_of('p1')).id AND object = 'patch'),
          '[1, 2, [2]]', 'it is taken out of others, as the audit tells');
SELECT is((SELECT concat(delegate_id, (SELECT count(*) FROM public.patchwork_check k WHERE k.patch_id = p.id),
                         (SELECT count(*) FROM public.patchwork_patchtag t WHERE t.patch_id = p.id))
             FROM public.patchwork_patch p WHERE p.msgid = '<p1@example.org>'), '110',
          'delegate and checks stay, tags are as the new project counts them');
SELECT is((SELECT string_agg(members(from_series_id), ' ') FROM public.patchwork_series_dependencies), '[- 1:e]',
          'what depends on it from another project depends no more');
SAVEPOINT moved;

-- Later mail
SELECT is(places_later(ARRAY[cover('c', 3), reply('r', 'p1'), reply('rc', 'c'),
                             patch('p1', '1/3', 'c', content => 'Acked-by: A <a@example.org>')]), places(),
          'the same mail again is a duplicate');
SELECT is(places_later(ARRAY[patch('p3', '3/3', 'c'), reply('n', 'p2'), reply('ns', 's')]),
          'demo:[- 1:d] demo:[- 1:s] demo:d demo:ns>s demo:rs>s demo:s demo:w>? other:[- 1:e] other:[c 1:p1 2:p2 3:p3] '
          'other:c other:e other:n>p2 other:p1 other:p2 other:p3 other:r>p1 other:rc>c other:y>p1',
          'what comes by the old list follows its thread, and nothing else');
SELECT is(places_later(ARRAY[to_other(patch('p3', '3/3', 'c'))]),
          'demo:[- 1:d] demo:[- 1:s] demo:d demo:rs>s demo:s demo:w>? other:[- 1:e] other:[c 1:p1 2:p2 3:p3] '
          'other:c other:e other:p1 other:p2 other:p3 other:r>p1 other:rc>c other:y>p1',
          'so does what comes by the new one');
SELECT is(places_later(ARRAY[reply('n', 'p2'), reply('nn', 'n'), reply('nnn', 'nn')]),
          'demo:[- 1:d] demo:[- 1:s] demo:d demo:rs>s demo:s demo:w>? other:[- 1:e] other:[c 1:p1 2:p2] '
          'other:c other:e other:n>p2 other:nn>p2 other:nnn>p2 other:p1 other:p2 other:r>p1 other:rc>c other:y>p1',
          'and the answers to that alone');
SELECT is(places_later(ARRAY[reply('nnn', 'nn'), reply('nn', 'n'), reply('n', 'p2')]),
          'demo:[- 1:d] demo:[- 1:s] demo:d demo:rs>s demo:s demo:w>? other:[- 1:e] other:[c 1:p1 2:p2] '
          'other:c other:e other:n>p2 other:nn>p2 other:nnn>p2 other:p1 other:p2 other:r>p1 other:rc>c other:y>p1',
          'also if these come first');
SELECT is(places_later(ARRAY[patch('v', '1/1', 'c', 3), patch('z', '1/1', '', 3)]),
          'demo:[- 1:d] demo:[- 1:s] demo:[- 1:z] demo:d demo:rs>s demo:s demo:w>? demo:z other:[- 1:e] other:[- 1:v] '
          'other:[c 1:p1 2:p2] other:c other:e other:p1 other:p2 other:r>p1 other:rc>c other:v other:y>p1',
          'a next version that answers it follows, one that does not is where its list is');
SELECT is((SELECT string_agg(e.linkname, ',') FROM patchmail.explain(reply('n', 'p2'), '{}') e), 'other',
          'explain says so');

-- And back; and on
SELECT count(*) AS back FROM patchmail.move_to_project('demo', ARRAY['c@example.org']) \gset
SELECT is(places(), :'before', 'it can be moved back');
SELECT is_empty('SELECT misfits()', 'and fits together again');
SELECT is((SELECT string_agg(members(from_series_id), ' ' ORDER BY members(from_series_id))
             FROM public.patchwork_series_dependencies), '[- 1:d] [- 1:e]',
          'what depended on it does so again');
SELECT is((SELECT count(*) FROM patchmail.removed WHERE project_id = :demo), 0::bigint,
           'nothing is known to be elsewhere');
SELECT is(places_later(ARRAY[reply('n', 'p2')]), regexp_replace(:'before', 'demo:p1 ', 'demo:n>p2 demo:p1 '),
          'and later mail comes where it was');
SELECT is(places_later(ARRAY[to_other(reply('n', 'p2'))]), regexp_replace(:'before', 'demo:p1 ', 'demo:n>p2 demo:p1 '),
          'by either list');
ROLLBACK TO moved;
SELECT make_project('third', 'third.example.org') AS third \gset
SELECT count(*) AS onward FROM patchmail.move_to_project('third', patch_ids => ARRAY[(patch_of('p1')).id]) \gset
SELECT is(places_later(ARRAY[reply('n', 'p2'), to_other(reply('m', 'p2')), patch('p2', '2/3', 'c')]),
          'demo:[- 1:d] demo:[- 1:s] demo:d demo:rs>s demo:s demo:w>? third:[- 1:e] third:[c 1:p1 2:p2] third:c '
          'third:e '
          'third:m>p2 third:n>p2 third:p1 third:p2 third:r>p1 third:rc>c third:y>p1',
          'what is moved on is followed from every list that it was of');
ROLLBACK TO stored;

-- A mail of both lists, and one that is in quarantine
SELECT count(*) AS moved FROM patchmail.move_to_project('other', patch_ids => ARRAY[(patch_of('p1')).id]) \gset
SELECT is(places_later(ARRAY[reply('n', 'p2') || '{"list_ids": [{"field": "List-Id", "id": "demo.example.org"},
                                                                {"field": "List-Id", "id": "other.example.org"}]}']),
          regexp_replace(places(), 'other:p1', 'other:n>p2 other:p1'), 'a mail of both lists is there once');
SELECT is(patchmail.project_names(reply('n', 'p2'), '{}'), 'other',
           'a mail is held for the project that it would be in');
SELECT is(store_mail(with_verdict(patch('p2', '2/3', 'c', content => 'Quite another text.'), 'fail')), 'quarantined',
          'another mail with the Message-ID of one that was moved does not get it');
ROLLBACK TO stored;

-- Several projects of one list
UPDATE public.patchwork_project SET listid = 'demo.example.org', subject_match = 'never' WHERE linkname = 'other';
SELECT count(*) AS moved FROM patchmail.move_to_project('other', patch_ids => ARRAY[(patch_of('p1')).id]) \gset
SELECT is(places_later(ARRAY[patch('p3', '3/3', 'c'), reply('n', 'p2'), cover('c', 3)]),
          'demo:[- 1:d] demo:[- 1:s] demo:d demo:rs>s demo:s demo:w>? other:[- 1:e] other:[c 1:p1 2:p2 3:p3] '
          'other:c other:e other:n>p2 other:p1 other:p2 other:p3 other:r>p1 other:rc>c other:y>p1',
          'what is moved is followed within a list, whatever the subject says');
ROLLBACK TO stored;

-- A wrapped mail, and one that Patchwork stored itself
SELECT store_all(patch('in', who => 'kim', more => '{"wrapped_message_id": "<wrapped@example.org>"}'));
SELECT count(*) AS moved FROM patchmail.move_to_project('other', ARRAY['<wrapped@example.org>']) \gset
SELECT is(places_later(ARRAY[reply('n', 'wrapped'), patch('wrapped', who => 'kim')]),
          regexp_replace(:'before', '$', ' other:[- 1:in] other:in other:n>in'),
          'a mail with two Message-IDs is followed by either');
SELECT is_empty('SELECT misfits()', 'and fits together');
ROLLBACK TO stored;
TRUNCATE patchmail.message, patchmail.reference, patchmail.dependency, patchmail.authentication;
SELECT count(*) AS moved FROM patchmail.move_to_project('other', ARRAY['p1@example.org']) \gset
SELECT is((SELECT string_agg(word(msgid), ' ' ORDER BY msgid) FROM public.patchwork_patch WHERE project_id = :other),
           'p1 p2',
          'a series that the ledger does not know is moved');
SELECT is((SELECT count(*) FROM misfits() m WHERE m NOT LIKE 'ref%'), 0::bigint, 'and fits together');
SELECT store_all(reply('n', 'p2'), reply('r', 'p1'));
SELECT is((SELECT count(*) FROM public.patchwork_patch p JOIN public.patchwork_patchcomment k ON k.patch_id = p.id
            WHERE p.project_id = :other AND k.msgid IN ('<n@example.org>', '<r@example.org>')), 2::bigint,
          'later mail follows it, the same mail is a duplicate');
ROLLBACK TO stored;

-- What was put into a series by hand goes along
SELECT count(*) AS put FROM patchmail.move_to_project('other', patch_ids => ARRAY[(patch_of('s')).id])  \gset
SELECT is(places(), regexp_replace(regexp_replace(:'before', ' demo:rs>s demo:s', ''), ' demo:\[- 1:s\]', '')
                    || ' other:[- 1:s] other:rs>s other:s', 'a patch by itself moves by itself');
ROLLBACK TO stored;
UPDATE public.patchwork_patch SET number = 3, series_id = (series_of('p1')).id WHERE id = (patch_of('s')).id;
SELECT count(*) AS moved FROM patchmail.move_to_project('other', patch_ids => ARRAY[(patch_of('p1')).id]) \gset
SELECT is_empty('SELECT misfits()', 'a patch that was put into a series in the tables goes along with it');
ROLLBACK TO stored;

-- By rule
SELECT count(*) AS ruled FROM patchmail.move_by_rule('demo', 'other', '^(s|d)$', 'uma') \gset
SELECT is(:ruled, 5, 'a rule moves the threads that match it');
SELECT is((SELECT string_agg(word(msgid), ' ' ORDER BY msgid) FROM public.patchwork_patch WHERE project_id = :other),
           'd s',
          'whole, and no others');
SELECT is_empty('SELECT misfits()', 'and all fits together');
ROLLBACK TO stored;
SELECT store_all(to_other(patch('s', who => 'bob')));
SELECT is((SELECT count(*) FROM patchmail.move_by_rule('demo', 'other', '^(s|d)$')), 2::bigint,
          'a thread that the other project has itself stays');
SELECT is((SELECT count(*) FROM patchmail.move_by_rule('demo', 'other', 'nothing like it')), 0::bigint,
          'a rule that nothing matches moves nothing');

-- Projects and people that Patchwork deleted leave nothing behind
SAVEPOINT tidy;
SELECT count(*) AS moved FROM patchmail.move_to_project('other', ARRAY['p1@example.org']) \gset
SELECT count(*) AS named FROM patchmail.rename_person((SELECT id FROM public.patchwork_person
                                                        WHERE email = 'rob@example.org'), 'Rob') \gset
UPDATE patchmail.person_name SET person_id = 0;
INSERT INTO patchmail.person_alias VALUES ('GONE@EXAMPLE.ORG', 0);
UPDATE patchmail.removed SET to_project_id = 0 WHERE msgid = '<p1@example.org>';
SELECT isnt((SELECT count(*) FROM patchmail.removed), 0::bigint, 'mail is known to be elsewhere');
SELECT count(*) AS tidied FROM patchmail.tidy() \gset
SELECT is((SELECT concat((SELECT count(*) FROM patchmail.removed WHERE to_project_id = 0), ' ',
                         (SELECT count(*) > 0 FROM patchmail.removed), ' ',
                         (SELECT count(*) FROM patchmail.person_alias), ' ',
                         (SELECT count(*) FROM patchmail.person_name))), '0 t 0 0',
                             'tidy forgets what is gone, no more');
SELECT is(store_all(patch('fresh', who => 'gone', minute => 999)), '{stored}',
           'an old address of nobody is anybody''s');
ROLLBACK TO tidy;

-- Nonsense
SELECT throws_like(q, said, q) FROM (VALUES
    ('SELECT patchmail.move_to_project(''other'')', 'what is to be moved is not given'),
    ('SELECT patchmail.move_to_project(''other'', ''{}'')', 'what is to be moved is not given'),
    ('SELECT patchmail.move_to_project(''none'', ARRAY[''s@example.org''])', 'there is no project "none"'),
    ('SELECT patchmail.move_to_project(NULL, ARRAY[''s@example.org''])', 'which project is meant is not given'),
    ('SELECT patchmail.move_to_project(''other'', ARRAY[''none@example.org''])', 'no project has mail with these %'),
    ('SELECT patchmail.move_to_project(''other'', ARRAY[''s@example.org''])',
     'project other has mail of these threads %'),
    ('SELECT patchmail.move_to_project(''demo'', ARRAY[''p1@example.org''])', 'that is in this project already'),
    ('SELECT patchmail.move_to_project(''other'', ARRAY[''p1@example.org''], from_project => ''other'')',
     'that is the same project'),
    ('SELECT patchmail.move_to_project(''other'', series_ids => ''{0}'')', 'there is no series 0'),
    ('SELECT patchmail.move_to_project(''other'', patch_ids => ''{NULL}'')', 'which patch is meant is not given'),
    ('SELECT patchmail.move_to_project(''other'', ARRAY[''p1@example.org''], actor => ''nobody'')',
     'there is no user "nobody"'),
    ('SELECT patchmail.move_by_rule(''demo'', ''demo'', ''x'')', 'that is the same project'),
    ('SELECT patchmail.move_by_rule(''demo'', ''other'', '''')', 'the regular expression is not given'),
    ('SELECT patchmail.move_by_rule(''demo'', ''other'', ''('')', '"(" is no regular expression: %')) t (q, said);

SELECT * FROM finish();
ROLLBACK;
