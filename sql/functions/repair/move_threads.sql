-- _patchmail.move_threads(threads, project_id): moves whole threads to another project: Patchwork's rows, the ledger,
-- and what refers to either.
-- Takes    threads of one other project, none of whose mail is in the new one.
-- Rules    A bundle goes along if all its patches do; from others the patches are taken out.  Delegates, states, checks
--          and ids stay, and so do names, from which the old project's name was dropped as a prefix.  Tags are counted
--          as the new project counts them.  Dependencies are those within a project.
--          Mail that answers these threads will follow (_patchmail.moved_to).
-- Touches  public.patchwork_patch, _cover, _series, _event, _seriesreference, _bundle, _bundlepatch, _patchtag,
--          _series_dependencies; patchmail.message, _reference, _alias, _dependency, _removed.  The caller holds the
--          locks of both projects.
CREATE OR REPLACE FUNCTION _patchmail.move_threads(threads bigint[], project_id integer)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    former  integer := (SELECT m.project_id FROM patchmail.message m WHERE m.thread = threads[1] LIMIT 1);
    patches integer[] := ARRAY(SELECT m.patch_id FROM patchmail.message m
                                WHERE m.thread = ANY (threads) AND m.patch_id IS NOT NULL);
    covers  integer[] := ARRAY(SELECT m.cover_id FROM patchmail.message m
                                WHERE m.thread = ANY (threads) AND m.cover_id IS NOT NULL);
    series  integer[];
    dependents bigint[];
BEGIN
    dependents := _patchmail.take_dependents(ARRAY(
        SELECT m.id FROM patchmail.message m WHERE m.thread = ANY (threads) AND m.kind <> 'comment'));
    series := ARRAY(SELECT p.series_id FROM public.patchwork_patch p WHERE p.id = ANY (patches)
                    UNION
                    SELECT s.id FROM public.patchwork_series s WHERE s.cover_letter_id = ANY (covers)
                    UNION
                    SELECT m.series_id FROM patchmail.message m WHERE m.thread = ANY (threads));
    PERFORM _patchmail.leave_bundles(patches, project_id);
    UPDATE public.patchwork_patch p SET project_id = move_threads.project_id WHERE p.id = ANY (patches);
    UPDATE public.patchwork_cover c SET project_id = move_threads.project_id WHERE c.id = ANY (covers);
    UPDATE public.patchwork_series s SET project_id = move_threads.project_id WHERE s.id = ANY (series);
    UPDATE public.patchwork_event e SET project_id = move_threads.project_id
     WHERE e.project_id = former
       AND (e.patch_id = ANY (patches) OR e.cover_id = ANY (covers) OR e.series_id = ANY (series));
    DELETE FROM public.patchwork_seriesreference r
     WHERE r.series_id = ANY (series)
       AND EXISTS (SELECT FROM public.patchwork_seriesreference o
                    WHERE o.project_id = move_threads.project_id AND o.msgid = r.msgid);
    UPDATE public.patchwork_seriesreference r SET project_id = move_threads.project_id WHERE r.series_id = ANY (series);
    PERFORM _patchmail.move_ledger(threads, former, project_id);
    DELETE FROM public.patchwork_patchtag t WHERE t.patch_id = ANY (patches);
    PERFORM _patchmail.recount_tags(patches);
    IF to_regclass('public.patchwork_series_dependencies') IS NOT NULL THEN
        PERFORM _patchmail.limit_dependencies(threads, series, project_id);
        PERFORM _patchmail.write_dependencies(dependents) WHERE dependents IS NOT NULL;
    END IF;
END
$$;
