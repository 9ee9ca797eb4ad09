-- The functions of preamble.psql: facts as the program writes them (patchmaild-facts(5)).
\ir preamble.psql
SELECT plan(15);

SELECT is((SELECT array_agg(key ORDER BY key) FROM jsonb_object_keys(facts_patch('<1@example.org>')) key),
          ARRAY['authentication', 'author', 'change_id', 'content', 'date', 'date_source', 'depends_on', 'diff',
                'facts',
                'files', 'hash', 'headers', 'hints', 'kind', 'list_ids', 'message_id', 'message_id_made',
                'original_author', 'patch_id', 'problems', 'pull_url', 'references', 'sha256', 'size', 'subject',
                'wrapped_message_id'],
          'every key of a parsed mail');
SELECT is((SELECT array_agg(key ORDER BY key) FROM jsonb_object_keys(facts_rejected('broken')) key),
          ARRAY['facts', 'message_id', 'problems', 'rejected', 'sha256', 'size', 'subject'],
          'every key of a rejected one');
SELECT is(facts_patch('<1@example.org>', 'title', 1, 2, version => 3, prefixes => '{RFC}')->'subject',
          '{"text": "[PATCH RFC v3 1/2] title", "reply": false, "prefixes": ["RFC", "v3", "1/2"], "title": "title",
            "version": 3, "number": 1, "total": 2}'::jsonb, 'the subject of a patch');
SELECT is(facts_patch('<1@example.org>', 'title')->'subject',
          '{"text": "[PATCH] title", "reply": false, "prefixes": [], "title": "title",
            "version": 1, "number": null, "total": null}'::jsonb, 'without a marker');
SELECT is(facts_cover('<0@example.org>', total => 4)->'subject'->'prefixes', '["0/4"]'::jsonb,
          'a cover letter is number 0');
SELECT is(facts_comment('<2@example.org>', '{<1@example.org>,<0@example.org>}')->'references',
          '["<1@example.org>", "<0@example.org>"]'::jsonb, 'references as given');
SELECT is(facts_comment('<2@example.org>', '{<1@example.org>}')->'subject'->>'text', 'Re: [PATCH 1/2] file: change it',
          'a comment is a reply');
SELECT is(facts_comment('<2@example.org>', '{}')->'diff', 'null'::jsonb, 'a comment has no diff');
SELECT is(facts_cover('<0@example.org>')->'hash', 'null'::jsonb, 'no diff, no hash');
SELECT is(length(facts_patch('<1@example.org>')->>k), 40, format('a %s has 40 digits', k))
  FROM unnest('{hash,patch_id}'::text[]) k;
SELECT is(facts_patch('<1@example.org>', date => '2026-02-01 12:00+02')->>'date', '2026-02-01T10:00:00Z',
          'dates in UTC');
SELECT is(facts_patch('<1@example.org>', more => '{"change_id": "I1"}')->>'change_id', 'I1', 'more replaces a key');
SELECT make_project() AS project \gset
SELECT is((SELECT id FROM public.patchwork_project WHERE listid = 'demo.example.org'), :project, 'make_project');
SELECT is(store_mail(facts_patch('<1@example.org>')), 'stored', 'store_mail gives the outcome');

SELECT * FROM finish();
ROLLBACK;
