-- _patchmail.facts_for_list(facts, listid): the facts of a mail, with the verdict by the settings of that list.
-- Rules    Lists may trust different hosts, and anybody may write a List-Id.  So if the lists that a mail names differ
--          in this, the facts have a verdict for each, and only that of the project's own list counts.  If there is
--          none for it, or the lists agree, the general one counts.  ASCII case of list ids does not matter.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.facts_for_list(facts jsonb, listid text)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN facts->'authentication'->'lists' IS NULL THEN facts
                ELSE jsonb_set(facts, '{authentication}', coalesce(
                         (SELECT l.value - 'list_ids'
                            FROM jsonb_array_elements(facts->'authentication'->'lists') l,
                                 jsonb_array_elements_text(l.value->'list_ids') i (id)
                           WHERE lower(i.id COLLATE "C") = lower(facts_for_list.listid COLLATE "C") LIMIT 1),
                         (facts->'authentication') - 'lists'::text)) END;
$$;
