-- patchmail.split_series(series_id, patch_ids, name, actor, dry_run): makes a series of its own of some patches of a
-- series.
-- Takes    the series; some of its patches, not all; the name of the new series, or NULL: that of its first patch; the
--          user of Patchwork in whose name it is done, or NULL; whether only to show what it would do.
-- Gives    a row of patchmail.audit for each object that is different.
-- Rules    The patches keep their numbers.  The new series has the version and the total that its first patch says;
--          the events of what is complete are as if both had come so.  The mail of both stays where it is now; what
--          comes later joins the series of what it answers, as long as its number is free there.
-- Errors   no_data_found, invalid_parameter_value or check_violation in words, before anything is written.
-- Touches  through _patchmail.put_into_series; patchmail.audit.
-- Locks    the project.
CREATE OR REPLACE FUNCTION patchmail.split_series(series_id integer, patch_ids integer[], name text DEFAULT NULL,
                                                  actor text DEFAULT NULL, dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    series  public.patchwork_series;
    patches integer[] := _patchmail.known_ids('patch', patch_ids);
    threads bigint[];
    before  jsonb;
    lead    patchmail.message;
    changes patchmail.audit[];
BEGIN
    PERFORM _patchmail.acting_user(actor), _patchmail.known_ids('series', ARRAY[split_series.series_id]);
    PERFORM _patchmail.lock_projects(ARRAY(SELECT s.project_id FROM public.patchwork_series s
                                            WHERE s.id = split_series.series_id));
    SELECT s.* INTO series FROM public.patchwork_series s WHERE s.id = split_series.series_id;
    PERFORM _patchmail.check_members(series.id, patches);
    BEGIN
        PERFORM _patchmail.adopt_series(ARRAY[series.id]);
        threads := ARRAY(SELECT DISTINCT m.thread FROM _patchmail.series_messages(series.id) m);
        before := _patchmail.thread_state(threads, ARRAY[series.id]);
        lead := _patchmail.lead_of(ARRAY(SELECT m.id FROM _patchmail.series_messages(series.id) m
                                          JOIN public.patchwork_patch p ON p.project_id = m.project_id
                                           AND p.msgid::text = m.msgid WHERE p.id = ANY (patches)));
        lead.number := 1;  -- it names the series, whichever it is
        lead.name := coalesce(left(split_series.name, 255), lead.name);
        PERFORM _patchmail.put_into_series(patches, _patchmail.create_series(lead), false);
        changes := _patchmail.note_differences('split_series', actor, before,
                                               _patchmail.thread_state(threads, ARRAY[series.id]));
        IF dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
    RETURN QUERY SELECT * FROM unnest(changes);
END
$$;
COMMENT ON FUNCTION patchmail.split_series IS
    'Makes a series of its own of some patches of a series.  Gives what has changed; with dry_run, what would.';
