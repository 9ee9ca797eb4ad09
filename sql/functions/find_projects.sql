-- patchmail.find_projects(facts, source): which projects a mail belongs to, where that takes a choice.
-- Takes    the facts (list_ids, subject, references) and the source (list_id overrides the headers).
-- Gives    their ids, NULL if there is none.
-- Rules    List-Id fields first, each for itself; X-Mailing-List and X-List only where those before gave none.
--          Of one list's projects patchmail.choose_project chooses.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.find_projects(facts jsonb, source jsonb)
RETURNS integer[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    found integer[];
    field text;
BEGIN
    IF source->>'list_id' IS NOT NULL THEN
        RETURN ARRAY[patchmail.choose_project(source->>'list_id', facts)];
    END IF;
    FOREACH field IN ARRAY '{list-id,x-mailing-list,x-list}'::text[] LOOP
        found := ARRAY(SELECT c.id
                         FROM jsonb_array_elements(facts->'list_ids') l,
                              patchmail.choose_project(l.value->>'id', facts) c(id)
                        WHERE lower(l.value->>'field') = field AND c.id IS NOT NULL);
        EXIT WHEN found <> '{}';
    END LOOP;
    RETURN found;
END
$$;
