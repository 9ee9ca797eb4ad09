-- patchmail.create_patch(message, project, facts): makes Patchwork's row of a new patch.
-- Takes    the ledger row, which has the id that the patch gets and its series.
-- Rules    Where an admin has given its number in the series to another patch, it is left out of the series.
-- Touches  public.patchwork_patch, _patchtag.
CREATE OR REPLACE FUNCTION patchmail.create_patch(message patchmail.message, project public.patchwork_project,
                                                  facts jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF message.number IS NOT NULL
       AND EXISTS (SELECT FROM public.patchwork_patch p
                    WHERE p.series_id = message.series_id AND p.number = message.number) THEN
        message.series_id := NULL;
    END IF;
    INSERT INTO public.patchwork_patch (id, msgid, date, headers, content, name, project_id, submitter_id, archived,
                                        delegate_id, diff, hash, number, pull_url, state_id, series_id)
    VALUES (message.patch_id, message.msgid, message.date, facts->>'headers', facts->>'content', message.name,
            project.id, message.submitter_id, false, patchmail.find_delegate(
                project.id, facts->'hints'->>'delegate', facts->'files'), facts->>'diff', facts->>'hash',
            coalesce(message.number, 1), left(facts->>'pull_url', 255),
            patchmail.find_state(facts->'hints'->>'state'), message.series_id);
    IF project.use_tags THEN
        PERFORM patchmail.count_tags(message.patch_id, facts->>'content');
    END IF;
END
$$;
