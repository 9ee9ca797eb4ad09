-- _patchmail.meant_series(line, dependent): the series that a mail means by a patch-id or a change-id.
-- Takes    the row of patchmail.dependency with one of these, and the ledger row of the mail.
-- Gives    its id, by the rules of _patchmail.derive_dependencies; NULL if it is not here.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.meant_series(line patchmail.dependency, dependent patchmail.message)
RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT m.series
      FROM (SELECT o.*, _patchmail.message_series(o) AS series FROM patchmail.message o
             WHERE o.project_id = line.project_id AND o.git_patch_id = line.git_patch_id AND o.kind = 'patch'
            UNION ALL
            SELECT o.*, _patchmail.message_series(o) FROM patchmail.message o
             WHERE o.project_id = line.project_id AND o.change_id = line.change_id AND o.kind <> 'comment'
               AND o.version = coalesce(line.version, o.version)) m
     WHERE m.series IS NOT NULL
     ORDER BY m.date <= dependent.date DESC, m.submitter_id = dependent.submitter_id DESC, m.verdict DESC,
              CASE WHEN m.date <= dependent.date THEN m.date END DESC, m.date, m.msgid COLLATE "C" LIMIT 1;
$$;
