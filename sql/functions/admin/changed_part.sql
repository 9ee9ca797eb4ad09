-- _patchmail.changed_part(this, other): what an object says that another one says differently.
-- Gives    the keys of both whose values differ, with those of `this`; all of `this` if there is no other one; NULL if
--          nothing differs.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.changed_part(this jsonb, other jsonb)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN other IS NULL THEN this
                ELSE (SELECT jsonb_object_agg(k.key, this->k.key) FROM jsonb_object_keys(this || other) k (key)
                       WHERE this->k.key IS DISTINCT FROM other->k.key) END;
$$;
