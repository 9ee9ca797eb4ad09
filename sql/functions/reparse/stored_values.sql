-- _patchmail.stored_values(stored): what is stored of a mail because its parser read it so.
-- Takes    its ledger row.
-- Gives    a JSON object, to be compared with _patchmail.parsed_values(); NULL if somebody deleted its row in
--          Patchwork's tables.
-- Rules    A cover letter that became a comment (_patchmail.repeats_cover) was read as a cover letter.  If the ledger
--          and Patchwork's row have different names, the ledger's counts.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.stored_values(stored patchmail.message)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'message_id', stored.msgid, 'kind', CASE WHEN k.repeats THEN 'cover' ELSE stored.kind END,
        'version', stored.version, 'minor', stored.minor, 'number', CASE WHEN k.repeats THEN 0 ELSE stored.number END,
        'total', stored.total, 'name', stored.name, 'title', stored.title, 'references', stored.refs,
        'date', stored.date, 'change_id', stored.change_id, 'base_commit', stored.base_commit,
        'author_name', stored.author_name, 'verdict', stored.verdict, 'verdict_reason', stored.verdict_reason,
        'headers', coalesce(x.headers, ''), 'content', x.content, 'diff', x.diff, 'hash', rtrim(x.hash, ' '),
        'git_patch_id', CASE stored.kind WHEN 'patch' THEN stored.git_patch_id END, 'pull_url', x.pull_url,
        'action_required', x.addressed IS NOT NULL,
        'depends_on', _patchmail.dependency_lines(stored.project_id, (
            SELECT coalesce(jsonb_agg(to_jsonb(d) || jsonb_build_object('message_id', d.msgid)), '[]')
              FROM patchmail.dependency d WHERE d.message_id = stored.id)),
        'results', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                               'source', a.source, 'index', a.field_index, 'authserv_id', a.authserv_id,
                               'trusted', a.trusted, 'method', a.method, 'result', a.result, 'identity', a.identity,
                               'alignment', a.alignment, 'reason', a.reason) ORDER BY a.position), '[]')
                      FROM patchmail.authentication a WHERE a.message_id = stored.id))
      FROM (SELECT stored.kind = 'comment' AND stored.total IS NOT NULL AS repeats) k,
           _patchmail.stored_texts(stored) x;
$$;
