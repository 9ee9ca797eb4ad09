-- patchmail.find_projects(facts, source): which projects a mail belongs to.
-- Takes    the facts (list_ids, subject, references) and the source (list_id overrides the headers).
-- Gives    their ids, NULL if there is none.
-- Rules    List-Id fields first, each for itself; X-Mailing-List and X-List only where those before gave none.
--          Of one list's projects patchmail.choose_project chooses.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.find_projects(facts jsonb, source jsonb)
RETURNS integer[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    found  integer[];
    chosen integer;
    best   text;
    listed jsonb;
BEGIN
    IF source->>'list_id' IS NOT NULL THEN
        RETURN ARRAY[patchmail.choose_project(source->>'list_id', facts)];
    END IF;
    FOR n IN 0 .. jsonb_array_length(facts->'list_ids') - 1 LOOP
        listed := facts->'list_ids'->n;  -- in the order of the fields: List-Id, X-Mailing-List, X-List
        EXIT WHEN lower(listed->>'field') <> best;
        chosen := patchmail.choose_project(listed->>'id', facts);
        IF chosen IS NOT NULL THEN
            found := found || chosen;
            best := lower(listed->>'field');
        END IF;
    END LOOP;
    RETURN found;
END
$$;
