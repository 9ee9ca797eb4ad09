-- _patchmail.find_projects(facts, source): finds the projects that a mail belongs to.
-- Takes    the facts (list_ids, subject, references) and the source (list_id overrides the headers).
-- Gives    their ids in order, an empty array if there are none.  If one of the lists has several projects a 0 comes
--          first: the caller is to lock all of these (_patchmail.lock_lists) and ask again, since a reply may belong to
--          another one then.
-- Rules    List-Id fields first, each for itself; then X-Mailing-List and X-List, each only if the fields before gave
--          no project.
--          _patchmail.choose_project chooses among one list's projects, unless the only one takes every subject.
-- Touches  nothing.
-- Speed    A mail may have ten thousand such fields: however often it repeats a list, a list that has projects is
--          looked up once, the first one three times.
--          The first look-up by itself answers for most mail, in one statement in place of ten.
CREATE OR REPLACE FUNCTION _patchmail.find_projects(facts jsonb, source jsonb)
RETURNS integer[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    lists    jsonb := CASE WHEN source->>'list_id' IS NULL THEN facts->'list_ids'
                           ELSE jsonb_build_array(jsonb_build_object('id', source->'list_id')) END;
    listed   record;
    here     integer[];
    seen     text[];  -- lists that were looked up since the first that has projects
    best     text;    -- the field that named that first one
    projects integer[];
    shared   boolean;
BEGIN
    -- Most mail names one list, which has one project.
    here := ARRAY(SELECT CASE p.subject_match::text WHEN '' THEN p.id ELSE 0 END
                    FROM public.patchwork_project p WHERE p.listid::text = lists->0->>'id');
    IF here[1] > 0 AND here[2] IS NULL AND lists->1 IS NULL THEN
        RETURN here;
    END IF;
    FOR listed IN SELECT l.value->>'id' AS id, l.value->>'field' AS field FROM jsonb_array_elements(lists) l LOOP
        EXIT WHEN listed.field <> best;
        IF best IS NOT NULL THEN
            CONTINUE WHEN listed.id = ANY (seen);
            seen := array_append(seen, listed.id);
        END IF;
        here := ARRAY(SELECT CASE p.subject_match::text WHEN '' THEN p.id ELSE 0 END
                        FROM public.patchwork_project p WHERE p.listid::text = listed.id);
        CONTINUE WHEN here[1] IS NULL;
        IF here[2] IS NOT NULL OR here[1] = 0 THEN
            shared := shared IS TRUE OR here[2] IS NOT NULL;
            here[1] := _patchmail.choose_project(listed.id, facts);
            CONTINUE WHEN here[1] IS NULL;
        END IF;
        projects := array_append(projects, here[1]);
        best := listed.field;
    END LOOP;
    IF projects[2] IS NOT NULL THEN
        projects := ARRAY(SELECT DISTINCT unnest(projects) ORDER BY 1);
    END IF;
    IF shared THEN
        RETURN 0 || projects;
    END IF;
    RETURN coalesce(projects, '{}');
END
$$;
