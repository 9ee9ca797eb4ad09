-- _patchmail.delete_submission(patch_id, cover_id): deletes a patch or a cover letter with what Patchwork keeps of it:
-- comments, checks, events, tags, places in bundles.
-- Takes    the id of one of the two, and NULL.
-- Touches  public.patchwork_patch or _cover; _series (cover_letter_id), _patchcomment or _covercomment, _check, _event,
--          _patchtag, _bundlepatch, _patchchangenotification.
CREATE OR REPLACE FUNCTION _patchmail.delete_submission(patch_id integer, cover_id integer)
RETURNS void LANGUAGE sql AS $$
    DELETE FROM public.patchwork_event e WHERE e.patch_id = $1 OR e.cover_id = $2;
    DELETE FROM public.patchwork_bundlepatch b WHERE b.patch_id = $1;
    DELETE FROM public.patchwork_check c WHERE c.patch_id = $1;
    DELETE FROM public.patchwork_patchtag t WHERE t.patch_id = $1;
    DELETE FROM public.patchwork_patchchangenotification n WHERE n.patch_id = $1;
    DELETE FROM public.patchwork_patchcomment c WHERE c.patch_id = $1;
    DELETE FROM public.patchwork_patch p WHERE p.id = $1;
    UPDATE public.patchwork_series s SET cover_letter_id = NULL WHERE s.cover_letter_id = $2;
    DELETE FROM public.patchwork_covercomment c WHERE c.cover_id = $2;
    DELETE FROM public.patchwork_cover c WHERE c.id = $2;
$$;
