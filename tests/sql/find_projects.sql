-- _patchmail.find_projects() and choose_project(): the projects that a mail belongs to.
\ir preamble.psql
\ir state.psql
SELECT plan(43);
SELECT make_project('general', 'list.example.org') AS general \gset
SELECT make_project('red', 'list.example.org', '\mred\M') AS red \gset
SELECT make_project('blue', 'list.example.org', '^\[.*blue') AS blue \gset
SELECT make_project('single', 'single.example.org') AS single \gset
SELECT make_project('picky', 'picky.example.org', 'picky') AS picky \gset

-- The linknames of the projects that find_projects gives, in the order of their ids.
CREATE FUNCTION projects(facts jsonb, source jsonb DEFAULT '{"transport": "deliver"}') RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(p.linkname, ' ' ORDER BY p.id), '')
      FROM public.patchwork_project p WHERE p.id = ANY (_patchmail.find_projects(facts, source));
$$;
-- A mail with these fields, "field id" each, and a subject.
CREATE FUNCTION mail_to(subject text, VARIADIC fields text[]) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_set(patch('m'), '{subject,text}', to_jsonb(subject))
           || jsonb_build_object('list_ids', (SELECT jsonb_agg(jsonb_build_object(
                  'field', split_part(f, ' ', 1), 'id', split_part(f, ' ', 2)) ORDER BY n)
                  FROM unnest(fields) WITH ORDINALITY x(f, n)));
$$;

-- A reply goes to its parent's project, whenever the two come; with it goes who answers it
CREATE FUNCTION about(mail jsonb, subject text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT mail || jsonb_build_object('list_ids', mail_to(subject, 'List-Id list.example.org')->'list_ids',
                                      'subject', mail->'subject' || jsonb_build_object('text', subject));
$$;
SELECT series_in_every_order('v1[- 1:p]', 'replies whose subjects are other projects''',
                             about(patch('p'), '[PATCH] red'),
    about(reply('r', 'p', content => 'Acked-by: r'), 'Re: something else'), about(reply('s', 'r'), E'Re:\n[blue]'),
    about(reply('t', 's'), 'Re: something else'));
SELECT series_in_every_order('v1[- 1:a] v1[- 1:b]', 'what a reply answers is nearer than what else it refers to',
    about(patch('a'), '[PATCH] one'), about(patch('b'), '[PATCH] red'),
    about(reply('r', 'b a', content => 'Acked-by: r'), 'Re: one'), about(reply('s', 'r a'), 'Re: one'));

-- One list, one project
SELECT is(projects(mail_to('x', 'List-Id single.example.org')), 'single', 'a project is found by List-Id');
SELECT is(projects(mail_to('x', 'X-Mailing-List single.example.org')), 'single',
          'a project is found by X-Mailing-List');
SELECT is(projects(mail_to('x', 'X-list single.example.org')), 'single', 'a project is found by X-list');
SELECT is(projects(mail_to('x', 'List-Id nobody.example.org')), '', 'a list that no project has');
SELECT is(projects(patch('m', more => '{"list_ids": []}')), '', 'a mail of no list');
SELECT is(projects(mail_to('picky', 'List-Id picky.example.org')), 'picky',
          'its only project wants a word in the subject');
SELECT is(projects(mail_to('other', 'List-Id picky.example.org')), '',
          'a project with a subject_match takes nothing else');

-- One list, several projects
SELECT is(projects(mail_to(subject, 'List-Id list.example.org')), project, to_json(subject)::text) FROM (VALUES
    ('[PATCH] change', 'general'), ('[PATCH] red change', 'red'), ('[PATCH RED] change', 'red'),
    ('[PATCH] redo change', 'general'), ('[PATCH Blue] change', 'blue'), ('change [blue]', 'general'),
    ('[PATCH blue] red', 'red'), (E'x\n[blue]', 'blue')) s (subject, project);

-- A reply
SELECT store_all(patch('r', more => '{"list_ids": [{"field": "List-Id", "id": "list.example.org"}]}')
                 || jsonb_build_object('subject', patch('r')->'subject' || '{"text": "[PATCH] red"}'));
SELECT is((SELECT p.linkname FROM public.patchwork_project p WHERE p.id = (patch_of('r')).project_id), 'red',
          'a patch of project red');
CREATE FUNCTION reply_to(answers text, subject text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_set(mail_to(subject, 'List-Id list.example.org'), '{references}', to_jsonb(msgids(answers)))
           || '{"kind": "comment"}';
$$;
SELECT is(projects(reply_to('r', 'Re: something else')), 'red', 'a reply goes where its parent is');
SELECT is(projects(reply_to('x y r', 'Re: something else')), 'red', 'however far up');
SELECT is(projects(reply_to('r', E'Re:\n[blue]')), 'red', 'whatever its subject says');
SELECT is(projects(reply_to('x', 'Re: [PATCH] red')), 'red', 'the parent is not known: by its subject');
SELECT is(projects(reply_to('x', 'Re: something else')), 'general', 'else the general project');
SELECT is(projects(reply_to('r', 'something else') || '{"kind": "patch"}'), 'general',
          'a patch that answers another one is no reply');
SELECT is(_patchmail.choose_project('picky.example.org', reply_to('x', 'Re: something else')), :picky,
          'without a general project, the first takes a reply: its parent may still come');
SELECT is(_patchmail.choose_project('picky.example.org', mail_to('something else', 'X x')), NULL,
          'without a general project, a patch finds no project');
SELECT is(_patchmail.choose_project('nobody.example.org', reply_to('r', 'Re: red')), NULL, 'a list without a project');
SELECT is(_patchmail.choose_project('list.example.org', mail_to('red', 'X x')), :red,
          'choose_project chooses among one list''s');
SELECT store_all(patch('long', more => jsonb_build_object('message_id', '<' || repeat('l', 300) || '>',
                 'list_ids', '[{"field": "List-Id", "id": "list.example.org"}]'::jsonb,
                 'subject', patch('r')->'subject' || '{"text": "[PATCH] red"}')));
SELECT is(projects(jsonb_set(reply_to('x', 'Re: y'), '{references}', to_jsonb(ARRAY['<' || repeat('l', 300) || '>']))),
          'red',
          'a reply to a mail whose Message-ID was cut');

-- Several fields
SELECT is(projects(mail_to('x', 'List-Id list.example.org', 'List-Id single.example.org')), 'general single',
          'several List-Ids: each one''s project');
SELECT is(projects(mail_to('red', 'List-Id list.example.org', 'List-Id single.example.org')), 'red single',
          'each chosen for itself');
SELECT is(projects(mail_to('x', 'List-Id single.example.org', 'List-Id single.example.org')), 'single', 'one twice');
SELECT is(projects(mail_to('x', 'List-Id nobody.example.org', 'List-Id single.example.org')), 'single',
          'one that nobody has');
SELECT is(projects(mail_to('x', 'List-Id single.example.org', 'X-Mailing-List list.example.org')), 'single',
          'X-Mailing-List does not count beside List-Id');
SELECT is(projects(mail_to('x', 'X-Mailing-List single.example.org', 'X-list list.example.org')), 'single',
          'X-list does not count beside X-Mailing-List');
SELECT is(projects(mail_to('x', 'List-Id nobody.example.org', 'X-list single.example.org')), 'single',
          'a later field counts if the fields before it name no project of ours');
SELECT is(projects(mail_to('x', 'List-Id picky.example.org', 'X-list single.example.org')), 'single',
          'a later field counts if no project of the fields before it takes the mail');
SELECT is(projects(mail_to('x', 'list-id single.example.org')), 'single',
          'the case of a field''s name does not matter');
SELECT is(projects(mail_to('red', 'List-Id single.example.org'), '{"list_id": "list.example.org"}'), 'red',
          'the deliverer''s list overrides the mail''s');
SELECT is(projects(mail_to('x', 'List-Id single.example.org'), '{"list_id": "nobody.example.org"}'), '',
          'the deliverer''s list overrides the mail''s even if nobody has it');

-- Lists named again and again
SELECT is(projects(mail_to('x', 'List-Id single.example.org', 'List-Id nobody.example.org',
                           'List-Id single.example.org',
                           'List-Id list.example.org', 'List-Id single.example.org')),
          projects(mail_to('x', 'List-Id list.example.org', 'List-Id single.example.org')), 'count once');

-- The whole way
SELECT is(store_mail(mail_to('x', 'List-Id list.example.org', 'List-Id single.example.org')), 'stored', 'to two lists');
SELECT is((SELECT array_agg(project_id ORDER BY project_id) FROM public.patchwork_patch
            WHERE msgid = '<m@example.org>'),
          ARRAY[:general, :single], 'a mail to two lists is in both projects');

SELECT * FROM finish();
ROLLBACK;
