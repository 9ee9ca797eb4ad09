-- _patchmail.read_hook(hook, settings): what a process that opens a hook says of it.
-- Takes    what patchmail.hook_open() takes.
-- Gives    the row as it would be if the hook is new; an error in words if something of it is wrong.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.read_hook(hook text, settings jsonb)
RETURNS patchmail.hook LANGUAGE plpgsql STABLE AS $$
DECLARE
    said  patchmail.hook;
    lease text := settings->>'lease';
    days  text := coalesce(settings->>'give_up', '1209600');
    wrong text;
BEGIN
    wrong := CASE
        WHEN (length(hook) BETWEEN 1 AND 100 AND hook = _patchmail.printable(hook)) IS NOT TRUE
        THEN 'the name of a hook has from 1 to 100 characters, all of them visible'
        WHEN (jsonb_typeof(settings) = 'object') IS NOT TRUE THEN 'the settings of a hook are an object'
        WHEN (settings->>'holder' <> '') IS NOT TRUE THEN 'who holds the hook has to be named'
        WHEN (lease ~ '^\d{1,6}$' AND lease <> '0') IS NOT TRUE
        THEN 'the lease has to be a number of seconds'
        WHEN (days ~ '^\d{1,9}$') IS NOT TRUE THEN format('to give up after "%s" seconds is not possible', days) END;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION '%', wrong USING ERRCODE = 'invalid_parameter_value';
    END IF;
    said.name := hook;
    said.filter := coalesce(settings->>'filter', '');
    said.base_url := rtrim(coalesce(settings->>'base_url', ''), '/');
    said.give_up := make_interval(secs => days::integer);
    said.holder := settings->>'holder';
    said.held_until := clock_timestamp() + make_interval(secs => lease::integer);
    PERFORM FROM _patchmail.next_events(0, 1, said.filter);
    RETURN said;
END
$$;
