-- _patchmail.turn_into_cover(id): turns a comment into the cover letter that it looks like, since what it repeated is
-- gone.
-- Takes    the ledger id of a mail that _patchmail.repeats_cover had made a comment.
-- Rules    One that an admin has moved or deleted stays a comment.
-- Touches  public.patchwork_cover, _series, _event; patchmail.message; through _patchmail.take_answers,
--          _patchmail.unplace_comments, _patchmail.assemble and _patchmail.place_answers.
CREATE OR REPLACE FUNCTION _patchmail.turn_into_cover(id bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    cover patchmail.message;
    facts jsonb;
BEGIN
    SELECT m.* INTO cover FROM patchmail.message m WHERE m.id = turn_into_cover.id;
    PERFORM _patchmail.take_answers(cover.project_id, cover.msgid);
    PERFORM _patchmail.unplace_comments(ARRAY[cover.id]);
    PERFORM _patchmail.restore_people(ARRAY[cover.id]);
    SELECT m.* INTO cover FROM patchmail.message m WHERE m.id = turn_into_cover.id;
    facts := cover.waiting;
    IF facts IS NOT NULL THEN
        UPDATE patchmail.message m
           SET kind = 'cover', number = 0, parent_id = NULL, waiting = NULL
         WHERE m.id = cover.id
        RETURNING m.* INTO cover;
        INSERT INTO public.patchwork_cover AS c (msgid, date, headers, content, name, project_id, submitter_id)
        VALUES (cover.msgid, _patchmail.to_patchwork(cover.date), coalesce(facts->>'headers', ''), facts->>'content',
                cover.name, cover.project_id, cover.submitter_id)
        RETURNING c.id INTO cover.cover_id;
        UPDATE patchmail.message m SET cover_id = cover.cover_id WHERE m.id = cover.id;
        cover.series_id := _patchmail.assemble(cover, true);
        PERFORM _patchmail.complete_series(ARRAY[cover.series_id], cover);
    END IF;
    PERFORM _patchmail.place_answers(cover.project_id, cover.msgid);
END
$$;
