-- patchmail.supersede(former_id, series_id, actor, dry_run): says by hand that a series replaces another one.
-- Takes    the old series and the new one; the user of Patchwork in whose name it is done, or NULL; whether only to
--          show what it would do.
-- Gives    a row of patchmail.audit for each patch that is different.
-- Rules    The open patches of the old one are set to Superseded, also those that somebody opened again; the patches
--          that match (_patchmail.match_patches) are related, whoever sent them.  The events, and the submitters'
--          notifications where the project sends them, are as if the user had done it on Patchwork's pages.
-- Errors   no_data_found, invalid_parameter_value or check_violation in words, before anything is written.
-- Touches  through _patchmail.supersede_series and _patchmail.relate_patches; patchmail.audit.
-- Locks    the project.
CREATE OR REPLACE FUNCTION patchmail.supersede(former_id integer, series_id integer, actor text DEFAULT NULL,
                                               dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    user_id integer := _patchmail.acting_user(actor);
    pair    integer[] := _patchmail.known_ids('series', ARRAY[former_id, series_id]);
    patches integer[];
    before  jsonb;
    changes patchmail.audit[];
BEGIN
    PERFORM _patchmail.lock_projects(ARRAY(SELECT s.project_id FROM public.patchwork_series s WHERE s.id = ANY (pair)));
    IF former_id = series_id THEN
        RAISE EXCEPTION 'series % is the same series', series_id USING ERRCODE = 'check_violation';
    ELSIF (SELECT count(DISTINCT s.project_id) FROM public.patchwork_series s WHERE s.id = ANY (pair)) > 1 THEN
        RAISE EXCEPTION 'series % and % are of different projects', former_id, series_id
            USING ERRCODE = 'check_violation';
    END IF;
    BEGIN
        patches := ARRAY(SELECT p.id FROM public.patchwork_patch p WHERE p.series_id = ANY (pair)
                         UNION
                         SELECT o.id FROM public.patchwork_patch p
                           JOIN public.patchwork_patch o ON o.related_id = p.related_id WHERE p.series_id = ANY (pair));
        before := _patchmail.rows_state(patches, '{}', '{}', '{}', '{}');
        PERFORM _patchmail.relate_patches(series_id, former_id, 'ambiguous', true, user_id);
        PERFORM _patchmail.supersede_series(former_id, true, user_id);
        changes := _patchmail.note_differences('supersede', actor, before,
                                               _patchmail.rows_state(patches, '{}', '{}', '{}', '{}'));
        IF dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
    RETURN QUERY SELECT * FROM unnest(changes);
END
$$;
COMMENT ON FUNCTION patchmail.supersede IS
    'Says that a series replaces another one: open patches of that are superseded, and the patches are related.';
