-- _patchmail.mail_project(msgids, patches, series, target): the one project that all of these are of.
-- Takes    Message-IDs, patches and series, each of which may be NULL; and the project that they are to go to.
-- Gives    its id; for Message-IDs that several projects have, of which one is `target`, the other one.
-- Errors   check_violation if they are of several projects or of the target itself; no_data_found if of none.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.mail_project(msgids text[], patches integer[], series integer[], target integer)
RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    wanted CONSTANT text[] := ARRAY(SELECT left('<' || btrim(u, ' <>') || '>', 255) FROM unnest(msgids) u);
    found  integer[] := ARRAY(
        SELECT p.project_id FROM public.patchwork_patch p WHERE p.id = ANY (patches) OR p.msgid = ANY (wanted)
        UNION
        SELECT s.project_id FROM public.patchwork_series s WHERE s.id = ANY (series) AND s.project_id IS NOT NULL
        UNION
        SELECT c.project_id FROM public.patchwork_cover c WHERE c.msgid = ANY (wanted)
        UNION
        SELECT r.id FROM public.patchwork_project r JOIN patchmail.message m ON m.project_id = r.id
         WHERE m.msgid = ANY (wanted)
        UNION
        SELECT r.id FROM public.patchwork_project r JOIN patchmail.alias a ON a.project_id = r.id
         WHERE a.alias = ANY (wanted)
        UNION
        SELECT p.project_id FROM public.patchwork_patchcomment k JOIN public.patchwork_patch p ON p.id = k.patch_id
         WHERE k.msgid = ANY (wanted)
        UNION
        SELECT c.project_id FROM public.patchwork_covercomment k JOIN public.patchwork_cover c ON c.id = k.cover_id
         WHERE k.msgid = ANY (wanted)
        ORDER BY 1);
    others integer[] := array_remove(found, target);
BEGIN
    IF found = '{}' THEN
        RAISE EXCEPTION 'no project has mail with these Message-IDs' USING ERRCODE = 'no_data_found';
    ELSIF others = '{}' THEN
        RAISE EXCEPTION 'that is in this project already' USING ERRCODE = 'check_violation';
    ELSIF cardinality(others) > 1 THEN
        RAISE EXCEPTION 'that is of several projects: move what is of one, and say which with from_project'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN others[1];
END
$$;
