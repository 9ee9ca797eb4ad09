-- _patchmail.take_dependencies_of(stored): _patchmail.take_dependencies for a patch without a marker, which is in a
-- series of its own whatever its thread does.
-- Takes    its ledger row.
-- Gives    the ledger ids that _patchmail.write_dependencies needs; NULL for another mail.
-- Touches  public.patchwork_series_dependencies.
CREATE OR REPLACE FUNCTION _patchmail.take_dependencies_of(stored patchmail.message)
RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    dependents bigint[];
BEGIN
    IF stored.number IS NOT NULL OR to_regclass('public.patchwork_series_dependencies') IS NULL THEN
        RETURN NULL;
    END IF;
    dependents := ARRAY(SELECT d.message_id FROM patchmail.dependency d
                         WHERE d.project_id = stored.project_id
                           AND (d.message_id = stored.id OR d.msgid = stored.msgid OR d.patch_id = stored.patch_id
                                OR d.series_id = stored.series_id));
    DELETE FROM public.patchwork_series_dependencies s
     USING _patchmail.derive_dependencies(dependents) d
     WHERE s.from_series_id = d.from_series_id AND s.to_series_id = d.to_series_id;
    RETURN dependents;
END
$$;
