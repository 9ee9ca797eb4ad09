-- _patchmail.header_fields(headers): the fields of a stored header block, in their order.
-- Takes    headers as Patchwork's tables hold them.  Only lines are looked at; nothing is decoded or unfolded.
-- Gives    a row a field: its place from 1, its name as written, its value with the line ends of its folding.
--          Whatever follows the first line that belongs to no field is left out.
CREATE OR REPLACE FUNCTION _patchmail.header_fields(headers text)
RETURNS TABLE (place bigint, name text, value text) LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH line AS (
        SELECT l.n, l.text, l.text ~ '^[!-9;-~]+:' AS begins,
               bool_and(l.text ~ '^([!-9;-~]+:|[ \t]|From )') OVER (ORDER BY l.n) AS belongs
          FROM unnest(string_to_array(headers, E'\n')) WITH ORDINALITY l (text, n)
    ), numbered AS (
        SELECT n, text, begins, count(*) FILTER (WHERE begins) OVER (ORDER BY n) AS field
          FROM line WHERE belongs AND text !~ '^From '
    )
    SELECT field, split_part(min(text) FILTER (WHERE begins), ':', 1),
           rtrim(string_agg(CASE WHEN begins THEN ltrim(substr(text, strpos(text, ':') + 1), E' \t') ELSE text END,
                            E'\n' ORDER BY n), E'\r\n')
      FROM numbered WHERE field > 0 GROUP BY field ORDER BY field;
$$;
