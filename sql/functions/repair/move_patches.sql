-- patchmail.move_patches(patch_ids, series_id, actor, dry_run): puts patches into another series.
-- Takes    patches of any series, or of none, of the project of that series; the user of Patchwork in whose name it is
--          done, or NULL; whether only to show what it would do.
-- Gives    a row of patchmail.audit for each object that is different.
-- Rules    Those of patchmail.merge_series; a cover letter stays in its series.
-- Errors   no_data_found, invalid_parameter_value or check_violation in words, before anything is written.
-- Touches  through _patchmail.put_into_series; patchmail.audit.
-- Locks    the project.
CREATE OR REPLACE FUNCTION patchmail.move_patches(patch_ids integer[], series_id integer, actor text DEFAULT NULL,
                                                  dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    patches integer[] := _patchmail.known_ids('patch', patch_ids);
    series  integer[] := _patchmail.known_ids('series', ARRAY[series_id]);
    here    integer := (SELECT s.project_id FROM public.patchwork_series s WHERE s.id = move_patches.series_id);
    threads bigint[];
    before  jsonb;
    changes patchmail.audit[];
BEGIN
    PERFORM _patchmail.acting_user(actor), _patchmail.lock_projects(ARRAY[here]);
    IF EXISTS (SELECT FROM public.patchwork_patch p WHERE p.id = ANY (patches) AND p.project_id <> here) THEN
        RAISE EXCEPTION 'series % is of another project', series_id USING ERRCODE = 'check_violation';
    END IF;
    patches := ARRAY(SELECT p.id FROM public.patchwork_patch p
                      WHERE p.id = ANY (patches) AND p.series_id IS DISTINCT FROM move_patches.series_id);
    PERFORM _patchmail.check_numbers(patches, series_id);
    series := series || ARRAY(SELECT DISTINCT p.series_id FROM public.patchwork_patch p
                               WHERE p.id = ANY (patches) AND p.series_id IS NOT NULL);
    BEGIN
        PERFORM _patchmail.adopt_series(series);
        PERFORM _patchmail.adopt(here, ARRAY(SELECT p.msgid::text FROM public.patchwork_patch p
                                              WHERE p.id = ANY (patches)));
        threads := ARRAY(SELECT DISTINCT m.thread FROM unnest(series) s, _patchmail.series_messages(s) m
                         UNION
                         SELECT m.thread FROM public.patchwork_patch p
                           JOIN patchmail.message m ON m.project_id = p.project_id AND m.msgid = p.msgid::text
                          WHERE p.id = ANY (patches));
        before := _patchmail.thread_state(threads, series);
        PERFORM _patchmail.put_into_series(patches, series_id, false);
        changes := _patchmail.note_differences('move_patches', actor, before,
                                               _patchmail.thread_state(threads, series));
        IF dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
    RETURN QUERY SELECT * FROM unnest(changes);
END
$$;
COMMENT ON FUNCTION patchmail.move_patches IS
    'Puts patches into another series.  Gives what has changed; with dry_run, what would.';
