-- _patchmail.recount_thread_tags(project_id, msgids): counts the tags of the patches of threads anew, whose series may
-- have got or lost patches or a cover letter.
-- Takes    Message-IDs of mail in these threads, in a project.
-- Rules    Only if the policy of the project has cover_trailers.
-- Touches  public.patchwork_patchtag.
CREATE OR REPLACE FUNCTION _patchmail.recount_thread_tags(project_id integer, msgids text[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM patchmail.policy y
                WHERE y.project_id = recount_thread_tags.project_id AND y.cover_trailers) THEN
        PERFORM _patchmail.recount_tags(ARRAY(
            WITH mail AS (
                SELECT o.patch_id, o.cover_id
                  FROM patchmail.message o
                 WHERE o.project_id = recount_thread_tags.project_id AND num_nonnulls(o.patch_id, o.cover_id) > 0
                   AND o.thread IN (
                       SELECT m.thread FROM patchmail.message m
                        WHERE m.project_id = recount_thread_tags.project_id
                          AND (m.msgid = ANY (msgids) OR m.msgid IN (
                               SELECT a.msgid FROM patchmail.alias a
                                WHERE a.project_id = recount_thread_tags.project_id AND a.alias = ANY (msgids))))
            )
            SELECT m.patch_id FROM mail m WHERE m.patch_id IS NOT NULL
            UNION
            SELECT x.id FROM mail m
              JOIN public.patchwork_series s ON s.cover_letter_id = m.cover_id
              JOIN public.patchwork_patch x ON x.series_id = s.id));
    END IF;
END
$$;
