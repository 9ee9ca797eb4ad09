-- _patchmail.drop_bereft(thread, why): deletes the replies of a thread that lead to deleted mail and to nothing else,
-- and the replies to these.
-- Touches  through _patchmail.bereft_replies and _patchmail.drop_mail.
CREATE OR REPLACE FUNCTION _patchmail.drop_bereft(thread bigint, why text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    gone patchmail.message[];
BEGIN
    LOOP
        gone := _patchmail.bereft_replies(thread);
        EXIT WHEN gone = '{}';
        PERFORM _patchmail.drop_mail(gone, why);
    END LOOP;
END
$$;
