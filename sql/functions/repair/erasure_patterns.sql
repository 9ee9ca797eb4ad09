-- _patchmail.erasure_patterns(address, names): what somebody is found by in texts.
-- Takes    his address, and all names that he was called.
-- Gives    three regular expressions, for use without regard to case: a name with the address in angle brackets; the
--          address; and a name of more than one word, since one word may mean anything.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.erasure_patterns(address text, names text[])
RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    WITH called AS (
        SELECT n.name, regexp_replace(regexp_replace(n.name, '[^[:alnum:][:space:]]', '\\\&', 'g'), '\s+', '\\s+', 'g')
                       AS pattern
          FROM unnest($2) n (name) WHERE btrim(n.name) <> ''
    ), mailbox AS (
        SELECT '(?<![\w.+-])' || regexp_replace($1, '[^[:alnum:]]', '\\\&', 'g') || '(?![\w-]|\.\w)' AS pattern
    )
    SELECT ARRAY[
        '(?:\\?")?(?:'
            || coalesce((SELECT string_agg(c.pattern, '|' ORDER BY length(c.name) DESC) FROM called c), '(?!)')
            || ')(?:\\?")?\s*<\s*' || m.pattern || '\s*>',
        m.pattern,
        '(?<!\w)(?:' || coalesce((SELECT string_agg(c.pattern, '|' ORDER BY length(c.name) DESC) FROM called c
                                   WHERE c.name ~ '\S\s+\S'), '(?!)') || ')(?!\w)']
      FROM mailbox m;
$$;
