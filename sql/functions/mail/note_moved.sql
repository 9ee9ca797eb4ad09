-- _patchmail.note_moved(projects, facts): notes that a mail followed its thread into the projects to which an admin
-- moved that: so that the answers to it alone follow as well.
-- Takes    the projects in which it was stored, and the facts.
-- Touches  patchmail.removed.  The caller holds the locks of these projects and of their siblings.
CREATE OR REPLACE FUNCTION _patchmail.note_moved(projects integer[], facts jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    given text := left(facts->>'message_id', 255);
    refs  CONSTANT text[] := ARRAY(SELECT left(r.value, 255) FROM jsonb_array_elements_text(facts->'references') r);
BEGIN
    IF pg_relation_size('patchmail.removed') = 0 THEN
        RETURN;
    END IF;
    INSERT INTO patchmail.removed (project_id, msgid, to_project_id, why)
    SELECT DISTINCT ON (r.project_id) r.project_id, given, r.to_project_id, 'it came after its thread was moved'
      FROM patchmail.removed r
     WHERE r.project_id = ANY (_patchmail.sibling_projects(projects)) AND r.msgid = ANY (refs)
       AND r.to_project_id = ANY (projects)
       AND NOT EXISTS (SELECT FROM patchmail.message m WHERE m.project_id = r.project_id AND m.msgid = given)
     ORDER BY r.project_id, array_position(refs, r.msgid)
    ON CONFLICT DO NOTHING;
END
$$;
