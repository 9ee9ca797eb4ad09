-- patchmail.facts_for_list(facts, listid): the facts of a mail as the settings of that list have them.
-- Rules    Who is believed may differ from list to list, and anybody may write a List-Id.  So where the lists that a mail
--          names differ, the facts have a judgement for each; the one that counts is that of the project's own list.
--          Where there is none for it, or the lists agree, it is the general one.  ASCII case does not matter.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.facts_for_list(facts jsonb, listid text)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN facts->'authentication'->'lists' IS NULL THEN facts
                ELSE jsonb_set(facts, '{authentication}', coalesce(
                         (SELECT l.value - 'list_ids'
                            FROM jsonb_array_elements(facts->'authentication'->'lists') l,
                                 jsonb_array_elements_text(l.value->'list_ids') i (id)
                           WHERE lower(i.id COLLATE "C") = lower(facts_for_list.listid COLLATE "C") LIMIT 1),
                         (facts->'authentication') - 'lists'::text)) END;
$$;
