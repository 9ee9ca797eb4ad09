-- patchmail.choose_project(listid, facts): which of the projects of a list a mail belongs to.
-- Gives    the id, or NULL if none takes it.
-- Rules    A reply goes where something is that it refers to; else the first whose subject_match is found in the
--          subject (ignoring case, ^ and $ at lines); else the one with an empty subject_match; a reply that fits none
--          goes to the first, since its parent may still come.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.choose_project(listid text, facts jsonb)
RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    reply   boolean := facts->>'kind' = 'comment';
    project record;
    first   integer;
    general integer;
    matched integer;
BEGIN
    FOR project IN
        SELECT p.id, p.subject_match, count(*) OVER () AS n
          FROM public.patchwork_project p WHERE p.listid = choose_project.listid ORDER BY p.id
    LOOP
        IF project.n = 1 AND project.subject_match = '' THEN
            RETURN project.id;
        END IF;
        IF reply AND EXISTS (SELECT FROM jsonb_array_elements_text(facts->'references') r
                               JOIN patchmail.message m ON m.project_id = project.id AND m.msgid = left(r.value, 255)) THEN
            RETURN project.id;
        END IF;
        first := coalesce(first, project.id);
        IF project.subject_match = '' THEN
            general := project.id;
        ELSIF facts->'subject'->>'text' ~ ('(?iw)' || project.subject_match) THEN
            matched := coalesce(matched, project.id);
        END IF;
    END LOOP;
    RETURN coalesce(matched, general, CASE WHEN reply THEN first END);
END
$$;
