-- _patchmail.parsed_values(message, facts): what is stored of a mail because its parser read it so.
-- Takes    its ledger row as _patchmail.read_message gives it; the facts, without what does not count in its project.
-- Gives    a JSON object with the keys of _patchmail.stored_values().
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.parsed_values(message patchmail.message, facts jsonb)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'message_id', message.msgid, 'kind', message.kind, 'version', message.version, 'minor', message.minor,
        'number', message.number,
        'total', message.total, 'name', message.name, 'title', message.title, 'references', message.refs,
        'date', message.date, 'change_id', message.change_id, 'base_commit', message.base_commit,
        'author_name', message.author_name, 'verdict', message.verdict, 'verdict_reason', message.verdict_reason,
        'headers', coalesce(facts->>'headers', ''), 'content', facts->>'content',
        'diff', CASE message.kind WHEN 'patch' THEN facts->>'diff' END,
        'hash', CASE message.kind WHEN 'patch' THEN rtrim(facts->>'hash', ' ') END,
        'git_patch_id', message.git_patch_id,
        'pull_url', CASE message.kind WHEN 'patch' THEN left(facts->>'pull_url', 255) END,
        'action_required', message.kind = 'comment'
                           AND coalesce(facts->'hints'->>'action_required' = 'true', false),
        'depends_on', CASE WHEN message.kind = 'comment' THEN '[]'
                           ELSE _patchmail.dependency_lines(message.project_id, _patchmail.lines_of(facts)) END,
        'results', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                               'source', r.value->'source', 'index', r.value->'index', 'authserv_id',
                               r.value->'authserv_id', 'trusted', r.value->'trusted', 'method', r.value->'method',
                               'result', r.value->'result', 'identity', r.value->'identity', 'alignment',
                               r.value->'alignment', 'reason', r.value->'reason') ORDER BY r.position), '[]')
                      FROM jsonb_array_elements(coalesce(facts->'authentication'->'results', '[]'))
                           WITH ORDINALITY r (value, position)));
$$;
