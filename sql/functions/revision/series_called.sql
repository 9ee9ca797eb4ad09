-- _patchmail.series_called(series_id): a series in words: its id, version and name.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.series_called(series_id integer)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT format('series %s (v%s%s%s)', s.id, s.version, '.' || nullif(_patchmail.series_minor(s.id), 0),
                  ', "' || _patchmail.printable(s.name) || '"')
      FROM public.patchwork_series s WHERE s.id = $1;
$$;
