-- _patchmail.site_fault(state, message, key_name, context): says what an admin has to do about an error that is not the
-- mail's fault.
-- Takes    what PostgreSQL says of the error: SQLSTATE, message, constraint, context.
-- Gives    one line in words.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.site_fault(state text, message text, key_name text, context text)
RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    raiser text := substring(context FROM '^PL/pgSQL function (?!_?patchmail\.)(\S+)');  -- a trigger, mostly
BEGIN
    IF raiser IS NOT NULL THEN
        RETURN format('%s, says function %s', message, raiser);
    END IF;
    RETURN CASE state
        WHEN '23505' THEN coalesce(_patchmail.key_sequence(key_name),
                                   message || '; somebody stored the same at that moment, or that constraint is in'
                                              ' the way')
        WHEN '23502' THEN message || '; patchmaild does not fill it: give it a default, or install a version that does'
        WHEN '23503' THEN message || '; somebody deleted it, or that constraint is none of Patchwork''s'
        WHEN '23514' THEN message || '; it is none of Patchwork''s: it has to allow what comes with mail'
        WHEN '23P01' THEN message || '; it is none of Patchwork''s: it has to allow what comes with mail'
        WHEN '2201B' THEN concat_ws('; ', message, _patchmail.bad_patterns())
        ELSE message END;
END
$$;
