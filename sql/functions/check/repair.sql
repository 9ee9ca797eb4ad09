-- patchmail.repair(project, kinds, actor, dry_run): mends what patchmail.check() finds, as far as nothing has to be
-- guessed.
-- Takes    a project's linkname, NULL for all projects and what is of none; the kinds of faults to mend, NULL for all
--          that can be (patchmail.check_kinds); the user of Patchwork in whose name it is done, or NULL; true to see
--          what would be done.
-- Gives    the rows of the audit, one for each fault that was mended, with its kind under "fault".  What is left
--          patchmail.check() shows: an admin has to decide about it.
-- Rules    It mends in the steps of _patchmail.fault_kinds, and looks anew before each.  Events that were missing are
--          dated now.  What an admin moved or deleted stays so.
-- Touches  the ledger; Patchwork's series, comments, events and tags; patchmail.audit.
-- Locks    the project, or all projects in the order of their ids.
CREATE OR REPLACE FUNCTION patchmail.repair(project text DEFAULT NULL, kinds text[] DEFAULT NULL,
                                            actor text DEFAULT NULL, dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on SET jit = off
SET enable_mergejoin = off SET work_mem = '128MB' AS $$
DECLARE
    here   CONSTANT integer := CASE WHEN project IS NOT NULL THEN _patchmail.project_id(project) END;
    wanted CONSTANT text[] := _patchmail.mended_kinds(kinds);
    fault  record;
    change record;
    mended patchmail.audit[] := '{}';
BEGIN
    PERFORM _patchmail.acting_user(actor);
    IF current_setting('transaction_isolation') NOT LIKE 'read %' THEN
        RAISE EXCEPTION 'the transaction isolation is %, this is done under read committed alone',
            current_setting('transaction_isolation') USING ERRCODE = 'invalid_transaction_state';
    END IF;
    PERFORM _patchmail.lock_projects(ARRAY(
        SELECT p.id FROM public.patchwork_project p WHERE p.id = here OR here IS NULL
        UNION
        SELECT m.project_id FROM patchmail.message m WHERE here IS NULL));
    BEGIN
        FOR this_step IN 1 .. (SELECT max(k.step) FROM _patchmail.fault_kinds() k) LOOP
            FOR fault IN
                SELECT f.*, k.family
                  FROM _patchmail.fault_kinds() WITH ORDINALITY k (kind, family, step, meaning, n)
                  JOIN _patchmail.find_faults(here, ARRAY(
                           SELECT o.family FROM _patchmail.fault_kinds() o
                            WHERE o.step = this_step AND o.kind = ANY (wanted))) f ON f.kind = k.kind
                 WHERE k.step = this_step AND k.kind = ANY (wanted)
                 ORDER BY k.n, f.project_id, f.object_id
            LOOP
                change := CASE WHEN fault.family IN ('keeping', 'rows', 'references')
                               THEN _patchmail.mend_record(fault, NOT dry_run)
                               WHEN fault.family IN ('threads', 'replies') THEN _patchmail.mend_thread(fault)
                               ELSE _patchmail.mend_series(fault) END;
                IF change.before IS DISTINCT FROM change.after THEN
                    mended := mended || _patchmail.note_change(
                        'repair', actor, fault.project_id, fault.object, fault.object_id,
                        change.before || jsonb_build_object('fault', fault.kind),
                        change.after || jsonb_build_object('fault', fault.kind));
                END IF;
            END LOOP;
        END LOOP;
        IF dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN
        NULL;
    END;
    RETURN QUERY SELECT * FROM unnest(mended);
END
$$;
COMMENT ON FUNCTION patchmail.repair IS
    'Mends what check() finds, as far as nothing has to be guessed, and gives what it did.';
