-- _patchmail.choose_project(listid, facts): chooses the one of a list's projects that a mail belongs to.
-- Gives    the id, or NULL if none takes it.
-- Rules    For a reply, the project that has what it answers (_patchmail.find_answered); else the first whose
--          subject_match is found in the subject (ignoring case, ^ and $ at lines); else the one with an empty
--          subject_match; for a reply that fits none the first, since its parent may still come.
--          A pattern that runs away is found in no subject.
-- Touches  patchmail.runaway, through _patchmail.match_pattern.
CREATE OR REPLACE FUNCTION _patchmail.choose_project(listid text, facts jsonb)
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
        ELSIF _patchmail.match_pattern('subject_match', project.id, project.subject_match::text,
                                       '(?iw)' || project.subject_match, ARRAY[facts->'subject'->>'text'],
                                       facts->>'message_id') <> '{}' THEN
            matched := coalesce(matched, project.id);
        END IF;
    END LOOP;
    IF facts->>'kind' = 'comment' AND cardinality(ids) > 1 THEN
        parent := _patchmail.find_answered(ids, left(facts->>'message_id', 255), ARRAY(
            SELECT left(r.value, 255) FROM jsonb_array_elements_text(facts->'references') r));
    END IF;
    RETURN coalesce(parent, matched, general, CASE WHEN facts->>'kind' = 'comment' THEN ids[1] END);
END
$$;
