-- Cross-posted mail: each list's copy goes to its own project, whatever comes first, and a From that one list rewrote
-- does no harm to the other's.
\ir preamble.psql
\ir state.psql
SELECT plan(6);
SELECT make_project() AS project \gset
SELECT make_project('other', 'other.example.org') AS other \gset

-- The copy that the other list sends: its From is the list's, and the author stands in another field or nowhere.
CREATE FUNCTION munged(mail jsonb, original jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT mail || jsonb_build_object(
        'list_ids', '[{"field": "List-Id", "id": "other.example.org"}]'::jsonb,
        'author', jsonb_build_object('name', (mail->'author'->>'name') || ' via Other', 'email', 'other@example.org'),
        'original_author', original);
$$;
CREATE FUNCTION copy(mail jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT munged(mail, mail->'author');
$$;

SELECT state_is_in_every_order($$
    comments r>p r>p
    event patch-comment-created p r
    event patch-comment-created p r
    event patch-completed p [- 1:p]
    event patch-completed p [- 1:p]
    event patch-created p
    event patch-created p
    event series-completed [- 1:p]
    event series-completed [- 1:p]
    event series-created [- 1:p]
    event series-created [- 1:p]
    patch p "p"
    patch p "p"
    series [- 1:p] "p" v1 of 1, 12:00 by ada <ada>
    series [- 1:p] "p" v1 of 1, 12:00 by ada <ada>
    $$, 'both lists have all of it, by the same people', patch('p'), reply('r', 'p'), copy(patch('p')),
        copy(reply('r', 'p')));
SELECT series_in_every_order('v1[c 1:p1] v1[c]', 'what only one list has got is only there',
                             cover('c', 2), patch('p1', '1/2', 'c'), copy(cover('c', 2)));
SELECT series_in_every_order('v1[- 1:a1] v1[- 2:a2]', 'the parts of a series on two lists are no series',
                             patch('a1', '1/2'), copy(patch('a2', '2/2', 'a1')));

SELECT is(store_all(patch('p'), munged(patch('p'), NULL), copy(patch('p')), patch('p')),
          '{stored,stored,duplicate,duplicate}', 'a second copy of either list is a duplicate');
SELECT is((SELECT string_agg(concat(project.linkname, ' ', p.name, ' <', word(p.email), '>'), ', '
                             ORDER BY project.linkname)
             FROM public.patchwork_patch x JOIN public.patchwork_person p ON p.id = x.submitter_id
             JOIN public.patchwork_project project ON project.id = x.project_id),
          'demo ada <ada>, other ada via Other <other>',
          'if the list''s address hides nobody it is the author, there alone');
SELECT is(store_all(patch('q', more => '{"list_ids": [{"field": "List-Id", "id": "demo.example.org"},
                                                      {"field": "List-Id", "id": "other.example.org"}]}'),
                    copy(patch('q'))), '{stored,duplicate}', 'one mail of two lists is in both projects');

SELECT * FROM finish();
ROLLBACK;
