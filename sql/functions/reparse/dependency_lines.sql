-- _patchmail.dependency_lines(project_id, lines): what a mail names that its series depends on or replaces, as
-- patchmail.dependency has it, in an order of its own, so that two can be compared.
-- Takes    lines as _patchmail.lines_of gives them.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.dependency_lines(project_id integer, lines jsonb)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(l.line ORDER BY l.line), '[]')
      FROM (SELECT jsonb_strip_nulls(jsonb_build_object(
                       'message_id', coalesce((SELECT a.msgid FROM patchmail.alias a
                                                WHERE a.project_id = $1 AND a.alias = left(d.message_id, 255)),
                                              left(d.message_id, 255)),
                       'series_id', d.series_id, 'patch_id', d.patch_id, 'git_patch_id', d.git_patch_id,
                       'change_id', left(d.change_id, 255), 'version', d.version,
                       'supersedes', CASE WHEN d.supersedes THEN true END)) AS line
              FROM jsonb_to_recordset($2)
                AS d (message_id text, series_id integer, patch_id integer, git_patch_id text, change_id text,
                      version integer, supersedes boolean)) l;
$$;
