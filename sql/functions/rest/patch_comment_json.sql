-- patchmail.patch_comment_json(comment_id, base_url): the document that Patchwork's REST API gives of a comment on
-- a patch.
-- Takes    the comment; the address of the site.
-- Gives    every key of the document in its order; NULL if there is no such comment.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.patch_comment_json(comment_id integer, base_url text DEFAULT '')
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT _patchmail.comment_entry('patch', comment_id, rtrim(base_url, '/'));
$$;
COMMENT ON FUNCTION patchmail.patch_comment_json IS
    'The document that Patchwork''s REST API gives of a comment on a patch.';
