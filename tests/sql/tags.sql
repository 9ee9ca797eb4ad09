-- _patchmail.count_tags() and recount_tags(): Acked-by, Reviewed-by, Tested-by of a patch and its comments.
\ir preamble.psql
\ir state.psql
SELECT plan(28);
SELECT make_project() AS project \gset

CREATE FUNCTION tags(id text) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(t.abbrev || k.count, ' ' ORDER BY t.id), '')
      FROM public.patchwork_patchtag k JOIN public.patchwork_tag t ON t.id = k.tag_id
     WHERE k.patch_id = (patch_of($1)).id;
$$;

-- In a text
CREATE FUNCTION tags_in(content text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    DELETE FROM public.patchwork_patchtag;
    PERFORM _patchmail.count_tags(ARRAY[(patch_of('t')).id], ARRAY[content]);
    found := tags('t');
    DELETE FROM public.patchwork_patchtag;
    RETURN found;
END
$$;
SELECT store_all(patch('t'));
SELECT is(tags_in(content), tags, to_json(content)::text) FROM (VALUES
    ('Acked-by: A <a@example.org>', 'A1'), (E'Fine.\n\nReviewed-by: R\nTested-by: T\n', 'R1 T1'),
    (E'Acked-by: A\nAcked-by: B\nTested-by: C', 'A2 T1'), ('ACKED-BY: A', 'A1'), ('> Acked-by: A', ''),
    (' Acked-by: A', ''), ('Acked-by A', ''), ('Not-Acked-by: A', ''), (E'x\r\nAcked-by: A\r\n', 'A1'), ('', ''),
    (E'Acked-by: A\nAcked-by: A', 'A2')) c (content, tags);
SELECT lives_ok($$SELECT _patchmail.count_tags(ARRAY[(patch_of('t')).id], ARRAY[NULL::text])$$, 'no text, no tags');
SELECT _patchmail.count_tags(ARRAY[(patch_of('t')).id], ARRAY['Acked-by: A']);
SELECT _patchmail.count_tags(ARRAY[(patch_of('t')).id], ARRAY[E'Acked-by: B\nTested-by: B']);
SELECT is(tags('t'), 'A2 T1', 'each text adds to what is there');
INSERT INTO public.patchwork_tag (name, pattern, abbrev, show_column) VALUES ('Fixes', '^(Fixes|Closes): *.', 'F',
        true);
SELECT is(tags_in(E'fixes: 1\nCloses:2\nfixes:\n'), 'F2', 'a tag of an admin, with its own pattern');

-- Of a patch and its comments
SELECT store_all(patch('p', content => 'Tested-by: T'), reply('r', 'p', content => 'Acked-by: A'),
                 reply('rr', 'r p', content => E'Acked-by: B\nReviewed-by: B'), reply('n', 'p'));
SELECT is(tags('p'), 'A2 R1 T1', 'those of the patch and of all its comments');
SELECT store_all(cover('c', 1), patch('p1', '1/1', 'c'), reply('rc', 'c', content => 'Acked-by: A'));
SELECT is(tags('p1'), '', 'a comment on the cover letter does not count for its patches');
SELECT store_all(patch('p', content => 'Tested-by: T'), reply('r', 'p', content => 'Acked-by: A'));
SELECT is(tags('p'), 'A2 R1 T1', 'a duplicate does not count again');
SELECT store_all(reply('w', 'late', content => 'Acked-by: A'), patch('late', content => 'Acked-by: P'));
SELECT is(tags('late'), 'A2', 'a reply that had to wait counts when its patch comes');

-- Counted anew
UPDATE public.patchwork_patchtag SET count = 9;
SELECT _patchmail.recount_tags((patch_of('p')).id);
SELECT is(tags('p'), 'A2 R1 T1', 'recount_tags counts the patch and its comments');
SELECT is(tags('late'), 'A9', 'recount_tags counts no other patch');
DELETE FROM public.patchwork_event WHERE patch_comment_id IS NOT NULL;
DELETE FROM public.patchwork_patchcomment WHERE word(msgid) = 'rr';
SELECT _patchmail.recount_tags((patch_of('p')).id);
SELECT is(tags('p'), 'A1 T1', 'a tag that occurs no more has no row');
SELECT lives_ok('SELECT _patchmail.recount_tags(0)', 'no such patch');

-- A comment that moves takes its tags along
SELECT store_all(patch('a'), reply('x', 'm a', content => 'Acked-by: X'));
SELECT is(tags('a'), 'A1', 'a reply to a mail that is not here counts for the patch before it');
SELECT store_all(patch('m', answers => 'a'));
SELECT is(concat_ws('/', tags('a'), tags('m')), '/A1', 'when that mail comes and is a patch, for that one alone');

-- A text that is all tags
SELECT is(_patchmail.tag_count(repeat(E'Acked-by: a\n', 200000), '^Acked-by:'), 83333,
          'counts for its first million characters');
SELECT is(_patchmail.tag_count(NULL, 'x'), NULL, 'no text, no count');

-- Projects without tags
UPDATE public.patchwork_project SET use_tags = false;
SELECT store_all(patch('o', content => 'Acked-by: A'), reply('ro', 'o', content => 'Acked-by: A'));
SELECT is(tags('o'), '', 'a project that does not use tags has none');
SELECT _patchmail.recount_tags((patch_of('p')).id);
SELECT is(tags('p'), 'A1 T1', 'the tags of a project that does not use them are left as they are');

SELECT * FROM finish();
ROLLBACK;
