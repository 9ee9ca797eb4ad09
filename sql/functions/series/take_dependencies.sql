-- _patchmail.take_dependencies(thread): takes away the dependencies of and on the series of a thread whose members are
-- to move; _patchmail.write_dependencies writes them anew.
-- Gives    the ledger ids that it needs for this.
-- Touches  public.patchwork_series_dependencies.
CREATE OR REPLACE FUNCTION _patchmail.take_dependencies(thread bigint)
RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    dependents bigint[];
BEGIN
    IF pg_relation_size('patchmail.dependency') = 0
       OR to_regclass('public.patchwork_series_dependencies') IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT array_agg(d.message_id) INTO dependents
      FROM (SELECT m.id, m.project_id, m.msgid, m.patch_id, m.series_id FROM patchmail.message m
             WHERE m.thread = take_dependencies.thread AND m.number IS NOT NULL) m
      JOIN patchmail.dependency d ON d.project_id = m.project_id
           AND (d.message_id = m.id OR d.msgid = m.msgid OR d.patch_id = m.patch_id OR d.series_id = m.series_id);
    DELETE FROM public.patchwork_series_dependencies s
     USING _patchmail.derive_dependencies(dependents) d
     WHERE s.from_series_id = d.from_series_id AND s.to_series_id = d.to_series_id;
    RETURN dependents;
END
$$;
