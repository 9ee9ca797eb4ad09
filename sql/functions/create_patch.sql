-- patchmail.create_patch(message, project, facts): makes Patchwork's row of a new patch.
-- Takes    the ledger row, which has the id that the patch gets and its series.
-- Rules    Where an admin has given its number in the series to another patch, it is left out of the series.
-- Touches  public.patchwork_patch, _patchtag.
CREATE OR REPLACE FUNCTION patchmail.create_patch(message patchmail.message, project public.patchwork_project,
                                                  facts jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.patchwork_patch (id, msgid, date, headers, content, name, project_id, submitter_id, archived,
                                        delegate_id, diff, hash, number, pull_url, state_id, series_id)
    SELECT message.patch_id, message.msgid, message.date, f.headers, f.content, message.name, project.id,
           message.submitter_id, false, patchmail.find_delegate(project.id, f.hints->>'delegate', f.files), f.diff,
           f.hash, coalesce(message.number, 1), left(f.pull_url, 255), patchmail.find_state(f.hints->>'state'),
           CASE WHEN NOT EXISTS (SELECT FROM public.patchwork_patch p
                                  WHERE p.series_id = message.series_id
                                    AND p.number = coalesce(message.number, 1)) THEN message.series_id END
      FROM jsonb_to_record(facts) AS f(headers text, content text, diff text, hash text, pull_url text, hints jsonb,
                                       files jsonb);
    IF project.use_tags THEN
        PERFORM patchmail.count_tags(message.patch_id, facts->>'content');
    END IF;
END
$$;
