-- patchmail.comment_update() and comments_update(): whether comments are addressed is changed as by Patchwork's REST
-- API, and stays when mail comes.
\ir preamble.psql
\ir state.psql
SELECT no_plan();
SELECT make_project() AS project \gset
SELECT patchmail.add_user('mona', 'mona@example.org');
SELECT store_all(cover('c', 2), patch('p1', '1/2', 'c'), patch('p2', '2/2', 'c'), reply('r1', 'p1'), reply('r2', 'p1'),
                 reply('k', 'c'), reply('m', 'later p1'));
CREATE FUNCTION on_patch(words text) RETURNS integer[] LANGUAGE sql AS $$
    SELECT ARRAY(SELECT k.id FROM public.patchwork_patchcomment k WHERE k.msgid = ANY (msgids($1)) ORDER BY k.id);
$$;
CREATE FUNCTION on_cover(words text) RETURNS integer[] LANGUAGE sql AS $$
    SELECT ARRAY(SELECT k.id FROM public.patchwork_covercomment k WHERE k.msgid = ANY (msgids($1)) ORDER BY k.id);
$$;
CREATE FUNCTION addressed() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(word(k.msgid) || CASE WHEN k.addressed THEN '+' WHEN NOT k.addressed THEN '-' ELSE '?' END, ' '
                      ORDER BY k.msgid)
      FROM (SELECT k.msgid, k.addressed FROM public.patchwork_patchcomment k
            UNION ALL SELECT k.msgid, k.addressed FROM public.patchwork_covercomment k) k;
$$;
SELECT count(*) AS events FROM public.patchwork_event \gset
SELECT is(addressed(), 'k? m? r1? r2?', 'nobody says of a new comment whether it is addressed');
SELECT is((SELECT concat_ws(' ', a.function, a.actor, a.object, a.object_id = (on_patch('r1'))[1], a.before, a.after)
             FROM patchmail.comment_update('patch', (on_patch('r1'))[1], '{"addressed": false}', 'mona') a),
          'comment_update mona patchcomment t {"msgid": "<r1@example.org>", "addressed": null} '
          '{"msgid": "<r1@example.org>", "addressed": false}', 'a comment on a patch is not addressed');
SELECT is_empty($$SELECT patchmail.comment_update('patch', (on_patch('r1'))[1], '{"addressed": false}')$$,
                'what is so already changes nothing');
SELECT is((SELECT a.object FROM patchmail.comment_update('cover', (on_cover('k'))[1],
                                                         '{"addressed": true, "id": 1, "content": "x"}') a),
          'covercomment', 'one on a cover letter is; what the API only reads is passed over');
SELECT is(addressed(), 'k+ m? r1- r2?', 'each has its own');
SELECT is_empty($$SELECT patchmail.comment_update('patch', (on_patch('r1'))[1], '{}')$$, 'no key, no change');
SELECT is((SELECT string_agg(word(a.after->>'msgid'), ' ' ORDER BY a.id)
             FROM patchmail.comments_update('patch', on_patch('r2 r1 m') || on_patch('r1'), true, 'mona', true) a),
          'r1 r2 m', 'a dry run says which would be changed, each once');
SELECT is(addressed(), 'k+ m? r1- r2?', 'a dry run changes nothing');
SELECT patchmail.comments_update('patch', on_patch('r1 m'), true);
SELECT is(addressed(), 'k+ m+ r1+ r2?', 'many at once');
SELECT is_empty($$SELECT patchmail.comments_update('patch', '{}', true)$$, 'none, as when a query finds none');
SELECT patchmail.comments_update('cover', on_cover('k'), NULL);
SELECT is(addressed(), 'k? m+ r1+ r2?', 'nobody says of a comment any more whether it is addressed');
SELECT is((SELECT count(*) FROM public.patchwork_event), :events::bigint, 'Patchwork makes no event of that');

-- Mail that comes
SELECT is(store_all(reply('r1', 'p1'), patch('later', answers => 'p1')), '{duplicate,stored}',
          'the comment comes again, and what another one answers comes at last');
SELECT is(all_comments(), 'k>c m>later r1>p1 r2>p1', 'a comment moves to what it answers');
SELECT is(addressed(), 'k? m+ r1+ r2?', 'what was said of them stays');
SELECT is(store_together(ARRAY[reply('m', 'later p1'), reply('r3', 'r2')]), '{duplicate,stored}', 'more in a batch');
SELECT is(addressed(), 'k? m+ r1+ r2? r3?', 'what was said of them stays after a batch too');

-- What is refused
SELECT addressed() || (SELECT count(*) FROM patchmail.audit) AS before \gset
SELECT throws_ok(call, code, message, message || ': ' || call) FROM (VALUES
    ($$SELECT patchmail.comment_update('patch', 0, '{"addressed": true}')$$, 'P0002',
     'there is no comment 0 on a patch'),
    ($$SELECT patchmail.comment_update('cover', 0, '{"addressed": true}')$$, 'P0002',
     'there is no comment 0 on a cover'),
    ($$SELECT patchmail.comment_update('patch', NULL, '{"addressed": true}')$$, '22023',
     'which comment is meant is not given'),
    ($$SELECT patchmail.comment_update('series', 1, '{"addressed": true}')$$, '23514',
     'a comment is on a "patch" or a "cover", not on a "series"'),
    ($$SELECT patchmail.comments_update(NULL, '{1}', true)$$, '23514',
     'a comment is on a "patch" or a "cover", not on a "NULL"'),
    ($$SELECT patchmail.comment_update('patch', 1, '{"addressed": "yes"}')$$, '23514',
     'addressed has to be of type boolean or null, and is of type string'),
    ($$SELECT patchmail.comment_update('patch', 1, '{"colour": 1}')$$, '23514',
     'there is no key "colour" to change, only addressed'),
    ($$SELECT patchmail.comment_update('patch', 1, NULL)$$, '23514',
     'a change is an object with any of the keys addressed'),
    ($$SELECT patchmail.comments_update('patch', on_patch('r1'), false, 'nobody')$$, 'P0002',
     'there is no user "nobody"'),
    ($$SELECT patchmail.comments_update('patch', NULL, true)$$, '22023', 'which comment is meant is not given'),
    ($$SELECT patchmail.comments_update('patch', on_patch('r1') || 0, false)$$, 'P0002',
     'there is no comment 0 on a patch')) x (call, code, message);
SELECT is(addressed() || (SELECT count(*) FROM patchmail.audit), :'before', 'an error changes nothing');

SELECT * FROM finish();
ROLLBACK;
