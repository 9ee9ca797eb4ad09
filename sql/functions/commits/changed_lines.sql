-- _patchmail.changed_lines(diff): what a diff adds and removes, to compare it with another one.
-- Gives    the different lines with their sign, in any order; {} for no diff.
-- Rules    White space does not count, nor does a line of less than four characters, such as "+}".
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.changed_lines(diff text)
RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(DISTINCT x.line), '{}')
      FROM (SELECT regexp_replace(l, '\s+', '', 'g') AS line
              FROM string_to_table($1, E'\n') l WHERE l ~ '^[-+](?!--|\+\+)') x
     WHERE length(x.line) > 4;
$$;
