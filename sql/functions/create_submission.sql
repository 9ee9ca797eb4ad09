-- patchmail.create_submission(message, project, facts, joined, answered): makes a new patch or cover letter.
-- Takes    the ledger row, not yet entered; the project; the facts; whether its thread has other mail; and whether
--          mail that is here refers to this one.
-- Touches  the ledger; public.patchwork_patch or _cover, _series, _event, _patchtag, and
--          _series_dependencies.
CREATE OR REPLACE FUNCTION patchmail.create_submission(message patchmail.message, project public.patchwork_project,
                                                       facts jsonb, joined boolean, answered boolean)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF message.kind = 'cover' THEN
        message.cover_id := nextval('public.patchwork_cover_id_seq');
        INSERT INTO public.patchwork_cover (id, msgid, date, headers, content, name, project_id, submitter_id)
        VALUES (message.cover_id, message.msgid, message.date, facts->>'headers', facts->>'content', message.name,
                project.id, message.submitter_id);
    ELSE
        message.patch_id := nextval('public.patchwork_submission_id_seq');
        message.anchor_id := patchmail.find_anchor(message);
    END IF;
    IF message.number IS NULL THEN
        message.series_id := nextval('public.patchwork_series_id_seq');
    ELSIF NOT joined THEN
        message.series_id := patchmail.create_series(message);
    ELSIF message.anchor_id IS NOT NULL AND NOT answered THEN
        message.series_id := patchmail.extend_series(message);
    END IF;
    PERFORM patchmail.enter_message(message);
    IF message.series_id IS NULL THEN
        message.series_id := patchmail.assemble(message, answered);
    END IF;
    IF message.kind = 'patch' THEN
        PERFORM patchmail.create_patch(message, project, facts);
    END IF;
    IF message.number IS NULL THEN
        PERFORM patchmail.create_single(message);
    ELSE
        PERFORM patchmail.complete_series(message.series_id, message);
    END IF;
    IF answered OR facts->'depends_on' <> '[]' THEN
        PERFORM patchmail.resolve_dependencies(message, facts->'depends_on');
    END IF;
END
$$;
