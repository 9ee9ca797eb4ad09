-- _patchmail.main_function(kind): the function by which a role of the program is known.
-- Takes    what _patchmail.program_functions() takes.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.main_function(kind text)
RETURNS regprocedure LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE $1 WHEN 'deliverer' THEN 'patchmail.store(jsonb,bytea,jsonb)'::regprocedure
                   WHEN 'notifier' THEN 'patchmail.hook_next(text,text,integer,jsonb,integer)'::regprocedure END;
$$;
