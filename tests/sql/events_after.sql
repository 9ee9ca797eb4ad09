-- Events in the order of the commits: who is given which, where a reader goes on, and what is refused.
\ir preamble.psql
\ir state.psql
SELECT no_plan();

SELECT make_project() AS one, make_project('second', 'second.example.org') AS two \gset
SELECT is(patchmail.events_cursor(), 0::bigint, 'without events one begins at 0');
SELECT is_empty($$SELECT * FROM patchmail.events_after(0)$$, 'and none is given');

-- An event of Patchwork's making: its position comes when the transaction is committed.
CREATE FUNCTION event(id integer, project_id integer, category text DEFAULT 'patch-created') RETURNS void
LANGUAGE sql AS $$
    INSERT INTO public.patchwork_event (id, category, date, project_id)
    VALUES (id, category, clock_timestamp(), project_id);
$$;
CREATE FUNCTION commit_now() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
END
$$;
SELECT event(103, :one), event(101, :two), event(102, :one, 'series-created');
SELECT is_empty($$SELECT * FROM patchmail.events_after(0)$$, 'what is not committed has no place');
SELECT commit_now();
SELECT results_eq($$SELECT event->>'id', event->'project'->>'link_name', event->>'category'
                      FROM patchmail.events_after(0)$$,
                  $$VALUES ('103', 'demo', 'patch-created'), ('101', 'second', 'patch-created'),
                           ('102', 'demo', 'series-created')$$,
                  'events come in the order in which they were written, not in that of their ids');
SELECT is((SELECT array_agg(a.event::text ORDER BY a.position) FROM patchmail.events_after(0, 1, '', 'https://p/') a),
          ARRAY[patchmail.event_json(103, 'https://p')::text], 'each is the document of Patchwork''s REST API');
SELECT is((SELECT max(a.position) FROM patchmail.events_after(0) a), patchmail.events_cursor(),
          'the last one''s position is where to begin for what is new');

-- Going on
SELECT results_eq($$WITH RECURSIVE read AS (
                        (SELECT a.position, a.event->>'id' AS id FROM patchmail.events_after(0, 1) a)
                        UNION ALL
                        (SELECT a.position, a.event->>'id' FROM read r, patchmail.events_after(r.position, 1) a))
                    SELECT id FROM read$$, $$VALUES ('103'), ('101'), ('102')$$, 'one by one nothing is left out');
SELECT is_empty($$SELECT * FROM patchmail.events_after(patchmail.events_cursor())$$, 'at the end there is nothing');

-- What it is narrowed to
SELECT results_eq(format($$SELECT event->>'id' FROM patchmail.events_after(0, 100, %L)$$, filter),
                  'SELECT unnest(' || quote_literal(ids) || '::text[])', filter)
  FROM (VALUES ('project=demo', '{103,102}'), ('project=second', '{101,NULL}'), ('category=series-created', '{102}'),
               ('category=patch-created,series-created', '{103,101,102}'),
               ('{"category": ["patch-created", "series-created"], "project": "demo"}', '{103,102}'),
               ('category=patch-created&category=series-created', '{103,101,102}'),
               ('{"project": ["demo", "second"]}', '{103,101,102}'), ('before=', '{103,101,102}'),
               ('category=PATCH-created', '{103,101,NULL}'), ('category=check-created', '{NULL}'),
               ('since=2100-01-01T00:00:00', '{NULL}')) f (filter, ids);
SELECT is((SELECT a.position FROM patchmail.events_after(0, 5, 'category=check-created') a), patchmail.events_cursor(),
          'a reader whom none of them concerns goes on after them');
SELECT is((SELECT count(*) FROM patchmail.events_after(0, 2, 'project=demo') a), 2::bigint,
          'where the limit is reached there is no row without an event');

-- Nonsense
SELECT throws_ok(format('SELECT * FROM patchmail.events_after(%s)', arguments), '22023', message, message)
  FROM (VALUES ('0, 0', 'the limit has to be a number from 1 to 1000'),
               ('0, 1001', 'the limit has to be a number from 1 to 1000'),
               ('0, NULL', 'the limit has to be a number from 1 to 1000'),
               ('-1', 'the position after which to look has to be a number from 0'),
               ('NULL', 'the position after which to look has to be a number from 0'),
               ('1000000000000',
                'position 1000000000000 is still to come: it is of another database, or of events that were lost'),
               ($$0, 1, 'projct=demo'$$, 'events have no filter "projct"'),
               ($$0, 1, 'project=other'$$, 'project: there is no project "other"'),
               ($$0, 1, 'category=patch-created,made'$$,
                'category is one of cover-created, patch-created, patch-completed, patch-state-changed, '
                'patch-delegated, patch-relation-changed, check-created, series-created, series-completed, '
                'cover-comment-created, patch-comment-created, not "patch-created,made"')) f (arguments, message);

-- What is no longer there
DELETE FROM public.patchwork_event e WHERE e.id = 101;
SELECT results_eq($$SELECT event->>'id' FROM patchmail.events_after(0)$$, $$VALUES ('103'), ('102')$$,
                  'an event that was deleted is passed over');
DELETE FROM public.patchwork_event e WHERE e.id = 102;
SELECT results_eq($$SELECT event->>'id' FROM patchmail.events_after(0)$$, $$VALUES ('103'), (NULL)$$,
                  'also the last one: the reader goes on after it');

-- Subtransactions
SELECT patchmail.events_cursor() AS before \gset
SAVEPOINT inner_one;
SELECT event(110, :one), commit_now();
ROLLBACK TO inner_one;
SELECT event(111, :one), commit_now();
SELECT results_eq(format($$SELECT event->>'id' FROM patchmail.events_after(%s)$$, :before), $$VALUES ('111')$$,
                  'what was rolled back has no place');

-- Patchwork itself, whose role has no right on anything of patchmaild's
CREATE ROLE only_patchwork;
GRANT INSERT ON public.patchwork_event TO only_patchwork;
SELECT patchmail.events_cursor() AS before \gset
SET LOCAL ROLE only_patchwork;
INSERT INTO public.patchwork_event (id, category, date, project_id)
VALUES (120, 'patch-created', clock_timestamp(), :one);
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
RESET ROLE;
SELECT results_eq(format($$SELECT event->>'id' FROM patchmail.events_after(%s)$$, :before), $$VALUES ('120')$$,
                  'an event of Patchwork''s own role has its place');

-- Far more than are looked at by one call
INSERT INTO public.patchwork_event (id, category, date, project_id)
SELECT 1000 + n, CASE WHEN n = 25000 THEN 'series-completed' ELSE 'patch-created' END, clock_timestamp(), :one
  FROM generate_series(1, 25000) n;
SELECT commit_now();
SELECT results_eq(format($$WITH RECURSIVE read AS (
                        SELECT %s::bigint AS position, NULL AS id, 0 AS calls
                        UNION ALL
                        (SELECT a.position, a.event->>'id', r.calls + 1
                           FROM read r, patchmail.events_after(r.position, 10, 'category=series-completed') a
                          WHERE r.id IS NULL))
                    SELECT id, calls FROM read WHERE id IS NOT NULL$$, patchmail.events_cursor() - 25000),
                  $$VALUES ('26000', 3)$$, 'a rare event is found, by calls that are short each');

SELECT * FROM finish();
ROLLBACK;
