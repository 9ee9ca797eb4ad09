-- patchmail.move_mark(source): an archive has been read so far.
-- Takes    {"archive_name", "place", "mark", "holder" (optional)}, as patchmail.store() does: all of that place up to
--          the mark is stored, or there is nothing to store.
-- Rules    patchmail.store() calls it in the transaction that stores the mail.  A mark may also go back: its place is
--          read anew, or two processes read it.  What lies between comes again, as duplicates.
-- Errors   As _patchmail.hold_archive.
-- Touches  patchmail.archive, patchmail.archive_mark.
-- Locks    the archive.
CREATE OR REPLACE FUNCTION patchmail.move_mark(source jsonb)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    PERFORM _patchmail.hold_archive(source);
    PERFORM _patchmail.move_marks(jsonb_build_array(source), '{}');
END
$$;
COMMENT ON FUNCTION patchmail.move_mark(jsonb) IS
    'For patchmaild: an archive has been read so far.';
