-- _patchmail.series_sent(series): when a series was sent.
-- Takes    a row of public.patchwork_series.
-- Gives    its date, or the arrival of its first mail if that is earlier, so that no date in the future makes it the
--          latest.
-- Touches  nothing.
-- Speed    The planner puts it into the statement of its caller, which therefore has to fix the search_path.
CREATE OR REPLACE FUNCTION _patchmail.series_sent(series public.patchwork_series)
RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT least(_patchmail.from_patchwork(series.date),
                 (SELECT min(m.arrived)
                    FROM public.patchwork_patch p
                    JOIN patchmail.message m
                      ON m.project_id = p.project_id AND m.msgid = p.msgid::text AND NOT m.adopted
                   WHERE p.series_id = series.id));
$$;
