-- _patchmail.mark_quarantined(function, ids, mark): see patchmail.release() and patchmail.retry().
-- Gives    the rows of patchmail.audit, one for each mail: after is what becomes of it.
-- Rules    A mail that another one displaced is stored at once: its facts are those that the tables had, and are not
--          read again.
-- Errors   no_data_found if one of them is not in quarantine: then nothing is done.
-- Touches  patchmail.quarantine, _audit; through _patchmail.store_message what that touches.
-- Locks    the projects of mail that is stored at once, then each mail.
CREATE OR REPLACE FUNCTION _patchmail.mark_quarantined(function text, ids bigint[], mark text)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql AS $$
DECLARE
    mail    bigint;
    kept    patchmail.quarantine;
    project integer;
    outcome text;
    reason  text;
BEGIN
    PERFORM _patchmail.lock_projects(ARRAY(
        SELECT p.id FROM patchmail.quarantine q JOIN public.patchwork_project p ON p.linkname = q.source->>'project'
         WHERE q.id = ANY (ids) AND q.source->>'transport' = 'database'));
    FOR mail IN SELECT u.id FROM unnest(ids) WITH ORDINALITY u (id, n) GROUP BY u.id ORDER BY min(u.n) LOOP
        SELECT q.* INTO kept FROM patchmail.quarantine q WHERE q.id = mail FOR UPDATE;
        IF kept.id IS NULL THEN
            RAISE EXCEPTION 'mail % is not in quarantine', mail USING ERRCODE = 'no_data_found';
        ELSIF kept.source->>'transport' <> 'database' THEN
            UPDATE patchmail.quarantine q SET mark = mark_quarantined.mark, marked_by = session_user
             WHERE q.id = mail;
            outcome := 'marked';
            reason := '"patchmaild retry" tries it again';
        ELSE
            project := (SELECT p.id FROM public.patchwork_project p WHERE p.linkname = kept.source->>'project');
            SELECT s.outcome, s.reason INTO outcome, reason
              FROM _patchmail.store_message(project, kept.facts, CASE mark WHEN 'release' THEN session_user::text END,
                                             kept.source->>'transport') s
             WHERE project IS NOT NULL;
            IF project IS NULL THEN
                outcome := 'ignored';
                reason := 'there is no project ' || (kept.source->>'project');
            END IF;
            PERFORM _patchmail.settle_retry(mail, outcome, reason, CASE outcome WHEN 'quarantined' THEN reason END);
        END IF;
        RETURN NEXT _patchmail.note_change(function, NULL, project, 'quarantine', mail,
                                           jsonb_build_object('msgid', kept.msgid, 'mark', kept.mark),
                                           jsonb_build_object('outcome', outcome, 'reason', reason));
    END LOOP;
END
$$;
