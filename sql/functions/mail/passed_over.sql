-- _patchmail.passed_over(kind, object_id, pattern): is a pattern of an admin one that ran away, or may it run away
-- after another one did on this mail?
-- Takes    "subject_match", "tag" or "delegation rule"; the id of the project, the tag or the rule; the pattern.
-- Rules    What stopped the first (_patchmail.stop_pattern) may not stop a second one in the same statement.  So those
--          that can take more than linear time, which have a back reference, are passed over there.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.passed_over(kind text, object_id integer, pattern text)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN pg_relation_size('patchmail.runaway') > 0
       AND EXISTS (SELECT FROM patchmail.runaway r
                    WHERE r.kind = passed_over.kind AND r.object_id = passed_over.object_id
                      AND r.pattern = passed_over.pattern
                       OR r.noticed > transaction_timestamp() AND passed_over.pattern ~ '\\[1-9]');
END
$$;
