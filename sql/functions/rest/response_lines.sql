-- _patchmail.response_lines(content): the lines of a comment that mbox pages add to the message of the patch.
-- Takes    the text of a comment, or NULL.
-- Gives    the lines Tested-by, Reviewed-by, Acked-by, Signed-off-by, Nacked-by and Reported-by, ignoring case, in
--          their order; '{}' if there are none.
CREATE OR REPLACE FUNCTION _patchmail.response_lines(content text)
RETURNS text[] LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(m.line[1] ORDER BY m.n), '{}')
      FROM regexp_matches(content, '^(?:tested|reviewed|acked|signed-off|nacked|reported)-by:.*$', 'gin')
           WITH ORDINALITY m (line, n);
$$;
