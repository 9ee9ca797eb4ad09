-- Whatever Patchwork or an admin deletes, before or after any mail of a thread: no mail is held up, nothing else is
-- lost.
\ir preamble.psql
\ir state.psql
SELECT no_plan();

-- How rows go ---------------------------------------------------------------------------------------------------------

-- As Django deletes: what refers to a row goes with it, but for the few columns that Patchwork's models set to NULL.
-- In SQL, as an admin does it by hand: every column that may be NULL is set to that.
CREATE FUNCTION deleted(owner regclass, ids bigint[], how text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    reference record;
    found     bigint[];
    set_null  CONSTANT text[] := '{patchwork_person.user_id, patchwork_patch.related_id, patchwork_event.actor_id}';
BEGIN
    IF coalesce(cardinality(ids), 0) = 0 THEN
        RETURN;
    END IF;
    FOR reference IN
        SELECT k.conrelid::regclass AS owner, a.attname AS name, a.attnotnull,
               format('%s.%s', c.relname, a.attname) AS called,
               (SELECT b.attname FROM pg_index i JOIN pg_attribute b ON b.attrelid = i.indrelid
                   AND b.attnum = i.indkey[0]
                 WHERE i.indrelid = k.conrelid AND i.indisprimary) AS key
          FROM pg_constraint k
          JOIN pg_class c ON c.oid = k.conrelid
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
         WHERE k.contype = 'f' AND k.confrelid = deleted.owner
    LOOP
        IF reference.called = ANY (set_null) OR how = 'SQL' AND NOT reference.attnotnull THEN
            EXECUTE format('UPDATE %s SET %I = NULL WHERE %2$I = ANY ($1)', reference.owner, reference.name) USING ids;
        ELSE
            EXECUTE format('SELECT array_agg(%I) FROM %s WHERE %I = ANY ($1)', reference.key, reference.owner,
                           reference.name) INTO found USING ids;
            PERFORM deleted(reference.owner, found, how);
        END IF;
    END LOOP;
    EXECUTE format('DELETE FROM %s WHERE %I = ANY ($1)', owner,
                   (SELECT b.attname FROM pg_index i JOIN pg_attribute b ON b.attrelid = i.indrelid
                       AND b.attnum = i.indkey[0]
                     WHERE i.indrelid = owner AND i.indisprimary)) USING ids;
END
$$;

-- The site, and its mail in order -------------------------------------------------------------------------------------

SELECT make_project() AS project \gset
SELECT patchmail.set_policy('demo', relate => true, supersede => true);
INSERT INTO public.auth_user (id, username, first_name, last_name, email, password, is_superuser, is_staff, is_active,
                              date_joined)
VALUES (1, 'uma', '', '', 'uma@example.org', '', false, false, true, now()),
    (2, 'ulf', '', '', 'ulf@example.org', '', false, false, true, now());
INSERT INTO public.patchwork_delegationrule (project_id, user_id, path, priority) VALUES (:project, 1, '*.c', 0);
INSERT INTO public.patchwork_bundle (id, name, public, owner_id, project_id) VALUES (1, 'some', true, 1, :project);

CREATE TEMP TABLE mail (n serial, facts jsonb);
INSERT INTO mail (facts) VALUES
    (cover('c', 3)),
    (patch('p1', '1/3', 'c', content => 'Acked-by: x')),
    (reply('r1', 'p1 c', content => 'Acked-by: Rob')),
    (reply('rc', 'c')),
    (reply('w', 'p3 c', who => 'walt')),
    (reply('w2', 'w p3 c', who => 'rob')),
    (reply('lone', 'later', who => 'walt')),
    (patch('s', who => 'bob')),
    (reply('rs', 's')),
    (patch('d', more => '{"depends_on": [{"message_id": "<s@example.org>"}, {"message_id": "<p3@example.org>"}]}')),
    (patch('p2', '2/3', 'c')),
    (reply('r2', 'r1 p1 c', who => 'ada')),
    (cover('x', 2, version => 1, minute => 100)),
    (patch('x1', '1/2', 'x', minute => 100)),
    (patch('x2', '2/2', 'x', minute => 100, who => 'bob')),
    (patch('p3', '3/3', 'c', who => 'ada')),
    (cover('c2', 3, 'c', version => 2, minute => 300)),
    (patch('p21', '1/3', 'c2 c', version => 2, minute => 300)),
    (reply('r3', 'r2 r1 p1 c')),
    (patch('later', who => 'bob', minute => 50)),
    (reply('rs2', 'rs s', who => 'walt')),
    (patch('p22', '2/3', 'c2 c', version => 2, minute => 300)),
    (patch('p23', '3/3', 'c2 c', version => 2, minute => 300)),
    (reply('rx', 'x1 x', who => 'bob'));

-- Patchwork's rows of mail, by Message-ID.
CREATE VIEW kept AS
    SELECT msgid FROM public.patchwork_patch UNION ALL SELECT msgid FROM public.patchwork_cover
    UNION ALL SELECT msgid FROM public.patchwork_patchcomment UNION ALL SELECT msgid FROM public.patchwork_covercomment;

-- What can be deleted, by a query for its ids.
CREATE TEMP TABLE victim (owner regclass, name text, ids text);
INSERT INTO victim
SELECT 'public.patchwork_person', w, format('SELECT id FROM public.patchwork_person WHERE email = %L',
                                            w || '@example.org')
  FROM unnest('{ada,rob,walt,bob}'::text[]) w
UNION ALL SELECT 'public.patchwork_patch', w, format('SELECT id FROM public.patchwork_patch WHERE msgid = %L',
                                                     (msgids(w))[1])
  FROM unnest('{p1,p2,s,x1}'::text[]) w
UNION ALL SELECT 'public.patchwork_cover', w, format('SELECT id FROM public.patchwork_cover WHERE msgid = %L',
                                                     (msgids(w))[1])
  FROM unnest('{c,x}'::text[]) w
UNION ALL SELECT 'public.patchwork_series', w, format('SELECT (series_of(%L)).id', w)
    FROM unnest('{c,s,x,p21}'::text[]) w;
INSERT INTO victim VALUES
    ('public.patchwork_project', 'demo', 'SELECT id FROM public.patchwork_project'),
    ('public.patchwork_patchcomment', 'r1',
     'SELECT id FROM public.patchwork_patchcomment WHERE msgid = ''<r1@example.org>'''),
    ('public.patchwork_covercomment', 'rc', 'SELECT id FROM public.patchwork_covercomment'),
    ('public.patchwork_patchrelation', 'all', 'SELECT id FROM public.patchwork_patchrelation'),
    ('public.auth_user', 'uma', 'SELECT 1'),
    ('public.patchwork_state', 'new', 'SELECT id FROM public.patchwork_state WHERE ordering = 0'),
    ('public.patchwork_state', 'superseded', 'SELECT id FROM public.patchwork_state WHERE slug = ''superseded'''),
    ('public.patchwork_tag', 'acked', 'SELECT id FROM public.patchwork_tag WHERE name = ''Acked-by'''),
    ('public.patchwork_delegationrule', 'the one', 'SELECT id FROM public.patchwork_delegationrule'),
    ('public.patchwork_bundle', 'some', 'SELECT 1'),
    ('public.patchwork_check', 'all', 'SELECT id FROM public.patchwork_check'),
    ('public.patchwork_event', 'all', 'SELECT id FROM public.patchwork_event');

-- One of them deleted after the first mails, then the others, then all once more.  What went wrong, a line each.
CREATE FUNCTION gone_wrong(victim victim, how text, after integer,
                           tidied boolean DEFAULT false) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    one     record;
    here    text[];
    waiting text[];
    ids     bigint[];
    stored  text[] := '{}';
    result  text;
    wrong   text[] := '{}';
    at      text;
BEGIN
    FOR one IN SELECT * FROM mail m WHERE m.n <= after ORDER BY m.n LOOP
        PERFORM store_mail(one.facts);
    END LOOP;
    INSERT INTO public.patchwork_bundlepatch (bundle_id, patch_id, "order") SELECT 1, p.id, 1
        FROM public.patchwork_patch p LIMIT 2;
    INSERT INTO public.patchwork_check (patch_id, user_id, date, state, context)
    SELECT p.id, 2, now(), 1, 'ci' FROM public.patchwork_patch p;
    EXECUTE 'SELECT array_agg(id) FROM (' || victim.ids || ') i (id)' INTO ids;
    PERFORM deleted(victim.owner, ids, how);
    at := 'deleting';
    SET CONSTRAINTS ALL IMMEDIATE;
    IF tidied THEN
        PERFORM patchmail.tidy();
    END IF;
    here := ARRAY(SELECT k.msgid FROM kept k);
    waiting := ARRAY(SELECT m.msgid FROM patchmail.message m JOIN public.patchwork_project p ON p.id = m.project_id
                      WHERE m.waiting IS NOT NULL);
    FOR one IN SELECT 1 AS round, m.* FROM mail m WHERE m.n > after UNION ALL SELECT 2, m.* FROM mail m
                ORDER BY 1, 2 LOOP
        at := format('round %s, %s', one.round, one.facts->>'message_id');
        result := store_mail(one.facts);
        SET CONSTRAINTS ALL IMMEDIATE;
        SET CONSTRAINTS ALL DEFERRED;
        IF result NOT IN ('stored', 'waiting', 'duplicate')
            AND victim.owner <> 'public.patchwork_project'::regclass THEN
            wrong := wrong || (at || ' is ' || result);
        ELSIF result = 'stored' THEN
            stored := stored || (one.facts->>'message_id');
        END IF;
    END LOOP;
    PERFORM patchmail.tidy();
    wrong := wrong || ARRAY(SELECT k.msgid || ' is lost' FROM unnest(here || stored) k (msgid)
                             WHERE k.msgid NOT IN (SELECT o.msgid FROM kept o))
                   || ARRAY(SELECT k.msgid || ' waits no more' FROM unnest(waiting) k (msgid)
                             WHERE k.msgid NOT IN (SELECT o.msgid FROM kept o)
                               AND k.msgid NOT IN (SELECT m.msgid FROM patchmail.message m WHERE m.waiting IS NOT NULL))
                   || ARRAY(SELECT m.msgid || ' is of nobody' FROM patchmail.message m
                             WHERE m.submitter_id NOT IN (SELECT p.id FROM public.patchwork_person p)
                               AND m.waiting IS NULL)
                   || ARRAY(SELECT m.msgid || ' is of no series' FROM patchmail.message m
                             WHERE m.series_id > 0 AND m.series_id NOT IN (SELECT s.id FROM public.patchwork_series s))
                   || ARRAY(SELECT m.msgid || ' is of no project' FROM patchmail.message m
                             WHERE m.project_id NOT IN (SELECT p.id FROM public.patchwork_project p));
    RAISE EXCEPTION USING ERRCODE = 'PM001', MESSAGE = array_to_string(wrong, '; ');
EXCEPTION
    WHEN SQLSTATE 'PM001' THEN
        RETURN SQLERRM;
    WHEN OTHERS THEN
        RETURN format('%s: %s %s', at, SQLSTATE, SQLERRM);
END
$$;
SELECT is(gone_wrong(v, 'Django', a, a % 2 = 0), '', format('%s %s goes as Django deletes it, after %s mails', v.owner,
                                                            v.name, a))
  FROM victim v, unnest('{7,12,15,20}'::integer[]) a
 WHERE a = 15 OR v.name <> 'all' AND v.owner IN ('public.patchwork_person'::regclass,
                                                 'public.patchwork_series'::regclass);
SELECT is(gone_wrong(v, 'SQL', 20, true), '', format('%s %s goes as SQL deletes it', v.owner, v.name)) FROM victim v;

-- Patchwork itself made the tables, and mail that it stored is taken in
CREATE TABLE public.django_migrations ();
SELECT is(gone_wrong(v, 'Django', 15), '', format('beside Django: %s %s', v.owner, v.name))
  FROM victim v WHERE concat_ws(' ', v.owner, v.name) IN ('patchwork_person ada', 'patchwork_series x',
                                                          'patchwork_patch p1');
DROP TABLE public.django_migrations;

-- What is reported of it, and what comes again ------------------------------------------------------------------------

CREATE FUNCTION person_gone(who text) RETURNS void LANGUAGE sql AS $$
    SELECT deleted('public.patchwork_person', array_agg(p.id::bigint), 'Django') FROM public.patchwork_person p
     WHERE p.email = who || '@example.org';
$$;
SELECT store_mail(reply('lone', 'later', who => 'walt'));
SELECT person_gone('walt');
SELECT results_eq($$SELECT msgid, submitter::text FROM patchmail.waiting$$,
                  $$VALUES ('<lone@example.org>', 'walt@example.org')$$,
                  'a reply whose author was deleted is among those that wait');
SELECT is_empty('SELECT * FROM patchmail.tidy()', 'a reply that waits is not forgotten by tidy()');
SELECT is(store_mail(patch('later', who => 'bob')), 'stored', 'what it answers is not held up');
SELECT results_eq($$SELECT p.name::text, c.content FROM public.patchwork_patchcomment c
                  JOIN public.patchwork_person p ON p.id = c.submitter_id$$,
                  $$VALUES ('walt', 'Looks good.')$$, 'it has its place, and its author is entered again');
SELECT is_empty('SELECT FROM patchmail.waiting', 'a reply whose author was entered again waits no more');

-- One that had a place and waits again, since another mail took that of what it answered
SELECT store_mail(with_verdict(patch('t', who => 'mallory'), 'none')), store_mail(reply('tr', 't', who => 'tess'));
SELECT store_mail(with_verdict(patch('t'), 'pass') || '{"references": ["<none@example.org>"]}');
SELECT _patchmail.unplace_comments(ARRAY[(ledger('tr')).id]);
SELECT person_gone('tess');
SELECT _patchmail.place_answers(:project, '<t@example.org>');
SELECT results_eq($$SELECT p.name::text, (ledger('tr')).waiting IS NULL FROM public.patchwork_patchcomment c
                      JOIN public.patchwork_person p ON p.id = c.submitter_id WHERE c.msgid = '<tr@example.org>'$$,
                  $$VALUES ('tess', true)$$, 'the author of a reply that lost its place meanwhile is entered again');

-- The same mail once more
SELECT store_mail(patch('again', who => 'rita'));
SELECT person_gone('rita');
SELECT is(store_mail(patch('again', who => 'rita')), 'stored', 'the mail of a person who was deleted is new');
SELECT is(count(*), 1::bigint, 'with a row of its own') FROM public.patchwork_patch WHERE msgid = '<again@example.org>';
SELECT person_gone('rita');
SELECT results_eq('SELECT * FROM patchmail.tidy()', $$VALUES ('demo', 1::bigint)$$,
                  'tidy() forgets the mail of people who are gone');
SELECT is(store_mail(patch('again', who => 'rita')), 'stored', 'mail of a deleted person is new after tidy()');
SELECT deleted('public.patchwork_patch', ARRAY[(patch_of('again')).id], 'Django');
SELECT is(store_mail(patch('again', who => 'rita')), 'duplicate', 'a patch that alone was deleted stays so');
SELECT is_empty('SELECT * FROM patchmail.tidy()', 'tidy() leaves a patch alone that was deleted by itself');

-- A project
SELECT make_project('second', 'second.example.org');
SELECT store_mail(m.facts || '{"list_ids": [{"field": "List-Id", "id": "second.example.org"}]}') FROM mail m ORDER BY n;
SELECT patchmail.set_policy('second', relate => true), _patchmail.add_alias(p.id, '<a@example.org>', '<b@example.org>')
  FROM public.patchwork_project p WHERE p.linkname = 'second';
CREATE FUNCTION rows_of(project integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    owner regclass;
    found bigint;
    total bigint := (SELECT count(*) FROM patchmail.authentication a JOIN patchmail.message m ON m.id = a.message_id
                      WHERE m.project_id = project);
BEGIN
    FOR owner IN SELECT a.attrelid::regclass FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                  WHERE c.relnamespace = 'patchmail'::regnamespace AND c.relkind = 'r' AND a.attname = 'project_id'
                    AND c.relname <> 'audit' LOOP
        EXECUTE format('SELECT count(*) FROM %s WHERE project_id = $1', owner) INTO found USING project;
        total := total + found;
    END LOOP;
    RETURN total;
END
$$;
SELECT id AS second FROM public.patchwork_project WHERE linkname = 'second' \gset
SELECT cmp_ok(rows_of(:second), '>', 50::bigint, 'a project has rows in schema patchmail');
SELECT rows_of(:project) AS others \gset
SELECT deleted('public.patchwork_project', ARRAY[:second], 'Django');
SELECT results_eq('SELECT * FROM patchmail.tidy()', $$SELECT NULL, count(*) FROM mail$$,
                  'tidy() says how much it forgot of one that is gone');
SELECT is(rows_of(:second), 0::bigint, 'nothing is left of a project that is gone');
SELECT is(rows_of(:project), :others::bigint, 'everything is left of the other projects');
SELECT is_empty('SELECT * FROM patchmail.tidy()', 'the second time there is nothing to do');

SELECT * FROM finish();
ROLLBACK;
