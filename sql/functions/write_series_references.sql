-- patchmail.write_series_references(): fills the table by which Patchwork's own parsemail finds the series of a mail.
-- For a site that goes back to parsemail.  patchmail.store does not need the table and does not keep it, which saves
-- each delivery a millisecond.
-- Gives    how many references were written.
-- Touches  public.patchwork_seriesreference.
CREATE OR REPLACE FUNCTION patchmail.write_series_references()
RETURNS bigint LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    WITH written AS (
        INSERT INTO public.patchwork_seriesreference AS r (msgid, project_id, series_id)
        SELECT m.msgid, m.project_id, s.id
          FROM patchmail.message m
          JOIN public.patchwork_series s ON s.id = m.series_id AND s.project_id = m.project_id
        ON CONFLICT (project_id, msgid) DO UPDATE SET series_id = excluded.series_id
                                              WHERE r.series_id <> excluded.series_id
        RETURNING 1)
    SELECT count(*) FROM written;
$$;
