-- How far archives have been read: patchmail.lock_archive(), archive_marks(), move_mark(), forget_archive(), and the
-- marks in store(), store_many() and overdue().
\ir preamble.psql
\ir state.psql
SELECT plan(63);
SELECT make_project();

-- Where a mail came from; a mark NULL: a place that cannot be gone on with.
CREATE FUNCTION place(mark text DEFAULT NULL, place text DEFAULT 'git/0.git', archive text DEFAULT 'lore',
                      holder text DEFAULT NULL, gone text DEFAULT NULL)
RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object('transport', 'follow', 'archive_name', archive, 'place', place,
                                                'position', place || ':' || mark, 'mark', mark, 'holder', holder,
                                                'gone', gone));
$$;
CREATE FUNCTION marks(archive text DEFAULT 'lore') RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(m.place || ' ' || m.mark, ', ') FROM patchmail.archive_marks(archive) m;
$$;
CREATE FUNCTION store(facts jsonb, source jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT s.outcome FROM patchmail.store(facts, convert_to(facts::text, 'UTF8'), source) s;
$$;
-- The outcomes of these mails, given together.
CREATE FUNCTION many(mails jsonb[], sources jsonb[]) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(coalesce(s.outcome, '-'), ' ' ORDER BY s.number)
      FROM patchmail.store_many(to_jsonb(mails), to_jsonb(sources)) s;
$$;
CREATE FUNCTION seconds_left(archive text DEFAULT 'lore') RETURNS integer LANGUAGE sql AS $$
    SELECT ceil(extract(epoch FROM a.held_until - clock_timestamp())) FROM patchmail.archive a WHERE a.archive = $1;
$$;
CREATE FUNCTION pass_time(seconds integer) RETURNS void LANGUAGE sql AS $$
    UPDATE patchmail.archive SET held_until = held_until - make_interval(secs => seconds);
$$;

-- One mail
SELECT is(marks(), NULL, 'a new archive has no marks');
SELECT is(store(facts_patch('<1@example.org>'), place('a1')), 'stored', 'a mail of an archive is stored');
SELECT is(marks(), 'git/0.git a1', 'and its mark is there');
UPDATE patchmail.archive_mark SET moved = '2026-01-01Z';
SELECT is(store(facts_patch('<1@example.org>'), place('a2')), 'duplicate', 'the same mail comes again');
SELECT row_eq('SELECT mark, moved = now() FROM patchmail.archive_mark', ROW('a2'::text, true), 'a duplicate is passed');
SELECT is(store(facts_patch('<n@example.org>', list_id => 'nowhere.example.org'), place('a3')), 'ignored',
          'a mail of no project');
SELECT is(store(facts_rejected('too deep', '<q@example.org>'), place('a4')), 'quarantined', 'one for the quarantine');
SELECT is(marks(), 'git/0.git a4', 'a mail that is ignored or quarantined is passed');
SELECT is((SELECT source FROM patchmail.quarantine),
          '{"transport": "follow", "archive_name": "lore", "position": "git/0.git:a4"}',
          'the quarantine knows where the mail came from, and not how far its archive was read');
SELECT is(store(facts_patch('<2@example.org>'), place('b1', 'git/1.git')), 'stored', 'a mail of another place');
SELECT is(store(facts_patch('<3@example.org>'), place('x1', archive => 'other')), 'stored', 'and of another archive');
SELECT is(store(facts_patch('<4@example.org>'), place()), 'stored', 'a mail of a place that has no marks');
SELECT is(marks() || '; ' || marks('other'), 'git/0.git a4, git/1.git b1; git/0.git x1', 'each place has its own mark');
SELECT throws_ok($$SELECT store(facts_patch('<5@example.org>') - 'facts', place('a5'))$$, '0A000', NULL,
                 'a mail that cannot be stored now');
SAVEPOINT before;
SELECT is(store(facts_patch('<5@example.org>'), place('a5')), 'stored', 'a mail whose transaction fails');
ROLLBACK TO before;
SELECT is(marks(), 'git/0.git a4, git/1.git b1', 'what is not committed is not passed');

-- Many
SELECT is(many(ARRAY[facts_patch('<10@example.org>'), facts_patch('<11@example.org>'), facts_patch('<1@example.org>'),
                     facts_patch('<12@example.org>'), facts_patch('<13@example.org>')],
               ARRAY[place('a10'), place('b10', 'git/1.git'), place('a11'), place('x10', archive => 'other'),
                     place('b11', 'git/1.git')]),
          'stored stored duplicate stored stored', 'a batch with mails of several places');
SELECT is(marks() || '; ' || marks('other'), 'git/0.git a11, git/1.git b11; git/0.git x10',
          'the last mail of each place counts');
SELECT is(many(ARRAY[facts_patch('<20@example.org>'), facts_rejected('too deep', '<r@example.org>'),
                     facts_patch('<21@example.org>'), facts_patch('<22@example.org>')],
               ARRAY[place('a20'), place('a21'), place('b20', 'git/1.git'), place('a22')]),
          'stored - stored stored', 'a batch of which one mail has to be given alone');
SELECT is(marks(), 'git/0.git a20, git/1.git b20', 'its place is passed up to the mail before it, others to their end');
SELECT is(store(facts_rejected('too deep', '<r@example.org>'), place('a21')), 'quarantined', 'it is given alone');
SELECT is(marks(), 'git/0.git a21, git/1.git b20', 'and passed then');
SELECT is(many(ARRAY[facts_rejected('too deep', '<s@example.org>'), facts_patch('<30@example.org>')],
               ARRAY[place('a30'), place('a31')]), '- stored', 'the first mail of a batch has to be given alone');
SELECT is(marks(), 'git/0.git a21, git/1.git b20', 'then the mark stays');
SELECT is(many(ARRAY[facts_patch('<40@example.org>'), facts_rejected('too deep', '<t@example.org>'),
                     facts_patch('<41@example.org>')], ARRAY[place('a40'), place(), place('a41')]),
          'stored - stored', 'a mail without a mark, which has to be given alone');
SELECT is(marks(), 'git/0.git a40, git/1.git b20', 'holds up those after it all the same');
SELECT is(many(ARRAY[facts_patch('<43@example.org>'), facts_patch('<44@example.org>')],
               ARRAY[place('a43'), place()]), 'stored stored', 'a last mail without a mark');
SELECT is(marks(), 'git/0.git a43, git/1.git b20', 'leaves that of the mail before it');
SELECT is(many(ARRAY[facts_patch('<42@example.org>')], ARRAY['{"transport": "import"}'::jsonb]), 'stored',
          'a batch without marks');

-- A mail that takes too long
INSERT INTO patchmail.overdue (sha256, msgid, projects, seconds, newest, attempts)
SELECT f->>'sha256', f->>'message_id', 'demo', 60, -1, 2 FROM facts_patch('<50@example.org>') f;
SELECT is((SELECT o.outcome FROM patchmail.overdue(facts_patch('<50@example.org>'), 'x', place('a50'), 60) o),
          'quarantined', 'a mail that cannot be stored in its time');
SELECT is(marks(), 'git/0.git a50, git/1.git b20', 'is passed when it is quarantined');
SELECT is((SELECT o.outcome FROM patchmail.overdue(facts_patch('<51@example.org>'), 'x', place('a51'), 60) o),
          'deferred', 'before that it is deferred');
SELECT is(marks(), 'git/0.git a50, git/1.git b20', 'and not passed');

-- What has nothing to store
SELECT lives_ok($$SELECT patchmail.move_mark(place('a60'))$$, 'a mark is moved without a mail');
SELECT is(marks(), 'git/0.git a60, git/1.git b20', 'a mark that is moved without a mail is there');

-- One process alone
SELECT is(patchmail.lock_archive(place(holder => 'one', archive => 'fresh')), NULL,
          'a new archive that nobody follows');
SELECT is(patchmail.lock_archive(place(holder => 'two', archive => 'fresh')), 'one', 'has somebody then');
SELECT is(patchmail.lock_archive(place(holder => 'one')), NULL, 'an archive that was read without being followed');
SELECT ok(seconds_left() BETWEEN 25 AND 30, 'it is held for half a minute');
SELECT pass_time(20);
SELECT is(store(facts_patch('<60@example.org>'), place('a61', holder => 'one')), 'stored', 'its mail is stored');
SELECT ok(seconds_left() BETWEEN 25 AND 30, 'and keeps it');
SELECT throws_ok(query, '55006', 'the archive lore is another process''s now, or was forgotten', query) FROM (VALUES
    ($$SELECT store(facts_patch('<61@example.org>'), place('a62', holder => 'two'))$$),
    ($$SELECT many(ARRAY[facts_patch('<61@example.org>')], ARRAY[place('a62', holder => 'two')])$$),
    ($$SELECT patchmail.move_mark(place('a62', holder => 'two'))$$)
) q (query);
SELECT is_empty($$SELECT FROM patchmail.message WHERE msgid = '<61@example.org>'$$,
                'of a process that does not have the archive nothing is stored');
SELECT is(patchmail.lock_archive(place(holder => 'two', gone => 'one')), NULL,
          'one that is known to be gone has nothing');
SELECT pass_time(31);
SELECT is(store(facts_patch('<62@example.org>'), place('a62', holder => 'two')), 'stored',
          'a lease that is over does no harm while nobody wants it');
SELECT pass_time(31);
SELECT is(patchmail.lock_archive(place(holder => 'three')), NULL, 'after that another process has it');
SELECT ok(NOT patchmail.unlock_archive(place(holder => 'two')), 'the former one cannot give it back');
SELECT ok(patchmail.unlock_archive(place(holder => 'three')), 'the one that has it can');
SELECT is(patchmail.lock_archive(place(holder => 'four')), NULL, 'and then it is free');

-- Other roles
CREATE ROLE test_one;
CREATE ROLE test_two;
SELECT patchmail.add_deliverer('test_one'), patchmail.add_deliverer('test_two');
GRANT EXECUTE ON FUNCTION marks(text), place(text, text, text, text, text) TO test_one, test_two;
SET SESSION AUTHORIZATION test_one;
SELECT lives_ok($$SELECT patchmail.lock_archive(place(archive => 'mine', holder => 'h')),
                         patchmail.move_mark(place('m1', archive => 'mine', holder => 'h')),
                         patchmail.archive_marks('mine'),
                         patchmail.unlock_archive(place(archive => 'mine', holder => 'h'))$$,
                'a deliverer may call what it needs');
SET SESSION AUTHORIZATION test_two;
SELECT throws_ok(query, '42501', NULL, query) FROM (VALUES
    ($$SELECT patchmail.lock_archive(place(archive => 'mine', holder => 'h'))$$),
    ($$SELECT patchmail.move_mark(place('m2', archive => 'mine'))$$),
    ($$SELECT * FROM patchmail.archive_marks('mine')$$),
    ($$SELECT * FROM patchmail.archive_mark$$),
    ($$SELECT patchmail.forget_archive('mine')$$)
) q (query);
RESET SESSION AUTHORIZATION;

-- Anew
SELECT throws_ok($$SELECT patchmail.forget_archive('nothing')$$, 'P0002', NULL, 'an archive that nobody has read');
SELECT is(patchmail.forget_archive('lore', 'git/1.git'), 1, 'one place is forgotten');
SELECT is(marks(), 'git/0.git a62', 'the others are not');
SELECT patchmail.lock_archive(place(holder => 'five'));
SELECT is(patchmail.forget_archive('lore'), 1, 'an archive is forgotten while it is followed');
SELECT throws_ok($$SELECT store(facts_patch('<70@example.org>'), place('a70', holder => 'five'))$$, '55006', NULL,
                 'whoever follows it moves no mark before he has noticed');
SELECT is((SELECT string_agg(concat_ws(' ', archive, place, mark, deliverer, holder), ', ' ORDER BY archive)
             FROM patchmail.archives), 'fresh one, mine git/0.git m1 test_one, other git/0.git x10',
          'an admin sees what there is');

SELECT * FROM finish();
ROLLBACK;
