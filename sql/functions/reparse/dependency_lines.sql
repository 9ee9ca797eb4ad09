-- _patchmail.dependency_lines(project_id, depends_on): Depends-on lines as patchmail.dependency has them, in an order
-- of their own, so that two can be compared.
-- Takes    depends_on of the facts.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.dependency_lines(project_id integer, depends_on jsonb)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(l.line ORDER BY l.line), '[]')
      FROM (SELECT jsonb_strip_nulls(jsonb_build_object(
                       'message_id', coalesce((SELECT a.msgid FROM patchmail.alias a
                                                WHERE a.project_id = $1 AND a.alias = left(d.message_id, 255)),
                                              left(d.message_id, 255)),
                       'series_id', d.series_id, 'patch_id', d.patch_id)) AS line
              FROM jsonb_to_recordset($2) AS d (message_id text, series_id integer, patch_id integer)) l;
$$;
