-- patchmail.set_retention(what, keep): says how long something is kept.
-- Takes    "waiting" (replies in threads without a patch), "ignored" (counts of ignored mail), "overdue", "quarantine",
--          "audit", "raw" (the bytes of stored mail) or "undelivered" (events that hooks no longer try); and an age,
--          NULL for ever.
-- Gives    the row of the audit.
-- Touches  patchmail.retention, _audit.
CREATE OR REPLACE FUNCTION patchmail.set_retention(what text, keep interval)
RETURNS patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    former patchmail.retention;
    now_is patchmail.retention;
BEGIN
    IF keep IS NOT NULL THEN
        PERFORM _patchmail.check_age(keep);
    END IF;
    SELECT r.* INTO former FROM patchmail.retention r WHERE r.what = set_retention.what FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'of "%" nothing is kept for a while: there are %', what,
            (SELECT string_agg(r.what, ', ' ORDER BY r.what) FROM patchmail.retention r)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    UPDATE patchmail.retention r SET keep = set_retention.keep WHERE r.what = set_retention.what
    RETURNING * INTO now_is;
    RETURN _patchmail.note_change('set_retention', NULL, NULL, 'retention', NULL, to_jsonb(former), to_jsonb(now_is));
END
$$;
COMMENT ON FUNCTION patchmail.set_retention IS
    'Says how long something is kept before housekeeping() removes it.  NULL: for ever.';
