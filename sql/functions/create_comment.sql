-- patchmail.create_comment(message): enters a new comment into the ledger, with its place if its parent is here.
-- Gives    whether it has one; if not, it waits.
-- Touches  the ledger; public.patchwork_patchcomment or _covercomment, _event, _patchtag.
CREATE OR REPLACE FUNCTION patchmail.create_comment(message patchmail.message)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    parent bigint := patchmail.find_parent(message);
BEGIN
    IF parent IS NOT NULL THEN
        message := patchmail.place_comment(message, parent, message.waiting);
    END IF;
    INSERT INTO patchmail.message OVERRIDING SYSTEM VALUE SELECT message.*;
    RETURN message.waiting IS NULL;
END
$$;
