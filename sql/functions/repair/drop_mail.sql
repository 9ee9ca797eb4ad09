-- _patchmail.drop_mail(gone, why): deletes mails from Patchwork's tables and from the ledger, and notes that they are
-- not to come back.
-- Takes    their ledger rows, of one project; the reason.
-- Rules    Comments on them that Patchwork stored itself, or that an admin put there, go with them.
-- Touches  public.patchwork_patchcomment, _covercomment, _event, _patchtag, and what _patchmail.delete_submission
--          touches; patchmail.message and what belongs to it, _alias, _removed, _raw; public.patchwork_person (name).
CREATE OR REPLACE FUNCTION _patchmail.drop_mail(gone patchmail.message[], why text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    mail   patchmail.message;
    bereft integer[];  -- patches that lose a comment, or one on their cover letter
BEGIN
    gone := gone || ARRAY(SELECT m FROM patchmail.message m
                           WHERE m.parent_id IN (SELECT g.id FROM unnest(gone) g)
                             AND m.thread IN (SELECT g.thread FROM unnest(gone) g)
                             AND m.waiting IS NULL AND m.id NOT IN (SELECT g.id FROM unnest(gone) g));
    INSERT INTO patchmail.removed (project_id, msgid, author, why)
    SELECT g.project_id, k.msgid, _patchmail.author_address(g), drop_mail.why
      FROM unnest(gone) g CROSS JOIN LATERAL (
           SELECT g.msgid UNION ALL
           SELECT a.alias FROM patchmail.alias a WHERE a.project_id = g.project_id AND a.msgid = g.msgid) k (msgid)
    ON CONFLICT (project_id, msgid) DO UPDATE SET to_project_id = NULL, author = excluded.author, why = excluded.why;
    DELETE FROM patchmail.raw r USING unnest(gone) g WHERE r.msgid = g.msgid AND r.arrived = g.arrived;
    DELETE FROM patchmail.alias a USING unnest(gone) g WHERE a.project_id = g.project_id AND a.msgid = g.msgid;
    bereft := ARRAY(SELECT DISTINCT k.patch_id FROM unnest(gone) g
                      JOIN public.patchwork_patchcomment k ON k.id = g.patchcomment_id
                    UNION  -- those for which what was said of their cover letter may count
                    SELECT x.id FROM unnest(gone) g
                      LEFT JOIN public.patchwork_covercomment k ON k.id = g.covercomment_id
                      JOIN public.patchwork_series s ON s.cover_letter_id IN (g.cover_id, k.cover_id)
                      JOIN public.patchwork_patch x ON x.series_id = s.id);
    DELETE FROM public.patchwork_event e USING unnest(gone) g
     WHERE e.patch_comment_id = g.patchcomment_id OR e.cover_comment_id = g.covercomment_id;
    DELETE FROM public.patchwork_patchcomment k USING unnest(gone) g WHERE k.id = g.patchcomment_id;
    DELETE FROM public.patchwork_covercomment k USING unnest(gone) g WHERE k.id = g.covercomment_id;
    PERFORM _patchmail.delete_submission(g.patch_id, g.cover_id) FROM unnest(gone) g WHERE g.kind <> 'comment';
    PERFORM _patchmail.recount_tags(bereft);
    PERFORM _patchmail.forget_messages(ARRAY(SELECT g.id FROM unnest(gone) g));
    FOREACH mail IN ARRAY gone LOOP
        PERFORM _patchmail.withdraw_name(mail);
    END LOOP;
END
$$;
