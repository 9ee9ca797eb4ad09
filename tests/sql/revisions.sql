-- Revisions: which series replaces which, which patch which, and what a project's policy makes of it.
\ir preamble.psql
\ir state.psql
SELECT plan(108);
SELECT make_project() AS project \gset

-- A mail with another title than its id, and a diff of its own.
CREATE FUNCTION titled(mail jsonb, title text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_set(mail, '{subject,title}', to_jsonb(title))
           || jsonb_build_object('hash', left(md5(mail->>'message_id') || md5('hash'), 40));
$$;
CREATE FUNCTION changed(mail jsonb, change_id text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT mail || jsonb_build_object('change_id', change_id);
$$;
-- Every link as "newer>older evidence", the series by the first of their members.
CREATE FUNCTION lead(series_id integer) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT min(word(m.msgid) COLLATE "C") FROM _patchmail.series_messages($1) m;
$$;
CREATE FUNCTION revisions() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(string_agg(concat(lead(r.series_id), '>', lead(r.former_id), ' ', array_to_string(r.evidence, ',')),
                               '; '
                               ORDER BY lead(r.series_id) COLLATE "C"), '')
      FROM patchmail.series_revision r;
$$;
CREATE FUNCTION pairs() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(string_agg(concat(word(p.msgid), '>', word(o.msgid), ' ', array_to_string(r.evidence, ',')), '; '
                               ORDER BY p.msgid COLLATE "C"), '')
      FROM patchmail.related_patches r JOIN public.patchwork_patch p ON p.id = r.patch_id
      JOIN public.patchwork_patch o ON o.id = r.former_patch_id;
$$;
CREATE FUNCTION revisions_after(VARIADIC mails jsonb[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    PERFORM store_all(VARIADIC mails);
    found := revisions();
    RAISE EXCEPTION USING ERRCODE = 'PT000';
EXCEPTION WHEN SQLSTATE 'PT000' THEN
    RETURN found;
END
$$;

-- plain_title()
SELECT is(_patchmail.plain_title('[RFC,v2,1/3] net:  Fix the_thing, again!'), 'net fix the thing again', 'a name');
SELECT is(_patchmail.plain_title('Größe [ÄÖÜ]'), 'größe äöü',
          'letters of all kinds; brackets behind the front are text');
SELECT is(_patchmail.plain_title('[v2] [net] '), '', 'nothing but prefixes');
SELECT is(_patchmail.plain_title(NULL), NULL, 'no name');

-- Which series replaces which
SELECT is(revisions_after(changed(patch('a'), 'I1'), changed(patch('b', version => 2, minute => 60, who => 'bob'),
                                                             'I1')),
          'b>a change-id', 'the same change-id, whoever sent it');
SELECT is(revisions_after(patch('a'), patch('b', answers => 'a', version => 2, minute => 60)), 'b>a in-reply-to',
          'version 2 in reply to version 1');
SELECT is(revisions_after(patch('a'), reply('r', 'a'), patch('b', answers => 'r', version => 2, minute => 60)),
          'b>a in-reply-to', 'in reply to a comment on it');
SELECT is(revisions_after(cover('c', 1), patch('p', '1/1', 'c'), cover('d', 1, 'p', 2, 60),
                          patch('q', '1/1', 'd p', 2, 61)),
          'd>c in-reply-to', 'a series in reply to a patch of the older one');
SELECT is(revisions_after(patch('a'), patch('b', answers => 'a', version => 2, minute => 60, who => 'bob')), '',
          'somebody else''s version 2 of something else, in reply to it');
SELECT is(revisions_after(titled(patch('a'), 'Fix it.'),
                          titled(patch('b', answers => 'a', version => 2, minute => 60, who => 'bob'), 'fix it')),
          'b>a in-reply-to', 'somebody else goes on with it');
SELECT is(revisions_after(titled(patch('a'), 'net: Fix it'),
                          titled(patch('b', version => 2, minute => 9000), 'net: fix it')),
          'b>a title', 'the same author and title');
SELECT is(revisions_after(titled(patch('a'), 'net: Fix it'),
                          titled(patch('b', version => 2, minute => 9000, who => 'bob'), 'net: fix it')), '',
          'the same title alone is nothing');
SELECT is(revisions_after(titled(patch('a', minute => -60 * 24 * 400), 'fix it'),
                          titled(patch('b', version => 2), 'fix it')),
          '', 'the same title of the same author is nothing a year later');
SELECT is(revisions_after(titled(patch('a'), 'fix it'), titled(patch('b', minute => 60), 'fix it')), '',
          'the same version is another one');
SELECT is(revisions_after(titled(patch('a'), 'fix it'),
                          titled(patch('b', minute => 60), 'fix it')
                          || '{"subject": {"prefixes": ["RESEND"], "title": "fix it", "version": 1, "number": null, '
                             '"total": null, "text": "[PATCH RESEND] fix it", "reply": false}}'),
          'b>a title', 'the same version that says that it is sent again is a revision');
SELECT is(revisions_after(titled(patch('b', version => 2), 'fix it'), titled(patch('a', minute => 60), 'fix it')), '',
          'what is sent later is no older version');
SELECT is(revisions_after(changed(titled(patch('a'), 'fix it'), 'I1'),
                          changed(titled(patch('b', answers => 'a', version => 2, minute => 60), 'fix it'), 'I2')), '',
          'two change-ids say that they are two things');
SELECT is(revisions_after(titled(patch('a'), 'fix it'),
                          changed(titled(patch('b', version => 2, minute => 60), 'fix it'), 'I2')), 'b>a title',
          'one may begin later');
SELECT is(revisions_after(titled(patch('a'), 'fix it'), titled(patch('b', version => 2, minute => 60), 'fix it'),
                          titled(patch('c', version => 3, minute => 90), 'fix it')), 'b>a title; c>b title',
          'of several the highest version below');
SELECT is(revisions_after(titled(patch('a'), 'fix it'), titled(patch('b', answers => 'a', version => 2, minute => 60),
                                                               'fix it'),
                          titled(patch('c', answers => 'a', version => 3, minute => 90), 'fix it')),
          'b>a in-reply-to,title; c>b title', 'the same if all answer the first one');
SELECT is(revisions_after(patch('a1', '1/4'), patch('a2', '2/4', 'a1'), patch('a3', '3/4', 'a1'),
                          patch('a4', '4/4', 'a1'),
                          cover('b', 2, version => 2, minute => 90), titled(patch('b1', '1/2', 'b', 2, 90), 'a3'),
                          titled(patch('b2', '2/2', 'b', 2, 90), 'new')), 'b>a1 title',
          'half of the patches of the smaller one have the same titles');
SELECT is(revisions_after(patch('a1', '1/4'), patch('a2', '2/4', 'a1'), patch('a3', '3/4', 'a1'),
                          patch('a4', '4/4', 'a1'),
                          cover('b', 3, version => 2, minute => 90), titled(patch('b1', '1/3', 'b', 2, 90), 'a3'),
                          titled(patch('b2', '2/3', 'b', 2, 90), 'new'),
                          titled(patch('b3', '3/3', 'b', 2, 90), 'newer')), '',
          'less than half is chance');
SELECT make_project('second', 'second.example.org') AS second \gset
SELECT is(revisions_after(titled(patch('a'), 'fix it'),
                          titled(patch('b', version => 2, minute => 60,
                                       more => '{"list_ids": [{"field": "List-Id", "id": "second.example.org"}]}'),
                                       'fix it')),
          '', 'another project''s is another one');

-- Which patch replaces which
SAVEPOINT empty;
SELECT store_all(cover('c', 3), titled(patch('p1', '1/3', 'c'), 'one'), titled(patch('p2', '2/3', 'c'), 'two'),
                 titled(patch('p3', '3/3', 'c'), 'three') || '{"hash": "1111111111111111111111111111111111111111"}',
                 cover('d', 4, 'c', 2, 60), titled(patch('q1', '1/4', 'd', 2, 60), 'one'),
                 titled(patch('q2', '2/4', 'd', 2, 60), 'new'),
                 titled(patch('q3', '3/4', 'd', 2, 60), 'TWO'),
                 titled(patch('q4', '4/4', 'd', 2, 60), 'third')
                 || '{"hash": "1111111111111111111111111111111111111111"}');
SELECT is(pairs(), 'q1>p1 title,number; q3>p2 title; q4>p3 hash', 'by title, or by hash where the title changed');
ROLLBACK TO empty;
SELECT store_all(cover('c', 2), titled(patch('p1', '1/2', 'c'), 'update'),
                 titled(patch('p2', '2/2', 'c'), 'update'), cover('d', 2, 'c', 2, 60),
                 titled(patch('q1', '1/2', 'd', 2, 60), 'update'),
                 titled(patch('q2', '2/2', 'd', 2, 60), 'update'));
SELECT is(pairs(), 'q1>p1 title,number; q2>p2 title,number', 'if all patches have one title, the number tells');
ROLLBACK TO empty;

-- What a project wants done
CREATE FUNCTION states() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(concat(word(p.msgid), ' ', s.slug), ', ' ORDER BY p.msgid COLLATE "C")
      FROM public.patchwork_patch p JOIN public.patchwork_state s ON s.id = p.state_id;
$$;
CREATE FUNCTION relations() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(string_agg(x.members, ', ' ORDER BY x.members COLLATE "C"), '')
      FROM (SELECT string_agg(word(p.msgid), '+' ORDER BY p.msgid COLLATE "C") AS members
              FROM public.patchwork_patch p WHERE p.related_id IS NOT NULL GROUP BY p.related_id) x;
$$;
CREATE FUNCTION changes() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(string_agg(concat_ws(' ', e.category, word(p.msgid), o.slug, n.slug,
                                         CASE WHEN num_nonnulls(e.previous_relation_id, e.current_relation_id) > 0
                                              THEN 'names its relation' END), ', '
                               ORDER BY e.category COLLATE "C", p.msgid COLLATE "C", e.id), '')
      FROM public.patchwork_event e JOIN public.patchwork_patch p ON p.id = e.patch_id
      LEFT JOIN public.patchwork_state o ON o.id = e.previous_state_id
      LEFT JOIN public.patchwork_state n ON n.id = e.current_state_id
     WHERE e.category LIKE '%-changed';
$$;
-- Two patches, and two versions later one of them.
CREATE FUNCTION three_versions() RETURNS jsonb[] LANGUAGE sql AS $$
    SELECT ARRAY[cover('c', 2), titled(patch('p1', '1/2', 'c'), 'one'), titled(patch('p2', '2/2', 'c'), 'two'),
                 titled(patch('q1', '1/2', 'c', 2, 60), 'one'), titled(patch('q2', '2/2', 'c', 2, 60), 'two'),
                 titled(patch('r', answers => 'c', version => 3, minute => 90), 'one')];
$$;
CREATE FUNCTION done_after(mails jsonb[], OUT done text) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM store_all(VARIADIC mails);
    done := concat_ws('; ', states(), relations(), changes());
    RAISE EXCEPTION USING ERRCODE = 'PT000';
EXCEPTION WHEN SQLSTATE 'PT000' THEN
    RETURN;
END
$$;
SAVEPOINT shown;
SELECT throws_ok($$SELECT patchmail.set_policy('nobody', true)$$, '23514', 'there is no project "nobody"',
                 'no such project');
SELECT is(done_after(three_versions()), 'p1 new, p2 new, q1 new, q2 new, r new; ; ',
          'without a policy nothing is done');
SELECT row_eq($$SELECT relate, supersede FROM patchmail.set_policy('demo')$$, ROW(false, false),
              'as with an empty one');
SELECT is(done_after(three_versions()), 'p1 new, p2 new, q1 new, q2 new, r new; ; ', 'nothing is done');

SELECT row_eq($$SELECT relate, supersede FROM patchmail.set_policy('demo', supersede => true)$$, ROW(false, true),
              'superseding on');
SELECT is(done_after((three_versions())[1:4]), 'p1 new, p2 new, q1 new; ; ', 'version 2 is not complete');
SELECT is(done_after((three_versions())[1:5]), 'p1 superseded, p2 superseded, q1 new, q2 new; ; '
          'patch-state-changed p1 new superseded, patch-state-changed p2 new superseded', 'it is');
SELECT is(done_after((three_versions())[1:4] || (three_versions())[6:6]),
          'p1 superseded, p2 superseded, q1 superseded, r new; ; patch-state-changed p1 new superseded, '
          'patch-state-changed p2 new superseded, patch-state-changed q1 new superseded',
          'version 3 is complete, and supersedes all before it');
SELECT is(done_after((three_versions())[1:3] || titled(patch('q2', '2/2', 'p2', 2, 60), 'two')),
          'p1 new, p2 new, q2 new; ; ', 'one patch of two anew is no complete version');
SELECT is(done_after((three_versions())[1:2] || titled(patch('p2', '2/2', 'c',
                     more => '{"hints": {"state": "Accepted", "delegate": null, "ignore": false, "action_required": '
                             'false}}'), 'two')
                     || (three_versions())[4:5]),
          'p1 superseded, p2 accepted, q1 new, q2 new; ; patch-state-changed p1 new superseded',
          'what is not open stays as it is');

SELECT row_eq($$SELECT relate, supersede FROM patchmail.set_policy('demo', relate => true, supersede => false)$$,
              ROW(true, false), 'relations on');
SELECT is(done_after(three_versions()), 'p1 new, p2 new, q1 new, q2 new, r new; p1+q1+r, p2+q2; '
          'patch-relation-changed p1, patch-relation-changed p2, patch-relation-changed q1, patch-relation-changed q2, '
          'patch-relation-changed r', 'all versions of a patch are related');
SELECT row_eq($$SELECT relate, supersede FROM patchmail.set_policy('demo', supersede => true)$$, ROW(true, true),
              'what is not given stays');
SELECT is((SELECT array_agg(DISTINCT d.done)
             FROM (SELECT (SELECT array_agg(m ORDER BY md5(n || m::text)) FROM unnest(three_versions()) m) AS mails
                     FROM generate_series(1, 60) n) o, LATERAL done_after(o.mails) d),
          ARRAY[done_after(three_versions())], 'the same in whatever order they come, each event once');
SELECT alike(done_after(three_versions()),
             '%p1 superseded, p2 superseded, q1 superseded, q2 superseded, r new; p1+q1+r, p2+q2;%',
             'both at once');

-- What users change by hand stays
SAVEPOINT asked;
SELECT store_all(VARIADIC (three_versions())[1:5]);
UPDATE public.patchwork_patch SET state_id = (SELECT id FROM public.patchwork_state WHERE slug = 'under-review'),
       related_id = NULL WHERE word(msgid) = 'p1';
SELECT store_all((three_versions())[6], reply('x', 'p1'));
SELECT is(concat_ws('; ', states(), relations()),
          'p1 under-review, p2 superseded, q1 superseded, q2 superseded, r new; p2+q2, q1+r',
          'a patch that was opened again and taken out of its relation');
ROLLBACK TO asked;

-- Who may: the same person, verified as well as the policy asks and as the patches are that are superseded.  In each of
-- these p1 and p2 are two patches of ada's, verified; something comes that says that it is version 2 of them.
SELECT patchmail.set_policy('demo', relate => true, supersede => true);
CREATE FUNCTION version_2(who text, verdict text, change_id text DEFAULT 'I1') RETURNS jsonb[] LANGUAGE sql AS $$
    SELECT array_agg(with_verdict(changed(titled(patch('q' || n, n || '/2', 'c', 2, 60, who), title), change_id),
                                  verdict))
      FROM (VALUES (1, 'one'), (2, 'two')) t (n, title);
$$;
CREATE FUNCTION version_1(verdict text DEFAULT 'pass') RETURNS jsonb[] LANGUAGE sql AS $$
    SELECT ARRAY[with_verdict(changed(cover('c', 2), 'I1'), verdict),
                 with_verdict(changed(titled(patch('p1', '1/2', 'c'), 'one'), 'I1'), verdict),
                 with_verdict(changed(titled(patch('p2', '2/2', 'c'), 'two'), 'I1'), verdict)];
$$;
CREATE FUNCTION acted(VARIADIC mails jsonb[]) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN count(DISTINCT d.done) > 1 THEN string_agg(DISTINCT d.done, ' or ')
                WHEN min(d.done) LIKE '%p1 superseded, p2 superseded%; p1+q1, p2+q2;%' THEN 'both'
                WHEN min(d.done) LIKE '%p1 superseded, p2 superseded%; ; %' THEN 'superseded'
                WHEN min(d.done) LIKE '%p1 new, p2 new%; p1+q1, p2+q2;%' THEN 'related'
                WHEN min(d.done) LIKE '%p1 new, p2 new%; ; ' THEN 'nothing' ELSE min(d.done) END
      FROM (SELECT (SELECT array_agg(m ORDER BY md5(n || m::text)) FROM unnest(mails) m) AS mails
              FROM generate_series(1, 2) n) o, LATERAL done_after(o.mails) d;
$$;
SELECT is(acted(VARIADIC version_1() || version_2(who, verdict)), done, who || ', ' || verdict || ': ' || done)
  FROM (VALUES
    ('ada', 'pass', 'both'), ('ada', 'none', 'nothing'), ('ada', 'claimed', 'nothing'), ('ada', 'fail', 'nothing'),
    ('eve', 'pass', 'nothing'), ('eve', 'none', 'nothing')) v (who, verdict, done);
SELECT is(acted(VARIADIC version_1('none') || version_2(who, verdict)), done,
          'of patches that nobody verifies, ' || who || ', ' || verdict || ': ' || done) FROM (VALUES
    ('ada', 'pass', 'both'), ('ada', 'none', 'both'), ('ada', 'fail', 'nothing'), ('eve', 'pass', 'nothing'))
    v (who, verdict, done);
SELECT is(acted(VARIADIC version_1() || (version_2('ada', 'pass'))[1]
                || with_verdict(changed(titled(patch('q2', '2/2', 'c', 2, 60, 'eve'), 'two'), 'I1'), 'pass')),
          'p1 new, p2 new, q1 new, q2 new; p1+q1; patch-relation-changed p1, patch-relation-changed q1',
          'what a stranger completes supersedes nothing');
SELECT patchmail.set_policy('demo', revise => 'pass');
SELECT is(acted(VARIADIC version_1('none') || version_2('ada', 'none')), 'nothing', 'a policy that asks for pass');
SELECT is(acted(VARIADIC version_1('pass') || version_2('ada', 'pass')), 'both', 'gets it');
SELECT patchmail.set_policy('demo', revise => 'conflict');
SELECT is((SELECT string_agg(states, ' ') FROM (SELECT substring(d.done, '^[^;]*') AS states
             FROM done_after(version_1()
                             || with_verdict(changed(titled(patch('e', version => 2, minute => 30, who => 'eve'),
                                                            'one'), 'I1'), 'pass')
                             || ARRAY[with_verdict(changed(titled(patch('r1', '1/2', 'c', 3, 60), 'one'), 'I1'),
                                                   'pass'),
                                      with_verdict(changed(titled(patch('r2', '2/2', 'c', 3, 60), 'two'), 'I1'),
                                                   'pass')]) d) x),
          'e new, p1 superseded, p2 superseded, r1 new, r2 new', 'somebody else''s version 2 does not hide version 1');
SELECT store_all(titled(patch('a'), 'fix it'), titled(patch('b', version => 2), 'fix it')
                 || '{"date": "9999-12-31T00:00:00Z"}');
UPDATE patchmail.message m SET arrived = now() - interval '1 hour';
SELECT store_all(titled(patch('d', version => 3), 'fix it')
                 || jsonb_build_object('date', to_char(now() - interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SSOF')));
SELECT is(states(), 'a superseded, b superseded, d new', 'a version from the year 9999 is superseded by the next one');
ROLLBACK TO asked;

-- Notifications, if the project sends them
SELECT patchmail.set_policy('demo', supersede => true);
UPDATE public.patchwork_project SET send_notifications = true WHERE linkname = 'demo';
SELECT store_all(VARIADIC (three_versions())[1:5]);
SELECT is((SELECT string_agg(word(p.msgid) || ' ' || s.slug, ', ' ORDER BY p.msgid)
             FROM public.patchwork_patchchangenotification n JOIN public.patchwork_patch p ON p.id = n.patch_id
             JOIN public.patchwork_state s ON s.id = n.orig_state_id), 'p1 new, p2 new',
                  'submitters are notified once');

ROLLBACK TO asked;

-- match_patches finds what comparing each patch with each would find
CREATE FUNCTION matched_in_pairs(series_id integer, former_id integer)
RETURNS TABLE (patch_id integer, former_patch_id integer, evidence text[]) LANGUAGE sql AS $$
    WITH pair AS (
        SELECT p.id, o.id AS former, x.hash, x.title, x.number,
               row_number() OVER (PARTITION BY p.id
                                  ORDER BY x.hash DESC, x.title DESC, x.number DESC, o.number, o.id) AS choice,
               row_number() OVER (PARTITION BY o.id
                                  ORDER BY x.hash DESC, x.title DESC, x.number DESC, p.number, p.id) AS former_choice
          FROM public.patchwork_patch p CROSS JOIN public.patchwork_patch o
         CROSS JOIN LATERAL (
               SELECT coalesce(p.hash = o.hash, false) AS hash, coalesce(p.number = o.number, false) AS number,
                      _patchmail.plain_title(p.name) = _patchmail.plain_title(o.name) AS title) x
         WHERE p.series_id = $1 AND o.series_id = $2 AND (x.hash OR x.title))
    SELECT p.id, p.former, array_remove(ARRAY[CASE WHEN p.hash THEN 'hash' END, CASE WHEN p.title THEN 'title' END,
                                              CASE WHEN p.number THEN 'number' END], NULL)
      FROM pair p WHERE p.choice = 1 AND p.former_choice = 1;
$$;
CREATE FUNCTION other_matches(tries integer) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM setseed(0.5);
    PERFORM store_all(VARIADIC (SELECT array_agg(patch(s || i, i || '/12', s || 'c', who => s))
                                       || cover(s || 'c', 12, who => s)
                                  FROM generate_series(1, 12) i)) FROM unnest(ARRAY['y', 'z']) s;
    FOR t IN 1 .. tries LOOP
        UPDATE public.patchwork_patch p
           SET hash = CASE WHEN random() < 0.8 THEN floor(random() * 5)::text END,
               number = NULL,
               name = (ARRAY['[1/2] one', 'One', 'two', '...', 'three'])[1 + floor(random() * 5)::integer];
        UPDATE public.patchwork_patch p SET number = n.number
          FROM (SELECT o.id, row_number() OVER (PARTITION BY o.series_id ORDER BY random()) AS number
                  FROM public.patchwork_patch o) n WHERE n.id = p.id AND random() < 0.8;
        RETURN QUERY
        (SELECT m::text FROM _patchmail.match_patches((series_of('z1')).id, (series_of('y1')).id) m
         EXCEPT SELECT m::text FROM matched_in_pairs((series_of('z1')).id, (series_of('y1')).id) m)
        UNION ALL
        (SELECT m::text FROM matched_in_pairs((series_of('z1')).id, (series_of('y1')).id) m
         EXCEPT SELECT m::text FROM _patchmail.match_patches((series_of('z1')).id, (series_of('y1')).id) m);
    END LOOP;
END
$$;
SELECT is_empty('SELECT other_matches(100)', 'the same pairs as comparing each patch with each');

-- Version 5.1 of one patch, and lines Supersedes
ROLLBACK TO shown;
CREATE FUNCTION minor(mail jsonb, minor integer) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_set(mail, '{subject,minor}', to_jsonb(minor));
$$;
CREATE FUNCTION superseding(mail jsonb, VARIADIC ids text[]) RETURNS jsonb LANGUAGE sql AS $$
    SELECT mail || jsonb_build_object('supersedes', (SELECT jsonb_agg((msgids(i))[1]) FROM unnest(ids) i));
$$;
CREATE FUNCTION five() RETURNS jsonb[] LANGUAGE sql AS $$
    SELECT ARRAY[cover('c', 3, '', 5), titled(patch('p1', '1/3', 'c', 5), 'one'),
                 titled(patch('p2', '2/3', 'c', 5), 'two'), titled(patch('p3', '3/3', 'c', 5), 'three')];
$$;
CREATE FUNCTION six() RETURNS jsonb[] LANGUAGE sql AS $$
    SELECT ARRAY[cover('d', 3, '', 6, 100), titled(patch('q1', '1/3', 'd', 6, 100), 'one'),
                 titled(patch('q2', '2/3', 'd', 6, 100), 'two'), titled(patch('q3', '3/3', 'd', 6, 100), 'three')];
$$;
-- Version 5.1 of patch 2.
CREATE FUNCTION instead(id text DEFAULT 'm2', answers text DEFAULT 'p2 c', minor integer DEFAULT 1,
                        minute double precision DEFAULT 10, who text DEFAULT 'ada', title text DEFAULT 'two')
RETURNS jsonb LANGUAGE sql AS $$
    SELECT minor(titled(patch(id, '2/3', answers, 5, minute, who), title), minor);
$$;
-- States and relations, the same in ten orders and in batches; else what differs.
CREATE FUNCTION ends_as(VARIADIC mails jsonb[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    first text;
    found text;
BEGIN
    FOR round IN 0 .. 12 LOOP
        BEGIN
            IF round > 9 THEN
                PERFORM store_together(mails[1:round - 8]), store_together(mails[round - 7:]);
            ELSIF round > 0 THEN
                PERFORM store_all(VARIADIC ARRAY(
                    SELECT m FROM unnest(mails) m
                     ORDER BY CASE WHEN round > 1 THEN md5((m->>'message_id') || round) END, m->>'date' DESC,
                              m->>'message_id' DESC));
            ELSE
                PERFORM store_all(VARIADIC mails);
            END IF;
            found := concat_ws('; ', states(), relations(),
                               (SELECT 'FAULT ' || string_agg(c.kind, ' ') FROM patchmail.check() c
                                 WHERE c.kind <> 'hash-unequal'));
            RAISE EXCEPTION USING ERRCODE = 'PT000';
        EXCEPTION WHEN SQLSTATE 'PT000' THEN
        END;
        first := coalesce(first, found);
        IF found <> first THEN
            RETURN format('%s, but in round %s %s', first, round, found);
        END IF;
    END LOOP;
    RETURN first;
END
$$;
SELECT series_in_every_order('v5[- 2:m2] v5[c 1:p1 3:p3]', '5.1 does not take the place of the patch that is missing',
                             cover('c', 3, '', 5), patch('p1', '1/3', 'c', 5), patch('p3', '3/3', 'c', 5),
                             minor(patch('m2', '2/3', 'c', 5, 2), 1));
SELECT series_in_every_order('v5[- 1:p1 3:p3] v5[- 2:m2]', 'nor without a cover letter',
                             patch('p1', '1/3', 'c', 5), patch('p3', '3/3', 'c', 5),
                             minor(patch('m2', '2/3', 'c', 5, 2), 1));
SELECT series_in_every_order('v5[- 1:p1 3:p3] v5[- 2:m2]', 'nor if they refer to nothing', patch('p1', '1/3', '', 5),
                             patch('p3', '3/3', '', 5), minor(patch('m2', '2/3', '', 5, 2), 1));
SELECT series_in_every_order('v5[- 1:m1 2:m2] v5[c 1:p1 2:p2]', 'two of 5.1 are one series', cover('c', 2, '', 5),
                             patch('p1', '1/2', 'c', 5), patch('p2', '2/2', 'c', 5),
                             minor(patch('m1', '1/2', 'c', 5, 20), 1), minor(patch('m2', '2/2', 'c', 5, 20), 1));
SELECT patchmail.set_policy('demo', relate => true, supersede => true);
SAVEPOINT wanted;
SELECT is(revisions_after(VARIADIC five() || instead()), 'm2>c in-reply-to,title', '5.1 replaces 5');
SELECT is(revisions_after(VARIADIC five() || instead() || six()), 'd>m2 title; m2>c in-reply-to,title',
          '6 replaces 5.1, which replaces 5');
SELECT is(ends_as(VARIADIC five() || instead()), 'm2 new, p1 new, p2 superseded, p3 new; m2+p2',
          '5.1 of a patch supersedes that patch alone');
SELECT is(ends_as(VARIADIC five() || instead(title => 'two, mended')), 'm2 new, p1 new, p2 superseded, p3 new; m2+p2',
          'in the same thread also with another title');
SELECT is(ends_as(VARIADIC five() || instead(answers => '', minute => 50)),
          'm2 new, p1 new, p2 superseded, p3 new; m2+p2', 'in another thread with its title');
SELECT is(ends_as(VARIADIC five() || instead(answers => '', minute => 50, title => 'else')),
          'm2 new, p1 new, p2 new, p3 new; ', 'not in another thread with another title');
SELECT is(ends_as(VARIADIC (five())[1:3] || instead()), 'm2 new, p1 new, p2 superseded; m2+p2',
          'of a series that has begun');
SELECT is(ends_as(VARIADIC five() || instead(who => 'eve')), 'm2 new, p1 new, p2 new, p3 new; ', 'not if eve sends it');
SELECT is(ends_as(VARIADIC ARRAY(SELECT with_verdict(m, 'pass') FROM unnest(five()) m)
                           || with_verdict(instead(), 'none')),
          'm2 new, p1 new, p2 new, p3 new; ', 'nor with a worse verdict');
SELECT is(ends_as(VARIADIC five() || instead() || instead('n2', 'm2 p2 c', 2, 20)),
          'm2 superseded, n2 new, p1 new, p2 superseded, p3 new; m2+n2+p2', '5.2 of the same patch');
SELECT is(ends_as(VARIADIC five() || instead() || minor(titled(patch('n3', '3/3', 'p3 c', 5, 20), 'three'), 2)),
          'm2 new, n3 new, p1 new, p2 superseded, p3 superseded; m2+p2, n3+p3', '5.2 of another one');
SELECT is(ends_as(VARIADIC five() || instead() || six()),
          'm2 superseded, p1 superseded, p2 superseded, p3 superseded, q1 new, q2 new, q3 new; m2+p2+q2, p1+q1, p3+q3',
          '6 supersedes the rest of 5, and 5.1');
SELECT is(ends_as(VARIADIC five() || instead() || (six())[1:3]),
          'm2 new, p1 new, p2 superseded, p3 new, q1 new, q2 new; m2+p2+q2, p1+q1', 'not before it is complete');
SELECT is(ends_as(VARIADIC five() || ARRAY(SELECT minor(titled(patch('m' || n, n || '/3', 'c', 5, 20), t), 1)
                                             FROM (VALUES (1, 'one'), (2, 'two'), (3, 'three')) v (n, t))),
          'm1 new, m2 new, m3 new, p1 superseded, p2 superseded, p3 superseded; m1+p1, m2+p2, m3+p3',
          'a whole version 5.1');
SELECT is(ends_as(VARIADIC five() || minor(titled(patch('m2', '2/4', 'p2 c', 5, 20), 'four'), 1)),
          'm2 new, p1 new, p2 new, p3 new; ', 'of more patches, and with another title, it is another patch');
SELECT store_all(VARIADIC five() || instead());
UPDATE public.patchwork_patch p SET state_id = (SELECT s.id FROM public.patchwork_state s WHERE s.slug = 'new')
 WHERE p.id = (patch_of('p2')).id;
SELECT store_all(instead('n2', 'm2 p2 c', 2, 20));
SELECT is(states(), 'm2 superseded, n2 new, p1 new, p2 new, p3 new', 'what somebody has opened again stays open');
SELECT is((series_of('m2')).version, 5, 'for Patchwork 5.1 is version 5');
ROLLBACK TO wanted;

SELECT is(revisions_after(VARIADIC five() || superseding(patch('x', minute => 30), 'c')), 'x>c supersedes',
          'what a line names is replaced, whatever versions and titles say');
SELECT is(revisions_after(patch('a'), superseding(patch('x', minute => 30, who => 'eve'), 'a')), 'x>a supersedes',
          'eve may claim it');
SELECT is(ends_as(patch('a'), superseding(patch('x', minute => 30, who => 'eve'), 'a')), 'a new, x new; ',
          'and nothing comes of it');
SELECT is(ends_as(VARIADIC five() || superseding(patch('x', minute => 30), 'c')),
          'p1 superseded, p2 superseded, p3 superseded, x new; ', 'a patch supersedes a series by its cover letter');
SELECT is(ends_as(VARIADIC five() || superseding(patch('x', minute => 30), 'p2')),
          'p1 new, p2 superseded, p3 new, x new; p2+x', 'a patch alone supersedes the patch that it names');
SELECT is(ends_as(VARIADIC five() || superseding(patch('x', minute => 30), 'p2', 'p3')),
          'p1 new, p2 superseded, p3 superseded, x new; p2+p3+x', 'and another one');
SELECT is(ends_as(VARIADIC five() || superseding(cover('e', 2, minute => 30), 'p2')
                           || patch('e1', '1/2', 'e', minute => 30) || patch('e2', '2/2', 'e', minute => 30)),
          'e1 new, e2 new, p1 superseded, p2 superseded, p3 superseded; ',
          'a cover letter that names one patch supersedes its series');
SELECT is(ends_as(VARIADIC five() || superseding(cover('e', 2, minute => 30), 'c')
                           || patch('e1', '1/2', 'e', minute => 30)),
          'e1 new, p1 new, p2 new, p3 new; ', 'not before it is complete');
SELECT is(ends_as(VARIADIC five() || superseding(patch('e1', '1/2', minute => 30), 'p1')),
          'e1 new, p1 superseded, p2 new, p3 new; e1+p1', 'one patch of a series supersedes the patch that it names');
SELECT is(ends_as(VARIADIC five() || superseding(patch('e1', '1/2', minute => 30), 'p1')
                           || patch('e2', '2/2', 'e1', minute => 30)),
          'e1 new, e2 new, p1 superseded, p2 superseded, p3 superseded; e1+p1',
          'the whole series supersedes the other one');
SELECT is(ends_as(patch('a'), patch('b', minute => 5), superseding(patch('x', minute => 30), 'a', 'b')),
          'a superseded, b superseded, x new; a+b+x', 'one patch in place of two');
SELECT is(ends_as(superseding(patch('a'), 'x'), superseding(patch('x', minute => 30), 'a')), 'a superseded, x new; a+x',
          'two that supersede each other: the older one is superseded');
SELECT is(ends_as(superseding(patch('a'), 'x'), patch('x', minute => 30)), 'a new, x new; ',
          'nothing supersedes what was sent after it');
SELECT is(ends_as(changed(patch('a'), 'I'), changed(superseding(patch('x', minute => 30), 'a'), 'J')),
          'a superseded, x new; a+x', 'also with another change-id');
SELECT is(ends_as(patch('a'), patch('b'), superseding(reply('r', 'b', who => 'ada'), 'a')), 'a new, b new; ',
          'what an answer says does not count');

-- Patchwork's own table of revisions
CREATE FUNCTION links(name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    EXECUTE format($q$SELECT coalesce(string_agg(concat(lead(l.from_series_id), '>', lead(l.to_series_id)), ', '
                                                 ORDER BY lead(l.from_series_id) COLLATE "C"), '')
                        FROM public.%I l$q$, name) INTO found;
    RETURN found;
END
$$;
CREATE FUNCTION link_table(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE public.%I (
        id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
        from_series_id integer NOT NULL REFERENCES public.patchwork_series DEFERRABLE INITIALLY DEFERRED,
        to_series_id integer NOT NULL REFERENCES public.patchwork_series DEFERRABLE INITIALLY DEFERRED,
        UNIQUE (from_series_id, to_series_id))', name);
END
$$;
CREATE FUNCTION versions() RETURNS jsonb[] LANGUAGE sql AS $$
    SELECT ARRAY[patch('a'), titled(patch('b', version => 2, minute => 60), 'a'),
                 titled(patch('d', version => 3, minute => 120), 'a')];
$$;
SELECT is(_patchmail.revision_table(), NULL, 'no release has one');
SELECT link_table('patchwork_series_supersedes');
SAVEPOINT linked;
SELECT store_all(VARIADIC versions());
SELECT is(links('patchwork_series_supersedes'), 'b>a, d>b', 'what replaces what is entered there');
DELETE FROM public.patchwork_series_supersedes l WHERE l.from_series_id = (series_of('d')).id;
INSERT INTO public.patchwork_series_supersedes (from_series_id, to_series_id)
VALUES ((series_of('d')).id, (series_of('a')).id);
SELECT store_all(titled(patch('e', version => 4, minute => 150), 'a'));
SELECT is(links('patchwork_series_supersedes'), 'b>a, d>a, e>d', 'what somebody has changed there stays');
ROLLBACK TO linked;
SELECT store_all((versions())[3], (versions())[1]);
SELECT is(links('patchwork_series_supersedes'), 'd>a', 'version 3 replaces version 1');
SELECT store_all((versions())[2]);
SELECT is(links('patchwork_series_supersedes'), 'b>a, d>b', 'until version 2 comes');
SELECT store_all(titled(patch('v', version => 4, minute => 150, who => 'eve', answers => 'd'), 'a'));
SELECT is(links('patchwork_series_supersedes'), 'b>a, d>b', 'what eve claims is not entered');
SELECT count(*) AS deleted FROM patchmail.delete_spam(msgids => msgids('b')) \gset
SELECT lives_ok('SET CONSTRAINTS ALL IMMEDIATE', 'a series that is deleted leaves no link');
SELECT is((SELECT count(*) FROM patchmail.revision r
            WHERE NOT EXISTS (SELECT FROM public.patchwork_series s WHERE s.id = r.series_id)), 0::bigint,
          'nor a note');
ROLLBACK TO linked;
SELECT patchmail.set_policy('demo', relate => false, supersede => true);
SELECT store_all(VARIADIC versions());
SELECT is(links('patchwork_series_supersedes'), '', 'nothing is entered where the policy does not relate');
ROLLBACK TO linked;
DROP TABLE public.patchwork_series_supersedes;
SELECT link_table('patchwork_series_previous_series');
SELECT store_all(VARIADIC versions());
SELECT is(links('patchwork_series_previous_series'), 'b>a, d>b', 'the other name that was proposed');
ROLLBACK TO linked;
ALTER TABLE public.patchwork_series_supersedes ADD COLUMN since timestamptz NOT NULL;
SELECT is(store_all(VARIADIC versions()), '{stored,stored,stored}',
          'a table that wants more than we know is no reason to fail');
SELECT is(links('patchwork_series_supersedes'), '', 'and nothing is entered');
ROLLBACK TO linked;
DROP TABLE public.patchwork_series_supersedes;
SELECT link_table('patchwork_series_related_series');
ALTER TABLE public.patchwork_series ADD COLUMN pinned boolean NOT NULL DEFAULT false;
ALTER TABLE public.patchwork_patch ADD COLUMN rank integer NOT NULL DEFAULT 0;
SELECT is(store_all(VARIADIC versions()), '{stored,stored,stored}',
          'columns and tables that nobody knows do no harm');
SELECT is(store_together(ARRAY[patch('x'), cover('y', 1), patch('z', '1/1', 'y')]), '{stored,stored,stored}',
          'nor in a batch');

SELECT * FROM finish();
ROLLBACK;
