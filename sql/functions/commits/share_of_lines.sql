-- _patchmail.share_of_lines(diff, other): how much of a diff stands in another one too.
-- Gives    of the lines that the first one adds or removes, the part that the other one adds or removes as well: 0 to
--          1; 0 if it has none that says something.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.share_of_lines(diff text, other text)
RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(avg((o.line IS NOT NULL)::integer), 0)
      FROM unnest(_patchmail.changed_lines($1)) l (line)
      LEFT JOIN unnest(_patchmail.changed_lines($2)) o (line) ON o.line = l.line;
$$;
