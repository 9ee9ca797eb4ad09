-- patchmail.archive_marks(archive): how far an archive has been read.
-- Takes    its name.
-- Gives    a row for each part of it that has a mark; none for an archive that is new.
-- Errors   An archive of another deliverer: insufficient_privilege.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.archive_marks(archive text)
RETURNS TABLE (place text, mark text) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    PERFORM _patchmail.check_archive(a) FROM patchmail.archive a WHERE a.archive = archive_marks.archive;
    RETURN QUERY SELECT m.place, m.mark FROM patchmail.archive_mark m
                  WHERE m.archive = archive_marks.archive ORDER BY m.place;
END
$$;
COMMENT ON FUNCTION patchmail.archive_marks(text) IS
    'For patchmaild: how far an archive has been read, place by place.';
