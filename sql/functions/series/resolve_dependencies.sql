-- _patchmail.resolve_dependencies(message, lines): enters on which series a message's series depends, and which depend
-- on it.
-- Takes    the ledger row with its series; what the mail names, as _patchmail.lines_of gives it.
-- Rules    A line names a patch or cover letter by Message-ID, a patch by its id or by git's patch-id, or a series by
--          its id or by b4's change-id; of the same project.  The mail may come before what it names: so both
--          directions are looked at.
--          So that this is seen when that mail comes, a line with a Message-ID is entered as a reference too, by
--          message 0: it joins no thread.
-- Touches  patchmail.dependency, patchmail.reference; public.patchwork_series_dependencies, if there is one
--          (Patchwork's migration 0048).
CREATE OR REPLACE FUNCTION _patchmail.resolve_dependencies(message patchmail.message, lines jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF lines <> '[]' THEN
        INSERT INTO patchmail.dependency (message_id, project_id, msgid, series_id, patch_id, git_patch_id, change_id,
                                          version, line, supersedes)
        SELECT message.id, message.project_id,
               coalesce((SELECT a.msgid FROM patchmail.alias a
                          WHERE a.project_id = message.project_id AND a.alias = left(d.message_id, 255)),
                        left(d.message_id, 255)), d.series_id, d.patch_id, d.git_patch_id, left(d.change_id, 255),
               d.version, d.line, coalesce(d.supersedes, false)
          FROM ROWS FROM (jsonb_to_recordset(lines)
                       AS (message_id text, series_id integer, patch_id integer, git_patch_id text, change_id text,
                           version integer, supersedes boolean))
               WITH ORDINALITY AS d (message_id, series_id, patch_id, git_patch_id, change_id, version, supersedes,
                                    line);
        INSERT INTO patchmail.reference (project_id, msgid, message_id)
        SELECT d.project_id, d.msgid, 0 FROM patchmail.dependency d
         WHERE d.message_id = message.id AND d.msgid IS NOT NULL
        ON CONFLICT DO NOTHING;
    END IF;
    IF to_regclass('public.patchwork_series_dependencies') IS NOT NULL THEN
        PERFORM _patchmail.renew_dependencies(message);
    END IF;
END
$$;
