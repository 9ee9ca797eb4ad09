-- _patchmail.resolve_dependencies(message, depends_on): enters on which series a message's series depends, and which
-- depend on it.
-- Takes    the ledger row with its series; the facts' depends_on.
-- Rules    A Depends-on line names a patch or cover letter by Message-ID, a patch by its id, or a series by its id; of
--          the same project.  The mail may come before what it names: so both directions are looked at.
--          So that this is seen when that mail comes, the line is entered as a reference too, by message 0: it joins no
--          thread.
-- Touches  patchmail.dependency, patchmail.reference; public.patchwork_series_dependencies, if there is one
--          (Patchwork's migration 0048).
CREATE OR REPLACE FUNCTION _patchmail.resolve_dependencies(message patchmail.message, depends_on jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF depends_on <> '[]' THEN
        INSERT INTO patchmail.dependency (message_id, project_id, msgid, series_id, patch_id)
        SELECT message.id, message.project_id,
               coalesce((SELECT a.msgid FROM patchmail.alias a
                          WHERE a.project_id = message.project_id AND a.alias = left(d.message_id, 255)),
                        left(d.message_id, 255)), d.series_id, d.patch_id
          FROM jsonb_to_recordset(depends_on) AS d(message_id text, series_id integer, patch_id integer);
        INSERT INTO patchmail.reference (project_id, msgid, message_id)
        SELECT d.project_id, d.msgid, 0 FROM patchmail.dependency d
         WHERE d.message_id = message.id AND d.msgid IS NOT NULL
        ON CONFLICT DO NOTHING;
    END IF;
    IF to_regclass('public.patchwork_series_dependencies') IS NOT NULL THEN
        PERFORM _patchmail.write_dependencies(ARRAY(
            SELECT d.message_id FROM patchmail.dependency d
             WHERE d.project_id = message.project_id AND d.msgid = message.msgid) || message.id);
    END IF;
END
$$;
