-- _patchmail.comment_places(ids): on what comments are in Patchwork's tables.
-- Takes    ledger ids of comments.
-- Gives    for each that has a row there: its id; the project and Message-ID of the patch or cover letter.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.comment_places(ids bigint[])
RETURNS TABLE (id bigint, project_id integer, msgid text) LANGUAGE sql STABLE AS $$
    SELECT m.id, coalesce(p.project_id, c.project_id), coalesce(p.msgid, c.msgid)::text
      FROM patchmail.message m
      LEFT JOIN public.patchwork_patchcomment k ON k.id = m.patchcomment_id
      LEFT JOIN public.patchwork_patch p ON p.id = k.patch_id
      LEFT JOIN public.patchwork_covercomment l ON l.id = m.covercomment_id
      LEFT JOIN public.patchwork_cover c ON c.id = l.cover_id
     WHERE m.id = ANY ($1) AND num_nonnulls(p.id, c.id) > 0;
$$;
