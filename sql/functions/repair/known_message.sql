-- _patchmail.known_message(project_id, msgid): the ledger row of a mail.
-- Takes    its Message-ID, with or without angle brackets; also the second one of a mail that a list wrapped.
-- Gives    the row, which it enters if Patchwork stored the mail itself; an error in words if nobody knows the mail.
-- Touches  through _patchmail.adopt.  The caller holds the lock of the project.
CREATE OR REPLACE FUNCTION _patchmail.known_message(project_id integer, msgid text)
RETURNS patchmail.message LANGUAGE plpgsql AS $$
DECLARE
    wanted text := left('<' || btrim(msgid, ' <>') || '>', 255);
    stored  patchmail.message;
BEGIN
    wanted := coalesce((SELECT a.msgid FROM patchmail.alias a
                         WHERE a.project_id = known_message.project_id AND a.alias = wanted), wanted);
    PERFORM _patchmail.adopt(project_id, ARRAY[wanted]);
    SELECT m.* INTO stored FROM patchmail.message m
     WHERE m.project_id = known_message.project_id AND m.msgid = wanted;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'project % has no mail with the Message-ID %',
            (SELECT p.linkname FROM public.patchwork_project p WHERE p.id = project_id),
            coalesce(_patchmail.printable(wanted), 'NULL') USING ERRCODE = 'no_data_found';
    END IF;
    RETURN stored;
END
$$;
