-- patchmail.check() and patchmail.repair(): a fault of each kind is found, and it alone; what can be mended is.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS project \gset
SELECT make_project('second', 'second.example.org') AS second \gset

CREATE FUNCTION in_second(mail jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT mail || '{"list_ids": [{"field": "List-Id", "id": "second.example.org"}]}';
$$;
SELECT store_all(
    cover('c', 2), patch('p1', '1/2', 'c', content => 'Acked-by: a'), patch('p2', '2/2', 'c'),
    reply('r', 'p1 c', content => 'Reviewed-by: b'), reply('q', 'c'), reply('w', 'nowhere'),
    patch('s'), patch('t', more => '{"depends_on": [{"message_id": "<c@example.org>"}]}'),
    patch('i1', '1/5', minute => 500), patch('i3', '3/5', minute => 501), patch('i4', '4/5', minute => 502),
    cover('e', 2, minute => 1000),
    patch('bw', more => '{"wrapped_message_id": "<b@example.org>"}'), reply('z', 'p1 bw'),
    in_second(patch('o', content => 'Acked-by: c')));
SELECT store_mail(facts_rejected('broken'));
SELECT patchmail.open_mailbox('{"account": "a", "mailbox": "INBOX", "uidvalidity": 1, "holder": "h"}');
INSERT INTO public.auth_user (username, password, first_name, last_name, email, is_superuser, is_staff, is_active,
                              date_joined)
VALUES ('mia', '', '', '', 'mia@example.org', false, false, true, now());

-- Faults ------------------------------------------------------------------------------------------------------------

-- What Patchwork's own programs, or a hand, put there.
CREATE FUNCTION add_event(category text, project integer, patch integer DEFAULT NULL, series integer DEFAULT NULL,
                          more jsonb DEFAULT '{}')
RETURNS void LANGUAGE sql AS $$
    INSERT INTO public.patchwork_event
    SELECT * FROM jsonb_populate_record(NULL::public.patchwork_event, jsonb_build_object(
        'id', nextval('public.patchwork_event_id_seq'), 'category', category,
        'date', _patchmail.event_date(project, 1), 'project_id', project, 'patch_id', patch, 'series_id', series)
        || more);
$$;
CREATE FUNCTION add_series(total integer, project integer DEFAULT (patch_of('s')).project_id)
RETURNS integer LANGUAGE sql AS $$
    INSERT INTO public.patchwork_series (name, date, version, total, project_id, submitter_id)
    VALUES ('by hand', '2026-03-01Z', 1, total, project, (patch_of('s')).submitter_id);
    SELECT add_event('series-created', project, series => currval('public.patchwork_series_id_seq')::integer);
    SELECT currval('public.patchwork_series_id_seq')::integer;
$$;
CREATE FUNCTION add_patch(msgid text, number integer, series integer) RETURNS integer LANGUAGE sql AS $$
    INSERT INTO public.patchwork_patch
    SELECT * FROM jsonb_populate_record(patch_of('s'), jsonb_build_object(
        'id', nextval('public.patchwork_submission_id_seq'), 'msgid', (msgids(msgid))[1], 'number', number,
        'series_id', series));
    SELECT add_event('patch-created', (patch_of('s')).project_id, (patch_of(msgid)).id);
    SELECT add_event('patch-completed', (patch_of('s')).project_id, (patch_of(msgid)).id, series)
     WHERE number = 1;
    SELECT (patch_of(msgid)).id;
$$;
CREATE FUNCTION add_comment(msgid text, patch text, headers text DEFAULT '') RETURNS void LANGUAGE sql AS $$
    INSERT INTO public.patchwork_patchcomment (msgid, date, headers, content, patch_id, submitter_id)
    VALUES ((msgids(msgid))[1], '2026-03-01Z', headers, 'Fine.', (patch_of(patch)).id, (patch_of('s')).submitter_id);
    SELECT add_event('patch-comment-created', (patch_of(patch)).project_id, (patch_of(patch)).id, more =>
        jsonb_build_object('patch_comment_id', currval('public.patchwork_comment_id_seq')));
$$;

-- What check() says, a line a fault.
CREATE FUNCTION faults() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(concat_ws(' ', f.kind, f.object), E'\n' ORDER BY f.kind, f.object) FROM patchmail.check() f;
$$;
-- What check() says after a statement, and then what repair() does, and leaves; undoes it all.
CREATE FUNCTION after(seed text, kinds text[], OUT seen text, OUT dry bigint, OUT mended text, OUT remains text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE seed;
    seen := faults();
    dry := count(*) FROM patchmail.repair(kinds => after.kinds, dry_run => true);
    mended := string_agg(coalesce(a.after, a.before)->>'fault', ' ' ORDER BY a.id)
        FROM patchmail.repair(kinds => after.kinds, actor => 'mia') a;
    remains := faults();
    SET CONSTRAINTS ALL IMMEDIATE;
    RAISE EXCEPTION USING ERRCODE = 'PT000';
EXCEPTION WHEN SQLSTATE 'PT000' THEN
    RETURN;
END
$$;
CREATE TABLE tried (kind text);
-- A fault of that kind alone is found in that object, and mended.
CREATE FUNCTION is_mended(kind text, object text, seed text, why text DEFAULT NULL) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
    this record := after(seed, ARRAY[kind]);
BEGIN
    why := concat_ws(': ', kind, why);
    INSERT INTO tried VALUES (kind);
    RETURN NEXT is(this.seen, concat_ws(' ', kind, object), why || ' is found alone');
    RETURN NEXT is(this.dry, 1::bigint, why || ': a dry run shows one change');
    RETURN NEXT is(this.mended, kind, why || ': repair() mends it after the dry run, and tells of it');
    RETURN NEXT is(this.remains, NULL, why || ': nothing is left after repair()');
END
$$;
-- A fault of that kind alone is found in that object, and an admin has to decide.
CREATE FUNCTION is_left(kind text, object text, seed text, why text DEFAULT NULL, also text DEFAULT NULL)
RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    this record := after(seed, NULL);
BEGIN
    why := concat_ws(': ', kind, why);
    INSERT INTO tried VALUES (kind);
    RETURN NEXT is(this.seen, concat_ws(E'\n', also, concat_ws(' ', kind, object)), why || ' is found alone');
    RETURN NEXT is(this.mended, NULL, why || ': repair() does not guess');
END
$$;
-- Patchwork beside us stores mail itself.
\set django 'CREATE TABLE public.django_migrations (id integer);'

SELECT is_empty('SELECT * FROM patchmail.check()', 'what was stored has no fault');
SELECT is_empty('SELECT * FROM patchmail.repair()', 'and nothing is mended in it');

SELECT is_mended('sequence-behind', 'sequence', $$SELECT setval('public.patchwork_cover_id_seq', 1)$$);
SELECT is_mended('trigger-off', 'trigger',
                 'SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; ' || seed, seed)
  FROM (VALUES ('DROP TRIGGER patchmail_event ON public.patchwork_event'),
               ('ALTER TABLE public.patchwork_event DISABLE TRIGGER patchmail_event'),
               ('ALTER TABLE public.patchwork_event ENABLE REPLICA TRIGGER patchmail_event')) t (seed);
SELECT is_mended('policy-stray', 'project', 'INSERT INTO patchmail.policy (project_id) VALUES (9999)');
SELECT is_mended('ledger-nobody', 'mail', $$
    DELETE FROM public.patchwork_event WHERE cover_comment_id IS NOT NULL;
    DELETE FROM public.patchwork_covercomment;
    UPDATE patchmail.message SET submitter_id = 9999 WHERE word(msgid) = 'q'$$);
SELECT is_mended('ledger-submitter', 'mail', $$
    UPDATE patchmail.message SET submitter_id = (patch_of('s')).submitter_id WHERE word(msgid) = 'r'$$);
SELECT is_mended('row-unknown', 'patch comment', $$SELECT add_comment('new', 'p1')$$);
SELECT is_mended('row-unknown', 'patch', $$
    SELECT add_patch('n', 1, add_series(1));
    SELECT add_event('series-completed', (patch_of('n')).project_id, series => (patch_of('n')).series_id)$$, 'a patch');
SELECT is_mended('authentication-stray', 'mail', $$
    INSERT INTO patchmail.authentication (message_id, position, source, field_index, trusted, method, result)
    VALUES (9999, 1, 'list', 0, true, 'dkim', 'pass')$$);
SELECT is_mended('alias-wrong', 'mail', $$
    INSERT INTO patchmail.alias VALUES ((ledger('s')).project_id, '<x@example.org>', '<gone@example.org>');
    INSERT INTO patchmail.reference VALUES ((ledger('s')).project_id, '<x@example.org>', 0)$$, 'of no mail');
SELECT is_mended('alias-wrong', 'mail', $$
    INSERT INTO patchmail.alias VALUES ((ledger('s')).project_id, '<t@example.org>', '<s@example.org>');
    INSERT INTO patchmail.reference VALUES ((ledger('s')).project_id, '<t@example.org>', 0)$$, 'which is another mail');
SELECT is_mended('alias-wrong', 'mail', $$
    UPDATE patchmail.message SET refs = array_replace(refs, '<bw@example.org>', '<b@example.org>')
     WHERE word(msgid) = 'z';
    UPDATE patchmail.reference SET msgid = '<b@example.org>' WHERE word(msgid) = 'bw'$$, 'to which a mail refers');
SELECT is_mended('reference-missing', 'mail', $$
    DELETE FROM patchmail.reference WHERE message_id = (ledger('r')).id AND word(msgid) = 'c'$$);
SELECT is_mended('reference-missing', 'mail', $$DELETE FROM patchmail.reference WHERE message_id = 0
                                                   AND word(msgid) = 'c'$$, 'of a Depends-on line');
SELECT is_mended('reference-stray', 'mail', $$
    INSERT INTO patchmail.reference VALUES ((ledger('r')).project_id, '<x@example.org>', (ledger('r')).id)$$);
SELECT is_mended('thread-mixed', 'mail', $$
    UPDATE patchmail.message SET thread = (ledger('s')).thread WHERE word(msgid) = 'o'$$);
SELECT is_mended('thread-split', 'mail', $$UPDATE patchmail.message SET thread = id WHERE word(msgid) = 'q'$$);
SELECT is_mended('thread-split', 'mail', $$UPDATE patchmail.message SET thread = id WHERE word(msgid) = 'i4'$$,
                 'of mails that were sent together');
SELECT is_mended('anchor-wrong', 'mail', $$
    UPDATE patchmail.message SET anchor_id = (ledger('p1')).id WHERE word(msgid) = 'p2'$$);
SELECT is_mended('place-wrong', 'thread', $$
    UPDATE patchmail.message SET series_id = (ledger('s')).series_id WHERE word(msgid) = 'p2'$$);
SELECT is_mended('parent-wrong', 'mail', $$
    UPDATE patchmail.message SET parent_id = (ledger('p2')).id WHERE word(msgid) = 'r'$$, 'in the ledger alone');
SELECT is_mended('parent-wrong', 'mail', $$
    UPDATE patchmail.message SET parent_id = (ledger('p2')).id WHERE word(msgid) = 'r';
    UPDATE public.patchwork_event SET patch_id = (patch_of('p2')).id
     WHERE patch_comment_id = (ledger('r')).patchcomment_id;
    UPDATE public.patchwork_patchcomment SET patch_id = (patch_of('p2')).id WHERE word(msgid) = 'r';
    SELECT _patchmail.recount_tags(p.id) FROM public.patchwork_patch p$$, 'and in Patchwork');
SELECT is_mended('parent-wrong', 'mail', $$
    DELETE FROM patchmail.reference WHERE message_id = (ledger('r')).id;
    UPDATE patchmail.message SET refs = '{}', parent_id = 9999 WHERE word(msgid) = 'r'$$, 'which is gone');
SELECT is_mended('reply-waits', 'mail', $$
    UPDATE patchmail.message SET refs = msgids('c'), thread = (ledger('c')).thread WHERE word(msgid) = 'w';
    UPDATE patchmail.reference SET msgid = '<c@example.org>' WHERE message_id = (ledger('w')).id$$);
SELECT is_mended('replies-left', 'project', $$
    INSERT INTO patchmail.unplaced VALUES ((ledger('c')).project_id, 1, 1, '<c@example.org>', 0)$$);
SELECT is_mended('series-empty', 'series', 'SELECT add_series(2)');
SELECT is_mended('series-total', 'series', $$
    UPDATE public.patchwork_series SET total = 3 WHERE id = (series_of('c')).id;
    DELETE FROM public.patchwork_event WHERE category = 'series-completed' AND series_id = (series_of('c')).id$$);
SELECT is_mended('dependency-missing', 'series', 'DELETE FROM public.patchwork_series_dependencies');
SELECT is_mended('event-missing', object, 'DELETE FROM public.patchwork_event WHERE ' || which, 'of a ' || object)
  FROM (VALUES ('patch', $$category = 'patch-created' AND patch_id = (patch_of('s')).id$$),
               ('cover', $$category = 'cover-created' AND cover_id = (cover_of('e')).id$$),
               ('series', $$category = 'series-created' AND series_id = (series_of('s')).id$$),
               ('patch-comment', $$category = 'patch-comment-created'
                                   AND patch_comment_id = (ledger('z')).patchcomment_id$$)) t (object, which);
SELECT is_mended('event-missing', 'cover-comment', $$
    SELECT store_mail(reply('q2', 'c'));
    DELETE FROM public.patchwork_event WHERE cover_comment_id = (ledger('q2')).covercomment_id$$, 'of a cover comment');
SELECT is_mended('completion-missing', object, 'DELETE FROM public.patchwork_event WHERE ' || which, 'of a ' || object)
  FROM (VALUES ('patch', $$category = 'patch-completed' AND patch_id = (patch_of('p2')).id$$),
               ('series', $$category = 'series-completed' AND series_id = (series_of('c')).id$$)) t (object, which);
SELECT is_mended('completion-wrong', 'event', $$
    SELECT add_event('series-completed', (patch_of('i1')).project_id, series => (series_of('i1')).id)$$, 'a series');
SELECT is_mended('completion-wrong', 'event', $$
    SELECT add_event('patch-completed', (patch_of('i3')).project_id, (patch_of('i3')).id, (series_of('i1')).id)$$,
    'a patch');
SELECT is_mended('completion-wrong', 'event', $$
    SELECT add_event('patch-completed', (patch_of('s')).project_id, (patch_of('s')).id, (series_of('t')).id)$$,
    'in another series');
SELECT is_mended('event-twice', 'event', $$
    SELECT add_event('patch-created', (patch_of('s')).project_id, (patch_of('s')).id)$$);
SELECT is_mended('event-twice', 'event', $$
    SELECT add_event('series-completed', (patch_of('s')).project_id, series => (series_of('s')).id)$$, 'a completion');
SELECT is_mended('tags-wrong', 'patch', $$UPDATE public.patchwork_patchtag SET count = 7
                                           WHERE patch_id = (patch_of('p1')).id$$);
SELECT is_mended('tags-wrong', 'patch', $$DELETE FROM public.patchwork_patchtag WHERE patch_id = (patch_of('o')).id$$,
                 'that are missing');
SELECT is_mended('tags-wrong', 'patch', $$INSERT INTO public.patchwork_patchtag (patch_id, tag_id, count)
                                          VALUES ((patch_of('s')).id, 1, 1)$$, 'of no text');
SELECT is_mended('tags-wrong', 'patch', $$
    SELECT patchmail.set_policy('demo', cover_trailers => true);
    SELECT store_mail(reply('all', 'c', content => 'Tested-by: t'));
    DELETE FROM public.patchwork_patchtag WHERE patch_id = (patch_of('p2')).id$$, 'of a comment on the cover letter');
SELECT is_mended('tags-off', 'patch', $$
    UPDATE public.patchwork_project SET use_tags = false WHERE linkname = 'second'$$);

SELECT is_left('series-number-twice', 'series', $$
    ALTER TABLE public.patchwork_patch DROP CONSTRAINT patchwork_submission_series_id_number_87e448b7_uniq;
    UPDATE public.patchwork_patch SET number = 3 WHERE word(msgid) = 'i4'$$);
SELECT is_left('series-number-outside', 'patch', $$
    UPDATE public.patchwork_patch SET number = 7 WHERE word(msgid) = 'i4'$$);
SELECT is_left('series-number-outside', 'patch', $$
    UPDATE public.patchwork_patch SET number = NULL WHERE word(msgid) = 'i4'$$, 'none');
SELECT is_left('series-split', 'series', :'django' || $$
    SELECT add_patch('n1', 1, add_series(2)), add_patch('n2', 2, add_series(2))$$);
SELECT is_left('patch-alone', 'patch', :'django' || $$SELECT add_patch('n', 2, NULL)$$);
SELECT is_left('patch-elsewhere', 'patch', $$
    UPDATE public.patchwork_series SET project_id = (patch_of('o')).project_id WHERE id = (series_of('s')).id$$);
SELECT is_left('cover-alone', 'cover', :'django' || $$
    INSERT INTO public.patchwork_cover
    SELECT * FROM jsonb_populate_record(cover_of('c'), jsonb_build_object(
        'id', nextval('public.patchwork_cover_id_seq'), 'msgid', '<n@example.org>'));
    SELECT add_event('cover-created', (cover_of('n')).project_id, more =>
                     jsonb_build_object('cover_id', (cover_of('n')).id))$$);
SELECT is_left('cover-elsewhere', 'cover', $$
    UPDATE public.patchwork_series SET project_id = (patch_of('o')).project_id WHERE id = (series_of('e')).id$$);
SELECT is_left('dependency-stray', 'series', $$
    INSERT INTO public.patchwork_series_dependencies (from_series_id, to_series_id)
    VALUES ((series_of('s')).id, (series_of('t')).id)$$);
SELECT is_left('event-columns', 'event', $$
    UPDATE public.patchwork_event SET series_id = (series_of('s')).id
     WHERE category = 'patch-created' AND patch_id = (patch_of('s')).id$$, 'one too many');
SELECT is_left('event-columns', 'event', format($$SELECT add_event(%L, (patch_of('s')).project_id, more => %L)$$,
                                                category, more), category || ' ' || more)
  FROM (VALUES ('patch-state-changed', '{}'), ('patch-delegated', '{}'), ('patch-relation-changed', '{}'),
               ('check-created', '{}'), ('no-category', '{}'), ('series-completed', '{}'),
               ('patch-state-changed', '{"current_state_id": 1}')) t (category, more);
SELECT is_left('event-order', 'event', $$
    UPDATE public.patchwork_event e SET date = o.date FROM public.patchwork_event o
     WHERE e.category = 'patch-created' AND e.patch_id = (patch_of('t')).id AND o.id = e.id - 1$$);
SELECT is_left('change-twice', 'event', $$
    SELECT add_event('patch-state-changed', (patch_of('s')).project_id, (patch_of('s')).id,
                     more => '{"previous_state_id": 1, "current_state_id": 2}') FROM generate_series(1, 2)$$);
SELECT is_left('hash-missing', 'patch', $$UPDATE public.patchwork_patch SET hash = NULL WHERE word(msgid) = 's'$$);
SELECT is_left('hash-stray', 'patch', $$UPDATE public.patchwork_patch SET diff = NULL WHERE word(msgid) = 's'$$);
SELECT is_left('hash-unequal', 'patch', $$
    UPDATE public.patchwork_patch SET hash = repeat('0', 40) WHERE word(msgid) = 's'$$);
SELECT is_left('row-twice', 'mail', $$
    INSERT INTO patchmail.message OVERRIDING SYSTEM VALUE
    SELECT n.* FROM jsonb_populate_record(ledger('r'), jsonb_build_object(
        'id', nextval('patchmail.message_id_seq'), 'msgid', '<n@example.org>', 'refs', '[]'::jsonb,
        'parent_id', NULL)) n$$, 'with another Message-ID', also => 'ledger-row mail');
SELECT is_left('ledger-row', 'mail', $$
    UPDATE public.patchwork_patchcomment SET msgid = '<n@example.org>' WHERE word(msgid) = 'r'$$);
SELECT is_left('ledger-kind', 'mail', $$UPDATE patchmail.message SET anchor_id = 1 WHERE word(msgid) = 'r'$$);
SELECT is_left('ledger-kind', 'mail', $$
    UPDATE patchmail.message SET patchcomment_id = 9999 WHERE word(msgid) = 'w'$$, 'what waits has a row');
SELECT is_left('ledger-project', 'mail', $$
    UPDATE public.patchwork_patch SET project_id = (patch_of('o')).project_id WHERE word(msgid) = 's';
    UPDATE public.patchwork_series SET project_id = (patch_of('o')).project_id WHERE id = (series_of('s')).id$$);
SELECT is_left('comment-elsewhere', 'patch comment', :'django' || $$
    SELECT add_comment('n', 'p1', E'From: x\nIn-Reply-To: <p2@example.org>\nSubject: it\n')$$);
SELECT is_left('person-twice', 'person', $$INSERT INTO public.patchwork_person (email) VALUES ('ADA@example.org')$$);
SELECT is_left('relation-alone', 'relation', $$
    INSERT INTO public.patchwork_patchrelation VALUES (7);
    SELECT setval('public.patchwork_patchrelation_id_seq', 7);
    UPDATE public.patchwork_patch SET related_id = 7 WHERE word(msgid) = 's'$$);
SELECT is_left('link-broken', 'public.patchwork_check', $$
    SET LOCAL session_replication_role = replica;
    INSERT INTO public.patchwork_check (date, state, context, user_id, patch_id)
    SELECT now(), 1, 'ci', id, 9999 FROM public.auth_user;
    SET LOCAL session_replication_role = origin$$);
SELECT is_left('quarantine-parts', 'quarantine', seed, seed)
  FROM (VALUES ('DELETE FROM patchmail.quarantine_part'), ('UPDATE patchmail.quarantine SET size = size + 1'),
               ('UPDATE patchmail.quarantine_part SET part = 2'),
               ($$UPDATE patchmail.quarantine_part SET raw = set_byte(raw, 0, 255)$$)) t (seed);
SELECT is_left('mailbox-wrong', 'mailbox', seed, seed)
  FROM (VALUES ($$INSERT INTO patchmail.deferred_uid (account, mailbox, uid, reason) VALUES ('a', 'INBOX', 5, 'x')$$),
               ($$INSERT INTO patchmail.unsettled_uid (account, mailbox, uid) VALUES ('a', 'INBOX', 5)$$),
               ($$UPDATE patchmail.cursor SET deliverer = 'nobody of this name'$$),
               ('UPDATE patchmail.cursor SET held_until = NULL')) t (seed);
SELECT is_left('archive-wrong', 'archive', seed, seed)
  FROM (VALUES ($$INSERT INTO patchmail.archive (archive, deliverer) VALUES ('a', 'nobody of this name')$$),
               ($$INSERT INTO patchmail.archive (archive, holder) VALUES ('a', 'process')$$)) t (seed);
SELECT is_left('hook-wrong', 'hook',
               'SELECT patchmail.hook_open(''ci'', ''{"holder": "h", "lease": 9}''); ' || seed, seed)
  FROM (VALUES ($$INSERT INTO patchmail.deferred_event (hook, position, attempts, reason, next_try)
                  SELECT 'ci', h.position + 1, 1, 'x', now() FROM patchmail.hook h$$),
               ($$UPDATE patchmail.hook SET position = position + 1000000$$),
               ($$UPDATE patchmail.hook SET notifier = 'nobody of this name'$$),
               ('UPDATE patchmail.hook SET held_until = NULL')) t (seed);
SELECT is_left('audit-empty', 'audit', $$
    SELECT _patchmail.note_change('check', NULL, NULL, 'patch', 1, NULL, NULL)$$);

-- Nonsense
SELECT throws_ok(format('SELECT * FROM patchmail.repair(%s)', arguments), state, why, arguments)
  FROM (VALUES ($$'none'$$, 'P0002', 'there is no project "none"'),
               ($$kinds => '{}'$$, '22023', 'no kind of fault is given'),
               ($$kinds => '{tags-wrong,NULL}'$$, '22023', 'one of the kinds is NULL'),
               ($$kinds => '{no-such-kind}'$$, '22023',
                'there is no kind of fault "no-such-kind": SELECT * FROM patchmail.check_kinds'),
               ($$kinds => '{event-order}'$$, '22023', 'what to do about "event-order" is for an admin to decide'),
               ($$actor => 'nobody'$$, 'P0002', 'there is no user "nobody"')) t (arguments, state, why);
SELECT throws_ok($$SELECT * FROM patchmail.check('none')$$, 'P0002', 'there is no project "none"',
                 'check() of a project that is not there');
SELECT is((after($$UPDATE public.patchwork_patchtag SET count = 7$$, '{reference-stray}')).mended, NULL,
          'repair() mends the kinds that are given, and no others');
SELECT is((SELECT count(*) FROM patchmail.repair('demo', '{tags-wrong,tags-wrong}')), 0::bigint, 'a kind given twice');

INSERT INTO tried VALUES ('event-unplaced');  -- one's own events have no place: tests/t/event_order.t
SELECT set_eq('SELECT DISTINCT kind FROM tried', 'SELECT kind FROM patchmail.check_kinds', 'every kind was tried');
SELECT is((SELECT count(*) FROM patchmail.check_kinds), (SELECT count(DISTINCT kind) FROM patchmail.check_kinds),
          'no kind is there twice');

SELECT * FROM finish();
ROLLBACK;
