-- _patchmail.settle_answers(message, answered, unplaced): gives answers their places, now that a mail has come.
-- Takes    the mail's ledger row; whether mail that is here refers to it; and whether earlier mail left answers to
--          place.
-- Touches  through _patchmail.settle_repeats and place_answers.
CREATE OR REPLACE FUNCTION _patchmail.settle_answers(message patchmail.message, answered boolean, unplaced boolean)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF answered THEN
        IF message.number = 0 OR message.kind = 'comment' AND message.total IS NOT NULL THEN
            PERFORM _patchmail.settle_repeats(message.project_id, message.msgid);
        END IF;
        PERFORM _patchmail.place_answers(message.project_id, message.msgid);
    END IF;
    IF unplaced THEN
        PERFORM _patchmail.place_answers(message.project_id, NULL);
    END IF;
END
$$;
