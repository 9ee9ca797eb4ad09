-- patchmail.set_time_zone(), find_time_zone(), find_clock(), make_clock(): beside a Patchwork whose TIME_ZONE is not
-- UTC.
\ir preamble.psql
\ir state.psql
SELECT plan(49);
SELECT make_project() AS project \gset

-- A mail of noon in UTC, in June and in January, in each kind of row
CREATE FUNCTION at(instant timestamptz) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
    SELECT extract(epoch FROM instant - '2026-02-01 12:00Z')::double precision / 60;
$$;
CREATE FUNCTION store_thread(instant timestamptz) RETURNS text[] LANGUAGE sql AS $$
    SELECT store_all(patch('single', minute => at(instant)), patch('p1', '1/2', 'c', minute => at(instant)),
                     cover('c', 2, minute => at(instant)), reply('rp', 'p1', at(instant)),
                     reply('rc', 'c', at(instant)),
                     reply('w2', 'w1', at(instant)), reply('w1', 'p2', at(instant)),
                     patch('p2', '2/2', 'c', minute => at(instant)));
$$;
-- Each date of mail that Patchwork reads, with how often it is there.
CREATE FUNCTION dates() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat(to_char(x.date, 'MM-DD HH24:MI'), ' x', x.n), ', ' ORDER BY x.date)
      FROM (SELECT d.date, count(*) AS n
              FROM (SELECT date FROM public.patchwork_patch UNION ALL SELECT date FROM public.patchwork_cover
                    UNION ALL SELECT date FROM public.patchwork_series
                    UNION ALL SELECT date FROM public.patchwork_patchcomment
                    UNION ALL SELECT date FROM public.patchwork_covercomment) d GROUP BY 1) x;
$$;
SAVEPOINT empty;

-- What each of them says: Patchwork's rows, its REST document, the ledger; and the rows when the zone is set to UTC
-- again.
CREATE FUNCTION all_of_it(zone text, instant timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said text;
BEGIN
    PERFORM patchmail.set_time_zone(zone, false);
    PERFORM store_thread(instant);
    said := format('%s; %s; %s', dates(), patchmail.patch_json((patch_of('p1')).id, '')->>'date',
                   (SELECT string_agg(DISTINCT to_char(m.date, 'MM-DD HH24:MI'), ' ') FROM patchmail.message m));
    said := format('%s; %s rows: ', said, patchmail.set_time_zone('UTC'));
    said := said || dates();
    RAISE EXCEPTION USING ERRCODE = 'PT000';
EXCEPTION WHEN SQLSTATE 'PT000' THEN
    RETURN said;
END
$$;
SELECT is(all_of_it(zone, instant),
          format('%s x10; %s; %s; %s rows: %3$s x10', stands, to_char(instant, 'YYYY-MM-DD"T"HH24:MI:SS'),
                 to_char(instant, 'MM-DD HH24:MI'), CASE zone WHEN 'UTC' THEN 0 ELSE 10 END),
          format('%s: %s', zone, instant))
  FROM (VALUES ('UTC', timestamptz '2024-06-24 12:00Z', '06-24 12:00'),
               ('Australia/Canberra', '2024-06-24 12:00Z', '06-24 02:00'),
               ('Australia/Canberra', '2024-01-24 12:00Z', '01-24 01:00'),
               ('America/New_York', '2024-06-24 12:00Z', '06-24 16:00'),
               ('America/New_York', '2024-01-24 12:00Z', '01-24 17:00')) x (zone, instant, stands);
ROLLBACK TO empty;

-- The hours that are left out and that come twice, against what PostgreSQL makes of what Patchwork hands it
SELECT patchmail.set_time_zone('America/New_York', false);
SET LOCAL timezone = 'America/New_York';
SELECT is_empty($$
    SELECT t FROM generate_series(timestamp '2024-03-09 20:00', '2024-03-10 12:00', '10 minutes') t
     WHERE _patchmail.to_patchwork(t AT TIME ZONE 'UTC') <> t::text::timestamptz
$$, 'in the night when clocks are put forward');
SELECT is_empty($$
    SELECT t FROM generate_series(timestamp '2024-11-02 20:00', '2024-11-03 12:00', '10 minutes') t
     WHERE _patchmail.to_patchwork(t AT TIME ZONE 'UTC') <> t::text::timestamptz
        OR _patchmail.from_patchwork(t::text::timestamptz) <> t AT TIME ZONE 'UTC'
$$, 'in the night when they are put back, and the other way');
SELECT is(_patchmail.from_patchwork(_patchmail.to_patchwork('2024-03-10 02:30Z')), '2024-03-10 03:30Z'::timestamptz,
          'of the hour that is left out nothing is known but the next one');
SET LOCAL timezone = 'UTC';
ROLLBACK TO empty;

-- A session that has stored mail before learns of it.
SELECT store_all(patch('a'), reply('ra', 'a')) IS NOT NULL AS done \gset
SELECT patchmail.set_time_zone('Australia/Canberra', false);
SELECT store_all(patch('b'), reply('rb', 'b'), cover('c', 2), patch('p1', '1/2', 'c')) IS NOT NULL AS done \gset
SELECT is(dates(), '02-01 01:00 x7, 02-01 02:00 x2', 'all is dated by it: patches, and replies of an hour later');
SELECT is((SELECT count(*) FROM public.patchwork_event WHERE date > now() - interval '1 minute'), 14::bigint,
          'events stay, and those that follow come after them');
SELECT is((series_of('c')).date, '2026-02-01 01:00Z'::timestamptz, 'a series');
SELECT store_all(patch('q2', '2/2', 'd', minute => 5), patch('q1', '1/2', 'd', minute => 10),
                 cover('d', 2, minute => 3)) IS NOT NULL AS done \gset
SELECT is((series_of('d')).date, '2026-02-01 01:03Z'::timestamptz,
          'a series has the date of its lead, which came last');
ROLLBACK TO empty;
SELECT patchmail.set_time_zone('Australia/Canberra', false);
SELECT store_all(patch('a'), patch('b')) IS NOT NULL AS done \gset
UPDATE public.patchwork_patch SET date = '2020-01-01Z' WHERE msgid = '<a@example.org>';
SELECT is(patchmail.set_time_zone('UTC'), 3::bigint, 'a date that somebody has changed stays');
SELECT is((patch_of('a')).date, '2020-01-01Z'::timestamptz, 'as it is');
ROLLBACK TO empty;

-- What Patchwork stored itself
CREATE TABLE public.django_migrations (id integer);
INSERT INTO public.patchwork_person (id, email, name) VALUES (1001, 'ada@example.org', 'Ada by Patchwork');
-- As it does it: without a zone, under its own.
CREATE FUNCTION old_patch(id text, zone text, at timestamp,
                          header text DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    series integer;
BEGIN
    PERFORM set_config('timezone', zone, true);
    INSERT INTO public.patchwork_series (name, date, version, total, project_id, submitter_id)
    SELECT $1, at, 1, 1, p.id, 1001 FROM public.patchwork_project p WHERE p.linkname = 'demo'
    RETURNING patchwork_series.id INTO series;
    INSERT INTO public.patchwork_patch (msgid, date, headers, name, project_id, submitter_id, archived, state_id,
                                        series_id,
                                        number)
    SELECT (msgids($1))[1], at, concat(E'From: Ada\nDate: ',
                                       coalesce(header, to_char(at, 'Dy, DD Mon YYYY HH24:MI:SS +0000')),
                                      E'\nTo: b'), $1, s.project_id, 1001, false, 1, s.id, 1
      FROM public.patchwork_series s WHERE s.id = series;
    PERFORM set_config('timezone', 'UTC', true);
END
$$;
-- And when that was, by its clock.
CREATE FUNCTION old_event(id text, zone text, at timestamp) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('timezone', zone, true);
    INSERT INTO public.patchwork_event (category, date, project_id, patch_id)
    SELECT 'patch-created', at, p.project_id, p.id FROM public.patchwork_patch p WHERE p.msgid = (msgids($1))[1];
    PERFORM set_config('timezone', 'UTC', true);
END
$$;
-- One a month, at noon; a year of them, and the zone that is found.
CREATE FUNCTION old_patches(zone text, first date, months integer,
                            word text DEFAULT 'x') RETURNS void LANGUAGE sql AS $$
    SELECT old_patch(concat_ws('-', word, zone, first, n), zone, first + n * interval '1 month' + interval '12 hours')
      FROM generate_series(0, months - 1) n;
$$;
CREATE FUNCTION sure(zone text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM old_patches(zone, (now() - interval '1 year')::date, 12);
    RETURN patchmail.find_time_zone();
END
$$;
SAVEPOINT old;
SELECT patchmail.set_time_zone('Australia/Canberra', false);
SELECT old_patch('old', 'Australia/Canberra', '2026-02-01 12:00');
SELECT is((patch_of('old')).date, '2026-02-01 01:00Z'::timestamptz, 'noon stands there as one o''clock');
SELECT store_all(reply('r', 'old')) IS NOT NULL AS done \gset
SELECT is((ledger('old')).date, '2026-02-01 12:00Z'::timestamptz, 'the ledger takes it as what it is');
SELECT is(_patchmail.series_sent(series_of('old')), '2026-02-01 12:00Z'::timestamptz,
          'revisions take the ledger''s dates as what they are');
SELECT is((SELECT DISTINCT date FROM patchmail.series_progress WHERE name = 'old'), '2026-02-01 12:00Z'::timestamptz,
          'views show dates as what they are');
SELECT store_all(patch('later', minute => 5, more => '{"author": {"name": "Ada", "email": "ada@example.org"}}'))
       IS NOT NULL AS done \gset
SELECT is((SELECT name::text FROM public.patchwork_person WHERE id = 1001), 'Ada', 'a later mail renames its author');
SELECT store_all(patch('earlier', minute => -5, more => '{"author": {"name": "No", "email": "ada@example.org"}}'))
       IS NOT NULL AS done \gset
SELECT is((SELECT name::text FROM public.patchwork_person WHERE id = 1001), 'Ada', 'an earlier one does not');
SELECT is(_patchmail.wrote_later(1001, '2026-02-01 11:59Z'), true, 'Patchwork''s own mail was a minute later');
SELECT is(_patchmail.wrote_later(1001, '2026-02-01 12:00Z'), false, 'Patchwork''s own mail was no later than that');
SELECT patchmail.set_time_zone('UTC');
SELECT is((ledger('old')).date, '2026-02-01 01:00Z'::timestamptz, 'by another zone it is another instant');
SELECT is((patch_of('old')).date, '2026-02-01 01:00Z'::timestamptz, 'Patchwork''s row stays with another zone');
ROLLBACK TO old;

-- The zone, by what is there
SELECT is(sure('Australia/Canberra'), 'Australia/Canberra', 'a year of Patchwork''s default');
SELECT is(_patchmail.find_clock('Australia/Canberra'), NULL, 'nothing tells of its clock');
SELECT old_event(word(p.msgid), 'Australia/Canberra', p.date AT TIME ZONE 'Australia/Canberra' + interval '1 minute')
  FROM public.patchwork_patch p;
SELECT is(_patchmail.find_clock('Australia/Canberra'), false, 'events in UTC, as older releases date them');
DELETE FROM public.patchwork_event;
SELECT old_event(word(p.msgid), 'Australia/Canberra', ((p.date AT TIME ZONE 'Australia/Canberra' + interval '1 minute')
                                                       AT TIME ZONE 'UTC') AT TIME ZONE 'Australia/Canberra')
  FROM public.patchwork_patch p;
SELECT is(_patchmail.find_clock('Australia/Canberra'), true, 'events in local time');
ROLLBACK TO old;
SELECT ok((SELECT bool_and(now() AT TIME ZONE z + d * interval '1 day' = now() AT TIME ZONE zone + d * interval '1 day')
             FROM sure(zone) z, generate_series(0, 365) d), 'a year in ' || zone)
  FROM (VALUES ('America/New_York')) x (zone);
ROLLBACK TO old;
SELECT is(sure('UTC'), 'UTC', 'a year in UTC');
ROLLBACK TO old;
SELECT is(sure('Asia/Kathmandu'), 'Asia/Kathmandu', 'a zone with quarters of an hour');
ROLLBACK TO old;
SELECT old_patches('Australia/Canberra', '2025-05-10', 4);
SELECT throws_like('SELECT patchmail.find_time_zone()',
                   'patchmaild: the time zone of Patchwork is 10:00:00 ahead of UTC, but 4 mails do not show which of '
                   '% it is, '
                   'such as Australia/Canberra', 'a winter is not enough: Brisbane has no summer time');
ROLLBACK TO old;
SELECT old_patches('Australia/Canberra', '2025-01-10', 2), old_patches('Australia/Canberra', '2025-06-10', 1);
SELECT is(patchmail.find_time_zone(), 'Australia/Canberra', 'three mails of both');
ROLLBACK TO old;
SELECT old_patches('Australia/Canberra', '2025-01-10', 7), old_patches('UTC', '2025-01-11', 7);
SELECT throws_ok('SELECT patchmail.find_time_zone()',
                 'patchmaild: the dates of Patchwork''s mail are of no one time zone: 14 mails differ from their '
                 'headers by '
                 '00:00:00 (7 of them), 10:00:00 (4 of them), 11:00:00 (3 of them)', 'mail that disagrees');
ROLLBACK TO old;
SELECT old_patches('Australia/Canberra', '2025-01-10', 24), old_patches('UTC', '2025-01-10', 1, 'y');
SELECT is(patchmail.find_time_zone(), 'Australia/Canberra', 'one of many may be odd');
ROLLBACK TO old;
SELECT old_patches('UTC', '2015-01-10', 12), old_patches('Australia/Canberra', '2025-01-10', 12);
SELECT is(patchmail.find_time_zone(), 'Australia/Canberra', 'what was set many years ago does not count');
ROLLBACK TO old;
SELECT sure('Australia/Canberra') AS zone \gset
SELECT store_all(patch('n1'), patch('n2'), patch('n3')) IS NOT NULL AS done \gset
UPDATE public.patchwork_patch SET headers = E'Date: Sun, 1 Feb 2026 12:00:00 +0000' WHERE submitter_id <> 1001
    OR name ~ '^n';
SELECT is(patchmail.find_time_zone(), 'Australia/Canberra',
          'mail that patchmaild stored itself does not count for the zone');
ROLLBACK TO old;
SET LOCAL client_min_messages = error;
SELECT is(patchmail.find_time_zone(), 'UTC', 'without mail it is UTC');
SELECT old_patch('odd' || n, 'Australia/Canberra', '2025-01-10 12:00', header) FROM unnest(ARRAY[
    'Fri, 32 Jan 2025', 'Fri, 10 Jan 2025 25:00:00 +0000', '', 'yesterday', 'Fri, 10 Jan 99999 12:00:00 +0000'])
    WITH ORDINALITY x (header, n);
SELECT is(patchmail.find_time_zone(), 'UTC', 'a date that cannot be read tells nothing');
SELECT is(_patchmail.header_date(E'Subject: a\nDate: ' || field || E'\nDate: Fri, 10 Jan 2020 12:00:00 +0000'), at,
          'Date: ' || translate(field, E'\n', '/'))
  FROM (VALUES ('Fri, 10 Jan 2025 12:00:00 +0100', timestamptz '2025-01-10 11:00Z'),
        ('10 jan 2025 12:00 -0330', '2025-01-10 15:30Z'),
               (E'\n Fri, 1 Dec 2025 23:59:59 -0000 (comment)', '2025-12-01 23:59:59Z'),
               ('Fri, 10 Jan 2025 12:00:00', NULL)) x (field, at);
ROLLBACK TO old;

-- Setting it
SELECT throws_ok($$SELECT patchmail.set_time_zone('Australia/Sidney')$$, 'there is no time zone "Australia/Sidney"',
                 'a name that nobody knows');
SELECT is(patchmail.set_time_zone('etc/utc'), 0::bigint, 'UTC by another name');
SELECT is((SELECT time_zone FROM patchmail.setting), 'UTC', 'is UTC');
SELECT is(patchmail.set_time_zone('europe/berlin', true), 0::bigint, 'a name in other letters');
SELECT patchmail.set_time_zone('Europe/Berlin');  -- its clock stays, too
SELECT row_eq('SELECT time_zone, local_clock FROM patchmail.setting', ROW('Europe/Berlin'::text, true),
              'is known all the same');
CREATE ROLE test_stranger;
GRANT USAGE ON SCHEMA patchmail TO test_stranger;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA patchmail TO test_stranger;
GRANT SELECT ON ALL TABLES IN SCHEMA patchmail TO test_stranger;
SET LOCAL ROLE test_stranger;
CREATE FUNCTION pg_temp.refusal() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM patchmail.set_time_zone('UTC');
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLERRM;
END
$$;
SELECT pg_temp.refusal() AS refusal \gset
RESET ROLE;
SELECT is(:'refusal'::text, 'only the owner of schema patchmail can set the time zone',
          'a stranger cannot set the time zone');

SELECT * FROM finish();
ROLLBACK;
