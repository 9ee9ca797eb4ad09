-- What the database has to do for a mail, by how much there is already:  psql -f tests/t/growth.sql
--
-- Makes of every shape a small case, one of n and one of 4n, each in a project of its own with people of its own, and
-- says in the table growth_case what is then asked.  growth-lib.sh counts the instructions that this takes.
-- Run in a database that has the schema and nothing else, with -v named=true for what lines of mail name, else false.
\set ON_ERROR_STOP on
\set QUIET on
\o /dev/null
\ir ../sql/preamble.psql
\ir ../sql/state.psql

CREATE TABLE growth_case (id serial PRIMARY KEY, shape text, size integer, facts jsonb, call text);

-- The project of a case, with delegation rules and a policy where the shape is about them.
CREATE FUNCTION growth_project(shape text, id integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    project integer := make_project('g' || id, 'g' || id || '.example.org');
BEGIN
    INSERT INTO public.patchwork_delegationrule (path, priority, project_id, user_id)
    SELECT format(CASE n % 4 WHEN 0 THEN 'dir%s/*' WHEN 1 THEN '*x%s*y*' WHEN 2 THEN 'dir%s/file'
                  ELSE '*[x]%s*[y]*' END, n),
           25 - n, project, 1
      FROM generate_series(1, 25) n WHERE shape LIKE 'files%';
    INSERT INTO public.patchwork_delegationrule (path, priority, project_id, user_id)
    SELECT path, 0, project, 1 FROM unnest(ARRAY['*a*a*a*a*b', 'a*[a]*[a]*[a]*b', '*a?a*a?a*b', 'a*']) path
     WHERE shape = 'a long file name';
    PERFORM patchmail.set_policy('g' || id, relate => true, supersede => true) WHERE shape LIKE 'versions%';
    RETURN project;
END
$$;

CREATE FUNCTION growth_words(stem text, size integer) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(stem || n, ' ' ORDER BY n) FROM generate_series(1, size) n;
$$;

CREATE FUNCTION growth_digits(number integer) RETURNS text LANGUAGE sql AS $$
    SELECT lpad(replace(number::text, '-', 'f'), 40, 'a');
$$;

-- The mails of a shape, in the order in which they come; the last one is what is measured.
CREATE FUNCTION growth_mails(shape text, size integer) RETURNS SETOF jsonb LANGUAGE plpgsql AS $$
DECLARE
    n integer;
BEGIN
    CASE shape
    -- Replies
    WHEN 'replies to a patch' THEN
        RETURN NEXT patch('p');
        RETURN QUERY SELECT reply('r' || i, 'p') FROM generate_series(0, size) i;
    WHEN 'replies to replies' THEN
        RETURN NEXT patch('p');
        RETURN QUERY SELECT reply('r' || i, CASE i WHEN 0 THEN 'p' ELSE 'r' || i - 1 END)
            FROM generate_series(0, size) i;
    WHEN 'replies that wait for a patch' THEN
        RETURN QUERY SELECT reply('r' || i, 'p', content => 'Acked-by: a') FROM generate_series(1, size) i;
        RETURN NEXT patch('p');
    WHEN 'replies that wait, a chain' THEN
        RETURN QUERY SELECT reply('r' || i, CASE i WHEN 1 THEN 'p' ELSE 'r' || i - 1 END)
            FROM generate_series(1, size) i;
        RETURN NEXT patch('p');
    WHEN 'replies with tags get another parent' THEN
        RETURN NEXT patch('p2');
        RETURN QUERY SELECT reply('r' || i, 'p1 p2', content => 'Acked-by: a') FROM generate_series(1, size) i;
        RETURN NEXT patch('p1');
    WHEN 'replies in a circle' THEN
        RETURN QUERY SELECT reply('r' || i, 'r' || i + 1) FROM generate_series(1, size) i;
        RETURN NEXT patch('p');
        RETURN NEXT reply('r' || size + 1, 'r1 p');
    WHEN 'replies to the mail that a list wrapped' THEN
        RETURN QUERY SELECT reply('r' || i, 'w') FROM generate_series(1, size) i;
        RETURN NEXT patch('p', more => '{"wrapped_message_id": "<w@example.org>"}');
    WHEN 'threads that one mail joins' THEN
        -- All who wait are one to the index by author and date, so these have dates of their own, as real mail has.
        RETURN QUERY SELECT reply('r' || i, 'x' || i, 1000 + i) FROM generate_series(1, size) i;
        RETURN NEXT reply('r', growth_words('x', size), 1000);
    -- Series
    WHEN 'series, one more patch' THEN
        RETURN NEXT cover('c', size + 1);
        RETURN QUERY SELECT patch('p' || i, i || '/' || size + 1, 'c') FROM generate_series(1, size + 1) i;
    WHEN 'series, its first patch last' THEN
        RETURN NEXT cover('c', size + 1);
        RETURN QUERY SELECT patch('p' || i, i || '/' || size + 1, 'c') FROM generate_series(size + 1, 1, -1) i;
    WHEN 'series, its cover letter last' THEN
        RETURN QUERY SELECT patch('p' || i, i || '/' || size, 'c') FROM generate_series(1, size) i;
        RETURN NEXT cover('c', size);
    WHEN 'series in reply to its first patch' THEN
        RETURN QUERY SELECT patch('p' || i, i || '/' || size + 1, CASE WHEN i > 1 THEN 'p1' ELSE '' END)
                       FROM generate_series(1, size + 1) i;
    WHEN 'series without references' THEN
        RETURN QUERY SELECT patch('p' || i, i || '/' || size + 1, minute => i * 0.01)
            FROM generate_series(1, size + 1) i;
    WHEN 'series, a number again and again' THEN
        RETURN NEXT cover('c', 3);
        RETURN QUERY SELECT patch('p' || i, '2/3', 'c', minute => i) FROM generate_series(0, size) i;
    WHEN 'series, first patches one after the other' THEN
        RETURN QUERY SELECT patch('p' || i, '1/2', minute => i * 0.01) FROM generate_series(0, size) i;
    WHEN 'series, cover letters that lost their patches' THEN
        RETURN QUERY SELECT cover('c' || i, 2, minute => i * 0.01) FROM generate_series(1, size) i;
        RETURN QUERY SELECT patch('p' || i, '1/2', 'x' || i, minute => i * 0.01) FROM generate_series(1, size) i;
        RETURN NEXT patch('q', '1/2', 'c1', 7, 500);
    WHEN 'series, a slip in every patch' THEN
        RETURN NEXT cover('c', size + 1);
        RETURN QUERY SELECT patch('p' || i, i || '/' || size + 1, 'c', i, i * 0.01) FROM generate_series(1, size + 1) i;
    WHEN 'series, a slip all at once' THEN
        RETURN NEXT cover('c', size + 1);
        RETURN QUERY SELECT patch('p' || i, i || '/' || size + 1, 'c', i) FROM generate_series(1, size + 1) i;
    WHEN 'answers that look like the cover letter' THEN
        RETURN QUERY SELECT jsonb_set(cover('r' || i, 1, 'c', who => 'eve'), '{subject,title}', '"c"')
                       FROM generate_series(1, size) i;
        RETURN NEXT cover('c', 1);
    WHEN 'replies of many people that wait' THEN
        RETURN QUERY SELECT reply('r' || i, 'p', who => 'rob' || i) FROM generate_series(1, size) i;
        RETURN NEXT patch('p');
    -- Versions
    WHEN 'versions of a patch' THEN
        RETURN QUERY SELECT jsonb_set(patch('p' || i, '1/1', CASE WHEN i > 1 THEN 'p' || i - 1 ELSE '' END, i, i * 60),
                                      '{subject,title}', '"one title"') FROM generate_series(1, size + 1) i;
    WHEN 'versions of a series', 'match_patches, titles alike' THEN
        FOR v IN 1 .. 2 LOOP
            RETURN NEXT cover('c' || v, size, version => v, minute => v * 60);
            RETURN QUERY
            SELECT jsonb_set(patch('p' || v || '.' || i, i || '/' || size, 'c' || v, v, v * 60),
                             '{subject,title}', to_jsonb(CASE WHEN shape LIKE 'match%' THEN 'one'
                                                         ELSE 'title ' || i END))
              FROM generate_series(1, size) i;
        END LOOP;
    -- One large mail
    WHEN 'files' THEN
        RETURN NEXT patch('p', more => jsonb_build_object('files', (
            SELECT jsonb_agg('dir24/file' || i) FROM generate_series(1, size) i)));
    WHEN 'files of which the last is nobody''s' THEN
        RETURN NEXT patch('p', more => jsonb_build_object('files', (
            SELECT jsonb_agg('dir4/file' || i) FROM generate_series(1, size) i) || '["zzz"]'));
    WHEN 'a long file name' THEN
        RETURN NEXT patch('p', more => jsonb_build_object('files', jsonb_build_array(repeat('a', 10 * size))));
    WHEN 'tag lines' THEN
        RETURN NEXT patch('p', content => repeat(E'Acked-by: A <a@example.org>\n', 10 * size));
    WHEN 'tag lines of a reply' THEN
        RETURN NEXT patch('p');
        RETURN NEXT reply('r', 'p', content => repeat(E'Acked-by: A <a@example.org>\n', 10 * size));
    WHEN 'references that are not here' THEN
        RETURN NEXT reply('r', growth_words('x', size));
    WHEN 'references that are here' THEN
        RETURN QUERY SELECT reply('x' || i, 'y') FROM generate_series(1, size) i;
        RETURN NEXT patch('p', '1/2', growth_words('x', size));
    WHEN 'Depends-on lines' THEN
        RETURN QUERY SELECT patch('x' || i) FROM generate_series(1, size / 5) i;
        RETURN NEXT patch('p', more => jsonb_build_object('depends_on', (
            SELECT jsonb_agg(jsonb_build_object('message_id', (msgids('x' || i))[1]))
              FROM generate_series(1, size / 5) i)));
    WHEN 'Depends-on lines of others' THEN
        RETURN QUERY SELECT patch('x' || i, more => '{"depends_on": [{"message_id": "<p@example.org>"}]}')
                       FROM generate_series(1, size) i;
        RETURN NEXT patch('p');
    WHEN 'prerequisites by patch-id' THEN
        RETURN QUERY SELECT patch('x' || i, more => jsonb_build_object('patch_id', growth_digits(i)))
                       FROM generate_series(1, size / 5) i;
        RETURN NEXT patch('p', more => jsonb_build_object('depends_on', (
            SELECT jsonb_agg(jsonb_build_object('git_patch_id', growth_digits(i)))
              FROM generate_series(1, size / 5) i)));
    WHEN 'prerequisites of others, by patch-id' THEN
        RETURN QUERY SELECT patch('x' || i, more => jsonb_build_object('patch_id', growth_digits(i), 'depends_on',
                                      jsonb_build_array(jsonb_build_object('git_patch_id', growth_digits(0)))))
                       FROM generate_series(1, size) i;
        RETURN NEXT patch('p', more => jsonb_build_object('patch_id', growth_digits(0)));
    WHEN 'copies of a patch that another one names' THEN
        RETURN QUERY SELECT patch('x' || i, more => jsonb_build_object('patch_id', growth_digits(0)))
                       FROM generate_series(1, size) i;
        RETURN NEXT patch('p', minute => 60, more => jsonb_build_object('depends_on',
            jsonb_build_array(jsonb_build_object('git_patch_id', growth_digits(0)))));
    WHEN 'a copy of a patch that others name' THEN
        RETURN NEXT patch('a', more => jsonb_build_object('patch_id', growth_digits(0)));
        RETURN QUERY SELECT patch('x' || i, minute => 60, more => jsonb_build_object('patch_id', growth_digits(i),
                                      'depends_on',
                                      jsonb_build_array(jsonb_build_object('git_patch_id', growth_digits(0)))))
                       FROM generate_series(1, size) i;
        RETURN NEXT patch('p', minute => 30, more => jsonb_build_object('patch_id', growth_digits(0)));
    WHEN 'prerequisites of others, by change-id' THEN
        RETURN QUERY SELECT patch('x' || i, more => '{"depends_on": [{"change_id": "I", "version": 1}]}')
                       FROM generate_series(1, size) i;
        RETURN NEXT patch('p', more => '{"change_id": "I"}');
    WHEN 'one more patch of a series that others name' THEN
        RETURN NEXT cover('c', size + 1);
        RETURN QUERY SELECT patch('p' || i, i || '/' || size + 1, 'c',
                                  more => jsonb_build_object('patch_id', growth_digits(i)))
                       FROM generate_series(1, size) i;
        RETURN QUERY SELECT patch('x' || i, minute => 60, more => jsonb_build_object('patch_id', growth_digits(-i),
                                      'depends_on',
                                      jsonb_build_array(jsonb_build_object('git_patch_id', growth_digits(i)))))
                       FROM generate_series(1, size) i;
        RETURN NEXT patch('p', size + 1 || '/' || size + 1, 'c',
                          more => jsonb_build_object('patch_id', growth_digits(0)));
    -- What replaces what, said in lines
    WHEN 'versions, all named by one' THEN
        RETURN QUERY SELECT patch('x' || i) FROM generate_series(1, size) i;
        RETURN NEXT patch('p', minute => 60, more => jsonb_build_object('supersedes', (
            SELECT jsonb_agg((msgids('x' || i))[1]) FROM generate_series(1, size) i)));
    WHEN 'versions, one named by all' THEN
        RETURN QUERY SELECT patch('x' || i, minute => 60, more => jsonb_build_object('supersedes', msgids('p')))
                       FROM generate_series(1, size) i;
        RETURN NEXT patch('p');
    WHEN 'versions, 5.1 of every patch alone' THEN
        RETURN NEXT cover('c', size, '', 5);
        RETURN QUERY SELECT patch('p' || i, i || '/' || size, 'c', 5) FROM generate_series(1, size) i;
        RETURN QUERY SELECT jsonb_set(patch('m' || i, i || '/' || size, 'p' || i, 5, i * 30),
                                       '{subject,minor}', to_jsonb(i))
                       FROM generate_series(1, size) i;
        RETURN NEXT jsonb_set(patch('m', '1/' || size, 'c', 5, size * 30 + 30), '{subject,minor}', to_jsonb(size + 1));
    WHEN 'lists that are not here' THEN
        RETURN NEXT jsonb_set(patch('p'), '{list_ids}', (
            SELECT jsonb_agg(jsonb_build_object('field', 'List-Id', 'id', 'list' || i)) FROM generate_series(1, size) i)
            || (patch('p')->'list_ids'));
    WHEN 'one list, named again and again' THEN
        RETURN NEXT jsonb_set(patch('p'), '{list_ids}', (
            SELECT jsonb_agg(patch('p')->'list_ids'->0) FROM generate_series(1, size) i));
    WHEN 'authentication results' THEN
        RETURN NEXT with_verdict(patch('p'), 'pass', results => (SELECT jsonb_agg(result(i))
                                                                   FROM generate_series(1, size) i));
    -- People
    WHEN 'mails of one person under many names' THEN
        RETURN QUERY SELECT jsonb_set(patch('p' || i, minute => i * 60), '{author,name}', to_jsonb('Name ' || i))
                       FROM generate_series(size, 0, -1) i;
    -- What admins ask for
    WHEN 'expire', 'replies that wait, placed in part' THEN
        RETURN QUERY SELECT reply('r' || i, 'p') FROM generate_series(1, size) i;
    WHEN 'adopt' THEN
        RETURN NEXT cover('c', size);
        RETURN QUERY SELECT patch('p' || i, i || '/' || size, 'c') FROM generate_series(1, size) i;
    WHEN 'headers_json' THEN
        RETURN;
    WHEN 'recount_tags' THEN
        RETURN NEXT patch('p');
        RETURN QUERY SELECT reply('r' || i, 'p', content => 'Acked-by: a') FROM generate_series(1, size) i;
    END CASE;
END
$$;

-- What is asked of a shape after all its mails have been stored; NULL where its last mail is what is measured.
CREATE FUNCTION growth_call(shape text, size integer, project integer) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    CASE shape
    WHEN 'expire' THEN
        RETURN format('WITH old AS (UPDATE patchmail.message SET arrived = arrived - interval ''40 days'' '
                      'WHERE project_id = %s RETURNING 1) SELECT count(*) FROM old; SELECT patchmail.expire()',
                      project);
    WHEN 'replies that wait, placed in part' THEN
        RETURN format('SELECT _patchmail.place_answers(%s, ''<p@example.org>'', 5)', project);
    WHEN 'match_patches, titles alike' THEN
        RETURN format('SELECT count(*) FROM _patchmail.match_patches(%s, %s)',
                      (SELECT max(s.id) FROM public.patchwork_series s WHERE s.project_id = project),
                      (SELECT min(s.id) FROM public.patchwork_series s WHERE s.project_id = project));
    WHEN 'adopt' THEN
        DELETE FROM patchmail.message WHERE project_id = project;
        RETURN format('SELECT _patchmail.adopt(%s, %L)', project, msgids('c ' || growth_words('p', size)));
    WHEN 'recount_tags' THEN
        RETURN format('SELECT _patchmail.recount_tags(p.id) FROM public.patchwork_patch p WHERE p.project_id = %s',
                      project);
    WHEN 'headers_json' THEN
        RETURN format($q$SELECT length(_patchmail.headers_json(repeat(E'Received: by a\\n for b\\n', %s))::text)$q$,
                      size);
    ELSE
        RETURN NULL;
    END CASE;
END
$$;

-- Stores the mails of a case, but for the last if that is what is measured, and notes what is asked then.  Of what is
-- stored together nothing is stored before; of a batch more all but the last ten.
CREATE FUNCTION grow(shape text, size integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    number  integer := nextval('growth_case_id_seq');
    project integer := growth_project(shape, number);
    call    text;
    mail    jsonb;
    before  jsonb;
    mails   jsonb := '[]';
BEGIN
    FOR mail IN
        SELECT replace((m || jsonb_build_object('author', m->'author' || jsonb_build_object(
                            'email', number || '.' || (m->'author'->>'email'))))::text,
                       '"demo.example.org"', format('"g%s.example.org"', number))::jsonb
          FROM growth_mails(regexp_replace(shape, '^(together|a batch more): ', ''), size) m
    LOOP
        IF shape LIKE 'together: %' THEN
            mails := mails || mail;
        ELSIF shape LIKE 'a batch more: %' THEN
            mails := mails || mail;
            IF jsonb_array_length(mails) > 10 THEN
                PERFORM store_mail(mails->0);
                mails := mails - 0;
            END IF;
        ELSIF before IS NOT NULL THEN
            PERFORM store_mail(before);
        END IF;
        before := mail;
    END LOOP;
    IF shape IN ('expire', 'adopt', 'recount_tags', 'replies that wait, placed in part',
                 'match_patches, titles alike') THEN
        PERFORM store_mail(before);
    END IF;
    IF mails <> '[]' THEN
        before := mails;
        call := format('SELECT count(s.outcome) FROM public.growth_case c, patchmail.store_many(c.facts, %L) s '
                       'WHERE c.id = %s',
                       to_jsonb(array_fill(jsonb '{"transport": "import"}', ARRAY[jsonb_array_length(mails)])), number);
    END IF;
    call := coalesce(call, growth_call(shape, size, project), format(
        'SELECT (patchmail.store(facts, %L, %L)).outcome FROM public.growth_case WHERE id = %s', '\x',
        '{"transport": "import"}', number));
    INSERT INTO growth_case (id, shape, size, facts, call) VALUES (number, shape, size, before, call);
END
$$;

INSERT INTO public.auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active,
                              date_joined)
VALUES (1, '', false, 'u', '', '', 'u@example.org', false, true, '2026-01-01Z');
\if :named
SELECT grow(shape, size)
  FROM (VALUES
    ('prerequisites by patch-id', 50), ('prerequisites of others, by patch-id', 25),
    ('copies of a patch that another one names', 50), ('a copy of a patch that others name', 25),
    ('prerequisites of others, by change-id', 25), ('one more patch of a series that others name', 15),
    ('versions, all named by one', 10), ('versions, one named by all', 10),
    ('versions, 5.1 of every patch alone', 5)) s (shape, n), LATERAL (
    VALUES (greatest(n / 20, 1)), (n), (4 * n)) x (size)
;
\else
SELECT grow(shape, size)
  FROM (VALUES
    ('replies to a patch', 50), ('replies to replies', 50), ('replies that wait for a patch', 25),
    ('replies that wait, a chain', 12), ('replies that wait, placed in part', 50),
    ('replies with tags get another parent', 25), ('replies in a circle', 12),
    ('replies to the mail that a list wrapped', 10), ('threads that one mail joins', 40),
    ('series, one more patch', 40), ('series, its first patch last', 30), ('series, its cover letter last', 20),
    ('series in reply to its first patch', 30), ('series without references', 30),
    ('series, a number again and again', 20), ('series, first patches one after the other', 20),
    ('series, cover letters that lost their patches', 12), ('series, a slip in every patch', 20),
    ('series, a slip all at once', 20), ('answers that look like the cover letter', 5),
    ('replies of many people that wait', 25), ('versions of a patch', 3), ('versions of a series', 12),
        ('match_patches, titles alike', 40),
    ('files', 250), ('files of which the last is nobody''s', 250), ('a long file name', 2000), ('tag lines', 50),
    ('tag lines of a reply', 50), ('references that are not here', 50), ('references that are here', 50),
    ('Depends-on lines', 50), ('Depends-on lines of others', 25), ('lists that are not here', 100),
    ('one list, named again and again', 100), ('authentication results', 50),
    ('mails of one person under many names', 50), ('expire', 50), ('adopt', 40), ('recount_tags', 100),
    ('headers_json', 100), ('together: replies to a patch', 10), ('together: replies to replies', 10),
    ('together: replies that wait, a chain', 10), ('together: replies in a circle', 10),
    ('together: series, one more patch', 10), ('together: series without references', 10),
    ('a batch more: series without references', 100),
    ('together: mails of one person under many names', 10)) s (shape, n), LATERAL (
    VALUES (greatest(n / 20, 1)), (n), (4 * n)) x (size)
;
\endif
\o
COMMIT;
VACUUM ANALYZE;
