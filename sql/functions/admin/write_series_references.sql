-- patchmail.write_series_references(): fills the table by which Patchwork's own parsemail finds the series of a mail.
-- For a site that goes back to parsemail.  patchmail.store does not need the table and does not keep it, which saves
-- each delivery a millisecond.
-- Gives    how many references were written.
-- Rules    As parsemail does it: one for each patch and cover letter of a series, and one for each mail that they refer
--          to and that has not come: its cover letter may be still to come, and so may patches that answer the same
--          mail.
-- Touches  public.patchwork_seriesreference.
CREATE OR REPLACE FUNCTION patchmail.write_series_references()
RETURNS bigint LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    WITH reference AS (
        SELECT m.project_id, m.msgid, m.series_id, 0 AS step FROM patchmail.message m WHERE m.series_id IS NOT NULL
        UNION ALL
        SELECT a.project_id, a.alias, m.series_id, 0
          FROM patchmail.alias a JOIN patchmail.message m ON m.project_id = a.project_id AND m.msgid = a.msgid
        UNION ALL
        SELECT m.project_id, k.msgid, m.series_id, k.step
          FROM patchmail.message m, unnest(m.refs) WITH ORDINALITY AS k (msgid, step)
         WHERE m.series_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM patchmail.message o WHERE o.project_id = m.project_id AND o.msgid = k.msgid)
           AND NOT EXISTS (SELECT FROM public.patchwork_seriesreference r
                            WHERE r.project_id = m.project_id AND r.msgid = k.msgid)
    ), written AS (
        INSERT INTO public.patchwork_seriesreference AS r (msgid, project_id, series_id)
        SELECT DISTINCT ON (k.project_id, k.msgid) k.msgid, k.project_id, s.id
          FROM reference k JOIN public.patchwork_series s ON s.id = k.series_id AND s.project_id = k.project_id
         ORDER BY k.project_id, k.msgid, k.step, s.id
        ON CONFLICT (project_id, msgid) DO UPDATE SET series_id = excluded.series_id
                                              WHERE r.series_id <> excluded.series_id
        RETURNING 1)
    SELECT count(*) FROM written;
$$;
COMMENT ON FUNCTION patchmail.write_series_references IS
    'Fills the table by which Patchwork''s parsemail finds series, for a site that goes back to it.';
