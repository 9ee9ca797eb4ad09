-- patchmail.patch_mbox(), cover_mbox(), series_mbox() and bundle_mbox(), and what they are made of.
\ir preamble.psql
SELECT no_plan();

-- What reviewers say
SELECT is(_patchmail.response_lines(content), lines, to_json(content)::text) FROM (VALUES
    (E'Fine.\n\nReviewed-by: R <r@example.org>\nTested-by: T\n',
    '{"Reviewed-by: R <r@example.org>","Tested-by: T"}'::text[]),
    ('ACKED-BY: A', '{"ACKED-BY: A"}'), (E'Signed-off-by: S\nNacked-by: N\nReported-by: P',
                                         '{"Signed-off-by: S","Nacked-by: N","Reported-by: P"}'),
    ('> Acked-by: A', '{}'), (' Acked-by: A', '{}'), ('Acked-by A', '{}'), ('Suggested-by: A', '{}'),
    ('Fixes: 1', '{}'), ('Acked-by:', '{Acked-by:}'), ('', '{}'), (NULL, '{}')) r (content, lines);

-- Bodies
SELECT is(_patchmail.mbox_body(content, responses::text[], diff), body, to_json(content)::text) FROM (VALUES
    ('Text.', '{}', NULL, E'Text.\n'), (E'\n Text.\n\n', '{}', NULL, E'Text.\n'), (NULL, '{}', NULL, ''),
    ('vivid v', '{}', NULL, E'vivid v\n'),
    (NULL, '{"Acked-by: A"}', E'--- a\n', E'Acked-by: A\n\n--- a\n'), ('', '{}', E'd\n', E'\nd\n'),
    ('Text.', '{"Acked-by: A","Tested-by: B"}', E'd\n', E'Text.\nAcked-by: A\nTested-by: B\n\nd\n'),
    (E'Text.\n---\n stat', '{"Acked-by: A"}', E'd\n', E'Text.\nAcked-by: A\n---\n stat\n\nd\n'),
    (E'Text.\n\n--- \nv2\nv', '{"Acked-by: A"}', NULL, E'Text.\nAcked-by: A\n---\nv2\nv\n'),
    (E'Text.\n--\nnote', '{}', NULL, E'Text.\n---\nnote\n'), (E'Text.\n---', '{}', NULL, E'Text.\n'),
    (E'---\nnote', '{"Acked-by: A"}', NULL, E'\nAcked-by: A\n---\nnote\n'),
    (E'Text.\n---\none\n---\ntwo', '{}', NULL, E'Text.\n---\none\n---\ntwo\n'),
    (E'Text.\n---x\n ---\n----\n', '{"Acked-by: A"}', NULL, E'Text.\n---x\n ---\n----\nAcked-by: A\n')
    ) b (content, responses, diff, body);

-- Authors
SELECT is(_patchmail.mail_address(name, 'a@example.org'), expected, coalesce(name, 'NULL')) FROM (VALUES
    (NULL, 'a@example.org'), ('', 'a@example.org'), ('Ada Lang', 'Ada Lang <a@example.org>'),
    ('Lang, Ada', '"Lang, Ada" <a@example.org>'), ('A. Lang', '"A. Lang" <a@example.org>'),
    ('Ada "A" Lang', '"Ada \"A\" Lang" <a@example.org>'), ('Ada \', '"Ada \\" <a@example.org>'),
    ('Jörg Müller', '=?utf-8?b?SsO2cmcgTcO8bGxlcg==?= <a@example.org>'), ('Ä', '=?utf-8?b?w4Q=?= <a@example.org>'),
    ('Jörg A. Example', '=?utf-8?q?J=C3=B6rg_A=2E_Example?= <a@example.org>'),
    ('中文名', '=?utf-8?b?5Lit5paH5ZCN?= <a@example.org>'), ('Jörg, =?', '=?utf-8?b?SsO2cmcsID0/?= <a@example.org>')
    ) a (name, expected);

SELECT is(_patchmail.mail_field('Name', value), field, field) FROM (VALUES
    ('x', 'Name: x'), (E'x\r\nTo: y\n', 'Name: x To: y '), (repeat('x', 72), 'Name: ' || repeat('x', 72)),
    (repeat('x', 73), E'Name: \n ' || repeat('x', 73)),
    (repeat('x', 71) || ' y', 'Name: ' || repeat('x', 71) || E'\n y'),
    ('a; b, ' || repeat('x', 70), E'Name: a;\n b, ' || repeat('x', 70)),
    ('a, b ' || repeat('x', 70) || ' c', E'Name: a,\n b ' || repeat('x', 70) || E' c')) f (value, field);

-- Fields
CREATE FUNCTION fields(headers text) RETURNS text LANGUAGE sql AS $$
    SELECT _patchmail.mbox_headers($1, 'list@example.org', 'Ada <ada@example.org>', '2026-02-01 09:05:07Z');
$$;
SELECT is(fields(headers), expected, to_json(headers)::text) FROM (VALUES
    (E'From: Ada <ada@example.org>\nDate: Sun, 1 Feb 2026 10:05:07 +0100\nTo: x,\n y\n',
     E'From: Ada <ada@example.org>\nDate: Sun, 1 Feb 2026 10:05:07 +0100\nTo: x,\n y\n'),
    (E'Content-Type: text/plain;\n charset=x\nX: 1\ncontent-transfer-encoding: base64\nDate: 1 Feb 2026 1:00',
     E'X: 1\nDate: 1 Feb 2026 1:00\n'),
    ('X: 1', E'X: 1\nDate: Sun, 01 Feb 2026 09:05:07 -0000\n'), ('', E'Date: Sun, 01 Feb 2026 09:05:07 -0000\n'),
    (E'X-Date: 1\nX: date: 2', E'X-Date: 1\nX: date: 2\nDate: Sun, 01 Feb 2026 09:05:07 -0000\n'),
    ('Date: soon', E'X-Patchwork-Original-Date: soon\nDate: Sun, 01 Feb 2026 09:05:07 -0000\n'),
    (E'From: Ada via List <LIST@example.org>\nDate: 1 Feb 2026 1:00',
     E'X-Patchwork-Original-From: Ada via List <LIST@example.org>\nFrom: Ada <ada@example.org>\n'
      'Date: 1 Feb 2026 1:00\n'),
    (E'from: list@example.org\nDate: 1 Feb 2026 1:00',
     E'X-Patchwork-Original-From: list@example.org\nfrom: Ada <ada@example.org>\nDate: 1 Feb 2026 1:00\n'),
    (E'From: list@example.org <ada@example.org>\nDate: 1 Feb 2026 1:00',
     E'From: list@example.org <ada@example.org>\nDate: 1 Feb 2026 1:00\n'),
    (E'Subject: =?unknown-8bit?q?gr=F6=DFer?=\nX: =?unknown-8bit?q?=F6?=\nDate: 1 Feb 2026 1:00',
     E'Subject: =?iso-8859-1?q?gr=F6=DFer?=\nX: =?unknown-8bit?q?=F6?=\nDate: 1 Feb 2026 1:00\n'),
    (E'X: 50%s\\1\r\n y\nDate: 1 Feb 2026 1:00', E'X: 50%s\\1\n y\nDate: 1 Feb 2026 1:00\n')) f (headers, expected);

-- A patch, a cover letter, a series, a bundle
INSERT INTO public.auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active,
                              date_joined)
VALUES (1001, '', false, 'main', 'Main', 'Tainer', 'main@example.org', false, true, '2026-01-01Z');
SELECT make_project() AS project \gset
INSERT INTO public.patchwork_person (id, email, name) VALUES (1001, 'ada@example.org', 'Ada Lang'),
    (1002, 'a.person.with.a.long.address@lists.example.org', 'A person, with quite a long name as well');
INSERT INTO public.patchwork_cover (id, msgid, date, headers, content, name, project_id, submitter_id)
VALUES (1001, '<c@example.org>', '2026-02-01 12:00Z', E'Subject: [PATCH 0/2] all\nDate: 1 Feb 2026 1:00', 'All.',
        '[0/2] all', :project, 1001);
INSERT INTO public.patchwork_series (id, name, date, version, total, project_id, submitter_id, cover_letter_id)
VALUES (1001, 'all', '2026-02-01 12:00Z', 1, 2, :project, 1001, 1001),
       (1002, 'none', '2026-02-01 12:00Z', 1, 2, :project, 1001, NULL);
INSERT INTO public.patchwork_patch (id, msgid, date, headers, content, name, project_id, submitter_id, archived,
                                    delegate_id, diff, number, series_id)
VALUES (1002, '<1@example.org>', '2026-02-01 12:00:01Z', E'Subject: [PATCH 1/2] one\nDate: 1 Feb 2026 1:00',
        E'One.\nTested-by: author\n---\n stat',
        '[1/2] one', :project, 1001, false, 1001, E'--- a/f\n+++ b/f\n', 1, 1001),
       (1001, '<2@example.org>', '2026-12-12 12:00:02Z', '', 'Zwei: größer', '[2/2] two', :project, 1002, false, NULL,
        NULL, 2, 1001);
INSERT INTO public.patchwork_patchcomment (id, msgid, date, headers, content, patch_id, submitter_id)
VALUES (1001, '<r2@example.org>', '2026-02-03Z', '', 'Acked-by: second', 1002, 1001),
       (1002, '<r1@example.org>', '2026-02-02Z', '', E'Fine.\nReviewed-by: first', 1002, 1001),
       (1003, '<r3@example.org>', '2026-02-04Z', '', NULL, 1002, 1001);
INSERT INTO public.patchwork_covercomment (id, msgid, date, headers, content, cover_id, submitter_id)
VALUES (1001, '<rc@example.org>', '2026-02-02Z', '', E'Acked-by: all\nAcked-by: second\nTested-by: author', 1001, 1001);
INSERT INTO public.patchwork_bundle (id, name, public, owner_id, project_id)
VALUES (1001, 'mine', true, 1001, :project), (1002, 'secret', false, 1001, :project),
    (1003, 'empty', true, 1001, :project);
INSERT INTO public.patchwork_bundlepatch (bundle_id, patch_id, "order")
VALUES (1001, 1002, 2), (1001, 1001, 1), (1002, 1001, 1);

SELECT is(patchmail.patch_mbox(1002), 'From patchwork Sun Feb  1 12:00:01 2026
Content-Type: text/plain; charset="utf-8"
MIME-Version: 1.0
Content-Transfer-Encoding: 7bit
X-Patchwork-Submitter: Ada Lang <ada@example.org>
X-Patchwork-Id: 1002
X-Patchwork-Delegate: main@example.org
Subject: [PATCH 1/2] one
Date: 1 Feb 2026 1:00

One.
Tested-by: author
Reviewed-by: first
Acked-by: second
---
 stat

--- a/f
+++ b/f
', 'a patch, with what was said of it in the order of the dates');
SELECT is(patchmail.patch_mbox(1001), 'From patchwork Sat Dec 12 12:00:02 2026
Content-Type: text/plain; charset="utf-8"
MIME-Version: 1.0
Content-Transfer-Encoding: 8bit
X-Patchwork-Submitter: "A person,
 with quite a long name as well" <a.person.with.a.long.address@lists.example.org>
X-Patchwork-Id: 1001
Date: Sat, 12 Dec 2026 12:00:02 -0000

Zwei: größer
', 'a patch without a diff, a delegate and headers');
SELECT is(patchmail.series_mbox(1001), patchmail.patch_mbox(1002) || E'\n' || patchmail.patch_mbox(1001),
          'the patches of a series by their numbers');
SELECT is(patchmail.bundle_mbox(1001), patchmail.patch_mbox(1001) || E'\n' || patchmail.patch_mbox(1002),
          'those of a bundle in its order');
SELECT is(patchmail.cover_mbox(1001), 'From patchwork Sun Feb  1 12:00:00 2026
Content-Type: text/plain; charset="utf-8"
MIME-Version: 1.0
Content-Transfer-Encoding: 7bit
X-Patchwork-Submitter: Ada Lang <ada@example.org>
X-Patchwork-Id: 1001
Subject: [PATCH 0/2] all
Date: 1 Feb 2026 1:00

All.
Acked-by: all
Acked-by: second
Tested-by: author
', 'a cover letter');
SELECT throws_ok(call, 'P0002', message, message) FROM (VALUES
    ('SELECT patchmail.patch_mbox(99)', 'there is no patch 99'),
    ('SELECT patchmail.patch_mbox(NULL)', 'there is no patch NULL'),
    ('SELECT patchmail.cover_mbox(99)', 'there is no cover letter 99'),
    ('SELECT patchmail.series_mbox(99)', 'there is no patch in a series 99'),
    ('SELECT patchmail.series_mbox(1002)', 'there is no patch in a series 1002'),
    ('SELECT patchmail.bundle_mbox(1002)', 'there is no patch in a public bundle 1002'),
    ('SELECT patchmail.bundle_mbox(1003)', 'there is no patch in a public bundle 1003')) c (call, message);

-- Bodies that a reader of mboxes would change
CREATE FUNCTION encoding(content text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.patchwork_patch p SET content = encoding.content, diff = NULL WHERE p.id = 1001;
    RETURN substring(patchmail.patch_mbox(1001) FROM '(?n)^Content-Transfer-Encoding: (.*)$');
END
$$;
SELECT is(encoding(content), expected, to_json(content)::text) FROM (VALUES
    ('Text', '7bit'), ('Größer', '8bit'), (E'a\r\nb', 'base64'), (E'a\rb', 'base64'), ('From here on', '7bit'),
    (E'x\nFrom me Tue Feb 10 06:59:47 2026', 'base64'), ('From: x 06:59:47 2026', '7bit'),
    ('> From me Tue Feb 10 06:59:47 2026', '7bit')) b (content, expected);
SELECT is(encoding(E'Größer\r\n' || repeat('x', 200)), 'base64', 'a body with CR');
SELECT is(convert_from(decode(substring(patchmail.patch_mbox(1001) FROM '\n\n(.*)$'), 'base64'), 'UTF8'),
          E'Größer\r\n' || repeat('x', 200) || E'\n', 'base64 gives the body as it is');
SELECT ok(NOT patchmail.patch_mbox(1001) ~ '(?n)^[A-Za-z0-9+/=]{77,}$', 'its lines are as long as mail may have them');

-- What is said of the cover letter
SELECT is(encoding('Zwei'), '7bit', 'a body as it was');
SELECT patchmail.set_policy('demo', cover_trailers => true) IS NOT NULL AS done \gset
SELECT alike(patchmail.patch_mbox(1002), E'%\n\nOne.\nTested-by: author\nReviewed-by: first\nAcked-by: second\n'
                                        'Acked-by: all\n---\n stat\n%',
            'what is said of the cover letter comes after what is said of the patch, each line once');
SELECT alike(patchmail.series_mbox(1001), E'%\nAcked-by: all\nAcked-by: second\nTested-by: author\n',
            'it is said of each patch of the series');
SELECT is(patchmail.cover_mbox(1001) ~ E'Acked-by: all\nAcked-by: second\nTested-by: author\n$', true,
          'a cover letter''s own mbox stays');
SELECT patchmail.set_policy('demo', cover_trailers => false) IS NOT NULL AS done \gset
SELECT unalike(patchmail.series_mbox(1001), '%Acked-by: all%', 'without the policy it is not');

-- Dates of a Patchwork in another zone
UPDATE patchmail.setting SET time_zone = 'Australia/Canberra';
SELECT _patchmail.make_clock();
SELECT is(split_part(patchmail.patch_mbox(1002), E'\n', 1), 'From patchwork Sun Feb  1 23:00:01 2026',
          'the date is that which Patchwork means');

SELECT * FROM finish();
ROLLBACK;
