-- What holds for all of schema patchmail, and the indexes on Patchwork's tables.
\ir preamble.psql
SELECT plan(17);

SELECT is(patchmail.schema_version(), 10, 'the schema has the version that the program is built for');
SELECT is((SELECT max(version) FROM patchmail.installed), patchmail.schema_version(),
          'the version is recorded as installed');

SELECT is_empty($$
    SELECT c.conrelid::regclass, c.conname FROM pg_constraint c
     WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
       AND c.confrelid::regclass::text LIKE 'patchmail.%'
$$, 'nothing of Patchwork refers to schema patchmail');
SELECT is_empty($$
    SELECT c.oid::regclass FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relname LIKE 'patchmail%' AND c.relkind <> 'i'
$$, 'of patchmaild only indexes stand in schema public');

-- What a query reads by, when it need not read the whole table.
CREATE FUNCTION plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
    plan text := '';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS off) ' || query LOOP
        plan := plan || line || E'\n';
    END LOOP;
    RETURN plan;
END
$$;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_sort = off;
SET LOCAL enable_bitmapscan = off;

SELECT matches(plan_of(query), index, why) FROM (VALUES
    ($$SELECT id FROM public.patchwork_person WHERE upper(email::text COLLATE "C") = 'ADA@EXAMPLE.ORG'$$,
     'patchmail_person_email', 'a person by address, ignoring the case of ASCII letters'),
    ($$SELECT id FROM public.auth_user WHERE upper(email::text COLLATE "C") = 'ADA@EXAMPLE.ORG'$$,
     'patchmail_user_email', 'a user by address'),
    ($$SELECT id FROM public.patchwork_event WHERE date >= '2026-01-01Z' ORDER BY date DESC LIMIT 100$$,
     'patchmail_event_date', 'events since a date'),
    ($$SELECT id FROM public.patchwork_event
        WHERE project_id = 1 AND date >= '2026-01-01Z' ORDER BY date DESC LIMIT 9$$,
     'patchmail_event_project_date', 'events of a project since a date'),
    ($$SELECT id FROM public.patchwork_patch WHERE project_id = 1 ORDER BY date DESC LIMIT 100$$,
     'patchmail_patch_project_date', 'the newest patches of a project'),
    ($$SELECT id FROM public.patchwork_series WHERE project_id = 1 ORDER BY date DESC LIMIT 100$$,
     'patchmail_series_project_date', 'the newest series of a project'),
    ($$SELECT id FROM public.patchwork_patch WHERE msgid = '<1@example.org>'$$,
     'patchwork_submission_msgid_project_id', 'a patch by Message-ID: Patchwork''s own index'),
    ($$SELECT id FROM public.patchwork_patch WHERE hash = '257ae20f4e17c6a0d7cf5c7c2f06390547823b05'$$,
     'patchwork_patch_hash|patchmail_patch_hash', 'a patch by hash')
) q (query, index, why);

SELECT is((SELECT string_agg(name || '/' || slug || '/' || action_required,
          ' ' ORDER BY id) FROM public.patchwork_state),
          'New/new/true Under Review/under-review/true Accepted/accepted/false Rejected/rejected/false RFC/rfc/false'
          ' Not Applicable/not-applicable/false Changes Requested/changes-requested/false'
          ' Awaiting Upstream/awaiting-upstream/false Superseded/superseded/false Deferred/deferred/false',
          'the states of Patchwork');
SELECT is((SELECT array_agg(id ORDER BY id) FROM public.patchwork_state), ARRAY[1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
          'numbered from 1 to 10');
SELECT is((SELECT array_agg(ordering ORDER BY id) FROM public.patchwork_state), ARRAY[0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
          'ordered from 0 to 9');
SELECT is((SELECT string_agg(concat_ws(' ', id, name, pattern, abbrev, show_column), ', ' ORDER BY id)
             FROM public.patchwork_tag),
          '1 Acked-by ^Acked-by: A t, 2 Reviewed-by ^Reviewed-by: R t, 3 Tested-by ^Tested-by: T t',
          'the tags of Patchwork');
SELECT is(pg_sequence_last_value('public.patchwork_state_id_seq'), 10::bigint, 'the next state will be number 11');

SELECT * FROM finish();
ROLLBACK;
