-- _patchmail.note_difference(function, actor, project_id, object, object_id, name, before, after): writes into
-- patchmail.audit how an object was changed, as far as it was.
-- Takes    name: what tells a human which object it is, for both sides; before and after: the whole of what may have
--          been changed.
-- Gives    the row; none if nothing differs.
-- Touches  patchmail.audit.
CREATE OR REPLACE FUNCTION _patchmail.note_difference(function text, actor text, project_id integer, object text,
                                                      object_id bigint, name jsonb, before jsonb, after jsonb)
RETURNS SETOF patchmail.audit LANGUAGE sql AS $$
    SELECT n.*
      FROM (SELECT jsonb_object_agg(k.key, $7->k.key) AS before, jsonb_object_agg(k.key, $8->k.key) AS after
              FROM jsonb_object_keys($7 || $8) k (key)
             WHERE $7->k.key IS DISTINCT FROM $8->k.key) d,
           LATERAL (SELECT c.* FROM _patchmail.note_change($1, $2, $3, $4, $5, $6 || d.before, $6 || d.after) c) n
     WHERE d.before IS NOT NULL;
$$;
