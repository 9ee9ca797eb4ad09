-- _patchmail.mended_kinds(kinds): the kinds of faults that an admin wants to have mended.
-- Takes    some, or NULL for all that can be.
-- Gives    them, each once; an error in words if there is no such kind, or it is for an admin to decide.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.mended_kinds(kinds text[])
RETURNS text[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    wrong text;
BEGIN
    IF kinds IS NULL THEN
        RETURN ARRAY(SELECT k.kind FROM _patchmail.fault_kinds() k WHERE k.step IS NOT NULL);
    END IF;
    SELECT CASE WHEN w.kind IS NULL THEN 'one of the kinds is NULL'
                WHEN k.kind IS NULL THEN format('there is no kind of fault "%s": SELECT * FROM patchmail.check_kinds',
                                                w.kind)
                ELSE format('what to do about "%s" is for an admin to decide', w.kind) END
      INTO wrong
      FROM unnest(kinds) w (kind) LEFT JOIN _patchmail.fault_kinds() k ON k.kind = w.kind
     WHERE k.step IS NULL ORDER BY w.kind LIMIT 1;
    wrong := coalesce(wrong, CASE kinds WHEN '{}' THEN 'no kind of fault is given' END);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION '%', wrong USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN ARRAY(SELECT DISTINCT unnest(kinds));
END
$$;
