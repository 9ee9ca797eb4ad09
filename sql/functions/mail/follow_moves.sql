-- _patchmail.follow_moves(projects, facts): puts the projects to which an admin moved a mail's thread in the place of
-- those of its lists.
-- Takes    ids, and the facts.
-- Gives    the ids in order, each once.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.follow_moves(projects integer[], facts jsonb)
RETURNS integer[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    given text := left(facts->>'message_id', 255);
    refs  CONSTANT text[] := ARRAY(SELECT left(r.value, 255) FROM jsonb_array_elements_text(facts->'references') r);
BEGIN
    RETURN ARRAY(SELECT DISTINCT coalesce(_patchmail.moved_to(p, given, refs), p) FROM unnest(projects) p ORDER BY 1);
END
$$;
