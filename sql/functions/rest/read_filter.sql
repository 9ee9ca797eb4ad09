-- _patchmail.read_filter(filter): what a list is to be narrowed to.
-- Takes    the query of a REST path, "project=demo&state=new&state=accepted", also with the path or the URL before
--          it; or an object, {"project": "demo", "state": ["new", "accepted"]}; NULL is nothing.
-- Gives    an object: for each name the list of its values, as texts.
CREATE OR REPLACE FUNCTION _patchmail.read_filter(filter text)
RETURNS jsonb LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF filter ~ '^\s*\{' THEN
        RETURN (SELECT coalesce(jsonb_object_agg(e.key, CASE jsonb_typeof(e.value)
                           WHEN 'array' THEN (SELECT coalesce(jsonb_agg(a.value), '[]')
                                                FROM jsonb_array_elements_text(e.value) a (value))
                           ELSE jsonb_build_array(e.value #>> '{}') END), '{}')
                  FROM jsonb_each(filter::jsonb) e WHERE e.value <> 'null');
    END IF;
    RETURN (SELECT coalesce(jsonb_object_agg(o.name, o.values), '{}')
              FROM (SELECT _patchmail.url_unquote(split_part(p.pair, '=', 1)) AS name,
                           jsonb_agg(_patchmail.url_unquote(substr(p.pair, strpos(p.pair, '=') + 1))
                                     ORDER BY p.n) AS values
                      FROM string_to_table(regexp_replace(filter, '^[^=&]*\?', ''), '&') WITH ORDINALITY p (pair, n)
                     WHERE strpos(p.pair, '=') > 0 GROUP BY 1) o);
END
$$;
