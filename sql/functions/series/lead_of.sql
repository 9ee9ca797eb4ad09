-- _patchmail.lead_of(members): finds the member of a series that gives it its date, author, version, total and name.
-- Takes    ledger ids of marked patches and cover letters.
-- Gives    the ledger row of the cover letter ('cover' sorts before 'patch'), else of the lowest-numbered patch, one
--          numbered 0 after all others; NULL for none.  In it the version is the highest that any of them says, since a
--          slip mostly leaves it out; and a cover letter without a title has the name of patch 1.
-- Rules    Only the mails of the series' own sender count: the author of the one that hangs on nothing (of several,
--          which have one author, the one with the best verdict), with a verdict no worse than that one's.  So nobody
--          names a series by sending the number that is missing in it.
-- Touches  nothing.
-- Speed    The submitter is kept out of the index conditions: by his index PostgreSQL would look through all his mail.
CREATE OR REPLACE FUNCTION _patchmail.lead_of(members bigint[])
RETURNS patchmail.message LANGUAGE plpgsql STABLE AS $$
DECLARE
    first patchmail.message;
    lead  patchmail.message;
BEGIN
    SELECT m.* INTO first FROM patchmail.message m WHERE m.id = ANY (members)
     ORDER BY m.kind, m.anchor_id IS NOT NULL, m.verdict DESC, m.date, m.msgid COLLATE "C" LIMIT 1;
    IF first.kind = 'cover' THEN
        lead := first;
    ELSE
        SELECT m.* INTO lead FROM patchmail.message m
         WHERE m.id = ANY (members) AND m.submitter_id + 0 = first.submitter_id AND enum_ge(m.verdict, first.verdict)
         ORDER BY m.number = 0, m.number, m.date, m.msgid COLLATE "C" LIMIT 1;
    END IF;
    SELECT max(m.version), coalesce(min(m.name) FILTER (WHERE lead.title = '' AND m.number = 1), lead.title)
      INTO lead.version, lead.title
      FROM patchmail.message m
     WHERE m.id = ANY (members) AND m.submitter_id + 0 = first.submitter_id AND enum_ge(m.verdict, first.verdict);
    RETURN lead;
END
$$;
