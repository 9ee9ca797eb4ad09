-- patchmail.cover_comment_list(cover_id, filter, base_url, strict): the comments of a cover letter
-- as Patchwork's REST API gives them.
-- Takes    the cover letter; the others as patchmail.patch_list.
-- Gives    the documents of a page in a list; [] for none; an error in words if there is no such cover letter.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.cover_comment_list(cover_id integer, filter text DEFAULT '',
                                                        base_url text DEFAULT '', strict boolean DEFAULT true)
RETURNS json LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.patchwork_cover x WHERE x.id = cover_id) THEN
        RAISE EXCEPTION 'there is no cover letter %', coalesce(cover_id::text, 'NULL') USING ERRCODE = 'no_data_found';
    END IF;
    RETURN (SELECT coalesce(json_agg(_patchmail.comment_entry('cover', i.id, rtrim(base_url, '/')) ORDER BY i.n), '[]')
              FROM unnest(_patchmail.list_page('covercomment', filter, strict, format('x.cover_id = %s', cover_id)))
                   WITH ORDINALITY i (id, n));
END
$$;
COMMENT ON FUNCTION patchmail.cover_comment_list IS
    'The comments of a cover letter as Patchwork''s REST API gives them, with its filters: ''order=-date&per_page=5''.';
