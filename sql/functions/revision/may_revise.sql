-- _patchmail.may_revise(series_id, former_id, worst): whether a series may replace another one by its sender.
-- Takes    the two; the least verdict on its sender that is enough.
-- Rules    Every mail of the two is of one person, and none of the first has a verdict below that, or below the best one of
--          the second.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.may_revise(series_id integer, former_id integer, worst patchmail.verdict)
RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(s.submitter_id = o.submitter_id AND s.worst >= $3 AND s.worst >= o.best, false)
      FROM _patchmail.series_sender($1) s, _patchmail.series_sender($2) o;
$$;
