-- _patchmail.hold_archives(sources): the same as hold_archive, for the archives that the mails of a batch come from.
-- Takes    the sources of a batch; those that come from no archive are passed over.
-- Locks    these archives, in the order of their names.
CREATE OR REPLACE FUNCTION _patchmail.hold_archives(sources jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM _patchmail.hold_archive(p.place)
       FROM (SELECT DISTINCT jsonb_build_object('archive_name', s->'archive_name', 'holder', s->'holder') AS place
               FROM jsonb_array_elements(sources) s WHERE s ? 'place' ORDER BY place) p;
END
$$;
