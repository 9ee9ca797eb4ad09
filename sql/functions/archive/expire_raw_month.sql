-- _patchmail.expire_raw_month(name, ends, before): throws the bytes of old mail in one partition of patchmail.raw away.
-- Takes    its name, and where it ends (NULL for raw_rest); all mail that arrived before that instant goes.
-- Gives    how many mails went, and how many bytes they had.
-- Rules    A partition that is all old is dropped.  If somebody reads it, as a backup does for hours, the drop would
--          hold up all deliveries: then its rows are deleted, and it is dropped the next time.
-- Touches  patchmail.raw.
CREATE OR REPLACE FUNCTION _patchmail.expire_raw_month(name text, ends timestamptz, before timestamptz,
                                                      OUT mails bigint, OUT bytes bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '3s' AS $$
BEGIN
    EXECUTE format('SELECT count(*), coalesce(sum(r.size), 0) FROM patchmail.%I r WHERE r.arrived < $1', name)
       INTO mails, bytes USING before;
    IF ends <= before THEN
        BEGIN
            EXECUTE format('DROP TABLE patchmail.%I', name);
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            NULL;
        END;
    END IF;
    EXECUTE format('DELETE FROM patchmail.%I r WHERE r.arrived < $1', name) USING before;
END
$$;
