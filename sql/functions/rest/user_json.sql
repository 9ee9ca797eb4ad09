-- patchmail.user_json(user_id, base_url): the document that Patchwork's REST API gives of a user.
-- Takes    the user; the address of the site.
-- Gives    every key of the document in its order, as another user sees it, so without settings; NULL if there is no
--          such user.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.user_json(user_id integer, base_url text DEFAULT '')
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT _patchmail.user_part(user_id, rtrim(base_url, '/'));
$$;
COMMENT ON FUNCTION patchmail.user_json IS
    'The document that Patchwork''s REST API gives of a user.  base_url is the address of its site.';
