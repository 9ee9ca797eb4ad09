-- _patchmail.check_target(former, target, series): refuses to move mail from a project to itself, or series of another.
-- Errors   check_violation.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.check_target(former integer, target integer, series integer[] DEFAULT '{}')
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    other integer := (SELECT min(s.id) FROM public.patchwork_series s
                       WHERE s.id = ANY (series) AND s.project_id IS DISTINCT FROM former);
BEGIN
    IF former = target THEN
        RAISE EXCEPTION 'that is the same project' USING ERRCODE = 'check_violation';
    ELSIF other IS NOT NULL THEN
        RAISE EXCEPTION 'series % is of another project', other USING ERRCODE = 'check_violation';
    END IF;
END
$$;
