-- _patchmail.check_state(state): the word for the number that Patchwork has for the state of a check; NULL for others.
CREATE OR REPLACE FUNCTION _patchmail.check_state(state integer)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT ('{pending,success,warning,fail}'::text[])[state + 1];
$$;
