-- What the mail asks for itself counts only as far as its author is verified: state, delegate, ignore, action required,
-- and the second Message-ID.
\ir preamble.psql
\ir state.psql
SELECT plan(39);
SELECT make_project() AS project \gset
SELECT make_project('second', 'second.example.org') AS second \gset
INSERT INTO public.auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active,
                              date_joined)
VALUES (1001, '', false, 'one', '', '', 'one@example.org', false, true, '2026-01-01Z');
INSERT INTO public.patchwork_delegationrule (path, priority, project_id, user_id)
SELECT 'ruled/*', 0, :project, 1001;

CREATE FUNCTION hinted(mail jsonb, verdict text, hints jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT with_verdict(mail, verdict) || jsonb_build_object('hints', mail->'hints' || hints);
$$;
-- As a list wraps it: it was mail `id` before.
CREATE FUNCTION wrapped(mail jsonb, verdict text, id text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT with_verdict(mail, verdict) || jsonb_build_object('wrapped_message_id', (msgids(id))[1]);
$$;
-- State and delegate of a patch.
CREATE FUNCTION asked(id text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws(' ', s.name, p.delegate_id)
      FROM patch_of(id) p JOIN public.patchwork_state s ON s.id = p.state_id;
$$;
CREATE FUNCTION addressed(id text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT k.addressed FROM public.patchwork_patchcomment k WHERE word(k.msgid) = $1
     UNION ALL
    SELECT k.addressed FROM public.patchwork_covercomment k WHERE word(k.msgid) = $1;
$$;
\set wishes '{"state": "Accepted", "delegate": "one@example.org"}'
SAVEPOINT empty;

-- State and delegate
SELECT store_all(hinted(patch(v), v, :'wishes')) FROM unnest('{ambiguous,fail,conflict,claimed,none,pass}'::text[]) v;
SELECT is(asked(v), CASE WHEN v IN ('ambiguous', 'fail') THEN 'New' ELSE 'Accepted 1001' END,
          'state and delegate that the mail asks for: ' || v)
  FROM unnest('{ambiguous,fail,conflict,claimed,none,pass}'::text[]) v;
SELECT store_all(hinted(patch('old'), 'none', :'wishes') - 'authentication');
SELECT is(asked('old'), 'Accepted 1001', 'facts that say nothing of the author');
SELECT store_all(hinted(patch('ruled', more => '{"files": ["ruled/a.c"]}'), 'fail', :'wishes'));
SELECT is(asked('ruled'), 'New 1001', 'the project''s own rules count for all');
SELECT patchmail.set_policy('demo', hints => 'pass');
SELECT store_all(hinted(patch('n2'), 'none', :'wishes'), hinted(patch('p2'), 'pass', :'wishes'));
SELECT is(asked('n2') || ', ' || asked('p2'), 'New, Accepted 1001', 'a policy may ask for more');
SELECT patchmail.set_policy('demo', hints => 'ambiguous');
SELECT store_all(hinted(patch('a2'), 'ambiguous', :'wishes'));
SELECT is(asked('a2'), 'Accepted 1001', 'a policy may ask for nothing');
SELECT patchmail.set_policy('demo', hints => 'fail');
SELECT store_all(hinted(patch('a3'), 'ambiguous', :'wishes'), hinted(patch('f3'), 'fail', :'wishes'));
SELECT is(asked('a3') || ', ' || asked('f3'), 'New, Accepted 1001', 'a policy may ask for a little');
ROLLBACK TO empty;

-- Ignore
SELECT is(store_all(hinted(patch('i' || v), v, '{"ignore": true}')),
          CASE WHEN v IN ('ambiguous', 'fail') THEN '{stored}' ELSE '{ignored}' END::text[], 'ignore: ' || v)
  FROM unnest('{ambiguous,fail,conflict,claimed,none,pass}'::text[]) v;
SELECT is((SELECT s.reason FROM patchmail.store(hinted(patch('i'), 'pass', '{"ignore": true}'), '', '{}') s),
          'X-Patchwork-Hint says ignore', 'the reason');
SELECT is(store_all(hinted(reply('ir', 'ifail'), 'fail', '{"ignore": true}')), '{stored}', 'a reply as well');
SELECT is((SELECT array_agg(word(m.msgid) ORDER BY m.msgid COLLATE "C") FROM patchmail.message m),
          '{iambiguous,ifail,ir}', 'what is ignored leaves nothing');
SELECT patchmail.set_policy('demo', hints => 'pass');
SELECT is((SELECT s.outcome FROM patchmail.store(
               hinted(patch('b', more => '{"list_ids": [{"field": "List-Id", "id": "demo.example.org"},
                                                        {"field": "List-Id", "id": "second.example.org"}]}'),
                      'none', '{"ignore": true}'), '', '{}') s), 'stored', 'of two projects one follows the hint');
SELECT is((SELECT array_agg(m.project_id) FROM patchmail.message m WHERE word(m.msgid) = 'b'), ARRAY[:project],
          'the other one has the mail');
ROLLBACK TO empty;

-- Action required, also of a reply that waits
SELECT store_all(patch('p'), cover('c', 2),
                 hinted(reply('yes', 'p'), 'none', '{"action_required": true}'),
                 hinted(reply('no', 'p'), 'fail', '{"action_required": true}'),
                 hinted(reply('cover', 'c'), 'ambiguous', '{"action_required": true}'),
                 hinted(reply('later', 'x'), 'none', '{"action_required": true}'),
                 hinted(reply('never', 'x'), 'fail', '{"action_required": true}'));
SELECT is(addressed('yes'), false, 'a reply that asks for an answer');
SELECT is(addressed('no'), NULL, 'a reply that may not ask for an answer does not');
SELECT is(addressed('cover'), NULL, 'to a cover letter');
SELECT is((ledger('later')).waiting->'hints'->'action_required', 'true', 'a reply waits with its hints if they count');
SELECT is((ledger('never')).waiting->'hints', NULL, 'a reply waits without hints that do not count');
SELECT patchmail.set_policy('demo', hints => 'ambiguous');
SELECT store_all(patch('x'));
SELECT is(addressed('later'), false, 'a reply asks for an answer when its parent is there');
SELECT is(addressed('never'), NULL, 'a reply that may not does not ask for an answer, whatever the policy is then');
ROLLBACK TO empty;

-- The second Message-ID
SELECT is(store_all(wrapped(patch('e', who => 'eve'), 'fail', 'x'), patch('x'), reply('r', 'x')),
          '{stored,stored,stored}', 'a mail that claims the Message-ID of another one is only itself');
SELECT is(all_comments(), 'r>x', 'a reply to the other mail is a comment on that one');
SELECT is((SELECT count(*) FROM patchmail.alias), 0::bigint,
          'a mail that claims the Message-ID of another one has one name');
ROLLBACK TO empty;
SELECT is(store_all(patch('x'), wrapped(patch('e', who => 'eve'), 'fail', 'x'), reply('r', 'e')),
          '{stored,stored,stored}', 'the same if the other one came before');
SELECT is(all_comments(), 'r>e', 'nobody answers the other one by mistake');
ROLLBACK TO empty;
SELECT is(store_all(wrapped(patch('w'), 'conflict', 'x'), patch('x')), '{stored,duplicate}', 'conflict is enough');
ROLLBACK TO empty;
SELECT patchmail.set_policy('demo', hints => 'pass');
SELECT is(store_all(wrapped(patch('w'), 'none', 'x'), patch('x'), wrapped(patch('v'), 'pass', 'y'), patch('y')),
          '{stored,stored,stored,duplicate}', 'a wrapped Message-ID counts by the policy');
SELECT is(store_all(wrapped(patch('w'), 'none', 'z'), patch('z')), '{duplicate,stored}',
          'the wrapped Message-ID of a duplicate does not count');
SELECT patchmail.set_policy('demo', store => 'pass', hints => 'ambiguous');
SELECT is(store_all(wrapped(patch('w'), 'fail', 'u'), with_verdict(patch('u'), 'pass')), '{duplicate,stored}',
          'the wrapped Message-ID of a duplicate that may not be stored does not count');
ROLLBACK TO empty;
SELECT state_is_in_every_order($$
    comments r>x s>x
    event patch-comment-created x r
    event patch-comment-created x s
    event patch-completed e [- 1:e]
    event patch-completed x [- 1:x]
    event patch-created e
    event patch-created x
    event series-completed [- 1:e]
    event series-completed [- 1:x]
    event series-created [- 1:e]
    event series-created [- 1:x]
    patch e "e"
    patch x "x"
    series [- 1:e] "e" v1 of 1, 12:00 by eve <eve>
    series [- 1:x] "x" v1 of 1, 12:00 by ada <ada>
    $$, 'in every order', wrapped(patch('e', who => 'eve'), 'fail', 'x'), patch('x'), reply('r', 'x'), reply('s', 'r'));

SELECT * FROM finish();
ROLLBACK;
