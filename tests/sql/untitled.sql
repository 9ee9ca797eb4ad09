-- A cover letter without a title: its series has the name that it would have without it.
\ir preamble.psql
\ir state.psql
SELECT plan(5);
SELECT make_project() AS project \gset

CREATE FUNCTION untitled(mail jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_set(mail, '{subject,title}', '""');
$$;
-- What the one series is called.
CREATE FUNCTION called(mails jsonb[]) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN s.state LIKE 'in order %' THEN s.state
                ELSE substring(s.state, E'series \\[c[^]\n]*\\] "([^\n]*)" v') END FROM state_in_every_order(mails) s;
$$;
SELECT is(called(ARRAY[untitled(cover('c', 2)), patch('p1', '1/2', 'c'), patch('p2', '2/2', 'c', minute => 1)]),
          '[1/2] p1', 'that of patch 1, in whatever order they come');
SELECT is(called(ARRAY[untitled(cover('c', 2)), patch('p2', '2/2', 'c', minute => 1)]), '',
          'none while patch 1 is not here');
SELECT is(called(ARRAY[untitled(cover('c', 2)), patch('e1', '1/2', 'c', who => 'eve'),
                       patch('p2', '2/2', 'c', minute => 1)]),
          '', 'a stranger''s patch 1 does not name it');
SELECT is(called(ARRAY[cover('c', 2), patch('p1', '1/2', 'c'), patch('p2', '2/2', 'c', minute => 1)]), 'c',
          'with a title it has that of the cover letter');
SELECT store_all(untitled(cover('c', 2)), patch('p2', '2/2', 'c'));
UPDATE public.patchwork_series SET name = 'by an admin';
SELECT store_all(patch('p1', '1/2', 'c'));
SELECT is((SELECT s.name::text FROM public.patchwork_series s), 'by an admin', 'a name that an admin gave stays');

SELECT * FROM finish();
ROLLBACK;
