-- _patchmail.note_change(function, actor, project_id, object, object_id, before, after): writes into patchmail.audit
-- what a function did to one object.
-- Takes    the function's name without the schema; the name of the user of Patchwork for whom it acts, or NULL; the
--          kind of object and its id; what was changed of it, as it was and as it is.
-- Gives    the row.  Functions for admins give back these rows: so a dry run, which takes all back, shows what would be
--          written.
-- Touches  patchmail.audit.
CREATE OR REPLACE FUNCTION _patchmail.note_change(function text, actor text, project_id integer, object text,
                                                  object_id bigint, before jsonb, after jsonb)
RETURNS patchmail.audit LANGUAGE sql AS $$
    INSERT INTO patchmail.audit (function, actor, project_id, object, object_id, before, after)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    RETURNING *;
$$;
