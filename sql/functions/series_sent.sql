-- patchmail.series_sent(series): when a series was sent.
-- Takes    a row of public.patchwork_series.
-- Gives    its date; when its first mail arrived if that is earlier, so that no date in the future makes it the latest.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.series_sent(series public.patchwork_series)
RETURNS timestamptz LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN least(patchmail.from_patchwork(series.date), (SELECT min(m.arrived) FROM patchmail.series_messages(series.id) m WHERE NOT m.adopted));
END
$$;
