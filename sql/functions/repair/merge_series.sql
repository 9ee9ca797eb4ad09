-- patchmail.merge_series(from_id, into_id, actor, dry_run): puts all of a series into another one.
-- Takes    two series of one project; the user of Patchwork in whose name it is done, or NULL; whether only to show
--          what it would do.
-- Gives    a row of patchmail.audit for each object that is different.
-- Rules    The cover letter goes along if the other series has none.  The patches keep their numbers.  The other
--          series has the name, date, version and total that its lead says then, unless somebody changed them by hand;
--          the empty one is removed.  The mail stays where it is now, and what comes later joins it.
-- Errors   no_data_found, invalid_parameter_value or check_violation in words, before anything is written: among
--          others if both have a cover letter, or patches of one number.
-- Touches  through _patchmail.put_into_series; patchmail.audit.
-- Locks    the project.
CREATE OR REPLACE FUNCTION patchmail.merge_series(from_id integer, into_id integer, actor text DEFAULT NULL,
                                                  dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    pair    CONSTANT integer[] := _patchmail.known_ids('series', ARRAY[from_id, into_id]);
    patches integer[];
    threads bigint[];
    before  jsonb;
    changes patchmail.audit[];
BEGIN
    PERFORM _patchmail.acting_user(actor);
    PERFORM _patchmail.lock_projects(ARRAY(SELECT s.project_id FROM public.patchwork_series s WHERE s.id = ANY (pair)));
    patches := ARRAY(SELECT p.id FROM public.patchwork_patch p WHERE p.series_id = from_id ORDER BY p.id);
    PERFORM _patchmail.check_merger(from_id, into_id);
    PERFORM _patchmail.check_numbers(patches, into_id);
    BEGIN
        PERFORM _patchmail.adopt_series(pair);
        threads := ARRAY(SELECT DISTINCT m.thread FROM unnest(pair) s, _patchmail.series_messages(s) m);
        before := _patchmail.thread_state(threads, pair);
        PERFORM _patchmail.put_into_series(patches, into_id, true);
        changes := _patchmail.note_differences('merge_series', actor, before, _patchmail.thread_state(threads, pair));
        IF dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
    RETURN QUERY SELECT * FROM unnest(changes);
END
$$;
COMMENT ON FUNCTION patchmail.merge_series IS
    'Puts all of a series into another one.  Gives what has changed; with dry_run, what would.';
