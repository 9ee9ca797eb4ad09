-- _patchmail.explain_strangers(project_id, since, known): why series that look like new versions replace nothing.
-- Takes    the project; from which date on series count as new versions, or NULL; patches of which the reason is known.
-- Gives    a row for each other open patch of which a later version seems to be there, since a series of a higher
--          version has a patch with the same title: its id, that series, the latest, and in words why it does not
--          count.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.explain_strangers(project_id integer, since timestamptz, known integer[])
RETURNS TABLE (patch_id integer, series_id integer, why text) LANGUAGE sql STABLE AS $$
    WITH patch AS MATERIALIZED (
        SELECT p.id, p.submitter_id, p.date, s.id AS series_id, s.version, t.action_required AS open,
               _patchmail.plain_title(p.name) AS title
          FROM public.patchwork_patch p JOIN public.patchwork_series s ON s.id = p.series_id
          JOIN public.patchwork_state t ON t.id = p.state_id
         WHERE p.project_id = $1
    ), latest AS (  -- of each title and version, so that many of one title make few pairs
        SELECT DISTINCT ON (p.title, p.version) p.* FROM patch p
         WHERE p.title <> '' AND ($2 IS NULL OR p.date >= _patchmail.to_patchwork($2))
         ORDER BY p.title, p.version, p.date DESC, p.id DESC
    )
    SELECT DISTINCT ON (p.id) p.id, n.series_id,
           format('%s has a patch of this title, but %s', _patchmail.series_called(n.series_id),
                  CASE WHEN n.submitter_id <> p.submitter_id
                           THEN 'is of another sender, with neither an answer to this one nor its change-id'
                       WHEN n.date > p.date + interval '1 year' THEN 'came more than a year later'
                       WHEN f.former_id IS NOT NULL THEN 'replaces ' || _patchmail.series_called(f.former_id)
                       ELSE 'the two have too little in common, or different change-ids' END)
      FROM patch p JOIN latest n ON n.title = p.title AND n.version > p.version AND n.date > p.date
     CROSS JOIN LATERAL _patchmail.find_former_series(n.series_id) f
     WHERE p.open AND p.id <> ALL (known)
     ORDER BY p.id, n.date DESC, n.id DESC;
$$;
