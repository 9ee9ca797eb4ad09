-- _patchmail.likeness(diff, other): how much two diffs have in common.
-- Gives    of the lines that one of them adds or removes, the part that both do: 0 to 1; 0 if there are none that say
--          something.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.likeness(diff text, other text)
RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(avg((x.both = 2)::integer), 0)
      FROM (SELECT count(*) AS both
              FROM (SELECT unnest(_patchmail.changed_lines($1)) UNION ALL
                    SELECT unnest(_patchmail.changed_lines($2))) l (line)
             GROUP BY l.line) x;
$$;
