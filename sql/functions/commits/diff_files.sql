-- _patchmail.diff_files(diff): the files that a stored diff changes, to compare them with a commit's.
-- Gives    the names after "--- ", "+++ ", "rename from", "rename to" and in "diff --git", without their first
--          component; {} for no diff.
-- Rules    A removed line that looks like "--- a/x" may add a name that is none.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.diff_files(diff text)
RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(DISTINCT f.name), '{}')
      FROM (SELECT coalesce(m.part[1], m.part[2]) AS name
              FROM regexp_matches($1, '^(?:---|\+\+\+) [^/\s]+/([^\t\r\n]+)|^rename (?:from|to) ([^\r\n]+)',
                                  'gn') m (part)
            UNION ALL
            SELECT g.part[2]
              FROM regexp_matches($1, '^diff --git [^/\s]+/(\S+) [^/\s]+/(\S+)\r?$', 'gn') g (part)) f
     WHERE f.name IS NOT NULL;
$$;
