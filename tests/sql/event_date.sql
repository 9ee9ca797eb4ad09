-- _patchmail.event_date(): dates of events rise within a project, whatever the clock and Patchwork do.
\ir preamble.psql
\ir state.psql
SELECT plan(23);
SELECT make_project() AS project, make_project('second', 'second.example.org') AS second \gset

-- Events that are dated no later than one with a lower id of their project.
CREATE FUNCTION out_of_order() RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*) FROM (SELECT e.date, max(e.date) OVER (PARTITION BY e.project_id ORDER BY e.id
                                                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS former
                            FROM public.patchwork_event e) x WHERE x.date <= x.former;
$$;
-- What Patchwork does with its own clock.
CREATE FUNCTION patchwork_event(project integer, at timestamptz) RETURNS void LANGUAGE sql AS $$
    INSERT INTO public.patchwork_event (category, date, project_id) VALUES ('check-created', at, project);
$$;

-- Each way to an event
SELECT store_all(patch('a')) IS NOT NULL AS done \gset
SELECT is((SELECT count(DISTINCT date) FROM public.patchwork_event), 4::bigint,
          'the events of one mail have a date each');
SELECT ok((SELECT bool_and(date BETWEEN now() AND clock_timestamp()) FROM public.patchwork_event),
          'the time when they happen, not when the transaction began');
SAVEPOINT one;
SELECT is(store_all(cover('c', 2), patch('p2', '2/2', 'c'), patch('p1', '1/2', 'c'), reply('r1', 'c'),
                    reply('r2', 'p1')),
          array_fill('stored'::text, ARRAY[5]), 'a series');
SELECT is(out_of_order(), 0::bigint, 'cover-created, series-created, patch-completed of several, comments');
SELECT store_all(reply('w3', 'w2'), reply('w2', 'w1'), reply('w1', 'x'), patch('x')) IS NOT NULL AS done \gset
SELECT is((SELECT count(*) FROM public.patchwork_event WHERE patch_comment_id IS NOT NULL), 4::bigint,
          'replies that waited are placed at once');
SELECT is(out_of_order(), 0::bigint, 'the events of replies that waited are in order');
SELECT patchmail.set_policy('demo', relate => true, supersede => true) IS NOT NULL AS done \gset
UPDATE public.patchwork_project SET send_notifications = true;
SELECT store_all(cover('o', 2), patch('o1', '1/2', 'o'), patch('o2', '2/2', 'o'),
                 cover('n', 2, 'o', 2, 9), patch('n1', '1/2', 'n', 2, 9, more => '{"hash": "1"}'),
                 patch('n2', '2/2', 'n', 2, 9)) IS NOT NULL AS done \gset
UPDATE public.patchwork_patch SET name = regexp_replace(name, '[on]([12])$', 'title \1');
SELECT _patchmail.revise_series((series_of('n1')).id);
SELECT ok(count(*) FILTER (WHERE category = 'patch-relation-changed') >= 2
          AND count(*) FILTER (WHERE category = 'patch-state-changed') = 2, 'relations and states change')
  FROM public.patchwork_event;
SELECT is(out_of_order(), 0::bigint, 'the events of further mail are in order');
SELECT ok((SELECT bool_and(n.last_modified > now()) FROM public.patchwork_patchchangenotification n),
          'a notification says when it happened, too');
ROLLBACK TO one;

-- What is taken back and made again is a new event.
SELECT store_all(patch('p1', '1/2', 'c'), patch('p2', '2/2', 'c')) IS NOT NULL AS done \gset
SELECT date AS completed, id AS completed_id FROM public.patchwork_event
 WHERE category = 'series-completed' AND series_id = (series_of('p1')).id \gset
SELECT store_all(cover('c', 3), patch('p3', '3/3', 'c')) IS NOT NULL AS done \gset
SELECT ok((SELECT date > :'completed' AND id > :completed_id FROM public.patchwork_event
            WHERE category = 'series-completed' AND series_id = (series_of('p1')).id),
          'series-completed, taken back and made again, is dated anew');
SELECT is(out_of_order(), 0::bigint, 'all events after a completion was taken back are in order');
ROLLBACK TO one;

-- Events that are dated ahead: another clock, or ours was put back.
SELECT patchwork_event(:project, clock_timestamp() + interval '1 hour');
SELECT store_all(patch('b')) IS NOT NULL AS done \gset
SELECT is(out_of_order(), 0::bigint, 'after an event that is an hour ahead');
SELECT ok((SELECT max(date) < clock_timestamp() + interval '61 minutes' FROM public.patchwork_event),
          'an event is dated shortly after one that is ahead');
SELECT store_all(cover('c', 2), patch('p2', '2/2', 'c'), patch('p1', '1/2', 'c'),
                 reply('r1', 'c')) IS NOT NULL AS done \gset
SELECT is(out_of_order(), 0::bigint, 'the events of several mails are dated after one that is ahead');
SELECT is(_patchmail.event_date(:second, 1) < clock_timestamp() + interval '1 minute', true,
          'another project has the time of now');
ROLLBACK TO one;
SELECT patchwork_event(:project, clock_timestamp() + interval '25 hours');
SELECT store_all(patch('b')) IS NOT NULL AS done \gset
SELECT is((SELECT count(*) FROM public.patchwork_event WHERE date > clock_timestamp()), 1::bigint,
          'one that is more than a day ahead holds up nothing');
SELECT patchwork_event(:project, clock_timestamp() + interval '1 hour');
SELECT ok(_patchmail.event_date(:project, 1) > clock_timestamp() + interval '59 minutes',
          'an event far ahead does not hide one that counts');
ROLLBACK TO one;
SELECT patchwork_event(:project, date) FROM (SELECT max(date) AS date FROM public.patchwork_event) e;
SELECT is(store_all(patch('b')), '{stored}', 'two of one date, by Patchwork');
ROLLBACK TO one;

-- In the time of Patchwork
SELECT patchmail.set_time_zone('Australia/Canberra', false);
SELECT store_all(patch('b')) IS NOT NULL AS done \gset
SELECT is(out_of_order(), 0::bigint, 'events by the clock of before come first');
SELECT ok((SELECT d AT TIME ZONE 'Australia/Canberra' - now() AT TIME ZONE 'UTC' BETWEEN '0' AND interval '1 minute'
             FROM _patchmail.event_date(:second, 1) d),
          'a Patchwork that takes the time in UTC shows UTC');
ROLLBACK TO one;
SELECT patchmail.set_time_zone('Australia/Canberra', true);
SELECT store_all(patch('b')) IS NOT NULL AS done \gset
SELECT ok((SELECT bool_and(e.date BETWEEN now() AND clock_timestamp())
             FROM public.patchwork_event e WHERE e.patch_id = (patch_of('b')).id),
          'one that takes its local time shows that, and in the table it is the time of now');
SELECT is((patch_of('b')).date, '2026-02-01 01:00Z'::timestamptz,
          'the date of a mail is in UTC even if events are in local time');
SELECT is(out_of_order(), 0::bigint, 'events in local time are in order');

SELECT * FROM finish();
ROLLBACK;
