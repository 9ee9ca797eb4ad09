-- _patchmail.read_check(change): a check as POST of Patchwork's REST API takes it, for public.patchwork_check.
-- Takes    an object with state (pending, success, warning, fail), and any of context (a label, "default" if it is not
--          given), target_url (an address of the web, or null) and description (a text, or null).
-- Gives    it with the state as its number and all keys.
-- Errors   check_violation.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.read_check(change jsonb)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    states CONSTANT text[] := '{pending,success,warning,fail}';  -- from 0
    wrong  text;
BEGIN
    change := '{"context": "default", "target_url": null, "description": null}' || _patchmail.check_change(
        change, '{"state": "string", "context": "string 255", "target_url": "string null 200",
                  "description": "string null"}', '{id,url,date,user}');
    wrong := CASE
        WHEN coalesce(change->>'state', '') = '' THEN 'a check must have a state'
        WHEN change->>'state' <> ALL (states) THEN
            format('a check cannot have the state "%s", only %s', change->>'state', array_to_string(states, ', '))
        WHEN change->>'context' !~ '^[-a-zA-Z0-9_]+$' THEN
            format('context "%s" is not a slug: letters, digits, - and _', change->>'context')
        WHEN change->>'target_url' !~* ('^((https?|ftps?)://([^\s/?#@]+@)?'
                                        '(localhost|([[:alnum:]]([[:alnum:]-]*[[:alnum:]])?\.)+'
                                        '[[:alnum:]-]*[[:alpha:]][[:alnum:]-]*\.?'
                                        '|(\d{1,3}\.){3}\d{1,3}|\[[0-9a-f:.]+\])(:\d{1,5})?([/?#]\S*)?)?$') THEN
            format('target_url "%s" is not an address of the web', change->>'target_url')
    END;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION '%', wrong USING ERRCODE = 'check_violation';
    END IF;
    RETURN change || jsonb_build_object('state', array_position(states, change->>'state') - 1);
END
$$;
