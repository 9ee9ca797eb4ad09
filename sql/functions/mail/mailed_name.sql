-- _patchmail.mailed_name(person_id): the name that a person has by his mail in the ledger.
-- Gives    it by the rules of _patchmail.find_person; NULL if no mail gives one.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.mailed_name(person_id integer)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT m.author_name FROM patchmail.message m
                      WHERE m.submitter_id = $1 AND m.author_name IS NOT NULL AND m.names
                      ORDER BY least(m.date, m.arrived) DESC, m.author_name COLLATE "C" DESC LIMIT 1),
                    (SELECT m.author_name FROM patchmail.message m
                      WHERE m.submitter_id = $1 AND m.author_name IS NOT NULL
                      ORDER BY least(m.date, m.arrived), m.author_name COLLATE "C" LIMIT 1));
$$;
