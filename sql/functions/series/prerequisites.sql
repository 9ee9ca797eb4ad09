-- _patchmail.prerequisites(series_id): the series that a series depends on directly, in the order of the lines that
-- name them, and after these, by id, those that no mail names.
-- Rules    What Patchwork's table says counts, where there is one: an admin may have changed it.  The first hundred.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.prerequisites(series_id integer)
RETURNS integer[] LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    named integer[] := ARRAY(
        SELECT d.to_series_id
          FROM _patchmail.derive_dependencies(ARRAY(
               SELECT m.id FROM _patchmail.series_messages(prerequisites.series_id) m)) d
         WHERE d.from_series_id = prerequisites.series_id
         ORDER BY d.line, d.to_series_id LIMIT 100);
BEGIN
    IF to_regclass('public.patchwork_series_dependencies') IS NULL THEN
        RETURN named;
    END IF;
    RETURN ARRAY(SELECT d.to_series_id FROM public.patchwork_series_dependencies d
                  WHERE d.from_series_id = prerequisites.series_id
                  ORDER BY array_position(named, d.to_series_id), d.to_series_id LIMIT 100);
END
$$;
