-- _patchmail.revise_hindrance(series_id, former_id, worst): what keeps a series from replacing another one by its
-- sender.
-- Takes    the two; the least verdict on its sender that is enough.
-- Gives    it in words; NULL if nothing does.
-- Rules    Every mail of the two is of one person, and none of the first has a verdict below that, or below the best
--          one of the second.  So nobody supersedes patches with a copied change-id, with an answer, or under another's
--          name with mail that has a worse verdict than the patches.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.revise_hindrance(series_id integer, former_id integer, worst patchmail.verdict)
RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
           WHEN (s.submitter_id = o.submitter_id) IS NOT TRUE THEN 'the two are not all of one sender'
           WHEN s.worst < $3 THEN format('its verdict is %s, and policy asks for %s', s.worst, $3)
           WHEN s.worst < o.best THEN format('its verdict is %s, and that of the former one %s', s.worst, o.best) END
      FROM _patchmail.series_sender($1) s, _patchmail.series_sender($2) o;
$$;
