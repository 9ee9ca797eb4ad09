-- _patchmail.headers_json(headers): a header block as Patchwork's REST API shows it.
-- Takes    headers as Patchwork's tables hold them.
-- Gives    an object in order of first appearance, {} for no headers.  A name that occurs once has its value, one
--          that occurs again, ignoring case, a list.  Each spelling of a name is a key, with the values of all.
CREATE OR REPLACE FUNCTION _patchmail.headers_json(headers text)
RETURNS json LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH field AS (
        SELECT place, name, value FROM _patchmail.header_fields(headers)
    )
    SELECT coalesce(json_object_agg(s.name, v.value ORDER BY s.first), '{}')
      FROM (SELECT name, min(place) AS first FROM field GROUP BY name) s
      JOIN (SELECT lower(name COLLATE "C") AS key,
                   CASE count(*) WHEN 1 THEN to_json(min(value)) ELSE json_agg(value ORDER BY place) END AS value
              FROM field GROUP BY lower(name COLLATE "C")) v ON v.key = lower(s.name COLLATE "C");
$$;
