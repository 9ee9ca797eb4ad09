-- _patchmail.check_pattern(pattern): refuses what is no regular expression.
-- Errors   invalid_parameter_value in words; also if it is NULL or empty, which would match everything.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.check_pattern(pattern text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(pattern, '') = '' THEN
        RAISE EXCEPTION 'the regular expression is not given' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM 'x' ~ ('(?iw)' || pattern);
EXCEPTION WHEN invalid_regular_expression THEN
    RAISE EXCEPTION '"%" is no regular expression: %', pattern, SQLERRM USING ERRCODE = 'invalid_parameter_value';
END
$$;
