-- _patchmail.take_dependencies(thread): takes away the dependencies of and on the series of a thread whose members are
-- to move; see _patchmail.take_dependents.
-- Gives    the ledger ids that _patchmail.write_dependencies needs.
-- Rules    A patch without a marker does not move, but where another mail has the same patch-id or change-id, what they
--          name may change if it leaves.
-- Touches  public.patchwork_series_dependencies.
CREATE OR REPLACE FUNCTION _patchmail.take_dependencies(thread bigint)
RETURNS bigint[] LANGUAGE plpgsql AS $$
BEGIN
    IF pg_relation_size('patchmail.dependency') = 0 THEN
        RETURN NULL;
    END IF;
    RETURN _patchmail.take_dependents(ARRAY(
        SELECT m.id FROM patchmail.message m
         WHERE m.thread = take_dependencies.thread AND m.kind <> 'comment'
           AND (m.number IS NOT NULL OR m.git_patch_id IS NOT NULL OR m.change_id IS NOT NULL)));
END
$$;
