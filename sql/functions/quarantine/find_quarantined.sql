-- _patchmail.find_quarantined(reason, project, age, sender): the mail in quarantine that an admin means.
-- Takes    reason: a regular expression that is found in why it is there, ignoring case; the linkname of a project that
--          it is for; an age that it has at least; the author's address, or @ and the whole domain, ignoring case.
--          NULL for what is not asked.
-- Gives    their ids in order.
-- Errors   invalid_parameter_value if nothing is asked, or the expression is not valid; no_data_found for a project.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.find_quarantined(reason text, project text, age interval, sender text)
RETURNS bigint[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF num_nonnulls(reason, project, age, sender) = 0 THEN
        RAISE EXCEPTION 'say which mail: by reason, project, age or sender' USING ERRCODE = 'invalid_parameter_value',
            HINT = 'reason => '''' is all of it';
    ELSIF project IS NOT NULL THEN
        PERFORM _patchmail.project_id(project);
    END IF;
    RETURN ARRAY(
        SELECT q.id FROM patchmail.quarantine q JOIN patchmail.quarantined v ON v.id = q.id
         WHERE (find_quarantined.reason IS NULL OR q.reason ~* find_quarantined.reason)
           AND (project IS NULL OR project = ANY (string_to_array(v.projects, ' ')))
           AND (find_quarantined.age IS NULL OR now() - q.arrived >= find_quarantined.age)
           AND (sender IS NULL OR lower(q.facts->'author'->>'email') = lower(sender)
                OR sender LIKE '@%' AND right(lower(q.facts->'author'->>'email'), length(sender)) = lower(sender))
         ORDER BY q.id);
EXCEPTION WHEN invalid_regular_expression THEN
    RAISE EXCEPTION 'reason "%" is not a regular expression: %', reason, SQLERRM
        USING ERRCODE = 'invalid_parameter_value';
END
$$;
