-- patchmail.write_series_references()
\ir preamble.psql
SELECT plan(8);

SELECT make_project();
SELECT store_mail(facts_cover('<c>', total => 1));
SELECT store_mail(facts_patch('<p>', number => 1, total => 1, refs => '{<c>}'));
SELECT is_empty('SELECT * FROM public.patchwork_seriesreference', 'storing fills no references');
SELECT is(patchmail.write_series_references(), 2::bigint, 'one for each patch and cover letter');
SELECT is((SELECT count(*) FROM public.patchwork_seriesreference r JOIN public.patchwork_series s ON s.id = r.series_id
            WHERE r.project_id = s.project_id), 2::bigint, 'of the series that they are in');
SELECT is(patchmail.write_series_references(), 0::bigint, 'written again, nothing changes');

-- Mails that are still to come
CREATE FUNCTION referred(msgid text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(p.msgid, ' ' ORDER BY p.number)
      FROM public.patchwork_seriesreference r JOIN public.patchwork_patch p USING (series_id) WHERE r.msgid = $1;
$$;
SELECT store_mail(facts_patch('<2>', number => 2, total => 3, refs => '{<cover>}'));
SELECT store_mail(facts_patch('<3>', number => 3, total => 3, refs => '{<cover>}'));
SELECT store_mail(facts_patch('<n1>', number => 1, total => 2, version => 2, refs => '{<2>,<cover>}',
                              date => '2026-03-01 12:00Z'));
SELECT store_mail(facts_comment('<r>', '{<lost>,<3>}'));
SELECT is(patchmail.write_series_references(), 4::bigint, 'each member, and the cover letter that they answer');
SELECT is(referred('<cover>'), '<2> <3>',
          'the series that answers it itself has it, not the one that answers its patch');
SELECT is(referred('<lost>'), NULL, 'what a comment answers is of no series');
INSERT INTO public.patchwork_seriesreference (msgid, project_id, series_id)
SELECT '<known>', s.project_id, s.id FROM public.patchwork_series s JOIN public.patchwork_patch p ON p.series_id = s.id
 WHERE p.msgid = '<2>';
SELECT store_mail(facts_patch('<x1>', number => 1, total => 2, refs => '{<known>}', date => '2026-04-01 12:00Z'));
SELECT patchmail.write_series_references();
SELECT is(referred('<known>'), '<2> <3>', 'what Patchwork knows of such a mail stays');

SELECT * FROM finish();
ROLLBACK;
