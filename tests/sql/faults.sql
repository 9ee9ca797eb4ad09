-- patchmail.facts_fault(), fault_of_error() and site_fault(): only what a mail itself says puts it into quarantine.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS project \gset
INSERT INTO public.auth_user (id, username, first_name, last_name, email, password, is_superuser, is_staff, is_active,
                              date_joined)
VALUES (1, 'u', '', '', 'u@example.org', '', false, false, true, now());
INSERT INTO public.patchwork_delegationrule (project_id, user_id, path, priority) VALUES (:project, 1, '*.c', 0);

-- Every value of the facts, replaced by what it is not ---------------------------------------------------------------

CREATE FUNCTION paths(of jsonb, at text[] DEFAULT '{}') RETURNS SETOF text[] LANGUAGE sql AS $$
    SELECT p FROM (
        SELECT at || e.key AS at, e.value FROM jsonb_each(CASE jsonb_typeof(of) WHEN 'object' THEN of END) e
        UNION ALL
        SELECT at || (e.n - 1)::text, e.value
          FROM jsonb_array_elements(CASE jsonb_typeof(of) WHEN 'array' THEN of END) WITH ORDINALITY e (value, n)) x,
        LATERAL (SELECT x.at UNION ALL SELECT paths(x.value, x.at)) y (p);
$$;
CREATE TEMP TABLE sample (name text, facts jsonb);
INSERT INTO sample
SELECT m.name, m.facts || jsonb_build_object(
           'original_author', jsonb_build_object('name', 'Ora', 'email', 'ora@example.org', 'source', 'Reply-To'),
           'wrapped_message_id', NULL, 'change_id', 'a-change', 'pull_url', 'git://example.org/x main',
           'authentication', jsonb_build_object(
               'verdict', 'none', 'reason', 'x', 'original_verdict', 'claimed', 'original_reason', 'y',
               'results', '[{"index": 0, "source": "exchanger", "authserv_id": "mx", "trusted": true, "method": "dkim",
                             "result": "pass", "identity": "example.org", "alignment": "strict",
                             "reason": null}]'::jsonb))
  FROM (VALUES
    ('a patch', patch('P', '1/2', more => '{"depends_on": [{"message_id": "<d@example.org>"}, {"series_id": 1}]}')),
    ('a cover letter', cover('P', 2)),
    ('a reply that waits', reply('P', 'unknown')),
    ('a mail whose From is the list', patch('P', more => '{"author": {"name": "L", "email": "demo@example.org"}}'))
  ) m (name, facts);
CREATE TEMP TABLE bad (value jsonb);
INSERT INTO bad VALUES ('null'), ('"x"'), ('-1'), ('40000'), ('3000000000'), ('[]'), ('{}'),
    ('[{"message_id": "a", "series_id": 1}]'),
    ('"2026-02-31"'), (to_jsonb((SELECT string_agg(md5(n::text), '') FROM generate_series(1, 500) n)));

SELECT store_mail(patch('known'));
CREATE TEMP TABLE seen (name text, path text[], value text, outcome text, fault text, later text);
DO $$
DECLARE
    tried  record;
    fault  text;
    result text;
    later  text;
    number integer := 0;
BEGIN
    FOR tried IN
        SELECT s.name, p.path, left(b.value::text, 40) AS value,
               CASE WHEN b.value IS NULL THEN s.facts #- p.path ELSE jsonb_set(s.facts, p.path, b.value) END AS facts
          FROM sample s, paths(s.facts) p (path), (SELECT value FROM bad UNION ALL SELECT NULL) b
         WHERE p.path[1] NOT IN ('facts', 'sha256', 'size', 'problems', 'list_ids')
    LOOP
        number := number + 1;  -- a name of its own, since what was undone is in the way of looking for the same again
        tried.facts := regexp_replace(tried.facts::text, '\m(P|unknown|ada|ora|rob)(?=@)', '\1' || number, 'g');
        fault := patchmail.facts_fault(tried.facts::text);
        later := NULL;
        BEGIN
            result := store_mail(tried.facts);
            SET CONSTRAINTS ALL IMMEDIATE;
            IF result = 'waiting' THEN  -- the one that it waits for is not held up
                later := store_mail(patch('unknown' || number));
                SET CONSTRAINTS ALL IMMEDIATE;
            END IF;
            RAISE EXCEPTION USING ERRCODE = 'PM001';
        EXCEPTION
            WHEN SQLSTATE 'PM001' THEN
                NULL;
            WHEN OTHERS THEN
                result := SQLSTATE || ' ' || SQLERRM;
        END;
        SET CONSTRAINTS ALL DEFERRED;
        INSERT INTO seen VALUES (tried.name, tried.path, tried.value, result, fault, later);
    END LOOP;
END
$$;
SELECT cmp_ok(count(*), '>', 2000::bigint, 'many facts were tried') FROM seen;
SELECT cmp_ok(count(*), '>', 200::bigint, 'many of them cannot be stored') FROM seen WHERE outcome = 'quarantined';
SELECT is_empty($$SELECT * FROM seen WHERE outcome NOT IN ('stored', 'waiting', 'ignored', 'duplicate',
                                                           'quarantined')$$,
                'whatever the facts say, no mail is an error of the site');
SELECT is_empty($$SELECT * FROM seen WHERE outcome = 'quarantined' AND fault IS NULL$$,
                'each that is in quarantine has its reason');
SELECT is_empty($$SELECT * FROM seen WHERE later <> 'stored'$$, 'none that waits is in the way of what it waits for');
SELECT is_empty($$SELECT * FROM seen WHERE outcome <> 'quarantined' AND fault IS NOT NULL
                           AND outcome <> 'ignored' AND path[2] NOT IN ('verdict', 'original_verdict')$$,
                'none that can be stored is said to be at fault');


-- Sequences behind the rows, as after a restore -----------------------------------------------------------------------

CREATE FUNCTION failed(mail jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    result := store_mail(mail);
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    RETURN result;
EXCEPTION
    WHEN OTHERS THEN
        RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
-- What makes a row of each kind, and one more for the new mail.
SELECT store_mail(patch('s1', '1/2', content => 'Acked-by: x',
                        more => '{"depends_on": [{"message_id": "<s5@example.org>"}]}'));
SELECT store_mail(cover('s2', 2)), store_mail(reply('s3', 's1')), store_mail(reply('s4', 's2'));
SELECT store_mail(patch('s5'));
CREATE TEMP TABLE behind (sequence regclass, mail jsonb, said text, mended text);
INSERT INTO behind VALUES
    ('public.patchwork_person_id_seq', patch('n1', who => 'new')),
    ('public.patchwork_series_id_seq', patch('n2')),
    ('public.patchwork_submission_id_seq', patch('n3')),
    ('public.patchwork_cover_id_seq', cover('n4', 2)),
    ('public.patchwork_comment_id_seq', reply('n5', 's1')),
    ('public.patchwork_covercomment_id_seq', reply('n6', 's2')),
    ('public.patchwork_event_id_seq', patch('n7')),
    ('public.patchwork_patchtag_id_seq', patch('n8', content => 'Acked-by: y')),
    ('public.patchwork_series_dependencies_id_seq', patch('n9',
        more => '{"depends_on": [{"message_id": "<s5@example.org>"}]}')),
    ('patchmail.message_id_seq', patch('n10'));
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT * FROM behind LOOP
        EXECUTE format('SELECT setval(%L, max(id), false) FROM %s', one.sequence,
                       (SELECT d.refobjid::regclass FROM pg_depend d
                         WHERE d.objid = one.sequence AND d.deptype IN ('a', 'i')));
        UPDATE behind SET said = failed(one.mail) WHERE sequence = one.sequence;
        EXECUTE (SELECT coalesce(substring(said FROM 'SELECT setval.*'), 'SELECT 1') FROM behind
                  WHERE sequence = one.sequence);
        UPDATE behind SET mended = failed(one.mail) WHERE sequence = one.sequence;
    END LOOP;
END
$$;
SELECT matches(said, format('^23505 sequence (public.)?%s is behind the rows of [.\w]+: SELECT '
                            'setval\(.(public.)?%s., \(SELECT max\(id\) FROM [.\w]+\)\)$',
                            sequence, sequence), sequence || ' is behind: what an admin has to do')
  FROM behind;
SELECT is(mended, 'stored', sequence || ': when that is done the mail is stored') FROM behind;
SELECT store_mail(facts_rejected('one'));
SELECT setval('patchmail.quarantine_id_seq', 1, false);
SELECT is(store_mail(facts_rejected('two')), 'quarantined', 'that of our own quarantine sets itself');

-- What somebody else stored -------------------------------------------------------------------------------------------

DELETE FROM patchmail.message WHERE msgid IN ('<s1@example.org>', '<s3@example.org>');
SELECT is(failed(patch('s1', '1/2')), 'duplicate',
          'a patch that Patchwork has and the ledger does not: it is taken in');
SELECT is(failed(reply('s3', 's1')), 'duplicate', 'a comment that Patchwork has and the ledger does not is taken in');
SELECT is((ledger('s1')).patch_id, (patch_of('s1')).id, 'the patch that is taken in keeps its row');
CREATE UNIQUE INDEX theirs ON public.patchwork_patch (name);
SELECT matches(failed(patch('t1') || jsonb_build_object('subject', patch('s5')->'subject')),
               '^40001 duplicate key value violates unique constraint "theirs"; somebody stored the same',
               'another row of the same: that is worth another try');
DROP INDEX public.theirs;

-- What somebody else added to the tables ------------------------------------------------------------------------------

CREATE FUNCTION said(change text, mail jsonb DEFAULT patch('x1', '1/2', content => 'Acked-by: z'))
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    SET CONSTRAINTS ALL IMMEDIATE;
    EXECUTE change;
    SET CONSTRAINTS ALL DEFERRED;
    result := failed(mail);
    RAISE EXCEPTION USING MESSAGE = result, ERRCODE = 'PM001';
EXCEPTION
    WHEN SQLSTATE 'PM001' THEN
        RETURN SQLERRM;
END
$$;
SELECT matches(said($$ALTER TABLE public.patchwork_patch ADD fresh boolean;
                      UPDATE public.patchwork_patch SET fresh = true;
                      ALTER TABLE public.patchwork_patch ALTER fresh SET NOT NULL$$),
               '^23502 null value in column "fresh" of relation "patchwork_patch".*; patchmaild does not fill it',
               'a column');
SELECT matches(said($$ALTER TABLE public.patchwork_patch ADD CONSTRAINT polite CHECK (name ~ 'please') NOT VALID$$),
               '^23514 .* check constraint "polite"; it is none of Patchwork''s', 'a check');
SELECT matches(said($$ALTER TABLE public.patchwork_patch ADD CONSTRAINT apart EXCLUDE (name WITH =)$$,
                    patch('t1') || jsonb_build_object('subject', patch('s5')->'subject')),
               '^23P01 .* exclusion constraint "apart"; it is none of Patchwork''s', 'an exclusion');
SELECT matches(said($$ALTER TABLE public.patchwork_patchtag DROP CONSTRAINT
                    patchwork_patchtag_patch_id_tag_id_5ddba498_uniq$$,
                    reply('x3', 's5', content => 'Acked-by: me')),
               '^42704 constraint "patchwork_patchtag_patch_id_tag_id_5ddba498_uniq" for table "patchwork_patchtag" '
               'does not exist',
               'a constraint that is gone');
SELECT matches(said($$UPDATE public.patchwork_tag SET pattern = '[' WHERE abbrev = 'T'$$),
               '^2201B .*; it is that of tag Tested-by$',
               'a pattern that cannot be read, and whose it is');
SELECT matches(said($$UPDATE public.patchwork_project SET subject_match = '('$$),
               '^2201B .*; it is that of subject_match of project demo$',
               'a subject_match that cannot be read, and whose it is');
SELECT matches(said($$ALTER TABLE public.patchwork_patch ALTER pull_url TYPE varchar(3)$$,
                    patch('x4', more => '{"pull_url": "a/b/c"}')),
               '^22001 value too long', 'a shorter column');

-- A trigger that fails, with each class that there is
CREATE FUNCTION raised(state text) RETURNS text LANGUAGE sql AS $$
    SELECT said(format('CREATE FUNCTION public.trouble() RETURNS trigger LANGUAGE plpgsql AS
                            $f$ BEGIN RAISE EXCEPTION %L USING ERRCODE = %L; END $f$;
                        CREATE TRIGGER trouble AFTER INSERT ON public.patchwork_patch
                            FOR EACH ROW EXECUTE FUNCTION public.trouble()',
                       'no', state));
$$;
CREATE TEMP TABLE state AS
SELECT unnest(string_to_array(
    '03000 08006 09000 0A000 0B000 0F001 0L000 0P000 0Z000 20000 21000 22001 22003 22007 22008 2200G 22012 22021 '
    '22023 22026 2202E 22030 22P01 22P02 22P03 22P04 22P05 22P06 23000 23001 23502 23503 23514 23P01 24000 25000 '
    '25006 25P02 26000 27000 28000 2B000 2D000 2F002 34000 38000 39000 3B001 3D000 3F000 42501 42601 42703 42704 '
    '42883 42P01 42P10 44000 53100 53200 53300 53400 54000 54001 54011 54023 55000 55006 55P03 55P04 57000 57P01 '
    '57P04 58000 58030 58P01 72000 F0000 HV000 P0001 P0002 P0003 XX000 XX001 XX002',
    ' ')) AS state;
SELECT is(raised(state), format('%s no, says function public.trouble()', state), state || ' is the site''s')
  FROM state;
SELECT is(raised('2201B'), '2201B no, says function public.trouble()',
          'a trigger with the state of a bad pattern is the site''s fault');
SELECT is(raised('23505'), '40001 no, says function public.trouble()',
          'a trigger with the state of a row that is there is worth another try');
SELECT is((SELECT array_agg(reason) FROM patchmail.quarantine WHERE reason NOT IN ('one', 'two')), NULL,
          'none of these is in quarantine');

SELECT * FROM finish();
ROLLBACK;
