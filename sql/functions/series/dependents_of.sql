-- _patchmail.dependents_of(ids): the mails that name what a series depends on, as far as these mails are concerned.
-- Takes    ledger ids of patches and cover letters.
-- Gives    those of them that name something, and those that name one of them, each once.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.dependents_of(ids bigint[])
RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(DISTINCT x.message_id), '{}')
      FROM (SELECT o.* FROM patchmail.message o WHERE o.id = ANY ($1) OFFSET 0) m, LATERAL (
           SELECT d.message_id FROM patchmail.dependency d WHERE d.message_id = m.id AND NOT d.supersedes
           UNION ALL
           SELECT d.message_id FROM patchmail.dependency d
            WHERE d.project_id = m.project_id AND d.msgid = m.msgid AND NOT d.supersedes
           UNION ALL
           SELECT d.message_id FROM patchmail.dependency d
            WHERE d.project_id = m.project_id AND d.git_patch_id = m.git_patch_id
           UNION ALL
           SELECT d.message_id FROM patchmail.dependency d
            WHERE d.project_id = m.project_id AND d.change_id = m.change_id
              AND coalesce(d.version, m.version) = m.version
           UNION ALL
           SELECT d.message_id FROM patchmail.dependency d WHERE d.patch_id = m.patch_id
           UNION ALL
           SELECT d.message_id FROM patchmail.dependency d WHERE d.series_id = m.series_id) x;
$$;
