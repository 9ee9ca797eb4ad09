-- _patchmail.renew_dependencies(message): writes the dependencies of and on a mail's series, after it has come or what
-- names it has changed.
-- Takes    its ledger row.
-- Rules    Who named another mail with the same patch-id or change-id may mean this one now
--          (_patchmail.derive_dependencies): then he no longer depends on the other one's series, unless something else
--          says so.
-- Touches  public.patchwork_series_dependencies, which there has to be.
CREATE OR REPLACE FUNCTION _patchmail.renew_dependencies(message patchmail.message)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    dependents bigint[] := _patchmail.dependents_of(ARRAY[message.id]);
    rivals     integer[];  -- the series of the others
BEGIN
    IF dependents = '{}' THEN
        RETURN;
    ELSIF message.git_patch_id IS NOT NULL OR message.change_id IS NOT NULL THEN
        rivals := ARRAY(
            SELECT _patchmail.message_series(m) FROM patchmail.message m
             WHERE m.project_id = message.project_id AND m.git_patch_id = message.git_patch_id AND m.id <> message.id
            UNION
            SELECT _patchmail.message_series(m) FROM patchmail.message m
             WHERE m.project_id = message.project_id AND m.change_id = message.change_id AND m.id <> message.id
               AND m.kind <> 'comment');
        IF rivals <> '{}' THEN
            -- Whatever else the mails of these series name counts too.
            dependents := dependents || ARRAY(
                SELECT o.id FROM patchmail.message d JOIN patchmail.message o
                       ON o.thread = d.thread AND o.series_id = d.series_id AND o.kind <> 'comment' AND o.id <> d.id
                 WHERE d.id = ANY (dependents));
            DELETE FROM public.patchwork_series_dependencies s
             USING (SELECT DISTINCT d.series_id FROM patchmail.message d WHERE d.id = ANY (dependents)) f
             WHERE s.from_series_id = f.series_id AND s.to_series_id = ANY (rivals)
               AND (s.from_series_id, s.to_series_id) NOT IN (
                   SELECT d.from_series_id, d.to_series_id FROM _patchmail.derive_dependencies(dependents) d);
        END IF;
    END IF;
    PERFORM _patchmail.write_dependencies(dependents);
END
$$;
