-- What a hook is given, when again, and what becomes of what its receiver does not take: patchmail.hook_open(),
-- hook_next(), hook_close().
\ir preamble.psql
SELECT no_plan();

SELECT make_project() AS one, make_project('second', 'second.example.org') AS two \gset
CREATE FUNCTION add_events(n integer, category text DEFAULT 'patch-created', project text DEFAULT 'demo') RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.patchwork_event (category, date, project_id)
    SELECT category, _patchmail.patchwork_time(clock_timestamp()), p.id
      FROM generate_series(1, n), public.patchwork_project p WHERE p.linkname = project;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
END
$$;
-- Positions are counted from the first of this test, so that a number says which event it is.
CREATE TABLE base AS SELECT coalesce(pg_sequence_last_value('patchmail.event_order_position_seq'), 0) AS position;
CREATE FUNCTION open(hook text, holder text DEFAULT 'me', more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
    SELECT o.held || ' ' || o.holder
      FROM patchmail.hook_open(hook, jsonb_build_object('holder', holder, 'lease', 30) || more) o;
$$;
CREATE FUNCTION settled(outcome text, positions integer[], reason text DEFAULT NULL, retry_after integer DEFAULT NULL)
RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object(
        'outcome', outcome, 'reason', reason, 'retry_after', retry_after,
        'positions', (SELECT jsonb_agg(p + b.position) FROM unnest(positions) p, base b)));
$$;
-- What is given: "position" or "position/attempts", or "wait" and for how many seconds, or "nothing".
CREATE FUNCTION next(hook text, settled jsonb DEFAULT NULL, most integer DEFAULT 100, holder text DEFAULT 'me')
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(CASE WHEN n.position IS NOT NULL
                           THEN concat_ws('/', n.position - b.position, nullif(n.attempts, 0))
                           WHEN n.wait_ms IS NOT NULL THEN 'wait ' || (n.wait_ms + 100) / 1000
                           ELSE 'nothing' END, ' ' ORDER BY n.position)
      FROM patchmail.hook_next(hook, holder, 30, settled, most) n, base b;
$$;
CREATE FUNCTION state(hook text) RETURNS text LANGUAGE sql AS $$
    SELECT format('after %s, behind %s, failed %s, aside %s, dead %s', h.position - b.position, h.behind, h.failures,
                  h.aside, h.dead) FROM patchmail.hooks h, base b WHERE h.hook = $1;
$$;
CREATE FUNCTION aside(hook text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format('%s/%s%s', d.position - b.position, d.attempts, CASE WHEN d.dead THEN ' dead' ELSE '' END),
                      ', ' ORDER BY d.position) FROM patchmail.deferred_event d, base b WHERE d.hook = $1;
$$;
CREATE FUNCTION pass_time(much interval) RETURNS void LANGUAGE sql AS $$
    UPDATE patchmail.hook SET next_try = next_try - much, next_retry = next_retry - much, since = since - much,
                              last_delivered = last_delivered - much, held_until = held_until - much;
    UPDATE patchmail.deferred_event SET next_try = next_try - much, first_try = first_try - much;
    UPDATE public.patchwork_event SET date = date - much;
$$;

-- Who holds a hook
SELECT add_events(2);
SELECT is(open('ci'), 'true me', 'the first call makes a hook and holds it');
SELECT is(state('ci'), 'after 2, behind 0, failed 0, aside 0, dead 0', 'a new hook begins now');
SELECT is(open('ci', 'other'), 'false me', 'another process learns who holds it');
SELECT is(open('ci', 'me', '{"filter": "project=demo"}'), 'true me', 'its holder may open it again');
SELECT is(open('ci', 'other', '{"filter": "project=second"}') || ' ' || filter, 'false me project=demo',
          'who does not get the hook changes nothing of it') FROM patchmail.hook WHERE name = 'ci';
SELECT throws_ok($$SELECT next('ci', holder => 'other')$$, '55006', 'hook "ci" is served by me',
                 'another process is given nothing');
SELECT throws_ok($$SELECT patchmail.hook_next('ci', NULL, 30)$$, '55006', NULL, 'nor is one without a name');
SELECT throws_ok($$SELECT patchmail.hook_close('ci', 'other')$$, '55006', NULL, 'nor can it close the hook');
SELECT pass_time('31 seconds');
SELECT is(next('ci'), 'nothing', 'a lease that is over matters only if another process comes');
SELECT is(open('ci', 'other'), 'false me', 'each call prolongs the lease');
SELECT pass_time('31 seconds');
SELECT is(open('ci', 'other'), 'true other', 'when it is over another process gets the hook');
SELECT throws_ok($$SELECT next('ci')$$, '55006', 'hook "ci" is served by other', 'and the former one is told');
SELECT lives_ok($$SELECT patchmail.hook_close('ci', 'other')$$, 'a hook is given up');
SELECT is(open('ci'), 'true me', 'and another process gets it at once');
SELECT throws_ok($$SELECT next('none')$$, '55006', 'there is no hook "none" any more', 'a hook that an admin removed');
SELECT is((SELECT filter || base_url FROM patchmail.hook WHERE name = 'ci'), '', 'each opening says all settings anew');

-- Where it begins
SELECT is(open('all', 'me', '{"from": "beginning"}') || ' ' || next('all'), 'true me 1 2', 'from the beginning');
SELECT is(open('one', 'me', jsonb_build_object('from', position + 1)) || ' ' || next('one'), 'true me 2',
          'after a position') FROM base;
SELECT is(open('one', 'me', '{"from": "beginning"}') || ' ' || next('one'), 'true me 2',
          'where it begins counts only when it is made');
SELECT throws_ok(format('SELECT patchmail.hook_open(%L, %L)', hook, settings), '22023', message, message)
  FROM (VALUES
    ('new', '{"holder": "h", "lease": 30, "from": "yesterday"}',
     'a hook begins "now", at the "beginning" or after a position, not at "yesterday"'),
    ('new', '{"holder": "h", "lease": 30, "from": 99999999999999}', 'position 99999999999999 is still to come'),
    ('new', '{"holder": "h", "lease": 30, "from": -1}',
     'a hook begins "now", at the "beginning" or after a position, not at "-1"'),
    ('new', '{"holder": "h", "lease": 30, "filter": "colour=red"}', 'events have no filter "colour"'),
    ('new', '{"holder": "h", "lease": 30, "filter": "project=nowhere"}', 'project: there is no project "nowhere"'),
    ('new', '{"lease": 30}', 'who holds the hook has to be named'),
    ('new', '{"holder": "", "lease": 30}', 'who holds the hook has to be named'),
    ('new', '{"holder": "h"}', 'the lease has to be a number of seconds'),
    ('new', '{"holder": "h", "lease": 0}', 'the lease has to be a number of seconds'),
    ('new', '{"holder": "h", "lease": 30, "give_up": "soon"}', 'to give up after "soon" seconds is not possible'),
    ('new', '{"holder": "h", "lease": 30, "give_up": -5}', 'to give up after "-5" seconds is not possible'),
    ('new', '[]', 'the settings of a hook are an object'), ('new', NULL, 'the settings of a hook are an object'),
    ('', '{"holder": "h", "lease": 30}', 'the name of a hook has from 1 to 100 characters, all of them visible'),
    (NULL, '{"holder": "h", "lease": 30}', 'the name of a hook has from 1 to 100 characters, all of them visible'),
    (E'a\tb', '{"holder": "h", "lease": 30}', 'the name of a hook has from 1 to 100 characters, all of them visible'),
    (repeat('x', 101), '{"holder": "h", "lease": 30}',
     'the name of a hook has from 1 to 100 characters, all of them visible')) q (hook, settings, message);
SELECT is((SELECT count(*) FROM patchmail.hook WHERE name = 'new'), 0::bigint, 'what is refused makes no hook');
SELECT throws_ok(format('SELECT patchmail.hook_next(''ci'', ''me'', %s)', arguments), '22023', message,
                 message || arguments)
  FROM (VALUES ('0', 'the lease has to be a number of seconds'), ('NULL', 'the lease has to be a number of seconds'),
               ('30, NULL, 0', 'the limit has to be a number from 1 to 1000'),
               ('30, NULL, 1001', 'the limit has to be a number from 1 to 1000')) a (arguments, message);
SELECT throws_ok(format('SELECT patchmail.hook_next(''ci'', ''me'', 30, %L)', settled), '22023',
                 'what became of events is told by their positions and delivered, refused or failed', settled)
  FROM unnest('{"[]","{}","\"delivered\"","{\"outcome\": \"delivered\"}",
                "{\"outcome\": \"delivered\", \"positions\": 7}",
                "{\"outcome\": \"lost\", \"positions\": [7]}","{\"outcome\": \"failed\", \"positions\": [\"7\"]}",
                "{\"outcome\": \"failed\", \"positions\": [null]}"}'::text[]) settled;

-- What is delivered
SELECT is((SELECT event::text FROM patchmail.hook_next('one', 'me', 30)),
          (SELECT patchmail.event_json(o.event_id)::text FROM patchmail.event_order o, base b
            WHERE o.position = b.position + 2), 'an event is the document of the REST API');
SELECT is(next('all'), '1 2', 'what is not booked is given again');
SELECT is(next('all', settled('delivered', '{1}')), '2', 'what is delivered is not');
SELECT is(next('all', settled('delivered', '{1}')), '2', 'to book it twice changes nothing');
SELECT is(next('all', settled('delivered', '{2}')), 'nothing', 'after the last there is nothing');
SELECT is(next('all', settled('delivered', '{5,77,-9}')), 'nothing', 'what was not given cannot be booked');
SELECT is(next('all', 'null'), 'nothing', 'null is nothing to book');
SELECT add_events(3);
SELECT is(next('all', NULL, 2), '3 4', 'no more than is asked for');
SELECT lives_ok(format('SELECT patchmail.hook_close(''all'', ''me'', %L)', settled('delivered', '{3}')),
                'closing books');
SELECT is(open('all') || ' ' || next('all'), 'true me 4 5', 'the next process goes on there');
SELECT is(next('all', settled('delivered', '{5}')), '4', 'one in between of which nothing is known is not lost');
SELECT is(aside('all'), '4/0', 'it is among those that are set aside');
SELECT is(next('all', settled('delivered', '{4}')) || ' ' || state('all'),
          'nothing after 5, behind 0, failed 0, aside 0, dead 0', 'until it is booked too');

-- The receiver is away
SELECT add_events(3);
SELECT is(next('all'), '6 7 8', 'three events');
SELECT is(next('all', settled('failed', '{6,7,8}', 'no connection')), 'wait 1', 'a receiver that fails is left alone');
SELECT is((SELECT reason || ' ' || failures FROM patchmail.hooks WHERE hook = 'all'), 'no connection 1',
          'the view says why and how often');
SELECT is(next('all', settled('delivered', '{77}')), 'wait 1', 'nothing is given meanwhile');
SELECT pass_time('2 seconds');
SELECT is(next('all'), '6/1', 'then the first alone comes again');
SELECT is(next('all', settled('failed', '{6}', 'time-out')), 'wait 2', 'the wait doubles');
SELECT pass_time('3 seconds');
SELECT is(next('all') || ' ' || next('all', settled('delivered', '{6}')), '6/2 7 8', 'and all go on in order');
SELECT is(state('all'), 'after 6, behind 2, failed 0, aside 0, dead 0', 'nothing was set aside');
SELECT is(next('all', settled('failed', '{7}', 'HTTP 503', 120)), 'wait 120', 'what the receiver asks for counts');
SELECT is((SELECT patchmail.hook_retry('all')), NULL, 'an admin may have it tried at once');
SELECT is(next('all'), '7/1', 'then it is');
SELECT is(next('all', settled('failed', '{7}', 'HTTP 503', 99999)), 'wait 3600', 'up to an hour');
SELECT pass_time('2 hours');
SELECT is(open('all'), 'true me', 'the lease ended meanwhile');
SELECT is(next('all'), '7/2', 'a new process goes on with the same count');
SELECT is(next('all', settled('failed', '{7}', 'HTTP 503', -7)), '8', 'after three failures the next one is tried');
SELECT is(next('all', settled('failed', '{8}', 'HTTP 503')), 'wait 4', 'if it fails as well the receiver is away');
SELECT is(aside('all'), NULL, 'and nothing is set aside');
DO $$ BEGIN FOR n IN 1..9 LOOP PERFORM pass_time('400 seconds'), open('all'), next('all'),
    next('all', settled('failed', '{7}')), next('all', settled('failed', '{8}')); END LOOP; END $$;
SELECT ok(substr(next('all'), 6)::integer BETWEEN 300 AND 331, 'it waits no longer than five minutes');
SELECT pass_time('400 seconds');
SELECT is(open('all') || ' ' || next('all') || ' ' || next('all', settled('delivered', '{7}')), 'true me 7/12 8',
          'when it is back all come in order');
SELECT is(next('all', settled('delivered', '{8}')), 'nothing', 'to the last');

-- One event alone fails
SELECT add_events(3);
CREATE FUNCTION fail_with(hook text, event integer, times integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    told text;
BEGIN
    FOR n IN 1..times LOOP
        PERFORM pass_time('400 seconds'), open(hook), next(hook);
        told := next(hook, settled('failed', ARRAY[event], 'HTTP 500'));
    END LOOP;
    RETURN told;
END
$$;
SELECT is(fail_with('all', 9, 3), '10', 'after the third failure of the first event the second is tried');
SELECT is(next('all', settled('delivered', '{10}')), '11', 'that was delivered: the others go on');
SELECT is(aside('all'), '9/3', 'and the first is set aside');
SELECT alike(next('all', settled('delivered', '{11}')), 'wait %', 'it waits by itself');
SELECT ok(substr(next('all'), 6)::integer BETWEEN 238 AND 264, 'for some minutes');
SELECT pass_time('300 seconds');
SELECT add_events(2);
SELECT open('all') \g /dev/null
SELECT is(next('all'), '9/3 12 13', 'then it comes beside the new ones');
SELECT is(next('all', settled('failed', '{9}', 'HTTP 500')), '12 13', 'its failure holds up nobody');
SELECT is(aside('all'), '9/4', 'it is counted with the event');
SELECT is(next('all', settled('refused', '{12}', 'HTTP 410')), '13', 'nor does an event that is refused');
SELECT is(aside('all'), '9/4, 12/1', 'it is set aside at once');
SELECT is((SELECT reason FROM patchmail.hooks WHERE hook = 'all'), 'HTTP 410', 'the view says why');
SELECT alike(next('all', settled('delivered', '{13}')), 'wait %', 'nothing else is due');
SELECT pass_time('1 hour');
SELECT open('all') \g /dev/null
SELECT is(next('all'), '9/4 12/1', 'several come in the order of their positions');
SELECT alike(next('all', settled('refused', '{9,12}', 'HTTP 404')), 'wait %', 'again in vain');
SELECT is(aside('all'), '9/5, 12/2', 'each counts its own attempts');
SELECT pass_time('1 hour');
SELECT open('all') \g /dev/null
SELECT next('all') \g /dev/null
SELECT is(next('all', settled('delivered', '{9,12}')) || ' ' || state('all'),
          'nothing after 13, behind 0, failed 0, aside 0, dead 0', 'and at last they are delivered');

-- The one that fails is the only one
SELECT add_events(1);
SELECT is(fail_with('all', 14, 4), 'wait 8', 'a single event waits');
SELECT add_events(1);
SELECT is(next('all'), '15', 'one that comes later is tried at once');
SELECT alike(next('all', settled('refused', '{15}', 'HTTP 400')), 'wait %',
          'if the receiver answers, though it refuses, it is not away');
SELECT is(aside('all'), '14/4, 15/1', 'and both wait by themselves');
SELECT add_events(1);
SELECT is(fail_with('all', 16, 3), '15/1', 'one that is set aside may show it too');
SELECT is(next('all', settled('failed', '{15}', 'HTTP 500')), 'wait 4', 'if it fails as well the receiver is away');
SELECT is(fail_with('all', 16, 1), '14/4', 'after the next failure the other one is tried');
SELECT is(next('all', settled('failed', '{14}', 'HTTP 500')), 'wait 8', 'and if that fails all wait again');
SELECT pass_time('1 day');
SELECT open('all') \g /dev/null
SELECT is(fail_with('all', 16, 1), '15/2', 'one failure more');
SELECT is(next('all', settled('delivered', '{15}')) || '; ' || aside('all'), '14/5; 14/5, 16/5',
          'then the first is set aside in its turn');
SELECT pass_time('1 day');
SELECT open('all') \g /dev/null
SELECT next('all') \g /dev/null
SELECT next('all', settled('delivered', '{14,16}')) \g /dev/null

-- What is set aside and fails
SELECT add_events(4);
SELECT next('all') \g /dev/null
SELECT next('all', settled('refused', '{17,18,19,20}', 'HTTP 403')) \g /dev/null
SELECT pass_time('2 minutes');
SELECT is(next('all'), '17/1 18/1 19/1 20/1', 'four that were refused are due');
SELECT is(next('all', settled('failed', '{17}', 'no connection')), 'wait 1', 'when one fails the others wait');
SELECT pass_time('2 seconds');
SELECT is(next('all') IN ('18/1', '19/1', '20/1'), true, 'then they come one by one');
SELECT is(next('all', settled('failed', ARRAY[split_part(next('all'), '/', 1)::integer], 'no connection')), 'wait 2',
          'with a wait that doubles');
SELECT add_events(1);
SELECT is(next('all'), '21', 'which does not hold up new events');
SELECT is(length(next('all', settled('delivered', '{21}'))) > 4, true, 'when one is delivered they need not wait');
SELECT is(next('all', NULL, 1) = next('all', NULL, 1), true, 'without a new one a single one is one of them');
SELECT add_events(2);
SELECT is((SELECT array_agg(n > 21 ORDER BY o)
             FROM (SELECT o, next('all', NULL, 1) AS told FROM generate_series(1, 4) o) t,
                  LATERAL (SELECT split_part(t.told, '/', 1)::integer) p (n)),
          '{t,f,t,f}', 'if one asks for a single event each kind has its turn');
SELECT pass_time('1 day');
SELECT open('all') \g /dev/null
SELECT next('all') \g /dev/null
SELECT is(next('all', settled('delivered', '{17,18,19,20,22,23}')), 'nothing', 'all are delivered');

-- N days
SELECT is(open('all', 'me', '{"give_up": 864000}'), 'true me', 'ten days');
SELECT add_events(2);
SELECT next('all') \g /dev/null
SELECT next('all', settled('refused', '{24}', 'HTTP 404')) \g /dev/null
SELECT next('all', settled('delivered', '{25}')) \g /dev/null
SELECT pass_time('9 days');
SELECT open('all', 'me', '{"give_up": 864000}') \g /dev/null
SELECT is(next('all'), '24/1', 'after nine days it is tried');
SELECT next('all', settled('refused', '{24}', 'HTTP 404')) \g /dev/null
SELECT is(aside('all'), '24/2', 'it is not dead yet');
SELECT pass_time('2 days');
SELECT open('all', 'me', '{"give_up": 864000}') \g /dev/null
SELECT is(next('all'), '24/2', 'and after eleven days again');
SELECT is(next('all', settled('refused', '{24}', 'HTTP 404')), 'nothing', 'then no more');
SELECT is(aside('all') || '; ' || state('all'), '24/3 dead; after 25, behind 0, failed 0, aside 0, dead 1',
          'it is dead, and kept');
SELECT add_events(2);
SELECT next('all') \g /dev/null
SELECT next('all', settled('failed', '{26}', 'no connection')) \g /dev/null
SELECT is(aside('all'), '24/3 dead', 'the first of those that wait is not dead if it is not as old');
SELECT pass_time('11 days');
SELECT open('all', 'me', '{"give_up": 864000}') \g /dev/null
UPDATE patchmail.hook SET last_delivered = now() - interval '1 day' WHERE name = 'all';
SELECT next('all') \g /dev/null
SELECT next('all', settled('failed', '{26}', 'no connection')) \g /dev/null
SELECT is(aside('all'), '24/3 dead', 'nor if something was delivered since');
UPDATE patchmail.hook SET last_delivered = now() - interval '11 days', next_try = now() WHERE name = 'all';
SELECT next('all') \g /dev/null
SELECT next('all', settled('failed', '{26}', 'no connection')) \g /dev/null
SELECT is(aside('all'), '24/3 dead, 26/3 dead', 'but it is if both are so');
SELECT pass_time('400 seconds');
SELECT open('all', 'me', '{"give_up": 864000}') \g /dev/null
SELECT is(next('all'), '27', 'and the next one is first');
SELECT is(next('all', settled('delivered', '{27}')), 'nothing', 'which the receiver may take');

-- What was deleted, and filters
SELECT add_events(3);
SELECT next('all') \g /dev/null
SELECT next('all', settled('refused', '{28}', 'HTTP 404')) \g /dev/null
CREATE FUNCTION delete_event(at integer) RETURNS void LANGUAGE sql AS $$
    DELETE FROM public.patchwork_event e USING patchmail.event_order o, base b
     WHERE e.id = o.event_id AND o.position = b.position + at;
$$;
SELECT delete_event(28), delete_event(29);
SELECT pass_time('2 minutes');
SELECT is(next('all'), '30', 'an event that was deleted is passed over');
SELECT is(aside('all'), '24/3 dead, 26/3 dead', 'one that was set aside is forgotten');
SELECT is(next('all', settled('failed', '{30}', 'HTTP 500')), 'wait 1', 'the first fails');
SELECT delete_event(30);
SELECT pass_time('2 seconds');
SELECT is(next('all') || '; ' || state('all'), 'nothing; after 30, behind 0, failed 0, aside 0, dead 2',
          'and does not wait if it was deleted');
SELECT is(open('second', 'me', '{"filter": {"project": "second", "category": ["series-created"]},
                                 "base_url": "https://p/"}'),
          'true me', 'a filter may be an object');
SELECT add_events(2), add_events(1, 'series-created', 'second'), add_events(1, 'patch-created', 'second');
SELECT is(next('second'), '33', 'a hook is given what it wants');
SELECT is(event->'project'->>'url', 'https://p/api/projects/' || (event->'project'->>'id') || '/',
          'with its URLs') FROM patchmail.hook_next('second', 'me', 30);
SELECT is(next('second', settled('delivered', '{33}')) || '; ' || state('second'),
          'nothing; after 34, behind 0, failed 0, aside 0, dead 0', 'and passes over the others');
SELECT add_events(1, 'series-created', 'second');
UPDATE public.patchwork_project SET linkname = 'renamed' WHERE linkname = 'second';
SELECT is(next('second'), 'wait 60', 'what a filter names may be gone later');
SELECT is((SELECT reason FROM patchmail.hooks WHERE hook = 'second'), 'project: there is no project "second"',
          'then the hook waits and says so');
SELECT is((SELECT errors FROM patchmail.status WHERE project IS NULL) LIKE '%hook second: project: there is no%', true,
          'so does the status');
UPDATE public.patchwork_project SET linkname = 'second' WHERE linkname = 'renamed';
SELECT is(next('second'), '35', 'and nothing is lost');
SELECT is((SELECT reason FROM patchmail.hooks WHERE hook = 'second'), NULL, 'nor said any more');
SELECT next('second', settled('failed', '{35}')) \g /dev/null
UPDATE public.patchwork_project SET linkname = 'renamed' WHERE linkname = 'second';
SELECT pass_time('2 seconds');
SELECT is(next('second'), 'wait 60', 'nor if the receiver was away when that was');
UPDATE public.patchwork_project SET linkname = 'second' WHERE linkname = 'renamed';
SELECT pass_time('70 seconds');
SELECT open('second', 'me', '{"filter": {"project": "second", "category": ["series-created"]}}') \g /dev/null
SELECT is(next('second'), '35/1', 'it comes again');
SELECT next('second', settled('delivered', '{77}')) \g /dev/null
SELECT is(open('second', 'me', '{"filter": "category=patch-created"}') || ' ' || next('second'), 'true me nothing',
          'another filter counts from the position on');

-- A hook belongs to a role
CREATE ROLE test_notifier;
CREATE ROLE test_notifier_two;
SELECT patchmail.add_notifier('test_notifier'), patchmail.add_notifier('test_notifier_two');
SET SESSION AUTHORIZATION test_notifier;
SELECT is((SELECT held FROM patchmail.hook_open('mine', '{"holder": "a", "lease": 30}')), true,
          'a notifier makes a hook');
SELECT lives_ok($$SELECT * FROM patchmail.hook_next('mine', 'a', 30)$$, 'and is given its events');
SELECT is(patchmail.schema_version(), 10, 'it may ask for the version');
SELECT throws_ok(query, '42501', NULL, query) FROM (VALUES
    ('SELECT * FROM patchmail.hook'), ('SELECT * FROM patchmail.hooks'), ('SELECT * FROM patchmail.events_after(0)'),
    ('UPDATE patchmail.hook SET position = 0'), ('SELECT * FROM public.patchwork_event'),
    ($$SELECT patchmail.hook_move('mine', 'beginning')$$), ($$SELECT patchmail.hook_remove('mine')$$),
    ($$SELECT patchmail.store('{}', '', '{}')$$), ($$SELECT patchmail.add_notifier('test_notifier_two')$$)) q (query);
RESET SESSION AUTHORIZATION;
SELECT pass_time('1 minute');
SET SESSION AUTHORIZATION test_notifier_two;
SELECT throws_ok($$SELECT * FROM patchmail.hook_open('mine', '{"holder": "b", "lease": 30}')$$, '42501',
                 'the hook "mine" belongs to role test_notifier, not to test_notifier_two',
                 'another one cannot take it');
SELECT throws_ok($$SELECT * FROM patchmail.hook_next('mine', 'a', 30)$$, '42501', NULL,
                 'nor act in its holder''s name');
RESET SESSION AUTHORIZATION;
SET LOCAL client_min_messages = error;
SELECT patchmail.remove_notifier('test_notifier');
SELECT is((SELECT concat(notifier, holder) FROM patchmail.hook WHERE name = 'mine'), '', 'its hooks are free then');
SET SESSION AUTHORIZATION test_notifier;
SELECT throws_ok($$SELECT * FROM patchmail.hook_open('mine', '{"holder": "b", "lease": 30}')$$, '42501', NULL,
                 'and it opens none');
RESET SESSION AUTHORIZATION;
SELECT is(patchmail.excess_rights('test_notifier_two', 'notifier'), NULL, 'a notifier has no right too many');
SELECT is((SELECT string_agg(r, ', ') FROM patchmail.excess_rights('test_notifier_two') r),
          'EXECUTE on patchmail.hook_close(text,text,jsonb), EXECUTE on patchmail.hook_next(text,text,integer,jsonb,'
          'integer), EXECUTE on patchmail.hook_open(text,jsonb)', 'but for a deliverer it would have');
SELECT throws_ok($$SELECT patchmail.add_deliverer('test_notifier_two')$$, 'P0001', NULL, 'so it is refused as one');
SELECT throws_ok($$SELECT patchmail.add_notifier('nobody at all')$$, 'P0001', 'there is no role "nobody at all"',
                 'a notifier has to be there');
SELECT is((SELECT string_agg(function || ' ' || coalesce(after, before), ', ' ORDER BY id) FROM patchmail.audit
            WHERE function LIKE '%\_notifier' AND coalesce(after, before) #>> '{}' LIKE 'test\_%'),
          'add_notifier "test_notifier", add_notifier "test_notifier_two", remove_notifier "test_notifier"',
          'the audit tells of it');

SELECT * FROM finish();
