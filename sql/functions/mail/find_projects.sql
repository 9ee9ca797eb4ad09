-- patchmail.find_projects(facts, source): which projects a mail belongs to.
-- Takes    the facts (list_ids, subject, references) and the source (list_id overrides the headers).
-- Gives    their ids in order; none: an empty array.  Where one of the lists has several projects a 0 comes first: a reply
--          may belong to another one when all of these are locked (patchmail.lock_lists).
-- Rules    List-Id fields first, each for itself; X-Mailing-List and X-List only where those before gave none.
--          Of one list's projects patchmail.choose_project chooses; it need not where the only one takes everything.
-- Touches  nothing.
-- Speed    A mail may have ten thousand such fields: whatever it repeats, each list is asked about once, the first twice.
CREATE OR REPLACE FUNCTION patchmail.find_projects(facts jsonb, source jsonb)
RETURNS integer[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    listed   record;
    here     integer[];
    seen     text[];  -- lists that have been asked about since the first that has projects
    best     text;    -- the field of that
    projects integer[];
    shared   boolean;
BEGIN
    FOR listed IN
        SELECT l.value->>'id' AS id, l.value->>'field' AS field
          FROM jsonb_array_elements(CASE WHEN source->>'list_id' IS NULL THEN facts->'list_ids'
                                         ELSE jsonb_build_array(jsonb_build_object('id', source->'list_id')) END) l
    LOOP
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
            here[1] := patchmail.choose_project(listed.id, facts);
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
