-- _patchmail.count_tags() and recount_tags(): Acked-by, Reviewed-by, Tested-by of a patch and its comments.
\ir preamble.psql
\ir state.psql
SELECT plan(55);
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

-- Of the cover letter, where the project wants it
SELECT is(tags('p1'), '', 'before that a comment on the cover letter does not count');
SELECT is((patchmail.set_policy('demo', cover_trailers => true)).cover_trailers, true, 'the policy says so');
SELECT is(tags('p1'), 'A1', 'it counts for the patches that are there');
SELECT is(tags('p'), 'A1 T1', 'nothing changes for a patch without a cover letter');
SELECT results_eq($$SELECT a.before->>'cover_trailers', a.after->>'cover_trailers' FROM patchmail.audit a
                     WHERE a.function = 'set_policy' ORDER BY a.id DESC LIMIT 1$$, $$VALUES ('false', 'true')$$,
                  'the change is written down');
SELECT store_all(reply('rc2', 'rc c', content => E'Acked-by: B\nReviewed-by: B'));
SELECT is(tags('p1'), 'A2 R1', 'a reply to a reply to the cover letter');
SELECT store_all(reply('rp1', 'p1', content => 'Tested-by: T'));
SELECT is(tags('p1'), 'A2 R1 T1', 'what is said of the patch counts with it');
SELECT store_all(cover('d', 2), reply('rd', 'd', content => 'Acked-by: A'), patch('d1', '1/2', 'd'),
                 patch('d2', '2/2', 'd', content => 'Acked-by: P'));
SELECT is(tags('d1') || ' ' || tags('d2'), 'A1 A2', 'patches that come after the reply');
SELECT store_all(reply('re', 'e', content => 'Reviewed-by: R'), patch('e1', '1/1', 'e'), cover('e', 1));
SELECT is(tags('e1'), 'R1', 'a cover letter that comes last');
SELECT store_together(ARRAY[cover('f', 2), patch('f1', '1/2', 'f'), patch('f2', '2/2', 'f'),
                            reply('rf', 'f', content => 'Tested-by: T'), reply('rf2', 'f2', content => 'Acked-by: A')])
    IS NOT NULL AS done \gset
SELECT is(tags('f1') || ' ' || tags('f2'), 'T1 A1 T1', 'a batch');
SELECT store_together(ARRAY[reply('rf3', 'rf f', content => 'Tested-by: T'),
                            reply('rf4', 'f1', content => 'Acked-by: A')]) IS NOT NULL AS done \gset
SELECT is(tags('f1') || ' ' || tags('f2'), 'A1 T2 A1 T2', 'a batch of replies');
SELECT store_all(reply('rz', 'z f', content => 'Reviewed-by: R'));
SELECT is(tags('f1') || ' ' || tags('f2'), 'A1 R1 T2 A1 R1 T2',
          'an answer to what is not here is one to the cover letter');
SELECT store_all(reply('z', 'f1', content => 'Text.'));
SELECT is(tags('f1') || ' ' || tags('f2'), 'A1 R1 T2 A1 T2', 'it moves to the patch, and counts for that alone');
SELECT store_all(patch('f3', '1/2', 'f', 2, content => 'Text.'));
SELECT is(tags('f3'), '', 'what was said of the cover letter is not said of the next version');
SELECT store_all(cover('g', 1, 'f', 2));
SELECT is(tags('f3'), '', 'nor if its own cover letter has no reply');
UPDATE public.patchwork_patchtag SET count = 9 WHERE patch_id = (patch_of('f1')).id;
SELECT _patchmail.recount_tags((patch_of('f1')).id);
SELECT is(tags('f1'), 'A1 R1 T2', 'counted anew it is the same');

-- What admins move
SELECT store_all(cover('k', 2), patch('k1', '1/2', 'k'), patch('k2', '2/2', 'k'),
                 reply('rk', 'k', content => 'Acked-by: A'), reply('rkn', 'k1', content => 'Tested-by: T'));
SELECT is(tags('k1') || ' ' || tags('k2'), 'A1 T1 A1', 'a series with two replies');
SELECT count(*) AS done FROM patchmail.split_series((patch_of('k2')).series_id, ARRAY[(patch_of('k2')).id]) \gset
SELECT is(tags('k1') || ' ' || tags('k2'), 'A1 T1 ',
          'a patch that is split off loses what was said of the cover letter');
SELECT count(*) AS done FROM patchmail.merge_series((patch_of('k2')).series_id, (patch_of('k1')).series_id) \gset
SELECT is(tags('k1') || ' ' || tags('k2'), 'A1 T1 A1', 'and has it again when it is put back');
SELECT count(*) AS done FROM patchmail.reparent_comment('demo', '<rkn@example.org>', '<k@example.org>') \gset
SELECT is(tags('k1') || ' ' || tags('k2'), 'A1 T1 A1 T1', 'a reply that an admin moves to the cover letter');
SELECT count(*) AS done FROM patchmail.delete_spam('demo', msgids => '{<rk@example.org>}') \gset
SELECT is(tags('k1') || ' ' || tags('k2'), 'T1 T1', 'a reply to the cover letter that an admin deletes');

-- Without use_tags, and without the policy again
UPDATE public.patchwork_project SET use_tags = false;
SELECT store_all(reply('rf5', 'f', content => 'Acked-by: A'));
SELECT is(tags('f1') || ' ' || tags('f2'), 'A1 R1 T2 A1 T2', 'nothing is counted where tags are not used');
UPDATE public.patchwork_project SET use_tags = true;
SELECT store_all(reply('rf6', 'rf5 f', content => 'Text.'));
SELECT is(tags('f1') || ' ' || tags('f2'), 'A2 R1 T2 A2 T2', 'the next reply counts what came meanwhile');
SELECT make_project('second', 'second.example.org') AS second \gset
SELECT is((patchmail.set_policy('second', cover_trailers => true)).cover_trailers, true, 'another project');
SELECT is((patchmail.set_policy('demo', cover_trailers => false)).cover_trailers, false, 'the policy is taken back');
SELECT is(tags('f1') || ' ' || tags('f2') || tags('p1'), 'A1 R1 A1T1',
          'and what was said of cover letters counts no more');
SELECT store_all(reply('rf7', 'f', content => 'Acked-by: A'));
SELECT is(tags('f1'), 'A1 R1', 'nor does what is said from now on');

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
