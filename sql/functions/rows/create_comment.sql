-- _patchmail.create_comment(message): enters a new comment into the ledger, with its place if its parent is here.
-- Takes    the ledger row, not yet entered, with the parent that _patchmail.find_parent gives for it.
-- Gives    whether it has a place; if not, it waits.
-- Touches  the ledger; public.patchwork_patchcomment or _covercomment, _event, _patchtag.
CREATE OR REPLACE FUNCTION _patchmail.create_comment(message patchmail.message)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    parent bigint := message.parent_id;
BEGIN
    IF parent IS NOT NULL THEN
        message.parent_id := NULL;
        message := _patchmail.place_comment(message, parent, message.waiting);
    END IF;
    INSERT INTO patchmail.message OVERRIDING SYSTEM VALUE SELECT message.*;
    RETURN message.waiting IS NULL;
END
$$;
