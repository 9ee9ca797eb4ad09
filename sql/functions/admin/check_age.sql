-- _patchmail.check_age(age): refuses an age that would take in mail that is to come.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.check_age(age interval)
RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF age IS NULL OR age < interval '0' THEN
        RAISE EXCEPTION 'the age has to be 0 or more, such as ''30 days''' USING ERRCODE = 'invalid_parameter_value';
    END IF;
END
$$;
