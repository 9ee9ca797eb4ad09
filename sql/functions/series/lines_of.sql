-- _patchmail.lines_of(facts): what a mail names that its series depends on or replaces, in one list.
-- Gives    the objects of the facts' depends_on; for each of supersedes one with message_id, and supersedes true.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.lines_of(facts jsonb)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN facts->'supersedes' IS NULL THEN coalesce(facts->'depends_on', '[]')
                ELSE coalesce(facts->'depends_on', '[]')
                     || (SELECT coalesce(jsonb_agg(jsonb_build_object('message_id', s.msgid, 'supersedes', true)
                                                   ORDER BY s.line), '[]')
                           FROM jsonb_array_elements(facts->'supersedes') WITH ORDINALITY s (msgid, line)) END;
$$;
