-- _patchmail.read_commit(commit, facts, msgid, hash, patch_id): what patches are to be found of a commit by.
-- Takes    what patchmail.mark_committed() takes.
-- Gives    an object: commit; links, hash and patch_id, and which of them a person gave himself (by_hand); title, as
--          _patchmail.plain_title has it; author; date; files; revert: whether it takes something back; upstream: the
--          commits that it says it is a copy of.
-- Errors   invalid_parameter_value or check_violation in words.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.read_commit(commit text, facts jsonb, msgid text, hash text, patch_id text)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    name    CONSTANT text := btrim(commit);
    content CONSTANT text := facts->>'content';
    title   CONSTANT text := nullif(_patchmail.plain_title(facts->'subject'->>'title'), '');
    given   CONSTANT text := btrim(msgid);
    id      text;
BEGIN
    IF coalesce(name, '') = '' OR length(name) > 255 OR name ~ '[\u0001-\u0020\u007f]' THEN
        RAISE EXCEPTION 'the commit has to be named by 1 to 255 characters without blanks'
            USING ERRCODE = 'invalid_parameter_value';
    ELSIF jsonb_typeof(facts) <> 'object' OR facts ? 'rejected' THEN
        RAISE EXCEPTION 'the facts of commit % are not those of a patch%', name,
            coalesce(': ' || (facts->>'rejected'), '')
            USING ERRCODE = 'check_violation';
    ELSIF facts IS NULL AND num_nonnulls(nullif(given, ''), hash, patch_id) = 0 THEN
        RAISE EXCEPTION 'nothing is given by which the patch of commit % could be found', name
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOREACH id IN ARRAY ARRAY[hash, patch_id] LOOP
        IF id !~* '^[0-9a-f]{40}$' THEN
            RAISE EXCEPTION '"%" is no hash of 40 hexadecimal digits', id USING ERRCODE = 'invalid_parameter_value';
        END IF;
    END LOOP;
    RETURN jsonb_build_object(
        'commit', name,
        'by_hand', to_jsonb(array_remove(ARRAY[CASE WHEN given <> '' THEN 'link' END,
                                               CASE WHEN hash IS NOT NULL THEN 'hash' END,
                                               CASE WHEN patch_id IS NOT NULL THEN 'patch-id' END], NULL)),
        'links', CASE WHEN given <> '' THEN jsonb_build_array('<' || btrim(given, '<>') || '>')
                      WHEN jsonb_typeof(facts->'links') = 'array' THEN facts->'links' ELSE '[]' END,
        'hash', lower(coalesce(hash, facts->>'hash')), 'patch_id', lower(coalesce(patch_id, facts->>'patch_id')),
        'title', title, 'author', facts->'author',
        'files', CASE jsonb_typeof(facts->'files') WHEN 'array' THEN facts->'files' ELSE '[]' END,
        'date', CASE WHEN facts->>'date' ~ '^\d{4}-\d\d-\d\dT[0-9:]+Z$' THEN facts->>'date' END,
        'revert', coalesce(title ~ '^(revert|reapply)\M' OR content ~* '\mreverts commit [0-9a-f]{7}', false),
        'upstream', (SELECT coalesce(jsonb_agg(DISTINCT coalesce(m.part[1], m.part[2])), '[]')
                       FROM regexp_matches(content,
                                           '(?:\mcherry[- ]picked from commit|\mupstream commit)\s+([0-9a-f]{12,64})'
                                           '|^\s*commit\s+([0-9a-f]{12,64})\s+upstream', 'gni') m (part)));
END
$$;
