-- _patchmail.fill_raw_month(month): makes the table that is to be a partition of patchmail.raw, and moves there what
-- raw_rest has of that month.
-- Takes    the first instant of a month, in UTC.
-- Rules    It is nobody's but the owner's, whatever default privileges say.
-- Touches  patchmail.raw_rest.
CREATE OR REPLACE FUNCTION _patchmail.fill_raw_month(month timestamp)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    partition CONSTANT text := format('patchmail.%I', to_char(month, '"raw_"YYYY_MM'));
BEGIN
    EXECUTE format('CREATE TABLE %s (LIKE patchmail.raw_rest INCLUDING ALL)', partition);
    EXECUTE format('REVOKE ALL ON TABLE %s FROM PUBLIC', partition);
    EXECUTE format('REVOKE ALL ON TYPE %s FROM PUBLIC', partition);
    EXECUTE format('WITH moved AS (
                        DELETE FROM patchmail.raw_rest r WHERE r.arrived >= $1 AND r.arrived < $2 RETURNING r.*)
                    INSERT INTO %s SELECT m.* FROM moved m', partition)
      USING month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC';
END
$$;
