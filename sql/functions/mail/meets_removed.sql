-- _patchmail.meets_removed(project_id, msgid, refs): whether a mail, or one that it refers to, was taken out of a
-- project by an admin.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.meets_removed(project_id integer, msgid text, refs text[])
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM unnest(array_prepend(msgid, refs)) k (msgid)
                     JOIN patchmail.removed r ON r.project_id = meets_removed.project_id AND r.msgid = k.msgid);
END
$$;
