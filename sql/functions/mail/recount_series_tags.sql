-- _patchmail.recount_series_tags(covers): counts the tags of patches anew for which comments on cover letters count.
-- Takes    ids of cover letters whose comments have changed.
-- Rules    Only in projects whose policy has cover_trailers.
-- Touches  public.patchwork_patchtag.
CREATE OR REPLACE FUNCTION _patchmail.recount_series_tags(covers integer[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF pg_relation_size('patchmail.policy') > 0 THEN
        PERFORM _patchmail.recount_tags(ARRAY(
            SELECT x.id FROM public.patchwork_series s
              JOIN patchmail.policy y ON y.project_id = s.project_id AND y.cover_trailers
              JOIN public.patchwork_patch x ON x.series_id = s.id
             WHERE s.cover_letter_id = ANY (covers)));
    END IF;
END
$$;
