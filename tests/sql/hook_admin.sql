-- What admins see of hooks and do to them: the view hooks, hook_retry(), hook_discard(), hook_move(), hook_remove();
-- what expires; and ten thousand events behind, and set aside.
\ir preamble.psql
SELECT no_plan();

SELECT make_project() AS one \gset
INSERT INTO public.auth_user (username, password, is_superuser, first_name, last_name, email, is_staff, is_active,
                              date_joined)
VALUES ('mia', '', false, '', '', '', false, true, now());
CREATE FUNCTION add_events(n integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.patchwork_event (category, date, project_id)
    SELECT 'patch-created', _patchmail.patchwork_time(now() - interval '1 day'),
           (SELECT min(p.id) FROM public.patchwork_project p)
      FROM generate_series(1, n);
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
END
$$;
CREATE TABLE base AS SELECT coalesce(pg_sequence_last_value('patchmail.event_order_position_seq'), 0) AS position;
CREATE FUNCTION at(VARIADIC events integer[]) RETURNS bigint[] LANGUAGE sql AS $$
    SELECT array_agg(e + b.position) FROM unnest(events) e, base b;
$$;
CREATE FUNCTION next(settled jsonb DEFAULT NULL, most integer DEFAULT 100) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg((n.position - b.position)::text, ' ' ORDER BY n.position)
      FROM patchmail.hook_next('ci', 'me', 30, settled, most) n, base b;
$$;
CREATE FUNCTION refused(VARIADIC events integer[]) RETURNS text LANGUAGE sql AS $$
    SELECT next(), next(jsonb_build_object('outcome', 'refused', 'positions', at(VARIADIC events), 'reason',
                                          E'HTTP 404: \x1b[31mno such thing'));
    SELECT string_agg(d.position - b.position || CASE WHEN d.dead THEN ' dead' ELSE '' END, ', ' ORDER BY d.position)
      FROM patchmail.deferred_event d, base b;
$$;
CREATE FUNCTION open() RETURNS boolean LANGUAGE sql AS $$
    SELECT o.held FROM patchmail.hook_open('ci', '{"holder": "me", "lease": 30, "filter": "project=demo"}') o;
$$;
-- What a function did: of each change the position, and what became of it.
CREATE FUNCTION done(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    told text;
BEGIN
    EXECUTE format($f$SELECT string_agg(concat_ws(' ', a.actor, a.object, (a.before->>'position')::bigint - b.position,
                             'to ' || ((a.after->>'position')::bigint - b.position)), ', ' ORDER BY a.id)
                        FROM patchmail.%s a, base b$f$, call) INTO told;
    RETURN told;
END
$$;

SELECT is(open(), true, 'a hook');
SELECT add_events(6);
SELECT is(refused(1, 2, 3), '1, 2, 3', 'three events are refused');
UPDATE patchmail.deferred_event d SET dead = true FROM base b WHERE d.position IN (b.position + 1, b.position + 2);
SELECT results_eq($$SELECT hook, filter, h.position - b.position, behind, failures, aside, dead, holder, reason,
                           date_trunc('hour', now() - oldest), last_delivered IS NULL, next_try > now()
                      FROM patchmail.hooks h, base b$$,
                  $$VALUES ('ci', 'project=demo', 3::bigint, 3::bigint, 0, 1::bigint, 2::bigint, 'me',
                            'HTTP 404: \u001b[31mno such thing', interval '24 hours', true, true)$$,
                  'the view shows how far a hook is, and what it did not take, safe for terminals');
SELECT results_eq($$SELECT undelivered, hook_lag BETWEEN '1 day' AND '25 hours' FROM patchmail.status
                     WHERE project IS NULL$$, $$VALUES (3::bigint, true)$$, 'so does the status');
SELECT is((SELECT errors FROM patchmail.status WHERE project IS NULL),
          '1: hook ci: HTTP 404: \u001b[31mno such thing', 'and says why');

-- Once more, or not
SELECT is(done($$hook_retry('ci', actor => 'mia', dry_run => true)$$), 'mia event 1 to 1, mia event 2 to 2',
          'a dry run of hook_retry() shows the dead ones');
SELECT is((SELECT dead FROM patchmail.hooks), 2::bigint, 'and takes it back');
SELECT is(done($$hook_retry('ci', at(1))$$), 'event 1 to 1', 'one of them is tried again');
SELECT is(next(), '1 4 5 6', 'at once');
SELECT is(refused(1), '1, 2 dead, 3', 'it is not dead at the next failure');
SELECT is(done($$hook_retry('ci', at(3))$$) || '; ' || next(), 'event 3 to 3; 3 4 5 6',
          'one that waits need not wait any more');
SELECT is(done($$hook_retry('ci')$$) || '; ' || next(), 'event 2 to 2; 2 3 4 5 6', 'without positions all dead ones');
SELECT is(done($$hook_retry('ci')$$), NULL, 'if there is none nothing is done');
UPDATE patchmail.deferred_event d SET dead = true FROM base b WHERE d.position = b.position + 2;
SELECT is(done($$hook_discard('ci', dry_run => true)$$), 'event 2', 'a dry run of hook_discard()');
SELECT is((SELECT dead FROM patchmail.hooks), 1::bigint, 'takes it back');
SELECT is(done($$hook_discard('ci', actor => 'mia')$$), 'mia event 2', 'hook_discard() forgets the dead ones');
SELECT is(done($$hook_discard('ci', at(1, 3, 1))$$), 'event 1, event 3', 'or those that are named, each once');
SELECT is((SELECT count(*) FROM patchmail.deferred_event), 0::bigint, 'they are gone');
SELECT is((SELECT a.before->>'reason' || ' ' || (a.object_id = o.event_id) || ' ' || (a.project_id = :one)
             FROM patchmail.audit a, base b JOIN patchmail.event_order o ON o.position = b.position + 3
            WHERE a.function = 'hook_discard' ORDER BY a.id DESC LIMIT 1), E'HTTP 404: \x1b[31mno such thing true true',
          'the audit says which event, and why it was set aside');
SELECT throws_ok('SELECT patchmail.' || call, state, message, call)
  FROM (VALUES
    ($$hook_retry('none')$$, 'P0002', 'there is no hook "none": SELECT * FROM patchmail.hooks'),
    ($$hook_retry(NULL)$$, 'P0002', NULL), ($$hook_discard('none')$$, 'P0002', NULL),
    ($$hook_move('none', 'now')$$, 'P0002', NULL), ($$hook_remove('none')$$, 'P0002', NULL),
    ($$hook_retry('ci', '{}')$$, '22023', 'no position is given'),
    ($$hook_discard('ci', '{}')$$, '22023', 'no position is given'),
    ($$hook_retry('ci', '{-1}')$$, 'P0002', 'hook "ci" has no event set aside at position -1'),
    ($$hook_discard('ci', '{NULL}')$$, 'P0002', 'hook "ci" has no event set aside at position NULL'),
    ($$hook_retry('ci', actor => 'nobody')$$, 'P0002', 'there is no user "nobody"'),
    ($$hook_remove('ci', 'nobody')$$, 'P0002', 'there is no user "nobody"'),
    ($$hook_move('ci', 'then')$$, '22023',
     'a hook begins "now", at the "beginning" or after a position, not at "then"'),
    ($$hook_move('ci', NULL)$$, '22023', NULL), ($$hook_move('ci', '999999999999')$$, '22023', NULL),
    ($$hook_remove('ci')$$, '55006', 'hook "ci" is served by me: stop that first')) c (call, state, message);

-- Elsewhere
SELECT is(refused(4, 5), '4, 5', 'two more are set aside');
SELECT is(done(format($$hook_move('ci', %L, dry_run => true)$$, position + 4)), 'hook 5 to 4',
          'a dry run of hook_move()') FROM base;
SELECT is(next(), '6', 'takes it back');
SELECT is(done(format($$hook_move('ci', %L, 'mia')$$, position + 4)), 'mia hook 5 to 4', 'a hook is moved back')
  FROM base;
SELECT throws_ok('SELECT next()', '55006', NULL, 'the process that served it is told');
SELECT is(open() || ' ' || next(), 'true 5 6', 'and when it opens the hook anew goes on there');
SELECT is((SELECT aside FROM patchmail.hooks), 1::bigint, 'what comes anew is not set aside as well');
SELECT is(done($$hook_move('ci', 'now')$$), 'hook 4 to 6', 'a hook is moved forward');
SELECT is(done($$hook_move('ci', 'now')$$), NULL, 'to where it is nothing moves');
SELECT is(open() || ' ' || coalesce(next(), 'nothing'), 'true nothing', 'what it passed over is not given');
SELECT is((SELECT string_agg(a.function, ' ' ORDER BY a.id) FROM patchmail.audit a WHERE a.object = 'hook'),
          'hook_move hook_move', 'dry runs leave nothing in the audit');

-- What goes by itself
UPDATE patchmail.deferred_event SET dead = true, next_try = now() - interval '9 days';
SELECT is_empty($$SELECT * FROM patchmail.housekeeping() WHERE object = 'undelivered'$$, 'dead events are kept');
SELECT patchmail.set_retention('undelivered', '10 days') \g /dev/null
SELECT is_empty($$SELECT * FROM patchmail.housekeeping() WHERE object = 'undelivered'$$, 'until they are old enough');
SELECT patchmail.set_retention('undelivered', '8 days') \g /dev/null
SELECT is((SELECT before->>'removed' FROM patchmail.housekeeping() WHERE object = 'undelivered'), '1', 'then they go');
SELECT is((SELECT dead FROM patchmail.hooks), 0::bigint, 'for good');
DELETE FROM public.patchwork_event e USING patchmail.event_order o, base b
 WHERE e.id = o.event_id AND o.position = b.position + 2;
SELECT patchmail.tidy();
SELECT is((SELECT array_agg(o.position - b.position ORDER BY 1) FROM patchmail.event_order o, base b),
          '{1,3,4,5,6}'::bigint[], 'the place of an event that was deleted goes with tidy()');

-- Many
SELECT add_events(10000);
CREATE FUNCTION seconds(statement text, times integer DEFAULT 10) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
    began  timestamptz;
    least_ float8 := 'infinity';
BEGIN
    FOR n IN 1 .. times LOOP
        began := clock_timestamp();
        EXECUTE statement;
        least_ := least(least_, extract(epoch FROM clock_timestamp() - began));
    END LOOP;
    RETURN least_;
END
$$;
SELECT cmp_ok(seconds($$SELECT next(NULL, 1)$$), '<', 0.2::float8,
              'ten thousand events behind: the first comes quickly');
INSERT INTO patchmail.deferred_event (hook, position, attempts, reason, next_try)
SELECT 'ci', o.position, 1, 'HTTP 404', now() FROM patchmail.event_order o, base b WHERE o.position > b.position + 6;
UPDATE patchmail.hook SET position = (SELECT max(o.position) FROM patchmail.event_order o);
ANALYZE patchmail.deferred_event;
SELECT cmp_ok(seconds($$SELECT next(NULL, 1)$$), '<', 0.2::float8, 'ten thousand set aside: one of them comes quickly');
SELECT cmp_ok(seconds($$SELECT * FROM patchmail.hooks$$), '<', 0.5::float8, 'the view counts them quickly');
DELETE FROM public.patchwork_event e USING patchmail.event_order o, base b
 WHERE e.id = o.event_id AND o.position > b.position + 6;
SELECT cmp_ok(seconds($$SELECT next(NULL, 1)$$), '<', 0.2::float8, 'and all deleted: a call does not look at all');
SELECT is((SELECT count(*) BETWEEN 8900 AND 9100 FROM patchmail.deferred_event), true,
          'it forgets a hundred each time');

-- And away
SELECT patchmail.hook_close('ci', 'me');
SELECT is(done($$hook_remove('ci', dry_run => true)$$) LIKE 'hook%', true, 'a dry run of hook_remove()');
SELECT is((SELECT count(*) FROM patchmail.hooks), 1::bigint, 'takes it back');
SELECT is((SELECT before->>'filter' || ' ' || (before->>'set_aside')::integer / 1000
             FROM patchmail.hook_remove('ci', 'mia')), 'project=demo 9', 'a hook that nobody serves is removed');
SELECT is((SELECT count(*) FROM patchmail.hook) + (SELECT count(*) FROM patchmail.deferred_event), 0::bigint,
          'with all that was set aside for it');

SELECT * FROM finish();
