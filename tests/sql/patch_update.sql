-- patchmail.patch_update(), patches_update() and patch_ids(): patches are changed as by PATCH of Patchwork's REST API,
-- with its events and notifications; and what was changed by hand stays when mail comes.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS project \gset
SELECT make_project('other', 'other.example.org') AS other \gset
SELECT patchmail.add_user('mona', 'mona@example.org'), patchmail.add_user('ci', 'ci@example.org');
SELECT patchmail.add_maintainer('demo', 'mona');
SELECT store_all(cover('c', 3), patch('p1', '1/3', 'c'), patch('p2', '2/3', 'c'), patch('p3', '3/3', 'c'), patch('x'),
                 patch('o', more => '{"list_ids": [{"field": "List-Id", "id": "other.example.org"}]}'));

-- What a change gives, as "p1 {"state": "new"} > {"state": "accepted"}".
CREATE FUNCTION told(change patchmail.audit) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', word(change.after->>'msgid'), (change.before - 'msgid')::text, '>',
                     (change.after - 'msgid')::text);
$$;
CREATE FUNCTION updated(id text, change jsonb, actor text DEFAULT NULL, dry_run boolean DEFAULT false)
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(told(u), '; ' ORDER BY u.id) FROM patchmail.patch_update((patch_of($1)).id, $2, $3, $4) u;
$$;
CREATE FUNCTION ids_of(words text) RETURNS integer[] LANGUAGE sql AS $$
    SELECT array_agg((patch_of(w)).id ORDER BY n) FROM regexp_split_to_table(words, ' ') WITH ORDINALITY s (w, n);
$$;
-- Changes related to these patches.
CREATE FUNCTION related(id text, words text, actor text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT updated($1, jsonb_build_object('related', coalesce(ids_of(nullif($2, '')), '{}')), $3);
$$;
-- The events of the last change; it counts as told then.
CREATE TEMP TABLE seen AS SELECT max(e.id) AS id FROM public.patchwork_event e;
CREATE FUNCTION new_events() RETURNS text LANGUAGE sql AS $$
    WITH news AS (
        SELECT e.id, concat_ws(' ', e.category, word(p.msgid), s.slug || '>' || t.slug,
                               CASE WHEN e.category = 'patch-delegated'
                                    THEN concat(d.username, '>', f.username) END,
                               e.previous_relation_id || 'r', e.current_relation_id || 'r',  -- Patchwork names none
                               'by ' || u.username) AS line
          FROM public.patchwork_event e JOIN public.patchwork_patch p ON p.id = e.patch_id
          LEFT JOIN public.patchwork_state s ON s.id = e.previous_state_id
          LEFT JOIN public.patchwork_state t ON t.id = e.current_state_id
          LEFT JOIN public.auth_user d ON d.id = e.previous_delegate_id
          LEFT JOIN public.auth_user f ON f.id = e.current_delegate_id
          LEFT JOIN public.auth_user u ON u.id = e.actor_id
         WHERE e.id > (SELECT seen.id FROM seen)),
    moved AS (UPDATE seen SET id = (SELECT max(n.id) FROM news n) WHERE EXISTS (SELECT FROM news))
    SELECT coalesce(string_agg(n.line, '; ' ORDER BY n.id), '') FROM news n;
$$;
SAVEPOINT ready;

-- One key at a time
SELECT is(updated('p1', '{"state": "accepted"}', 'mona'), 'p1 {"state": "new"} > {"state": "accepted"}',
          'a state by its slug');
SELECT is(new_events(), 'patch-state-changed p1 new>accepted by mona', 'another state is an event, with who did it');
SELECT is(updated('p1', '{"state": "accepted"}', 'mona'), NULL, 'a state that it has already changes nothing');
SELECT is(new_events(), '', 'what changes nothing makes no event');
SELECT is(updated('p1', '{"state": "uNdEr reView"}'), 'p1 {"state": "accepted"} > {"state": "under-review"}',
          'a state by its name, ignoring case');
SELECT is(new_events(), 'patch-state-changed p1 accepted>under-review', 'an event without actor');
UPDATE public.patchwork_state SET name = 'Läuft', slug = 'running' WHERE slug = 'deferred';
SELECT is(updated('p1', '{"state": "läuft"}'), 'p1 {"state": "under-review"} > {"state": "running"}',
          'a state whose slug is not made of its name');
SELECT new_events();
SELECT is(updated('p1', '{"archived": true}'), 'p1 {"archived": false} > {"archived": true}', 'archived');
SELECT is(updated('p1', '{"commit_ref": "c0ffee", "pull_url": "https://git.example.org/x"}'),
          'p1 {"pull_url": null, "commit_ref": null} > '
          '{"pull_url": "https://git.example.org/x", "commit_ref": "c0ffee"}', 'commit_ref and pull_url');
SELECT is(updated('p1', '{"commit_ref": " c0ffee\n"}'), NULL, 'blanks at the ends of a text go, as in the API');
SELECT is(updated('p1', '{"commit_ref": ""}'), 'p1 {"commit_ref": "c0ffee"} > {"commit_ref": ""}', 'an empty text');
SELECT is(updated('p1', '{"commit_ref": null, "pull_url": null}'),
          'p1 {"pull_url": "https://git.example.org/x", "commit_ref": ""} > {"pull_url": null, "commit_ref": null}',
          'null takes a text away');
SELECT is(updated('p1', jsonb_build_object('commit_ref', repeat('x', 255))) IS NOT NULL, true,
          'a text as long as it may be');
SELECT is(new_events(), '', 'archived, commit_ref and pull_url make no events');
SELECT is(updated('p1', '{"delegate": "mona"}', 'ci'), 'p1 {"delegate": null} > {"delegate": "mona"}',
          'a delegate by the user name');
SELECT is(new_events(), 'patch-delegated p1 >mona by ci', 'another delegate is an event');
SELECT is(updated('p1', '{"delegate": null}'), 'p1 {"delegate": "mona"} > {"delegate": null}', 'no delegate');
SELECT is(new_events(), 'patch-delegated p1 mona>', 'no delegate is an event');
SELECT is(updated('p1', jsonb_build_object('delegate', u.id)), 'p1 {"delegate": null} > {"delegate": "mona"}',
          'a delegate by the id, as the API has it') FROM public.auth_user u WHERE u.username = 'mona';
SELECT is(updated('p1', '{}'), NULL, 'no key, no change');
SELECT patchmail.remove_maintainer('demo', 'mona');
SELECT is(updated('p1', '{"delegate": "mona", "state": "rfc"}'), 'p1 {"state": "running"} > {"state": "rfc"}',
          'a delegate who does not maintain the project any more may stay');
ROLLBACK TO ready;

-- All at once, and the document of the API
SELECT is(updated('p1', '{"state": "rejected", "delegate": "mona", "archived": true, "related": []}', 'mona'),
          'p1 {"state": "new", "archived": false, "delegate": null} > '
          '{"state": "rejected", "archived": true, "delegate": "mona"}', 'several keys are one row of the audit');
SELECT is(new_events(), 'patch-state-changed p1 new>rejected by mona; patch-delegated p1 >mona by mona',
          'an event for each, state before delegate');
SELECT row_eq($$SELECT function, actor, project_id, object, object_id, role = session_user
                  FROM patchmail.audit ORDER BY id DESC LIMIT 1$$,
              ROW('patch_update'::text, 'mona'::text, :project, 'patch'::text, (patch_of('p1')).id::bigint, true),
              'the audit has who, where and what');
SELECT related('p1', 'p2');
SELECT is(updated('p1', patchmail.patch_json((patch_of('p1')).id, 'http://host')::jsonb), NULL,
          'the document of a patch, given as a change, changes nothing');
SELECT is(updated('p1', patchmail.patch_json((patch_of('p1')).id, 'http://host')::jsonb
                        || '{"archived": false, "name": "other", "tags": {"x": 1}}'),
          'p1 {"archived": true} > {"archived": false}', 'what the API only reads of it is passed over');
ROLLBACK TO ready;

-- Related patches
SELECT is(related('p1', 'p2', 'mona') IS NOT NULL, true, 'two patches are related');
SELECT is(new_events(), 'patch-relation-changed p1 by mona; patch-relation-changed p2 by mona',
          'an event for each of them');
SELECT is((patch_of('p1')).related_id, (patch_of('p2')).related_id, 'they have one relation');
SELECT is(related('p2', 'p1'), NULL, 'that they are related already changes nothing');
SELECT is(related('p1', 'p3 p3 p1 x') ~ '^p3 .*; x [^;]*$', true, 'more are added to the relation, each once');
SELECT is(new_events(), 'patch-relation-changed p3; patch-relation-changed x',
          'only those that are added have events');
SELECT related('o', 'x');
SELECT is((patch_of('o')).related_id, (patch_of('p1')).related_id,
          'one joins the relation of another, though of another project');
SELECT new_events();
SELECT is(related('o', 'p1'), NULL, 'one that is in it may be given some of it: the others stay');
SELECT is(related('x', '') ~ '^x .*"relation": null}$', true, 'one is taken out');
SELECT is(new_events(), 'patch-relation-changed x', 'one that is taken out has an event, the others stay');
SELECT related('x', 'p3'), related('x', '');
SELECT related('o', ''), related('p3', '');
SELECT new_events();
SELECT is(related('p1', '', 'ci') IS NOT NULL, true, 'one of the last two is taken out');
SELECT is(new_events(), 'patch-relation-changed p1 by ci; patch-relation-changed p2 by ci',
          'none stays in a relation alone');
SELECT is(related('p1', ''), NULL, 'one that is in none is taken out of nothing');
SELECT is(updated('p1', jsonb_build_object('related', jsonb_build_array(jsonb_build_object(
              'id', (patch_of('x')).id, 'name', 'x')))) IS NOT NULL, true,
          'related patches as the API''s documents have them');
SELECT related('p2', 'p3');
SELECT throws_ok($$SELECT related('p1', 'p2')$$, '23514',
                 format('patch %s cannot be related to these, since at least one of them is in another relation: '
                        'take it out of that one first', (patch_of('p1')).id),
                 'both are in a relation: Patchwork''s API conflicts too');
SELECT throws_ok($$SELECT related('o', 'p1 p2')$$, '23514', NULL, 'one cannot join two relations');
SELECT throws_ok($$SELECT related('o', 'o')$$, '23514',
                 format('patch %s cannot be related to itself alone', (patch_of('o')).id), 'nor be related to itself');
ROLLBACK TO ready;

-- Notifications
UPDATE public.patchwork_project SET send_notifications = true WHERE id = :project;
CREATE FUNCTION notifications() RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(concat_ws(' ', word(p.msgid), s.slug), '; ' ORDER BY p.id), '')
      FROM public.patchwork_patchchangenotification n JOIN public.patchwork_patch p ON p.id = n.patch_id
      JOIN public.patchwork_state s ON s.id = n.orig_state_id;
$$;
SELECT updated('p1', '{"state": "rfc"}');
SELECT is(notifications(), 'p1 new', 'a submitter is notified, of the state that it had');
UPDATE public.patchwork_patchchangenotification SET last_modified = '2026-01-01Z';
SELECT updated('p1', '{"state": "accepted", "archived": true}');
SELECT is(notifications(), 'p1 new', 'a second change keeps the first state');
SELECT ok(last_modified > now() - interval '1 day', 'a second change moves the time when the notification is due')
  FROM public.patchwork_patchchangenotification;
SELECT updated('p1', '{"archived": false, "delegate": "mona"}'), updated('o', '{"state": "rfc"}');
SELECT is(notifications(), 'p1 new', 'nobody is notified of anything else, nor in a project that does not want it');
SELECT updated('p1', '{"state": "new"}');
SELECT is(notifications(), '', 'nobody is notified when the patch has its first state again');
ROLLBACK TO ready;

-- Many
CREATE FUNCTION many(words text, change jsonb, dry_run boolean DEFAULT false) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(told(u), '; ' ORDER BY u.id)
      FROM patchmail.patches_update(ids_of($1), $2, 'mona', $3) u;
$$;
SELECT updated('p2', '{"state": "accepted"}'), new_events();
SELECT is(many('o p2 p1 p1', '{"state": "accepted"}', true),
          'p1 {"state": "new"} > {"state": "accepted"}; o {"state": "new"} > {"state": "accepted"}',
          'a dry run says what would be changed, of each once');
SELECT is(new_events() || (patch_of('p1')).state_id || (SELECT count(*) FROM patchmail.audit
                                                         WHERE function = 'patches_update'), '10',
          'a dry run changes nothing, and writes no event and no audit');
SELECT is(many('o p2 p1 p1', '{"state": "accepted"}'),
          'p1 {"state": "new"} > {"state": "accepted"}; o {"state": "new"} > {"state": "accepted"}',
          'it is done as the dry run said');
SELECT is(new_events(), 'patch-state-changed p1 new>accepted by mona; patch-state-changed o new>accepted by mona',
          'an event for each that was changed');
SELECT cmp_ok((SELECT e.date FROM public.patchwork_event e ORDER BY e.id DESC LIMIT 1), '>=', now(),
              'events have the time at which they are made');
SELECT many('p1 p2', jsonb_build_object('related', ids_of('p3')));
SELECT is((patch_of('p1')).related_id, (patch_of('p2')).related_id, 'many are related to one');
SELECT many('p1 p2 p3', '{"related": []}');
SELECT is(num_nonnulls((patch_of('p1')).related_id, (patch_of('p2')).related_id, (patch_of('p3')).related_id), 0,
          'many are taken out');
SELECT throws_ok($$SELECT many('p1 o', '{"archived": true, "delegate": "mona"}')$$, '23514', NULL,
                 'a delegate who maintains not all of their projects');
SELECT is((patch_of('p1')).archived, false, 'an error in one changes none');
ROLLBACK TO ready;
SELECT is((SELECT count(DISTINCT e.date) FROM public.patchwork_event e WHERE e.project_id = :project),
          (SELECT count(*) FROM public.patchwork_event e WHERE e.project_id = :project),
          'each event of a project has a date of its own');

-- What is refused; nothing is changed then
CREATE FUNCTION all_there_is() RETURNS text LANGUAGE sql AS $$
    SELECT md5(concat((SELECT string_agg(p::text, '') FROM public.patchwork_patch p),
                      (SELECT count(*) FROM public.patchwork_event),
                      (SELECT count(*) FROM public.patchwork_patchrelation), (SELECT count(*) FROM patchmail.audit)));
$$;
SELECT all_there_is() AS before \gset
SELECT throws_ok(format('SELECT patchmail.patch_update(%s, %L, %L)', (patch_of('p1')).id, change, actor), code, message,
                 message)
  FROM (VALUES
    ('[]', NULL, '23514', 'a change is an object with any of the keys archived, commit_ref, delegate, pull_url, '
                          'related, state'),
    (NULL, NULL, '23514', 'a change is an object with any of the keys archived, commit_ref, delegate, pull_url, '
                          'related, state'),
    ('{"colour": 1}', NULL, '23514', 'there is no key "colour" to change, only archived, commit_ref, delegate, '
                                     'pull_url, related, state'),
    ('{"state": "done"}', NULL, '23514',
     'there is no state "done": they are new, under-review, accepted, rejected, rfc, not-applicable, '
     'changes-requested, awaiting-upstream, superseded, deferred'),
    ('{"state": ""}', NULL, '23514',
     'there is no state "": they are new, under-review, accepted, rejected, rfc, not-applicable, changes-requested, '
     'awaiting-upstream, superseded, deferred'),
    ('{"state": null}', NULL, '23514', 'state may not be null'),
    ('{"state": 3}', NULL, '23514', 'state has to be of type string, and is of type number'),
    ('{"archived": "yes"}', NULL, '23514', 'archived has to be of type boolean, and is of type string'),
    ('{"archived": null}', NULL, '23514', 'archived may not be null'),
    ('{"delegate": "nobody"}', NULL, 'P0002', 'there is no user "nobody"'),
    ('{"delegate": ""}', NULL, 'P0002', 'there is no user ""'),
    ('{"delegate": 99999999999}', NULL, 'P0002', 'there is no user "99999999999"'),
    ('{"delegate": {"id": 1}}', NULL, 'P0002', 'there is no user ""'),
    ('{"delegate": true}', NULL, '23514',
     'delegate has to be of type string or number or object or null, and is of type boolean'),
    ('{"delegate": "ci"}', NULL, '23514',
     format('user "ci" cannot be the delegate of patch %s, since he does not maintain project "demo"',
            (patch_of('p1')).id)),
    ('{"commit_ref": 1}', NULL, '23514', 'commit_ref has to be of type string or null, and is of type number'),
    (format('{"commit_ref": "%s"}', repeat('x', 256)), NULL, '23514', 'commit_ref is longer than 255 characters'),
    (format('{"pull_url": "%s"}', repeat('x', 256)), NULL, '23514', 'pull_url is longer than 255 characters'),
    ('{"related": 1}', NULL, '23514', 'related has to be of type array, and is of type number'),
    ('{"related": null}', NULL, '23514', 'related may not be null'),
    ('{"related": ["1"]}', NULL, 'P0002', 'related is a list of ids of patches, and there is no patch "1"'),
    ('{"related": [null]}', NULL, 'P0002', 'related is a list of ids of patches, and there is no patch null'),
    ('{"related": [0.5]}', NULL, 'P0002', 'related is a list of ids of patches, and there is no patch 0.5'),
    ('{"related": [99999999999]}', NULL, 'P0002',
     'related is a list of ids of patches, and there is no patch 99999999999'),
    ('{"archived": true}', 'nobody', 'P0002', 'there is no user "nobody"'),
    ('{"archived": true, "colour": 1}', NULL, '23514',
     'there is no key "colour" to change, only archived, commit_ref, delegate, pull_url, related, state'))
  x (change, actor, code, message);
SELECT throws_ok('SELECT patchmail.patch_update(0, ''{}'')', 'P0002', 'there is no patch 0', 'no such patch');
SELECT throws_ok('SELECT patchmail.patch_update(NULL, ''{}'')', '22023',
                 'which patch is meant is not given', 'a patch NULL');
SELECT is_empty($$SELECT patchmail.patches_update('{}', '{"archived": true}')$$,
                'no patches, as when a filter finds none');
SELECT throws_ok($$SELECT patchmail.patches_update('{}', '{"state": "none"}')$$, '23514', NULL,
                 'a change is looked at though there are no patches');
SELECT throws_ok('SELECT patchmail.patches_update(NULL, ''{}'')', '22023',
                 'which patch is meant is not given', 'patches NULL');
SELECT throws_ok(format('SELECT patchmail.patches_update(ARRAY[%s, NULL], ''{}'')', (patch_of('p1')).id), '22023',
                 'which patch is meant is not given', 'a NULL among patches');
SELECT throws_ok(format('SELECT patchmail.patches_update(ARRAY[%s, 0], ''{"archived": true}'')', (patch_of('p1')).id),
                 'P0002', 'there is no patch 0', 'one of the patches is not there');
DELETE FROM public.patchwork_userprofile f USING public.auth_user u WHERE u.id = f.user_id AND u.username = 'ci';
SELECT throws_ok($$SELECT updated('p1', '{"delegate": "ci"}')$$, '23514', NULL, 'a delegate without a profile');
SELECT is(all_there_is(), :'before', 'an error changes nothing');
ROLLBACK TO ready;

-- Finding them
SELECT is(patchmail.patch_ids(filter::jsonb), coalesce(ids_of(nullif(found, '')), '{}'), filter) FROM (VALUES
    ('{}', 'p1 p2 p3 x o'),
    ('{"project": "demo"}', 'p1 p2 p3 x'),
    ('{"project": "demo", "state": "accepted"}', ''),
    ('{"project": "demo", "name": "P2"}', 'p2'),
    ('{"msgid": "<x@example.org>"}', 'x'),
    ('{"submitter": "ADA@example.org", "archived": false}', 'p1 p2 p3 x o'),
    ('{"submitter": "eve@example.org"}', ''),
    ('{"archived": true}', ''),
    ('{"delegate": null, "project": "other"}', 'o'),
    ('{"delegate": "mona"}', ''),
    ('{"since": "2026-02-01T12:00:00"}', 'p1 p2 p3 x o'),
    ('{"since": "2026-02-01 12:00:01"}', ''),
    ('{"before": "2026-02-01T12:00:01+00"}', 'p1 p2 p3 x o'),
    ('{"before": "2026-02-01T12:00:00"}', '')) f (filter, found);
SELECT is(patchmail.patch_ids(jsonb_build_object('series', (series_of('p1')).id)), ids_of('p1 p2 p3'), 'of a series');
SELECT is(patchmail.patch_ids(jsonb_build_object('hash', (patch_of('x')).hash)), ids_of('p1 p2 p3 x o'), 'of a hash');
SET LOCAL timezone = 'Asia/Tokyo';
SELECT is(patchmail.patch_ids('{"before": "2026-02-01T12:00:01"}'), ids_of('p1 p2 p3 x o'),
          'dates are in UTC, whatever the session has');
SET LOCAL timezone = 'UTC';
SELECT throws_ok(format('SELECT patchmail.patch_ids(%L)', filter), code, NULL, filter) FROM (VALUES
    ('{"colour": 1}', '23514'), ('{"project": "none"}', 'P0002'), ('{"state": "none"}', '23514'),
    ('{"delegate": "none"}', 'P0002'), ('{"series": "1"}', '23514'), ('{"since": "yesterday at noon"}', '22007'),
    ('[]', '23514')) f (filter, code);

-- Mail that comes does not undo it, neither alone nor in a batch
SELECT patchmail.set_policy('demo', relate => true, supersede => true);
SELECT updated('x', '{"state": "rejected", "archived": true, "delegate": "mona", "commit_ref": "c0ffee"}');
CREATE FUNCTION x() RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', s.slug, (patch_of('x')).archived, u.username, (patch_of('x')).commit_ref)
      FROM public.patchwork_state s, public.auth_user u
     WHERE s.id = (patch_of('x')).state_id AND u.id = (patch_of('x')).delegate_id;
$$;
SELECT is(store_all(patch('x'), reply('r', 'x')), '{duplicate,stored}', 'the mail comes again');
SELECT is(store_together(ARRAY[patch('x'), reply('r2', 'x')]), '{duplicate,stored}', 'it comes again in a batch');
SELECT is(x(), 'rejected t mona c0ffee', 'it stays as it was changed');
SELECT patchmail.add_delegation_rule('demo', 'src/*', 'mona');
SELECT is((_patchmail.find_delegate(:project, NULL, '["src/file.c"]') IS NOT NULL)::text || store_mail(patch('y')),
          'truestored', 'a rule delegates what comes');
SELECT updated('y', '{"delegate": null}');
SELECT store_all(patch('y'), reply('ry', 'y'));
SELECT is((patch_of('y')).delegate_id, NULL, 'whose delegate was taken away gets none again');
-- A new version: what is open is superseded, but not what somebody opened again, or closed.
CREATE FUNCTION states() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(word(p.msgid) || ' ' || s.slug, ' ' ORDER BY p.id)
      FROM public.patchwork_patch p JOIN public.patchwork_state s ON s.id = p.state_id WHERE p.msgid ~ '^<p.@';
$$;
CREATE FUNCTION version(n integer) RETURNS jsonb[] LANGUAGE sql AS $$
    SELECT ARRAY[cover('C' || n, 3, 'c', n, n * 1000)] || ARRAY(
        SELECT patch('v' || n || i, i || '/3', 'C' || n, n, n * 1000) || jsonb_build_object(
                   'subject', patch('p' || i, i || '/3', version => n)->'subject') FROM generate_series(1, 3) i);
$$;
SAVEPOINT versions;
SELECT updated('p1', '{"state": "superseded"}'), updated('p1', '{"state": "new"}'), updated('p2', '{"state": "rfc"}');
SELECT store_all(VARIADIC version(2));
SELECT is(states(), 'p1 new p2 rfc p3 superseded', 'a new version leaves what was opened again, or closed');
SELECT updated('p3', '{"state": "under-review"}');
SELECT store_together(version(3));
SELECT is(states(), 'p1 new p2 rfc p3 under-review', 'so does the next one, in a batch');
ROLLBACK TO versions;
UPDATE public.patchwork_patch SET state_id = (SELECT id FROM public.patchwork_state WHERE slug = 'superseded')
 WHERE word(msgid) = 'p1';  -- as by a hint of its mail
SELECT updated('p1', '{"state": "new"}');
SELECT store_all(VARIADIC version(2));
SELECT is(states(), 'p1 new p2 superseded p3 superseded',
          'a new version leaves what was superseded from the beginning and then opened');
ROLLBACK TO versions;
SELECT store_all(VARIADIC version(2));
SELECT is((patch_of('p1')).related_id, (patch_of('v21')).related_id, 'versions are related');
SELECT related('p1', '');
SELECT is(num_nonnulls((patch_of('p1')).related_id, (patch_of('v21')).related_id), 0, 'two are taken apart');
SELECT store_all(reply('a1', 'C2'), reply('a2', 'v21'));
SELECT store_together(version(3));
SELECT is((patch_of('p1')).related_id, NULL, 'one that was taken out is not related again');
SELECT isnt((patch_of('p2')).related_id, NULL, 'the others are');
SELECT is((patch_of('p2')).related_id, (patch_of('v32')).related_id, 'with the third version');

-- A Patchwork that is older than some columns
ROLLBACK TO ready;
ALTER TABLE public.patchwork_project DROP COLUMN show_dependencies;
DROP TABLE public.patchwork_series_dependencies;
SELECT is(updated('p1', '{"state": "rfc"}'), 'p1 {"state": "new"} > {"state": "rfc"}', 'on an older Patchwork');

-- In another time zone events have Patchwork's time
ROLLBACK TO ready;
SELECT patchmail.set_time_zone('Australia/Canberra', false);
UPDATE public.patchwork_event SET date = date - interval '1 year';  -- those of today are later than Patchwork's time
SELECT updated('p1', '{"state": "rfc"}');
SELECT cmp_ok(e.date - (now() AT TIME ZONE 'UTC') AT TIME ZONE 'Australia/Canberra', '<', interval '10 minutes',
              'an event has the time that Patchwork would write')
  FROM public.patchwork_event e ORDER BY e.id DESC LIMIT 1;
SELECT is(patchmail.patch_ids('{"since": "2026-02-01T12:00:00", "before": "2026-02-01T12:00:01"}'),
          ids_of('p1 p2 p3 x o'), 'patches are found by the date of their mail');
SELECT is(patchmail.patch_ids('{"before": "2026-02-01T12:00:00"}'), '{}', 'and no others');

SELECT * FROM finish();
ROLLBACK;
