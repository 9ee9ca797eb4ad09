-- _patchmail.thread_list(project_id, msgid): threads of a project.
-- Takes    the Message-ID of a mail of the one thread that is meant; NULL: all.
-- Gives    the threads in order; an error in words if nobody knows the mail.
-- Touches  through _patchmail.known_message.  The caller holds the lock of the project.
CREATE OR REPLACE FUNCTION _patchmail.thread_list(project_id integer, msgid text)
RETURNS bigint[] LANGUAGE plpgsql AS $$
BEGIN
    IF msgid IS NULL THEN
        RETURN ARRAY(SELECT DISTINCT m.thread FROM patchmail.message m
                      WHERE m.project_id = thread_list.project_id ORDER BY m.thread);
    END IF;
    RETURN ARRAY[(_patchmail.known_message(project_id, msgid)).thread];
END
$$;
