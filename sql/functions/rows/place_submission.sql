-- _patchmail.place_submission(message, facts, joined, answered): enters a marked patch or a cover letter into the
-- ledger, with its series.
-- Takes    as _patchmail.create_submission.
-- Gives    the ledger row, with the id of the row that the patch is to get, or the cover letter has got.
-- Touches  the ledger; public.patchwork_cover, _series, _event; if others have to move, _patch.
CREATE OR REPLACE FUNCTION _patchmail.place_submission(message patchmail.message, facts jsonb, joined boolean,
                                                      answered boolean)
RETURNS patchmail.message LANGUAGE plpgsql AS $$
DECLARE
    may_lead boolean := false;  -- whether it may lead the series that it extends
    former   patchmail.message[];
    taken    bigint[];
BEGIN
    IF message.kind = 'cover' THEN
        INSERT INTO public.patchwork_cover AS c (msgid, date, headers, content, name, project_id, submitter_id)
        VALUES (message.msgid, _patchmail.to_patchwork(message.date), facts->>'headers', facts->>'content',
                message.name, message.project_id, message.submitter_id)
        RETURNING c.id INTO message.cover_id;
    ELSE
        message.patch_id := nextval('public.patchwork_submission_id_seq');
        message.anchor_id := _patchmail.find_anchor(message);
    END IF;
    IF NOT joined THEN
        message.series_id := _patchmail.create_series(message);
    ELSIF message.kind = 'patch' AND NOT answered THEN
        SELECT e.id, e.may_lead INTO message.series_id, may_lead FROM _patchmail.extend_series(message) e;
        IF may_lead THEN
            former := _patchmail.series_leads(ARRAY[message.series_id], message.thread);
            taken := _patchmail.take_dependencies(message.thread);
        END IF;
    END IF;
    INSERT INTO patchmail.message OVERRIDING SYSTEM VALUE SELECT message.*;
    IF message.series_id IS NULL THEN
        message.series_id := _patchmail.assemble(message, answered);
    ELSIF may_lead THEN
        PERFORM _patchmail.renew_leads(former, message.thread);
        IF taken IS NOT NULL THEN
            PERFORM _patchmail.write_dependencies(taken);
        END IF;
    END IF;
    RETURN message;
END
$$;
