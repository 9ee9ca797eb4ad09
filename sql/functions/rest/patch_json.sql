-- patchmail.patch_json(patch_id, base_url): the document that Patchwork's REST API gives of a patch.
-- Takes    the patch; the address of the site, "https://patchwork.example.org", with or without a slash at the end.
-- Gives    every key of the document in its order, as nobody logged in sees it; NULL if there is no such patch.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.patch_json(patch_id integer, base_url text DEFAULT '')
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT _patchmail.json_join(_patchmail.patch_entry(x.id, rtrim(base_url, '/')), json_build_object(
               'headers', _patchmail.headers_json(_patchmail.shown_headers(x.headers, x.submitter_id, x.project_id)),
               'content', x.content,
               'diff', x.diff,
               'prefixes', _patchmail.name_prefixes(x.name)))
      FROM public.patchwork_patch x WHERE x.id = $1;
$$;
COMMENT ON FUNCTION patchmail.patch_json IS
    'The document that Patchwork''s REST API gives of a patch.  base_url is the address of its site.';
