-- patchmail.forget_archive(archive, place): an archive is to be read anew, from its beginning.
-- Takes    its name, as patchmail.archives has it; and one place of it, or NULL for all.
-- Gives    how many marks it had.
-- Rules    Mail that is known is a duplicate then, and nothing else comes of it.  A process that follows the archive
--          notices with the next mail.  The archive is free for another role.
-- Touches  patchmail.archive, patchmail.archive_mark.
-- Locks    the archive.
CREATE OR REPLACE FUNCTION patchmail.forget_archive(archive text, place text DEFAULT NULL)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    marks integer;
BEGIN
    PERFORM FROM patchmail.archive a WHERE a.archive = forget_archive.archive FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no archive "%": SELECT * FROM patchmail.archives', archive
            USING ERRCODE = 'no_data_found';
    END IF;
    DELETE FROM patchmail.archive_mark m
     WHERE m.archive = forget_archive.archive AND (m.place = forget_archive.place OR forget_archive.place IS NULL);
    GET DIAGNOSTICS marks = ROW_COUNT;
    DELETE FROM patchmail.archive a WHERE a.archive = forget_archive.archive AND forget_archive.place IS NULL;
    UPDATE patchmail.archive a SET holder = NULL, held_until = NULL WHERE a.archive = forget_archive.archive;
    PERFORM _patchmail.note_change('forget_archive', NULL, NULL, 'archive', NULL,
                                    jsonb_build_object('archive', archive, 'place', place, 'marks', marks), NULL);
    RETURN marks;
END
$$;
COMMENT ON FUNCTION patchmail.forget_archive(text, text) IS
    'Has an archive read anew, from its beginning; mail that is known is a duplicate then.';
