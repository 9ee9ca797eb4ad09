-- What readers and monitors get.  Secrets are planted wherever the database has something that is not for them; then
-- all that they may call is called, with arguments by its types, and all that they may read is read, and what comes
-- back is searched.  Functions and views are looked up in the catalogue: so those that are added later are called too.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS demo, make_project('open', 'open.example.org') AS open \gset

-- Project demo hides addresses: each that occurs in it has the word "secret", plain or in base64.
SELECT patchmail.set_policy('demo', show_addresses => false, cover_trailers => true);
CREATE FUNCTION secret_headers(facts jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT facts || jsonb_build_object('headers', concat(
        E'Return-Path: <secret-1@example.org>\nDelivered-To: secret-2@example.org\n',
        E'Received: from a.example.org by b.example.org with ESMTP id 1\n\tfor <secret-3@example.org>; Mon\n',
        E'From: Ada secret <secret-ada@example.org>\n',
        E'Reply-To: "secret-4"@example.org\nSender: lists-bounces+secret=example.org@example.org\n',
        E'To: =?utf-8?b?c2VjcmV0QGV4YW1wbGUub3Jn?= <a@example.org>,\n Bob <secret-5@example.org>\n',
        E'CC: secret-6@example.org\n',
        E'Authentication-Results: mx; spf=pass smtp.mailfrom=secret-7@example.org\n',
        E'DKIM-Signature: v=1; i=secret-8@example.org\nX-Patchwork-Delegate: secret-9@example.org\n',
        E'X-Mailer: mine (secret-10@example.org)\nX-Own: =?utf-8?q?secret?= secret-11\n',
        E'In-Reply-To: mail of secret-12@example.org <x@example.org>\n',
        E'List-Unsubscribe: <mailto:secret-13@example.org>\n',
        E'Subject: ', facts->'subject'->>'text', E'\nMessage-ID: ', facts->>'message_id',
        E'\nReferences: <x@example.org> <y@example.org>\nDate: Sun, 1 Feb 2026 12:00:00 +0000\n',
        E'List-ID: Demo <demo.example.org>\nUser-Agent: Mutt/2.2\n'));
$$;
SELECT store_all(secret_headers(cover('c', 1, who => 'secret-ada')),
                 secret_headers(patch('p', '1/1', 'c', who => 'secret-ada')),
                 secret_headers(patch('p2', '1/1', version => 2, minute => 30, who => 'secret-ada',
                                      more => '{"subject": {"text": "[PATCH v2 1/1] p", "title": "p", "version": 2,
                                                            "number": 1, "total": 1, "reply": false,
                                                            "prefixes": ["v2", "1/1"]}}')),
                 secret_headers(reply('r', 'p', who => 'secret-rob')),
                 secret_headers(reply('s', 'c', who => 'secret-rob')));
-- Names are shown; one is an address.
UPDATE public.patchwork_person SET name = 'Rob' WHERE email = 'secret-rob@example.org';
UPDATE public.patchwork_person SET name = 'secret-ada@example.org' WHERE email = 'secret-ada@example.org';
-- Project open shows them.
SELECT store_mail(patch('o', who => 'public-olga',
                        more => '{"list_ids": [{"field": "List-Id", "id": "open.example.org"}]}'));

-- Users: one maintains demo, another one open.
SELECT patchmail.add_user('boss', 'secret-boss@example.org', 'Bo', 'Ss');
SELECT patchmail.add_user('olga', 'public-maintainer@example.org', 'Ol', 'Ga');
SELECT patchmail.add_maintainer('demo', 'boss'), patchmail.add_maintainer('open', 'olga');
UPDATE public.auth_user SET password = 'pbkdf2 secret';
SELECT patchmail.patch_update((patch_of('p')).id, '{"delegate": "boss"}', 'boss');
SELECT patchmail.check_create((patch_of('p')).id, '{"state": "success", "context": "ci"}', 'boss');
SELECT patchmail.bundle_create('mine', 'boss', ARRAY[(patch_of('p')).id], true);
SELECT patchmail.bundle_create('secret bundle', 'boss', ARRAY[(patch_of('p')).id]);
INSERT INTO public.patchwork_person (name, email, user_id)
SELECT 'Bo', 'secret-bo@example.org', u.id FROM public.auth_user u WHERE u.username = 'boss';
DO $$
BEGIN
    IF to_regclass('public.authtoken_token') IS NOT NULL THEN
        INSERT INTO public.authtoken_token (key, created, user_id)
        SELECT 'secret token', now(), u.id FROM public.auth_user u WHERE u.username = 'boss';
    END IF;
END
$$;

-- What is not stored
SELECT store_mail(facts_rejected('broken', '<secret-q@example.org>', 'secret subject'));
SELECT store_mail(reply('secret-w', 'nothing', who => 'secret-waiting', content => 'secret text'));
SELECT store_mail(patch('secret-i', more => '{"list_ids": [{"field": "List-Id", "id": "none.example.net"}]}'));
SELECT patchmail.overdue(patch('secret-o'), 'secret bytes', '{"transport": "deliver"}', 20);
SELECT patchmail.open_mailbox('{"account": "a", "mailbox": "INBOX", "uidvalidity": 1, "holder": "h"}');
INSERT INTO patchmail.person_alias (email, person_id)
SELECT 'secret-alias@example.org', min(p.id) FROM public.patchwork_person p;

-- What a role gets, a row a call or relation that gives anything.  An argument is each of some values of its type.
CREATE FUNCTION candidates(name text, type oid) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT v FROM generate_series(1, 5) g, CAST(g AS text) v WHERE type = 'integer'::regtype
    UNION ALL
    SELECT unnest(CASE type WHEN 'text'::regtype THEN
                                CASE name WHEN 'base_url' THEN '{https://example.org}'::text[]
                                          ELSE ARRAY['', 'q=e', 'per_page=250', 'order=-email', 'demo', '0',
                                                     '<p@example.org>', '{"project": "demo"}'] END
                            WHEN 'bigint'::regtype THEN '{0,1}'::text[]
                            WHEN 'boolean'::regtype THEN '{true,false}'
                            WHEN 'json'::regtype THEN '{"{}"}'
                            WHEN 'jsonb'::regtype THEN '{"{}"}'
                            WHEN 'timestamptz'::regtype THEN '{2026-01-01}'
                            WHEN 'text[]'::regtype THEN '{"{<p@example.org>}"}' END);
$$;
CREATE FUNCTION calls(function regprocedure) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    lists    text[] := '{""}';
    argument record;
BEGIN
    FOR argument IN SELECT p.proargnames[t.n] AS name, t.type FROM pg_proc p, unnest(p.proargtypes)
                      WITH ORDINALITY t (type, n) WHERE p.oid = function ORDER BY t.n
    LOOP
        lists := ARRAY(SELECT concat_ws(', ', nullif(l, ''), format('%L::%s', v.c, argument.type::regtype))
                         FROM unnest(lists) l, (SELECT c FROM candidates(argument.name, argument.type) c UNION ALL
                                                SELECT NULL WHERE NOT EXISTS (
                                                    SELECT candidates(argument.name, argument.type))) v (c));
    END LOOP;
    RETURN QUERY SELECT format('SELECT string_agg(x::text, E''\n'') FROM %s(%s) x', function::regproc, l)
                   FROM unnest(lists) l;
END
$$;
CREATE FUNCTION given_to(role name) RETURNS TABLE (source text, given text) LANGUAGE plpgsql AS $$
DECLARE
    statement text;
BEGIN
    FOR source, statement IN
        SELECT p.oid::regprocedure::text, c FROM pg_proc p, LATERAL calls(p.oid) c
         WHERE p.pronamespace IN ('patchmail'::regnamespace, '_patchmail'::regnamespace) AND p.provolatile <> 'v'
           AND has_schema_privilege(role, p.pronamespace, 'USAGE') AND has_function_privilege(role, p.oid, 'EXECUTE')
        UNION ALL
        SELECT c.oid::regclass::text, format('SELECT string_agg(x::text, E''\n'') FROM (SELECT %s FROM %s) x',
                                             string_agg(quote_ident(a.attname), ', '), c.oid::regclass)
          FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE c.relnamespace IN ('patchmail'::regnamespace, 'public'::regnamespace)
           AND c.relname !~ '^pg_' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
           AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
           AND has_column_privilege(role, c.oid, a.attnum, 'SELECT')
         GROUP BY c.oid
    LOOP
        BEGIN
            EXECUTE format('SET LOCAL ROLE %I', role);
            EXECUTE statement INTO given;
        EXCEPTION
            WHEN insufficient_privilege THEN given := 'refused: ' || SQLERRM;
            WHEN OTHERS THEN given := SQLERRM;
        END;
        RESET ROLE;
        IF given IS NOT NULL THEN
            RETURN NEXT;
        END IF;
    END LOOP;
END
$$;
CREATE FUNCTION secrets(role name) RETURNS TABLE (source text, secret text) LANGUAGE sql AS $$
    SELECT DISTINCT g.source, (regexp_match(g.given, '.{0,40}(?:secret|c2VjcmV0).{0,30}', 'i'))[1]
      FROM given_to(role) g WHERE g.given ~* 'secret|c2VjcmV0';
$$;

CREATE TEMP TABLE given AS SELECT * FROM given_to('patchmail_reader');
SELECT is_empty($$SELECT DISTINCT source, substring(given FROM '(?i).{0,40}(?:secret|c2VjcmV0).{0,30}') FROM given
                   WHERE given ~* 'secret|c2VjcmV0'$$, 'a reader gets no secret from any function or view');
SELECT is_empty($$SELECT source, given FROM given WHERE given LIKE 'refused:%'$$,
                'a reader may do all that he may begin');
SELECT is_empty($$
    SELECT p.oid::regprocedure FROM pg_proc p
     WHERE p.pronamespace = 'patchmail'::regnamespace AND p.proname ~ '_(json|list|mbox)$'
       AND NOT EXISTS (SELECT FROM given g
                        WHERE g.source = p.oid::regprocedure::text AND g.given ~ '@example.org>|"id"')
$$, 'each document, list and mbox gave something to search');
SELECT is_empty($$
    SELECT f FROM _patchmail.reader_functions() f WHERE NOT EXISTS (SELECT FROM given g WHERE g.source = f::text)
$$, 'whatever a reader may call gave something');
SELECT set_eq($$SELECT source FROM given WHERE source !~ '\('$$,
              $$VALUES ('patchmail.series_progress'), ('patchmail.series_revision'), ('patchmail.related_patches')$$,
              'of views a reader reads these alone, and no table');
SELECT isnt_empty($$SELECT FROM given WHERE given ~ 'public-olga@example.org'$$,
                  'addresses of open projects are shown');
SELECT isnt_empty($$SELECT FROM given WHERE given ~ 'public-maintainer@example.org'$$, 'and of who maintains these');

-- This would be found.
SAVEPOINT leaks;
CREATE FUNCTION patchmail.leaking(patch_id integer) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER AS
    $$SELECT a.email FROM public.patchwork_patch p JOIN public.patchwork_person a ON a.id = p.submitter_id
       WHERE p.id >= patch_id$$;
CREATE VIEW patchmail.leaks AS SELECT q.subject FROM patchmail.quarantine q;
GRANT EXECUTE ON FUNCTION patchmail.leaking TO patchmail_reader;
GRANT SELECT ON patchmail.leaks TO patchmail_reader;
SELECT set_eq($$SELECT source FROM secrets('patchmail_reader')$$,
              $$VALUES ('patchmail.leaking(integer)'), ('patchmail.leaks')$$,
              'a function or a view that leaks is found');
ROLLBACK TO leaks;
CREATE OR REPLACE FUNCTION _patchmail.caller_is_admin() RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true';
SELECT set_has($$SELECT source FROM secrets('patchmail_reader')$$,
               $$VALUES ('patchmail.patch_json(integer,text)'), ('patchmail.person_list(text,text,boolean)'),
                        ('patchmail.event_list(text,text,boolean)'), ('patchmail.series_mbox(integer)'),
                        ('patchmail.cover_comment_json(integer,text)'), ('patchmail.check_json(integer,text)'),
                        ('patchmail.bundle_json(integer,text)'), ('patchmail.user_json(integer,text)'),
                        ('patchmail.project_json(integer,text)'), ('patchmail.series_progress')$$,
               'and all of it is there to be found, if nothing is hidden');
SELECT is_empty($$SELECT * FROM secrets('patchmail_reader')
                   WHERE secret ~ 'pbkdf2|secret (token|subject|bytes|text|bundle)|secret-(alias|waiting)'$$,
                'but nothing that is not for readers at all');
ROLLBACK TO leaks;

-- A monitor
CREATE TEMP TABLE watched AS SELECT * FROM given_to('patchmail_monitor');
SELECT is_empty($$SELECT source, given FROM watched WHERE given ~* 'secret|c2VjcmV0'$$,
                'a monitor gets no text or address of mail');
SELECT is_empty($$SELECT source, given FROM watched WHERE given LIKE 'refused:%'$$,
                'a monitor may do all that he may begin');
SELECT bag_has($$SELECT source FROM watched$$,
               $$VALUES ('patchmail.status'), ('patchmail.failures'), ('patchmail.waiting'), ('patchmail.imap'),
                        ('patchmail.unknown_lists'), ('patchmail.ignored'), ('patchmail.throughput'),
                        ('patchmail.verdicts')$$, 'but how things stand');

-- What a reader gets instead
CREATE FUNCTION as_role(role name, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    given text;
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    EXECUTE 'SELECT ' || statement INTO given;
    RESET ROLE;
    RETURN given;
END
$$;
SELECT is(as_role('patchmail_reader', format('patchmail.patch_json(%s)->''submitter''', (patch_of('p')).id))::jsonb
              - '{id,url}'::text[], '{"name": "(hidden)", "email": null}', 'a submitter has no address');
SELECT is(as_role('patchmail_reader', format('patchmail.patch_json(%s)->''delegate''->>''username''',
                                             (patch_of('p')).id)), 'boss', 'a delegate has his name');
SELECT is((SELECT string_agg(k, ' ' ORDER BY k) FROM jsonb_object_keys(
              as_role('patchmail_reader', format('patchmail.patch_json(%s)->''headers''',
                                                 (patch_of('p')).id))::jsonb) k),
          'Date From List-ID Message-ID References Subject User-Agent', 'of headers those that hold no address');
SELECT alike(as_role('patchmail_reader', format('patchmail.patch_mbox(%s)', (patch_of('p')).id)),
             E'From patchwork %\nX-Patchwork-Submitter: "(hidden)" <hidden@address.invalid>\n%'
             'From: "(hidden)" <hidden@address.invalid>\nSubject: [PATCH 1/1] p\n%It was wrong.%+++ b/src/file.c%',
             'an mbox has an author that git am takes, the text and the diff');
SELECT alike(as_role('patchmail_reader', format('patchmail.patch_mbox(%s)', (patch_of('o')).id)),
             E'%X-Patchwork-Submitter: public-olga <public-olga@example.org>\n%', 'in an open project all is there');
SELECT is(as_role('patchmail_reader', format('patchmail.%s_list(%L)', kind, filter)), '[]',
          format('%s with %s finds nothing hidden', kind, filter))
  FROM (VALUES ('person', 'q=secret-ada'), ('person', 'q=secret'), ('user', 'q=secret-boss'), ('user', 'q=pbkdf2'))
       v (kind, filter);
SELECT isnt(as_role('patchmail_reader', format('patchmail.%s_list(%L)', kind, filter)), '[]',
            format('%s with %s finds what is shown', kind, filter))
  FROM (VALUES ('person', 'q=public-olga@example'), ('user', 'q=public-maintainer'), ('user', 'q=boss'),
               ('patch', 'submitter=public-olga@example.org')) v (kind, filter);
SELECT is(as_role('patchmail_reader', $$patchmail.patch_list('submitter=secret-ada@example.org', '', false)$$), '[]',
          'no patches are found by an address that is hidden');
SELECT throws_ok($$SELECT as_role('patchmail_reader', 'patchmail.patch_list(''submitter=secret-ada@example.org'')')$$,
                 '22023', 'submitter: there is no person "secret-ada@example.org"', 'it is as if nobody had it');
SELECT is((SELECT string_agg(p->>'id', ' ') FROM json_array_elements(
              as_role('patchmail_reader', 'patchmail.person_list(''order=email'')')::json) p
            WHERE p->>'email' IS NOT NULL), (SELECT p.id::text FROM public.patchwork_person p
                                              WHERE p.email = 'public-olga@example.org'),
          'by address those are ordered that have one');

-- One address in two projects: hidden in the documents of the one, shown in those of the other and among people.
SELECT store_mail(patch('both', who => 'secret-ada',
                        more => '{"list_ids": [{"field": "List-Id", "id": "open.example.org"}]}'));
SELECT is(as_role('patchmail_reader', format('patchmail.patch_json(%s)->''submitter''->>''email''', (patch_of(p)).id)),
          email, format('who wrote to both, in %s', p))
  FROM (VALUES ('p', NULL), ('both', 'secret-ada@example.org')) v (p, email);
SELECT is(as_role('patchmail_reader', format('patchmail.person_json(%s)->>''email''', (patch_of('p')).submitter_id)),
          'secret-ada@example.org', 'among people, who wrote to a project that shows addresses has one');

-- Who is asking
CREATE ROLE test_reader;
CREATE ROLE test_admin;
CREATE ROLE test_both NOINHERIT;
CREATE ROLE test_owner;
GRANT patchmail_reader TO test_reader, test_both;
GRANT patchmail_admin TO test_admin, test_both;
SELECT format('GRANT %I TO test_owner', n.nspowner::regrole) FROM pg_namespace n WHERE n.nspname = 'patchmail' \gexec
SELECT format('patchmail.cover_json(%s)->''submitter''->>''email''', (cover_of('c')).id) AS question \gset
SELECT is(as_role(role, :'question'), email, why)
  FROM (VALUES ('patchmail_admin', 'secret-ada@example.org', 'patchmail_admin sees addresses'),
               ('test_admin', 'secret-ada@example.org', 'so does its member'),
               ('test_owner', 'secret-ada@example.org', 'and who may become the owner'),
               ('test_reader', NULL, 'a member of patchmail_reader does not')) v (role, email, why);
GRANT USAGE ON SCHEMA public TO test_reader, test_admin, test_both, patchmail_reader;
SET LOCAL SESSION AUTHORIZATION test_reader;
SELECT :question IS NULL AS hidden \gset
RESET SESSION AUTHORIZATION;
SELECT ok(:'hidden', 'who logs in as a reader does not');
SET LOCAL SESSION AUTHORIZATION test_both;
SET LOCAL ROLE patchmail_reader;
SELECT :question IS NULL AS hidden \gset
SET LOCAL ROLE patchmail_admin;
SELECT :question AS shown \gset
RESET SESSION AUTHORIZATION;
RESET ROLE;
SELECT ok(:'hidden', 'who is both sees what the role sees that he set');
SELECT is(:'shown'::text, 'secret-ada@example.org', 'as an admin also addresses');
CREATE FUNCTION ask() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$
    SELECT patchmail.cover_json(c.id)->'submitter'->>'email' FROM public.patchwork_cover c;
$$;
SELECT is(as_role('test_reader', 'ask()'), NULL::text,
          'a function of the owner gives a reader no more than he may see');

-- Nor may one try by commits which address it is; SET ROLE is seen in a function of the owner too.
CREATE FUNCTION authors(address text) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$
    SELECT cardinality(_patchmail.commit_authors(jsonb_build_object('email', address)));
$$;
SELECT is(as_role(role, format('authors(%L)', address)), found, format('%s by address, for %s', address, role))
  FROM (VALUES ('patchmail_reader', 'secret-rob@example.org', '0'), ('patchmail_admin', 'secret-rob@example.org', '1'),
               ('patchmail_reader', 'public-olga@example.org', '1')) v (role, address, found);

-- It can be switched off again, and everything is as it was.
SELECT patchmail.set_policy('demo', show_addresses => true);
SELECT is(as_role('patchmail_reader', :'question'), 'secret-ada@example.org', 'a project may show addresses again');

-- Tables of ours are for admins.
SELECT is_empty($$
    SELECT c.oid::regclass, role FROM pg_class c, unnest('{patchmail_reader,patchmail_monitor}'::name[]) role
     WHERE c.relnamespace = 'patchmail'::regnamespace AND c.relkind IN ('r', 'p')
       AND has_any_column_privilege(role, c.oid, 'SELECT')
$$, 'neither a reader nor a monitor has a right on a table');
SELECT is_empty($$
    SELECT p.oid::regprocedure FROM pg_proc p
     WHERE p.pronamespace = 'patchmail'::regnamespace AND p.provolatile = 'v'
       AND (has_function_privilege('patchmail_reader', p.oid, 'EXECUTE')
            OR has_function_privilege('patchmail_monitor', p.oid, 'EXECUTE'))
$$, 'nor calls what acts');
SELECT is_empty($$
    SELECT f FROM _patchmail.role_functions('reader') f JOIN pg_proc p ON p.oid = f
     WHERE p.proname IN ('gaps', 'check', 'patch_ids', 'allowed', 'explain', 'project_names', 'facts_fault',
                         'diffs_after')
$$, 'what tells by its answer of the quarantine, of policies or of addresses is not for readers');
SELECT is(as_role('patchmail_admin', $$submitter FROM patchmail.waiting$$), 'secret-waiting@example.org',
          'an admin sees who waits');
SELECT lives_ok($$SELECT as_role('patchmail_admin', 'count(*) FROM patchmail.verdicts')$$,
                'an admin sees the verdicts on replies that wait');

SELECT * FROM finish();
ROLLBACK;
