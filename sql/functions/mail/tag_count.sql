-- _patchmail.tag_count(content, pattern): how often a tag occurs in a text.
-- Takes    the text of a patch or comment, or NULL; the tag's pattern.
-- Gives    a number.
-- Rules    It counts how often the pattern occurs, ignoring case, ^ and $ at lines, in the first million characters: a
--          text may be 32 MB of tags, and it is read anew whenever its comment moves.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.tag_count(content text, pattern text)
RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_count(left(content, 1000000), pattern, 1, 'in');
$$;
