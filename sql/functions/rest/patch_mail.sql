-- _patchmail.patch_mail(patch_id): a patch as a mail in an mbox of Patchwork, with what its reviewers said.
-- Gives    NULL if there is no such patch.
-- Rules    The lines of its comments in the order of their dates; after them, where the project's policy has
--          cover_trailers, those of comments on the cover letter of its series that are not there yet.
CREATE OR REPLACE FUNCTION _patchmail.patch_mail(patch_id integer)
RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    patch     record;
    responses text[];
BEGIN
    SELECT x.*, p.listemail, u.email AS delegate, s.cover_letter_id AS cover_id INTO patch
      FROM public.patchwork_patch x
      JOIN public.patchwork_project p ON p.id = x.project_id
      LEFT JOIN patchmail.policy y ON y.project_id = p.id
      LEFT JOIN public.patchwork_series s ON s.id = x.series_id AND y.cover_trailers
      LEFT JOIN public.auth_user u ON u.id = x.delegate_id
     WHERE x.id = patch_mail.patch_id;
    IF NOT found THEN
        RETURN NULL;
    END IF;
    responses := ARRAY(
        SELECT r.line FROM public.patchwork_patchcomment c,
                           unnest(_patchmail.response_lines(c.content)) WITH ORDINALITY r (line, n)
         WHERE c.patch_id = patch.id ORDER BY c.date, c.id, r.n);
    responses := responses || ARRAY(
        SELECT r.line FROM unnest(_patchmail.cover_responses(patch.cover_id)) WITH ORDINALITY r (line, n)
         WHERE r.line <> ALL (responses || _patchmail.response_lines(patch.content))
         GROUP BY r.line ORDER BY min(r.n));
    RETURN _patchmail.mail_mbox(patch.id, patch.date, patch.headers, patch.submitter_id, patch.listemail,
                                patch.delegate, _patchmail.mbox_body(patch.content, responses, patch.diff),
                                patch.project_id);
END
$$;
