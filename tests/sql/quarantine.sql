-- _patchmail.quarantine_message(), quarantine_append() and quarantine_raw(): mail that cannot be stored is kept.
\ir preamble.psql
SELECT plan(28);

-- A mail in one piece
SELECT _patchmail.quarantine_message(facts_rejected('too deep', '<1@example.org>', 'Hello'),
E'From: x\n\\000\\377'::bytea,
                                    '{"transport": "import", "position": "f:1"}', 'too deep: 101 levels') AS one \gset
SELECT row_eq(format('SELECT reason, msgid, subject, sha256, size, source, attempts, arrived = now(), last_try = now()
                        FROM patchmail.quarantine WHERE id = %s', :one),
              ROW('too deep: 101 levels'::text, '<1@example.org>'::text, 'Hello'::text,
                  encode(sha256(E'From: x\n\\000\\377'), 'hex'), 10::bigint,
                  '{"transport": "import", "position": "f:1"}'::jsonb, 1,
                  true, true), 'what is known of it, and why it is here');
SELECT is(patchmail.quarantine_raw(:one), E'From: x\n\\000\\377'::bytea, 'its bytes are kept as they came');
SELECT is(patchmail.quarantine_raw(:one + 1), NULL, 'no such mail, no bytes');

-- The same mail again
UPDATE patchmail.quarantine SET arrived = '2026-01-01Z', last_try = '2026-01-01Z';
SELECT is(_patchmail.quarantine_message(facts_rejected('too deep', '<1@example.org>'),
                                       E'From: x\n\\000\\377'::bytea, '{}', 'another reason'), :one::bigint,
          'the same mail again is the same row');
SELECT row_eq(format('SELECT reason, attempts, arrived, last_try = now(), size, subject FROM patchmail.quarantine
                       WHERE id = %s', :one),
              ROW('another reason'::text, 2, '2026-01-01Z'::timestamptz, true, 10::bigint, 'Hello'::text),
              'it counts as another attempt, with the latest reason');
SELECT is(patchmail.quarantine_raw(:one), E'From: x\n\\000\\377'::bytea,
          'the bytes of a mail that comes again are kept once');
-- What facts say of its checksum does not make a mail another one's second attempt: its bytes would not be kept.
SELECT sha256 AS sum FROM patchmail.quarantine WHERE id = :one \gset
SELECT _patchmail.quarantine_message(facts_rejected('too deep') || jsonb_build_object('sha256', :'sum'::text),
                                    'other', '{}', 'forged') AS forged \gset
SELECT isnt(:forged, :one, 'a mail whose facts name the checksum of another one is another one');
SELECT is(patchmail.quarantine_raw(:forged), 'other', 'the bytes of such a mail are kept');

-- A mail in pieces: sha256 of the whole is not known
SELECT _patchmail.quarantine_message(facts_rejected('too large') || '{"sha256": null}', 'one,', '{}',
                                    'large') AS large \gset
SELECT patchmail.quarantine_append(:large, 'two,');
SELECT patchmail.quarantine_append(:large, 'three');
SELECT is(patchmail.quarantine_raw(:large), 'one,two,three', 'pieces are put together in order');
SELECT is((SELECT size FROM patchmail.quarantine WHERE id = :large), 13::bigint, 'the size is that of all pieces');
SELECT patchmail.quarantine_append(:large, convert_to(n || ',', 'UTF8')) FROM generate_series(4, 12) n;
SELECT is(convert_from(patchmail.quarantine_raw(:large), 'UTF8'), 'one,two,three4,5,6,7,8,9,10,11,12,',
          'more than ten pieces are in order');
SELECT throws_ok(format('SELECT patchmail.quarantine_append(%s, ''x'')', :one), '42501',
                 format('mail %s was not put into quarantine by this transaction, so it gets no further piece', :one),
                 'a mail that is here by a second attempt gets no piece');
UPDATE patchmail.quarantine SET arrived = now() - interval '1 microsecond' WHERE id = :forged;
SELECT throws_ok(format('SELECT patchmail.quarantine_append(%s, ''x'')', :forged), '42501', NULL,
                 'a mail that came at another time gets no piece');
SAVEPOINT before;
SELECT _patchmail.quarantine_message(facts_rejected('too large') || '{"sha256": null}', 'a', '{}',
                                    'large') AS nested \gset
SELECT throws_ok(format('SELECT patchmail.quarantine_append(%s, ''x'')', :nested), '42501', NULL,
                 'a mail of a savepoint gets no piece');
ROLLBACK TO before;
SELECT is(patchmail.quarantine_raw(:forged), 'other', 'the mails that got no piece are as they came');
SELECT isnt(_patchmail.quarantine_message(facts_rejected('too large') || '{"sha256": null}', 'one,', '{}', 'large'),
            :large::bigint,
            'without a checksum each one is another mail');
SELECT _patchmail.quarantine_message(facts_rejected('nothing'), '', '{}', 'empty') AS nothing \gset
SELECT is(patchmail.quarantine_raw(:nothing), '', 'a mail without any bytes');

-- What is kept of the facts
SELECT _patchmail.quarantine_message(facts_patch('<2@example.org>', 'a title'), 'raw', '{}', 'x') AS parsed \gset
SELECT row_eq(format('SELECT msgid, subject FROM patchmail.quarantine WHERE id = %s', :parsed),
              ROW('<2@example.org>'::text, '[PATCH] a title'::text), 'a mail that could be parsed has its subject too');
SELECT ok((SELECT facts ?& '{facts,kind,author,subject,references,hints}' AND NOT facts ?| '{headers,content,diff}'
             FROM patchmail.quarantine WHERE id = :parsed), 'of the facts all but the mail''s texts');

-- patchmail.store() does it all
SELECT make_project() AS project \gset
SELECT row_eq($$SELECT outcome,
              reason FROM patchmail.store(facts_rejected('broken'), 'bytes', '{"transport": "deliver"}')$$,
              ROW('quarantined'::text, 'broken'::text), 'a mail that could not be parsed');
SELECT s.quarantine_id AS broken FROM patchmail.store(facts_rejected('broken'), 'bytes',
                                                             '{"transport": "deliver"}') s \gset
SELECT is(patchmail.quarantine_raw(:broken), 'bytes', 'its id is given, for the pieces that follow');
SELECT is((SELECT attempts FROM patchmail.quarantine WHERE id = :broken), 2, 'the second time is the second attempt');
SELECT is((SELECT source FROM patchmail.quarantine WHERE id = :broken), '{"transport": "deliver"}'::jsonb,
          'the second attempt notes where it came from');
SELECT is((SELECT s.quarantine_id FROM patchmail.store(facts_patch('<3@example.org>'), 'x', '{}') s), NULL,
          'what is stored is in no quarantine');
SELECT is_empty($$SELECT FROM patchmail.quarantine WHERE msgid = '<3@example.org>'$$,
          'what is stored leaves no row in quarantine');
DELETE FROM patchmail.quarantine WHERE id = :large;
SELECT is(patchmail.quarantine_raw(:large), NULL, 'a mail that is deleted goes with all its pieces');
SELECT throws_ok(format('SELECT patchmail.quarantine_append(%s, ''x'')', :large), '42501',
                 format('mail %s was not put into quarantine by this transaction, so it gets no further piece', :large),
                 'of a mail that is not there the same is said');
SELECT is(patchmail.quarantine_raw(:one), E'From: x\n\\000\\377'::bytea, 'the others stay');

SELECT * FROM finish();
ROLLBACK;
