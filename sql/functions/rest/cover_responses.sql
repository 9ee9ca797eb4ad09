-- _patchmail.cover_responses(cover_id): the lines that the mbox of a cover letter has from its comments.
-- Gives    them in the order of the comments' dates; '{}' if there are none.
CREATE OR REPLACE FUNCTION _patchmail.cover_responses(cover_id integer)
RETURNS text[] LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(r.line ORDER BY c.date, c.id, r.n), '{}')
      FROM public.patchwork_covercomment c, unnest(_patchmail.response_lines(c.content)) WITH ORDINALITY r (line, n)
     WHERE c.cover_id = $1;
$$;
