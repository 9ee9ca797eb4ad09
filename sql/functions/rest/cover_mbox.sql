-- patchmail.cover_mbox(cover_id): a cover letter as Patchwork's mbox page gives it, with what its reviewers said.
-- Gives    an mbox of one mail in UTF-8; an error in words if there is no such cover letter.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.cover_mbox(cover_id integer)
RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    mbox text := (SELECT _patchmail.mail_mbox(x.id, x.date, x.headers, x.submitter_id, p.listemail, NULL,
                                              _patchmail.mbox_body(x.content, _patchmail.cover_responses(x.id), NULL),
                                              x.project_id)
                    FROM public.patchwork_cover x JOIN public.patchwork_project p ON p.id = x.project_id
                   WHERE x.id = $1);
BEGIN
    IF mbox IS NULL THEN
        RAISE EXCEPTION 'there is no cover letter %', coalesce(cover_id::text, 'NULL') USING ERRCODE = 'no_data_found';
    END IF;
    RETURN mbox;
END
$$;
COMMENT ON FUNCTION patchmail.cover_mbox IS
    'A cover letter as an mbox, with the tags that reviewers gave it.';
