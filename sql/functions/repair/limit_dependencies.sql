-- _patchmail.limit_dependencies(threads, series, project_id): takes away the dependencies of series that have moved to
-- a project which lead out of it, and enters those that there are within it now.
-- Takes    the threads, their series, and the project that they are in.
-- Touches  public.patchwork_series_dependencies, which there has to be.
CREATE OR REPLACE FUNCTION _patchmail.limit_dependencies(threads bigint[], series integer[], project_id integer)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM public.patchwork_series_dependencies d
     USING public.patchwork_series a, public.patchwork_series b
     WHERE a.id = d.from_series_id AND b.id = d.to_series_id AND a.project_id <> b.project_id
       AND (a.id = ANY (series) OR b.id = ANY (series));
    PERFORM _patchmail.write_dependencies(ARRAY(
        SELECT d.message_id FROM patchmail.dependency d
         WHERE d.project_id = limit_dependencies.project_id AND d.series_id = ANY (series)
        UNION
        SELECT unnest(_patchmail.dependents_of(ARRAY(
            SELECT m.id FROM patchmail.message m WHERE m.thread = ANY (threads) AND m.kind <> 'comment')))));
END
$$;
