-- patchmail.series_lead(series_id, thread): the member that a series takes its date, author, version and name from.
-- Gives    the ledger row of its cover letter ('cover' sorts before 'patch'), else of its lowest-numbered patch, one
--          numbered 0 after all others; NULL where it has no members.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.series_lead(series_id integer, thread bigint)
RETURNS patchmail.message LANGUAGE sql STABLE AS $$
    SELECT m FROM patchmail.message m
     WHERE m.thread = $2 AND m.series_id = $1 AND m.number IS NOT NULL
     ORDER BY m.kind, m.number = 0, m.number, m.date, m.msgid COLLATE "C" LIMIT 1;
$$;
