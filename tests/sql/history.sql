-- Mail of history ("history" in the source): nobody is told of it, its events are dated as it is, and what is there
-- already stays as it is.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS project \gset
CREATE TABLE started AS SELECT patchmail.events_cursor() AS cursor;

-- One transaction each, as far as events are concerned.
CREATE FUNCTION commit_events() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    PERFORM set_config('patchmail.history', '', true);
END
$$;
CREATE FUNCTION live(VARIADIC mails jsonb[]) RETURNS text[] LANGUAGE sql AS $$
    SELECT store_all(VARIADIC mails);
$$;
CREATE FUNCTION one_by_one(VARIADIC mails jsonb[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    mail     jsonb;
    outcomes text[] := '{}';
BEGIN
    FOREACH mail IN ARRAY mails LOOP
        outcomes := outcomes || (patchmail.store(mail, '\x', '{"transport": "import", "history": true}')).outcome;
        PERFORM commit_events();
    END LOOP;
    RETURN outcomes;
END
$$;
CREATE FUNCTION together(VARIADIC mails jsonb[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    outcomes text[] := (
        SELECT array_agg(coalesce(s.outcome, 'alone') ORDER BY s.number)
          FROM patchmail.store_many(to_jsonb(mails), to_jsonb(array_fill(
                   jsonb '{"transport": "import", "history": true}', ARRAY[cardinality(mails)]))) s);
BEGIN
    PERFORM commit_events();
    RETURN outcomes;
END
$$;
-- What receivers of events are told since the test began.
CREATE FUNCTION told() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(e.category, ' ' ORDER BY a.position)
      FROM started s, LATERAL patchmail.events_after(s.cursor) a JOIN public.patchwork_event e
        ON e.id = (a.event->>'id')::integer;
$$;
-- Each event in the order of the dates: "category mail minute", of those that are dated as the mails are.
CREATE FUNCTION past() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format('%s %s', e.category,
               date_part('epoch', date_trunc('minute', _patchmail.from_patchwork(e.date)) - '2026-02-01 12:00Z') / 60),
               ', ' ORDER BY e.date, e.id)
      FROM public.patchwork_event e WHERE e.date < now() - interval '1 hour';
$$;
SELECT live(patch('before')) IS NOT NULL AS done \gset
UPDATE started SET cursor = patchmail.events_cursor();

-- A patch, a series with its cover letter, replies, one of which waits
CREATE TABLE thread AS SELECT ARRAY[
    patch('a', minute => 1), cover('c', 2, minute => 2), patch('p1', '1/2', 'c', minute => 3),
    patch('p2', '2/2', 'c', minute => 4), reply('r', 'p1', 5), reply('w', 'x', 6)] AS mails;
CREATE TABLE expected AS SELECT
    'patch-created 1, series-created 1, patch-completed 1, series-completed 1, series-created 2, cover-created 2, '
    'patch-created 3, patch-created 4, patch-completed 4, patch-completed 4, series-completed 4, '
    'patch-comment-created 5' AS events;
SAVEPOINT beginning;
SELECT is(together(VARIADIC mails), '{stored,stored,stored,stored,stored,waiting}', 'a batch of history is stored')
  FROM thread;
SELECT is(told(), NULL, 'nobody is told of a batch of history');
SELECT is(past(), events, 'the events of a batch are dated as their mails') FROM expected;
SELECT is(patchmail.events_cursor(), s.cursor, 'the position of the newest event stays') FROM started s;
SELECT is((SELECT array_agg(DISTINCT m.transport ORDER BY m.transport) FROM patchmail.message m),
          '{deliver,history}', 'the ledger knows which mail was of history');
SELECT is((SELECT count(*) FROM patchmail.check()), 0::bigint, 'patchmail.check() finds nothing wrong in a batch');
SELECT is(live(patch('after')), '{stored}', 'live mail after it is stored');
SELECT is(told(), 'patch-created series-created patch-completed series-completed',
          'of live mail after it they are told');
ROLLBACK TO beginning;
SELECT is(one_by_one(VARIADIC mails), '{stored,stored,stored,stored,stored,waiting}', 'one by one they are stored')
  FROM thread;
SELECT is(told(), NULL, 'nobody is told of history one by one');
-- A patch that is complete when it comes has that event in its own minute.
SELECT is(past(), replace(events, 'patch-created 4, patch-completed 4, patch-completed 4',
                          'patch-completed 3, patch-created 4, patch-completed 4'),
          'the events of single mails are dated as their mails') FROM expected;
SELECT is((SELECT count(*) FROM patchmail.check()), 0::bigint, 'patchmail.check() finds nothing wrong one by one');
SELECT is((SELECT count(*) FROM patchmail.repair(dry_run => true)), 0::bigint, 'and there is nothing to repair');
ROLLBACK TO beginning;

-- Dates that nobody believes
SELECT is(together(patch('f', minute => 60 * 24 * 3650)), '{stored}', 'history with a date in the future');
SELECT is(told(), NULL, 'nobody is told of history with a date in the future');
SELECT ok((SELECT bool_and(e.date <= clock_timestamp()) FROM public.patchwork_event e),
          'no event of history is in the future');
ROLLBACK TO beginning;

-- What came live is news, whatever brings it about
SELECT is(live(patch('p2', '2/2', 'p1'), reply('r', 'a')), '{stored,waiting}',
          'half of a series and a reply come live');
UPDATE started SET cursor = patchmail.events_cursor();
SAVEPOINT half;
SELECT is(together(patch('p1', '1/2', minute => 1), patch('a', minute => 2)), '{stored,stored}',
          'history brings the other half, and what was answered');
SELECT is(told(), 'patch-comment-created patch-completed patch-completed series-completed',
          'a series and a reply that came live are told of, in a batch');
ROLLBACK TO half;
SELECT is(one_by_one(patch('p1', '1/2', minute => 1), patch('a', minute => 2)), '{stored,stored}',
          'the same one by one');
SELECT is(told(), 'patch-completed patch-completed series-completed patch-comment-created',
          'a series and a reply that came live are told of, one by one');
ROLLBACK TO beginning;

-- The other way round: history waits for what comes live
SELECT is(together(reply('r', 'a', 1)), '{waiting}', 'a reply of history waits');
SELECT is(live(patch('a')), '{stored}', 'what it answers comes live');
SELECT is(told(), 'patch-created series-created patch-completed series-completed patch-comment-created',
          'a transaction that is not of history is told of as a whole');
ROLLBACK TO beginning;

-- Policy
SELECT patchmail.set_policy('demo', relate => true, supersede => true) IS NOT NULL AS done \gset
UPDATE public.patchwork_project SET send_notifications = true;
CREATE FUNCTION version(n integer, minute integer) RETURNS jsonb LANGUAGE sql AS $$
    SELECT m || jsonb_build_object('change_id', 'x', 'subject', m->'subject' || '{"title": "clock: tick"}')
      FROM patch('v' || n, version => n, minute => minute) m;
$$;
SELECT is(together(version(1, 1), version(2, 9)),
          '{stored,stored}', 'two versions of history');
SELECT is((SELECT s.slug FROM public.patchwork_state s WHERE s.id = (patch_of('v1')).state_id), 'superseded',
          'the policy holds for history');
SELECT is(told(), NULL, 'nobody is told of a state that history changes');
SELECT is((SELECT array_agg(DISTINCT date_trunc('minute', e.date)) FROM public.patchwork_event e
            WHERE e.category = 'patch-state-changed'),
          ARRAY[_patchmail.to_patchwork('2026-02-01 12:09Z')], 'it changed when the newer one was sent');
SELECT is((SELECT count(*) FROM public.patchwork_patchchangenotification), 0::bigint,
          'no submitter is notified of history');
ROLLBACK TO beginning;

-- Names, states and dates of what is there
SELECT is(live(patch('v2', version => 2, minute => 100, more => '{"change_id": "x", "author":
              {"name": "Ada New", "email": "ada@example.org", "raw": "Ada New <ada@example.org>"}}')), '{stored}',
          'a patch comes live');
SELECT patchmail.patch_update((patch_of('v2')).id, '{"state": "accepted"}', dry_run => false) IS NOT NULL AS done \gset
CREATE TABLE known AS SELECT to_jsonb(patch_of('v2')) AS patch, to_jsonb(series_of('v2')) AS series,
    (SELECT jsonb_agg(to_jsonb(e) ORDER BY e.id) FROM public.patchwork_event e) AS events;
SELECT is(together(patch('v1', minute => 1, more => '{"change_id": "x", "author":
                       {"name": "Ada Old", "email": "ada@example.org", "raw": "Ada Old <ada@example.org>"}}'),
                   patch('v2', version => 2, minute => 100), reply('r', 'v2', 2)),
          '{stored,duplicate,stored}', 'an older version, the same mail again, and a reply, of history');
SELECT is((SELECT p.name::text FROM public.patchwork_person p WHERE p.email = 'ada@example.org'), 'Ada New',
          'a name is not rolled back');
SELECT is(to_jsonb(patch_of('v2')), k.patch, 'a patch is not rolled back') FROM known k;
SELECT is(to_jsonb(series_of('v2')), k.series, 'a series is not rolled back') FROM known k;
SELECT is((SELECT jsonb_agg(to_jsonb(e) ORDER BY e.id) FROM public.patchwork_event e
            WHERE e.id <= (SELECT max((x->>'id')::integer) FROM jsonb_array_elements(k.events) x)), k.events,
          'the log up to then is not written anew') FROM known k;
ROLLBACK TO beginning;

-- A batch that is neither
SELECT is((SELECT array_agg(coalesce(s.outcome, 'alone') ORDER BY s.number)
             FROM patchmail.store_many(to_jsonb(ARRAY[patch('x'), patch('y')]),
                                       '[{"transport": "import"}, {"transport": "import", "history": true}]') s),
          '{alone,alone}', 'a batch that is of history in part is left to the caller');
SELECT is(ledger('x'), NULL, 'nothing of it is stored');
ROLLBACK TO beginning;

-- Through quarantine
SELECT is((patchmail.store(patch('q', more => '{"patch_like": "unread attachment"}') || '{"kind": "comment"}', '\x00',
                           '{"transport": "import", "history": true}')).outcome, 'quarantined',
          'mail of history goes to quarantine');
SELECT commit_events();
SELECT is((SELECT q.transport FROM patchmail.quarantined q), 'history', 'the quarantine knows that it is of history');
SELECT patchmail.release(q.id) IS NOT NULL AS done FROM patchmail.quarantined q \gset
SELECT is((patchmail.store(patch('q', minute => 1), '\x00',
                           jsonb_build_object('transport', 'retry', 'quarantine_id',
                                              (SELECT id FROM patchmail.quarantined)))).outcome, 'stored',
          'it is released');
SELECT commit_events();
SELECT is(told(), NULL, 'nobody is told of history that was released');
SELECT * FROM finish();
ROLLBACK;
