-- patchmail.expire_raw(age, dry_run): throws away the bytes that are kept of mail which arrived that long ago.
-- Takes    the age.  One below nothing is refused.
-- Gives    a row of patchmail.audit for each partition that lost mail: how many, and how many bytes they had.
-- Rules    The mail stays stored; it can only not be read again.  What is in quarantine is not touched.
--          It also makes the partitions for the months to come (_patchmail.make_raw_months).
-- Touches  patchmail.raw, _audit.
-- Locks    a partition that is dropped, and patchmail.raw with it, for at most three seconds at a time
--          (_patchmail.expire_raw_month).
-- For admins, once a day:  SELECT * FROM patchmail.expire_raw('1 year')
CREATE OR REPLACE FUNCTION patchmail.expire_raw(age interval DEFAULT interval '1 year', dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    changes patchmail.audit[] := '{}';
    month   record;
    gone    record;
BEGIN
    PERFORM _patchmail.check_age(age);
    BEGIN
        FOR month IN SELECT m.* FROM _patchmail.raw_months() m ORDER BY m.begins LOOP
            CONTINUE WHEN month.begins >= now() - age;
            gone := _patchmail.expire_raw_month(month.name, month.ends, now() - age);
            IF gone.mails > 0 THEN
                changes := changes || _patchmail.note_change('expire_raw', NULL, NULL, 'raw', NULL,
                    jsonb_build_object('partition', month.name, 'mails', gone.mails, 'bytes', gone.bytes), NULL);
            END IF;
        END LOOP;
        PERFORM _patchmail.make_raw_months();
        IF dry_run THEN
            RAISE EXCEPTION 'nothing is done' USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
    RETURN QUERY SELECT c.* FROM unnest(changes) c;
END
$$;
COMMENT ON FUNCTION patchmail.expire_raw IS
    'Throws away the bytes that are kept of mail which arrived longer ago than that.  Once a day.';
