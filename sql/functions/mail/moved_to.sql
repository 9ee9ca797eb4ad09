-- _patchmail.moved_to(project_id, msgid, refs): whether a mail belongs to another project, because an admin moved its
-- thread there (patchmail.move_to_project).
-- Takes    the project of its list, its Message-ID, and what it refers to, nearest first.
-- Gives    the id of the other project, or NULL.
-- Rules    It is where the same mail is, or the nearest that it refers to and of which either is known.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.moved_to(project_id integer, msgid text, refs text[])
RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    wanted text;
    home   integer;
BEGIN
    FOREACH wanted IN ARRAY array_prepend(msgid, refs) LOOP
        SELECT r.to_project_id INTO home FROM patchmail.removed r
         WHERE r.project_id = moved_to.project_id AND r.msgid = wanted;
        EXIT WHEN home IS NOT NULL
               OR EXISTS (SELECT FROM patchmail.message m
                           WHERE m.project_id = moved_to.project_id AND m.msgid = wanted);
    END LOOP;
    RETURN home;
END
$$;
