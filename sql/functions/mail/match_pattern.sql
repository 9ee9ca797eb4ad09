-- _patchmail.match_pattern(kind, object_id, pattern, regex, texts, msgid): which of these texts a pattern of an admin
-- matches.
-- Takes    what _patchmail.passed_over takes, and the regular expression that the pattern stands for.
-- Gives    those of the texts that match, in their order; none if the pattern is passed over or runs away.
-- Touches  patchmail.runaway, through _patchmail.stop_pattern.
CREATE OR REPLACE FUNCTION _patchmail.match_pattern(kind text, object_id integer, pattern text, regex text,
                                                    texts text[], msgid text DEFAULT NULL)
RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    began timestamptz := clock_timestamp();
BEGIN
    IF _patchmail.passed_over(kind, object_id, pattern) THEN
        RETURN '{}';
    END IF;
    RETURN ARRAY(SELECT t.text FROM unnest(texts) WITH ORDINALITY t(text, n) WHERE t.text ~ regex ORDER BY t.n);
EXCEPTION WHEN query_canceled THEN
    PERFORM _patchmail.stop_pattern(kind, object_id, pattern, began, msgid);
    RETURN '{}';
END
$$;
