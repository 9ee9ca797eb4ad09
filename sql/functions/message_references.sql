-- patchmail.message_references(facts): the Message-IDs that a mail refers to, nearest first; never its own.
-- In PL/pgSQL, and so is message_name: the planner would try to put an SQL function into the statement of its caller.
CREATE OR REPLACE FUNCTION patchmail.message_references(facts jsonb)
RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN ARRAY(SELECT left(r.value, 255) FROM jsonb_array_elements_text(facts->'references') r
                  WHERE r.value <> facts->>'message_id');
END
$$;
