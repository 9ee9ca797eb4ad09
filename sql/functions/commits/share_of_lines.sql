-- _patchmail.share_of_lines(diff, other): how much of a diff stands in another one too.
-- Gives    of the different lines that the first one adds or removes, the part that the other one adds or removes as
--          well: 0 to 1; 0 if it has none that says something.
-- Rules    White space does not count, nor does a line of less than four characters, such as "+}".
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.share_of_lines(diff text, other text)
RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
    WITH line AS (
        SELECT DISTINCT d.n, x.line
          FROM (VALUES (1, $1), (2, $2)) d (n, diff),
               LATERAL (SELECT regexp_replace(l, '\s+', '', 'g') AS line
                          FROM string_to_table(d.diff, E'\n') l WHERE l ~ '^[-+](?!--|\+\+)') x
         WHERE length(x.line) > 4)
    SELECT coalesce(avg((EXISTS (SELECT FROM line o WHERE o.n = 2 AND o.line = l.line))::integer), 0)
      FROM line l WHERE l.n = 1;
$$;
