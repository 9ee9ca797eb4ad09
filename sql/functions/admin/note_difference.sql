-- _patchmail.note_difference(function, actor, project_id, object, object_id, name, before, after): writes into
-- patchmail.audit how an object was changed, as far as it was.
-- Takes    name: what tells a human which object it is, for both sides; before and after: the whole of what may have
--          been changed.
-- Gives    the row; none if nothing differs.
-- Touches  patchmail.audit.
CREATE OR REPLACE FUNCTION _patchmail.note_difference(function text, actor text, project_id integer, object text,
                                                      object_id bigint, name jsonb, before jsonb, after jsonb)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql AS $$
DECLARE
    was CONSTANT jsonb := _patchmail.changed_part(before, after);
BEGIN
    IF was IS NOT NULL THEN
        RETURN NEXT _patchmail.note_change(function, actor, project_id, object, object_id, name || was,
                                           name || _patchmail.changed_part(after, before));
    END IF;
END
$$;
