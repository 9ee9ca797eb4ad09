-- _patchmail.store_authentication(message_id, results): keeps what was said of a mail's author, and by whom.
-- Takes    the id of its ledger row, and authentication.results of the facts.
-- Touches  patchmail.authentication.
CREATE OR REPLACE FUNCTION _patchmail.store_authentication(message_id bigint, results jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO patchmail.authentication (message_id, position, source, field_index, authserv_id, trusted, method,
                                          result, identity, alignment, reason)
    SELECT store_authentication.message_id, r.position, r.value->>'source', (r.value->>'index')::integer,
           r.value->>'authserv_id', (r.value->>'trusted')::boolean, r.value->>'method', r.value->>'result',
           r.value->>'identity', r.value->>'alignment', r.value->>'reason'
      FROM jsonb_array_elements(results) WITH ORDINALITY r (value, position);
END
$$;
