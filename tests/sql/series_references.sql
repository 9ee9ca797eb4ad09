-- patchmail.write_series_references()
\ir preamble.psql
SELECT plan(4);

SELECT make_project();
SELECT store_mail(facts_cover('<c>', total => 1));
SELECT store_mail(facts_patch('<p>', number => 1, total => 1, refs => '{<c>}'));
SELECT is_empty('SELECT * FROM public.patchwork_seriesreference', 'storing fills no references');
SELECT is(patchmail.write_series_references(), 2::bigint, 'one for each patch and cover letter');
SELECT is((SELECT count(*) FROM public.patchwork_seriesreference r JOIN public.patchwork_series s ON s.id = r.series_id
            WHERE r.project_id = s.project_id), 2::bigint, 'of the series that they are in');
SELECT is(patchmail.write_series_references(), 0::bigint, 'and again: nothing changes');

SELECT * FROM finish();
ROLLBACK;
