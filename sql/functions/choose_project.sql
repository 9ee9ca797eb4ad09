-- patchmail.choose_project(listid, facts): which of the projects of a list a mail belongs to.
-- Gives    the id, or NULL if none takes it.
-- Rules    A reply goes where something is that it refers to; else the first whose subject_match is found in the
--          subject (ignoring case, ^ and $ at lines); else the one with an empty subject_match; a reply that fits none
--          goes to the first, since its parent may still come.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.choose_project(listid text, facts jsonb)
RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    project record;
    ids     integer[];
    parent  integer;
    matched integer;
    general integer;
BEGIN
    FOR project IN
        SELECT p.id, p.subject_match FROM public.patchwork_project p
         WHERE p.listid::text = choose_project.listid ORDER BY p.id
    LOOP
        ids := ids || project.id;
        IF project.subject_match = '' THEN
            general := project.id;
        ELSIF facts->'subject'->>'text' ~ ('(?iw)' || project.subject_match) THEN
            matched := coalesce(matched, project.id);
        END IF;
    END LOOP;
    IF facts->>'kind' = 'comment' AND cardinality(ids) > 1 THEN
        SELECT m.project_id INTO parent
          FROM unnest(ids) i(id), unnest(patchmail.message_references(i.id, facts)) r(msgid)
          JOIN patchmail.message m ON m.msgid = r.msgid
         WHERE m.project_id = i.id
         ORDER BY m.project_id LIMIT 1;
    END IF;
    RETURN coalesce(parent, matched, general, CASE WHEN facts->>'kind' = 'comment' THEN ids[1] END);
END
$$;
