-- Replies that an admin puts elsewhere by hand stay there, and take those that answer them along.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS project \gset
UPDATE public.patchwork_project SET use_tags = true;
CREATE FUNCTION reparent(comment text, parent text) RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*) FROM patchmail.reparent_comment('demo', (msgids(comment))[1], (msgids(parent))[1]);
$$;
CREATE FUNCTION comments_later(mails jsonb[]) RETURNS text LANGUAGE sql AS $$
    SELECT later(mails, $q$all_comments()$q$);
$$;
SELECT store_all(patch('a'), patch('b', minute => 30), cover('c', 1, minute => 90), patch('c1', '1/1', 'c',
    minute => 90),
                 reply('r', 'a', content => 'Acked-by: Rob <rob@example.org>'), reply('s', 'r a'), reply('t', 's r a'),
                 reply('w', 'lost'), reply('v', 'w lost'), reply('k', 'a', who => 'kim'));
SELECT is(all_comments(), 'k>a r>a s>a t>a v>? w>?', 'replies are on what they answer, or wait');
SAVEPOINT stored;

SELECT is((SELECT array_agg((c.object, c.before->>'msgid', c.after->'patch' = to_jsonb((patch_of('b')).id))::text
                            ORDER BY c.id)
             FROM patchmail.reparent_comment('demo', 'r@example.org', ' <b@example.org>', dry_run => true) c),
          '{"(comment,<r@example.org>,t)","(comment,<s@example.org>,t)","(comment,<t@example.org>,t)","(patch,'
          '<a@example.org>,)","(patch,<b@example.org>,)"}',
          'a dry run tells what would move');
SELECT is(all_comments(), 'k>a r>a s>a t>a v>? w>?', 'and moves nothing');
SELECT is(reparent('r', 'b'), 5::bigint, 'a reply is put onto another patch');
SELECT is(all_comments(), 'k>a r>b s>b t>b v>? w>?', 'with the replies to it');
SELECT is((SELECT string_agg(word(p.msgid) || t.count, ' ') FROM public.patchwork_patchtag t
             JOIN public.patchwork_patch p ON p.id = t.patch_id), 'b1', 'and its tags');
SELECT is((SELECT count(*) FROM all_events() e WHERE e ~ '^patch-comment-created b [rst]$'), 3::bigint,
          'and the events say so');
SELECT is(comments_later(ARRAY[reply('u', 'r a'), reply('r', 'a', content => 'Acked-by: Rob <rob@example.org>'),
                               reply('x', 'a'), patch('a'), reply('y', 't')]),
          'k>a r>b s>b t>b u>b v>? w>? x>a y>b', 'what comes later and answers it follows');
SELECT is(reparent('r', 'b'), 0::bigint, 'to put it there again is nothing new');
SELECT is(reparent('t', 'k'), 1::bigint, 'a reply is put where another reply is');
SELECT is(reparent('r', 'c'), 3::bigint, 'a reply is put onto a cover letter');
SELECT is(all_comments(), 'k>a r>c s>c t>a v>? w>?', 'but a reply that was put elsewhere itself stays there');
SELECT is(comments_later(ARRAY[patch('lost', minute => 400), reply('z', 's', minute => 500)]),
          'k>a r>c s>c t>a v>lost w>lost z>c', 'and so it is when more comes');
ROLLBACK TO stored;

-- One that waits
SELECT is(reparent('w', 'a'), 2::bigint, 'a reply that waits is given a place');
SELECT is(all_comments(), 'k>a r>a s>a t>a v>a w>a', 'and so is the reply to it');
SELECT is((SELECT p.email FROM public.patchwork_patchcomment k JOIN public.patchwork_person p ON p.id = k.submitter_id
            WHERE k.msgid = '<w@example.org>'), 'rob@example.org', 'it has its author');
SELECT is(comments_later(ARRAY[patch('lost', minute => 400), reply('q', 'lost', minute => 500)]),
          'k>a q>lost r>a s>a t>a v>a w>a', 'it stays when what it answers comes');
ROLLBACK TO stored;

-- One that somebody moved in the tables before
UPDATE public.patchwork_patchcomment SET patch_id = (patch_of('b')).id WHERE msgid = '<r@example.org>';
SELECT is(reparent('r', 'c1'), 4::bigint, 'a reply that was moved in the tables is put elsewhere');
SELECT is(all_comments(), 'k>a r>c1 s>c1 t>c1 v>? w>?', 'and is there');
ROLLBACK TO stored;

-- One that Patchwork stored
TRUNCATE patchmail.message, patchmail.reference, patchmail.dependency;
SELECT is(reparent('r', 'b'), 3::bigint, 'a reply that the ledger does not know is put elsewhere');
SELECT is(comments_later(ARRAY[reply('u', 'r a'), reply('r', 'a', content => 'Acked-by: Rob <rob@example.org>')]),
          'k>a r>b s>a t>a u>b', 'and what answers it follows');
ROLLBACK TO stored;

-- Another mail with the Message-ID of what it was put on, and a better verdict, does not take it down
SELECT is(reparent('r', 'b'), 5::bigint, 'a reply is put onto another patch');
SELECT is(store_mail(with_verdict(patch('b', minute => 30, content => 'Quite another text.'), 'pass')), 'quarantined',
          'that patch keeps its Message-ID');
SELECT is(store_mail(with_verdict(patch('a', content => 'Quite another text.'), 'pass')), 'stored',
          'the one that it answers may lose its own');
SELECT is(all_comments(), 'k>a r>b s>b t>b v>? w>?', 'and the reply stays');
ROLLBACK TO stored;

-- Nonsense
SELECT throws_like(q, said, q) FROM (VALUES
    ('SELECT reparent(''a'', ''b'')', '<a@example.org> is a patch, no reply'),
    ('SELECT reparent(''r'', ''none'')', 'project demo has no mail with the Message-ID <none@example.org>'),
    ('SELECT reparent(''r'', NULL)', 'project demo has no mail with the Message-ID NULL'),
    ('SELECT reparent(''r'', ''w'')', 'the parent is a reply that waits itself'),
    ('SELECT patchmail.reparent_comment(''nowhere'', ''x'', ''y'')', 'there is no project "nowhere"'),
    ('SELECT patchmail.reparent_comment(NULL, ''x'', ''y'')', 'which project is meant is not given'),
    ('SELECT patchmail.reparent_comment(''demo'', ''x'', ''y'', ''nobody'')', 'there is no user "nobody"')) t (q, said);
SELECT _patchmail.delete_submission((patch_of('b')).id, NULL);
SELECT throws_like('SELECT reparent(''r'', ''b'')', '<b@example.org> was deleted',
    'a patch that is gone takes no reply');
SELECT _patchmail.delete_submission((patch_of('a')).id, NULL);
SELECT throws_like('SELECT reparent(''r'', ''c'')', '<r@example.org> was deleted', 'a reply that is gone goes nowhere');

SELECT * FROM finish();
ROLLBACK;
