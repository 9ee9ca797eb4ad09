-- _patchmail.mark_quarantined(ids, mark): see patchmail.release() and patchmail.retry().
-- Rules    A mail that another one displaced is stored at once: its facts are those that the tables had, and are not
--          read again.
-- Errors   no_data_found if one of them is not in quarantine: then nothing is done.
-- Touches  patchmail.quarantine, _audit; through _patchmail.store_message what that touches.
CREATE OR REPLACE FUNCTION _patchmail.mark_quarantined(ids bigint[], mark text)
RETURNS TABLE (id bigint, outcome text, reason text) LANGUAGE plpgsql AS $$
DECLARE
    kept    patchmail.quarantine;
    project integer;
BEGIN
    FOREACH id IN ARRAY ids LOOP
        SELECT q.* INTO kept FROM patchmail.quarantine q WHERE q.id = mark_quarantined.id FOR UPDATE;
        IF kept.id IS NULL THEN
            RAISE EXCEPTION 'mail % is not in quarantine', id USING ERRCODE = 'no_data_found';
        ELSIF kept.source->>'transport' <> 'database' THEN
            UPDATE patchmail.quarantine q SET mark = mark_quarantined.mark, marked_by = session_user
             WHERE q.id = mark_quarantined.id;
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
            PERFORM _patchmail.settle_retry(id, outcome, reason, CASE outcome WHEN 'quarantined' THEN reason END);
        END IF;
        PERFORM _patchmail.note_change(mark_quarantined.mark, NULL, project, 'quarantine', id,
                                       jsonb_build_object('msgid', kept.msgid, 'mark', kept.mark),
                                       jsonb_build_object('outcome', outcome, 'reason', reason));
        RETURN NEXT;
    END LOOP;
END
$$;
