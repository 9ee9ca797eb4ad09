-- _patchmail.no_project(facts, source): why a mail belongs to no project.
-- Takes    what patchmail.store was given.
-- Gives    the reason in words, without the list id: _patchmail.note_ignored adds it.
-- Errors   undefined_object if the caller named a list that no project has: then a configuration is wrong, or a project
--          is missing, and the mail has to wait until an admin mends that.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.no_project(facts jsonb, source jsonb)
RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    named text := source->>'list_id';
BEGIN
    IF EXISTS (SELECT FROM public.patchwork_project p
                WHERE p.listid = named
                   OR named IS NULL
                      AND p.listid IN (SELECT l->>'id' FROM jsonb_array_elements(facts->'list_ids') l)) THEN
        RETURN 'no project of its list wants its subject';
    ELSIF named IS NOT NULL THEN
        RAISE EXCEPTION '%', patchmail.list_fault(source) USING ERRCODE = 'undefined_object';
    END IF;
    RETURN CASE facts->'list_ids' WHEN '[]' THEN 'it has no list id' ELSE 'no project has its list id' END;
END
$$;
