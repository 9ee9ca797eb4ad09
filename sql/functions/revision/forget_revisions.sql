-- _patchmail.forget_revisions(series_id): forgets which series one replaces, and which replace it, before it is
-- deleted.
-- Touches  patchmail.revision; Patchwork's table of revisions, where it has one (_patchmail.revision_table).
CREATE OR REPLACE FUNCTION _patchmail.forget_revisions(series_id integer)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    links regclass := _patchmail.revision_table();
BEGIN
    IF links IS NOT NULL THEN
        EXECUTE format('DELETE FROM %s WHERE $1 IN (from_series_id, to_series_id)', links) USING series_id;
    END IF;
    DELETE FROM patchmail.revision r WHERE forget_revisions.series_id IN (r.series_id, r.former_id);
END
$$;
