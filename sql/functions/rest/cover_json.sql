-- patchmail.cover_json(cover_id, base_url): the document that Patchwork's REST API gives of a cover letter.
-- Takes    the cover letter; the address of the site.
-- Gives    every key of the document in its order; NULL if there is no such cover letter.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.cover_json(cover_id integer, base_url text DEFAULT '')
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT _patchmail.json_join(_patchmail.cover_entry(x.id, rtrim(base_url, '/')), json_build_object(
               'headers', _patchmail.headers_json(_patchmail.shown_headers(x.headers, x.submitter_id, x.project_id)),
               'content', x.content))
      FROM public.patchwork_cover x WHERE x.id = $1;
$$;
COMMENT ON FUNCTION patchmail.cover_json IS
    'The document that Patchwork''s REST API gives of a cover letter.  base_url is the address of its site.';
