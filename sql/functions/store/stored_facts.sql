-- _patchmail.stored_facts(stored): what the tables have of a mail that loses its place, to be kept in quarantine.
-- Takes    its ledger row.
-- Gives    facts with which _patchmail.store_message stores it again, and as bytes the header as it came, the text and
--          the diff: the mail itself was not kept when it was stored.  NULLs if its row in Patchwork's tables is gone.
-- Rules    What was not kept is missing: which files it changes, and the hints that gave it its state and delegate.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.stored_facts(stored patchmail.message, OUT facts jsonb, OUT raw bytea)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    prefixes text := CASE WHEN right(stored.name, length(stored.title) + 2) = '] ' || stored.title
                          THEN substr(stored.name, 2, length(stored.name) - length(stored.title) - 3) END;
    kind     text := CASE WHEN stored.kind = 'comment' AND stored.total IS NOT NULL THEN 'cover' ELSE stored.kind END;
    kept     record;
    sent     jsonb;
BEGIN
    SELECT x.* INTO kept FROM _patchmail.stored_texts(stored) x;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    raw := convert_to(concat(rtrim(kept.headers, E'\n'), E'\n\n', concat_ws(E'\n', kept.content, kept.diff)), 'UTF8');
    sent := jsonb_build_object('name', coalesce(stored.author_name, (SELECT p.name FROM public.patchwork_person p
                                                                      WHERE p.id = stored.submitter_id)),
                               'email', _patchmail.author_address(stored));
    facts := jsonb_build_object(
        'facts', 1, 'size', length(raw), 'sha256', encode(sha256(raw), 'hex'), 'kind', kind,
        'message_id', stored.msgid, 'references', to_jsonb(stored.refs), 'list_ids', '[]'::jsonb, 'date', stored.date,
        'author', sent, 'headers', kept.headers, 'content', kept.content, 'diff', kept.diff, 'hash', kept.hash,
        'patch_id', stored.git_patch_id, 'files', '[]'::jsonb, 'pull_url', kept.pull_url, 'change_id', stored.change_id,
        'base_commit', stored.base_commit,
        'subject', jsonb_build_object('text', stored.name, 'title', stored.title, 'version', stored.version,
                                      'minor', nullif(stored.minor, 0),
                                      'prefixes', to_jsonb(array_remove(ARRAY[prefixes], NULL)),
                                      'number', coalesce(stored.number, CASE WHEN kind = 'cover' THEN 0 END),
                                      'total', stored.total),
        'hints', jsonb_build_object('action_required', kind = 'comment' AND kept.addressed IS NOT NULL),
        'depends_on', (SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                                  'message_id', d.msgid, 'series_id', d.series_id, 'patch_id', d.patch_id,
                                  'git_patch_id', d.git_patch_id, 'change_id', d.change_id, 'version', d.version))
                                  ORDER BY d.line), '[]')
                         FROM patchmail.dependency d WHERE d.message_id = stored.id AND NOT d.supersedes),
        'supersedes', (SELECT coalesce(jsonb_agg(d.msgid ORDER BY d.line), '[]')
                         FROM patchmail.dependency d WHERE d.message_id = stored.id AND d.supersedes),
        'authentication', jsonb_build_object(
            'verdict', stored.verdict, 'reason', stored.verdict_reason,
            'results', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                                   'source', a.source, 'index', a.field_index, 'authserv_id', a.authserv_id,
                                   'trusted', a.trusted, 'method', a.method, 'result', a.result, 'identity', a.identity,
                                   'alignment', a.alignment, 'reason', a.reason) ORDER BY a.position), '[]')
                          FROM patchmail.authentication a WHERE a.message_id = stored.id)));
END
$$;
