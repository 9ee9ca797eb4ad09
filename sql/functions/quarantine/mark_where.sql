-- _patchmail.mark_where(mark, reason, project, age, sender, dry_run): see patchmail.release_where() and retry_where().
-- Takes    'release' or 'retry'; the rest as these.
CREATE OR REPLACE FUNCTION _patchmail.mark_where(mark text, reason text, project text, age interval, sender text,
                                                 dry_run boolean)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql AS $$
DECLARE
    ids     CONSTANT bigint[] := _patchmail.find_quarantined(reason, project, age, sender);
    changes patchmail.audit[];
BEGIN
    BEGIN
        changes := ARRAY(SELECT c FROM _patchmail.mark_quarantined(mark || '_where', ids, mark) c);
        IF dry_run THEN
            RAISE EXCEPTION 'taken back' USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN NULL;
    END;
    RETURN QUERY SELECT * FROM unnest(changes);
END
$$;
