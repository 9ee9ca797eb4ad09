-- _patchmail.make_raw_months(): makes the partitions of patchmail.raw that are missing: for this month, for the next,
-- and for each month of which raw_rest has mail, which moves there.
-- Gives    whether it did; false if somebody held a lock for three seconds: then nothing has changed, and mail goes on
--          coming to raw_rest.
-- Rules    A partition is made apart and attached when it is full, since CREATE TABLE ... PARTITION OF would hold up
--          every delivery and every reader.
-- Touches  patchmail.raw.
-- Locks    raw_rest, at the end and for a moment: deliveries that write there wait.  It is never called by one.
CREATE OR REPLACE FUNCTION _patchmail.make_raw_months()
RETURNS boolean LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '3s' AS $$
DECLARE
    this_month CONSTANT timestamp := date_trunc('month', now() AT TIME ZONE 'UTC');
    missing    timestamp[];
    month      timestamp;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('patchmail.raw'), 0);
    missing := ARRAY(
        SELECT m.month
          FROM (SELECT date_trunc('month', r.arrived AT TIME ZONE 'UTC') FROM patchmail.raw_rest r
                UNION
                SELECT this_month
                UNION
                SELECT this_month + interval '1 month') m (month)
         WHERE NOT EXISTS (SELECT FROM _patchmail.raw_months() k WHERE k.begins = m.month AT TIME ZONE 'UTC')
         ORDER BY m.month);
    FOREACH month IN ARRAY missing LOOP
        PERFORM _patchmail.fill_raw_month(month) WHERE month < this_month;
    END LOOP;
    IF missing <> '{}' THEN
        LOCK TABLE patchmail.raw_rest IN ACCESS EXCLUSIVE MODE;
    END IF;
    FOREACH month IN ARRAY missing LOOP
        PERFORM _patchmail.fill_raw_month(month) WHERE month >= this_month;
        EXECUTE format('ALTER TABLE patchmail.raw ATTACH PARTITION patchmail.%I FOR VALUES FROM (%L) TO (%L)',
                       to_char(month, '"raw_"YYYY_MM'), month AT TIME ZONE 'UTC',
                       (month + interval '1 month') AT TIME ZONE 'UTC');
    END LOOP;
    RETURN true;
EXCEPTION WHEN lock_not_available THEN
    RETURN false;
END
$$;
