-- patchmail.release_where(), retry_where(), discard_where() and quarantine_show(): many mails of quarantine are worked
-- with at once, and one is looked at.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS project \gset
SELECT make_project('other', 'other.example.org') AS other \gset
SELECT patchmail.set_policy('demo', store => 'pass'), patchmail.set_policy('other', store => 'pass');
CREATE FUNCTION given(mail jsonb, raw text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT s.outcome FROM patchmail.store(mail, convert_to(coalesce(raw, mail::text), 'UTF8'),
                                          '{"transport": "deliver"}') s;
$$;
CREATE FUNCTION id_of(word text) RETURNS bigint LANGUAGE sql AS $$
    SELECT q.id FROM patchmail.quarantine q WHERE q.msgid = (msgids(word))[1] ORDER BY q.id DESC LIMIT 1;
$$;
-- What is in quarantine, with the mark of each.
CREATE FUNCTION held() RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(word(q.msgid) || ':' || coalesce(q.mark, '-'), ' ' ORDER BY q.id), '')
      FROM patchmail.quarantine q;
$$;
SELECT given(patch('a')), given(patch('b', who => 'bob')),
       given(patch('c', who => 'bob') || '{"list_ids": [{"field": "List-Id", "id": "other.example.org"}]}'),
       given(facts_rejected('too deep: 101 levels', '<d@example.org>')),
       given(facts_rejected('too large', '<e@example.org>'));
SELECT is(held(), 'a:- b:- c:- d:- e:-', 'five mails are held');
UPDATE patchmail.quarantine SET arrived = now() - interval '10 days' WHERE word(msgid) IN ('a', 'd');
SELECT count(*) AS audited FROM patchmail.audit \gset

-- Which mail
CREATE FUNCTION retried(reason text DEFAULT NULL, project text DEFAULT NULL, age interval DEFAULT NULL,
                        sender text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(word(r.before->>'msgid'), ' ' ORDER BY r.id)
      FROM patchmail.retry_where($1, $2, $3, $4, dry_run => true) r;
$$;
SELECT is(retried(reason, project, age, sender), found, concat_ws(', ', reason, project, age, sender)) FROM (VALUES
    ('', NULL, NULL::interval, NULL, 'a b c d e'), ('^too', NULL, NULL, NULL, 'd e'),
    ('POLICY', NULL, NULL, NULL, 'a b c'),
    ('nothing of the kind', NULL, NULL, NULL, NULL), ('too (deep|large)', NULL, '1 day', NULL, 'd'),
    (NULL, 'demo', NULL, NULL, 'a b'), (NULL, 'other', NULL, NULL, 'c'), (NULL, 'demo', '10 days', NULL, 'a'),
    (NULL, NULL, '11 days', NULL, NULL), (NULL, NULL, '0', NULL, 'a b c d e'),
    (NULL, NULL, NULL, 'BOB@example.org', 'b c'), (NULL, NULL, NULL, '@Example.org', 'a b c'),
    (NULL, NULL, NULL, '@ample.org', NULL), (NULL, NULL, NULL, 'ob@example.org', NULL), (NULL, NULL, NULL, '%', NULL),
    ('policy', 'other', '0', 'bob@example.org', 'c')) x (reason, project, age, sender, found);
SELECT is(held(), 'a:- b:- c:- d:- e:-', 'a dry run marks none');
SELECT is((SELECT count(*) FROM patchmail.audit), :audited::bigint, 'a dry run is not in the audit');

-- What is done
SELECT results_eq($$SELECT function, object, object_id, before, after FROM patchmail.retry_where('too deep')$$,
                  format($$VALUES ('retry_where', 'quarantine', %s::bigint,
                                   '{"msgid": "<d@example.org>", "mark": null}'::jsonb,
                                   '{"outcome": "marked", "reason": "\"patchmaild retry\" tries it again"}'::jsonb)$$,
                         id_of('d')),
                  'it says what is done with each');
SELECT patchmail.release_where(project => 'demo');
SELECT is(held(), 'a:release b:release c:- d:retry e:-', 'some are released, and some are tried again');
SELECT is((SELECT string_agg(word(r.before->>'msgid'), ' ' ORDER BY r.id)
             FROM patchmail.discard_where(sender => '@example.org', dry_run => true) r), 'a b c',
          'a dry run says what would be thrown away');
SELECT is(held(), 'a:release b:release c:- d:retry e:-', 'a dry run throws nothing away');
SELECT is((SELECT concat_ws(' ', d.function, d.before->>'subject', d.before->>'reason' IS NOT NULL, d.after IS NULL)
             FROM patchmail.discard_where(project => 'other') d), 'discard_where [PATCH] c t t', 'it says what it was');
SELECT is(held(), 'a:release b:release d:retry e:-', 'what was thrown away is gone');
SELECT is((SELECT count(*) FROM patchmail.quarantine_part p WHERE NOT EXISTS (
               SELECT FROM patchmail.quarantine q WHERE q.id = p.quarantine_id)), 0::bigint, 'with its bytes');
SELECT is_empty($$SELECT patchmail.discard_where('nothing of the kind')$$, 'none that is meant, nothing done');
SELECT is((SELECT array_agg(r.id) FROM patchmail.retry(id_of('e'), id_of('d'), id_of('e')) r),
          ARRAY[id_of('e'), id_of('d')], 'single ones as before, each once');
SELECT is_empty('SELECT patchmail.retry(VARIADIC NULL::bigint[])', 'none, as when a query found none');
SELECT is_empty('SELECT patchmail.discard(VARIADIC NULL::bigint[])', 'none is thrown away');

-- One that another mail displaced is stored at once: a dry run takes that back.
SELECT patchmail.discard_where(''), patchmail.set_policy('demo', store => 'ambiguous');
SELECT given(patch('x', content => 'first')),
       given(with_verdict(patch('x', content => 'second', who => 'bob'), 'pass'));
SELECT is((SELECT q.source->>'transport' FROM patchmail.quarantine q), 'database', 'one is displaced');
SELECT id_of('x') AS displaced, (patch_of('x')).content AS content \gset
SELECT is((SELECT r.after->>'outcome' FROM patchmail.release_where('', dry_run => true) r), 'stored',
          'a dry run says that it would be stored');
SELECT is(id_of('x') || (patch_of('x')).content, :'displaced' || :'content', 'a dry run leaves both where they are');
SELECT is((SELECT r.after->>'outcome' FROM patchmail.release_where('') r), 'stored', 'it is released');
SELECT isnt((patch_of('x')).content, :'content', 'it is there, and the other one is held');
SELECT isnt(id_of('x'), :displaced::bigint, 'the other one is in quarantine in its place');

-- What is refused
SELECT throws_ok(format('SELECT patchmail.%s_where(%s)', verb, arguments), code, message, verb || ': ' || message)
  FROM unnest('{release,retry,discard}'::text[]) v (verb), (VALUES
    ('', '22023', 'say which mail: by reason, project, age or sender'),
    ('dry_run => true', '22023', 'say which mail: by reason, project, age or sender'),
    ($$'('$$, '22023',
     'reason "(" is not a regular expression: invalid regular expression: parentheses () not balanced'),
    ($$project => 'none'$$, 'P0002', 'there is no project "none"')) x (arguments, code, message);

-- One to look at
SELECT patchmail.discard_where('');
SELECT patchmail.set_policy('demo', store => 'pass');
SELECT given(patch('s2', more => '{"sha256": null}'),
             E'From: Ada <ada@example.org>\r\nSubject: Gr\u00fc\u00dfe \u202e\u001b]0;x\\\r\n\tfolded\r\n'
              '\r\nText\r\nEnd');
SELECT is((SELECT string_agg(s.what, ' ') FROM patchmail.quarantine_show(id_of('s2'), 0) s),
          'projects author verdict reason subject msgid size arrived attempts last try source', 'what is known of it');
SELECT is((SELECT string_agg(s.value, ' | ') FROM patchmail.quarantine_show(id_of('s2')) s
            WHERE s.what IN ('projects', 'author', 'subject', 'msgid', 'attempts')),
          'demo | ada <ada@example.org> | [PATCH] s2 | <s2@example.org> | 1', 'what it is');
SELECT is((SELECT array_agg(s.value) FROM patchmail.quarantine_show(id_of('s2')) s WHERE s.what = 'mail'),
          ARRAY['From: Ada <ada@example.org>', 'Subject: Gr\303\274\303\237e \342\200\256\u001b]0;x\\',
                '    folded', '', 'Text', 'End'], 'its lines, which do nothing to a terminal');
SELECT is((SELECT count(*) FROM patchmail.quarantine_show(id_of('s2'), 2) s WHERE s.what = 'mail'), 2::bigint,
          'no more lines than are wanted');
SELECT patchmail.retry(id_of('s2'));
SELECT is((SELECT s.value FROM patchmail.quarantine_show(id_of('s2')) s WHERE s.what = 'mark'),
          'retry by ' || session_user, 'who marked it');
SELECT given(facts_rejected('binary', '<bin@example.org>'));
UPDATE patchmail.quarantine_part SET raw = '\x00ff0a41' WHERE quarantine_id = id_of('bin');
SELECT is((SELECT array_agg(s.value) FROM patchmail.quarantine_show(id_of('bin')) s WHERE s.what = 'mail'),
          '{"\\000\\377",A}', 'any bytes');
SELECT throws_ok('SELECT patchmail.quarantine_show(0)', 'P0002', 'mail 0 is not in quarantine', 'no such mail');
SELECT throws_ok('SELECT patchmail.quarantine_show(NULL)', 'P0002', 'mail NULL is not in quarantine', 'mail NULL');
SELECT isnt(has_function_privilege('patchmail_reader', 'patchmail.quarantine_show(bigint,integer)', 'EXECUTE'), true,
            'readers do not see the text of mail');
SELECT is(has_function_privilege('patchmail_admin', 'patchmail.quarantine_show(bigint,integer)', 'EXECUTE'), true,
          'admins do');

SELECT * FROM finish();
ROLLBACK;
