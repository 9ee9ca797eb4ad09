-- _patchmail.hook_start(place): the position at which a hook is to begin.
-- Takes    "now", "beginning" or a position, as patchmail.events_after() gives them.
-- Gives    the position; an error in words if there is none such.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.hook_start(place text)
RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF place = 'now' THEN
        RETURN patchmail.events_cursor();
    ELSIF place = 'beginning' THEN
        RETURN 0;
    ELSIF (place ~ '^\d{1,18}$') IS NOT TRUE THEN
        RAISE EXCEPTION 'a hook begins "now", at the "beginning" or after a position, not at "%"', place
            USING ERRCODE = 'invalid_parameter_value';
    ELSIF place::bigint > _patchmail.last_position() THEN
        RAISE EXCEPTION 'position % is still to come', place
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'patchmail.events_cursor() is the position of the newest event.';
    END IF;
    RETURN place::bigint;
END
$$;
