-- _patchmail.link_revisions(series_id, former_ids): enters in Patchwork's own table which series one replaces.
-- Takes    the series; all that it replaces directly.
-- Rules    What somebody has taken out there is not entered again, and what somebody has entered there stays.  What was
--          entered here before and is no more so is taken out: an older version may come after a newer one.
-- Touches  patchmail.revision; Patchwork's table of revisions, where it has one (_patchmail.revision_table).
CREATE OR REPLACE FUNCTION _patchmail.link_revisions(series_id integer, former_ids integer[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    links regclass := _patchmail.revision_table();
    stale integer[];
    fresh integer[];
BEGIN
    IF links IS NULL THEN
        RETURN;
    END IF;
    WITH gone AS (
        DELETE FROM patchmail.revision r
         WHERE r.series_id = link_revisions.series_id AND r.former_id <> ALL (former_ids)
        RETURNING r.former_id)
    SELECT array_agg(g.former_id) INTO stale FROM gone g;
    IF stale IS NOT NULL THEN
        EXECUTE format('DELETE FROM %s WHERE from_series_id = $1 AND to_series_id = ANY ($2)', links)
          USING series_id, stale;
    END IF;
    WITH entered AS (
        INSERT INTO patchmail.revision (series_id, former_id)
        SELECT link_revisions.series_id, f FROM unnest(former_ids) f
        ON CONFLICT DO NOTHING
        RETURNING former_id)
    SELECT array_agg(e.former_id) INTO fresh FROM entered e;
    IF fresh IS NOT NULL THEN
        EXECUTE format('INSERT INTO %1$s (from_series_id, to_series_id)
                        SELECT $1, f FROM unnest($2) f
                         WHERE NOT EXISTS (SELECT FROM %1$s l WHERE l.from_series_id = $1 AND l.to_series_id = f)',
                       links)
          USING series_id, fresh;
    END IF;
END
$$;
