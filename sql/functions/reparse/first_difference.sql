-- _patchmail.first_difference(before, after): where two long texts begin to differ, to be looked at by people.
-- Gives    "line N: " and that line of each; NULL for a text that is NULL, and just the number where it has ended.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.first_difference(INOUT before text, INOUT after text)
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    old  text[] := string_to_array(before, E'\n');
    new  text[] := string_to_array(after, E'\n');
    line integer := (SELECT min(l.n) FROM ROWS FROM (unnest(old), unnest(new)) WITH ORDINALITY l (old, new, n)
                      WHERE l.old IS DISTINCT FROM l.new);
BEGIN
    before := format('line %s: ', line) || CASE WHEN before IS NOT NULL THEN coalesce(old[line], '') END;
    after := format('line %s: ', line) || CASE WHEN after IS NOT NULL THEN coalesce(new[line], '') END;
END
$$;
