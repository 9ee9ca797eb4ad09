-- patchmail.gaps(project, msgids): which of these Message-IDs nothing is known of: to compare with the list of an
-- archive.
-- Takes    the project's linkname; Message-IDs, with or without angle brackets.
-- Gives    those that are not stored, do not wait, are not in quarantine, and were not taken out by an admin; each
--          once, in the order given.  Of mail that was ignored nothing is known.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.gaps(project text, msgids text[])
RETURNS TABLE (msgid text) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    here integer := _patchmail.project_id(project);
BEGIN
    RETURN QUERY
    SELECT w.msgid
      FROM (SELECT left('<' || btrim(u.msgid, E' \t\r\n<>') || '>', 255) AS msgid, min(u.n) AS n
              FROM unnest(msgids) WITH ORDINALITY u (msgid, n) WHERE btrim(u.msgid, E' \t\r\n<>') <> '' GROUP BY 1) w
     WHERE NOT EXISTS (SELECT FROM patchmail.message m WHERE m.project_id = here AND m.msgid = w.msgid)
       AND NOT EXISTS (SELECT FROM patchmail.alias a WHERE a.project_id = here AND a.alias = w.msgid)
       AND NOT EXISTS (SELECT FROM patchmail.removed r WHERE r.project_id = here AND r.msgid = w.msgid)
       AND NOT EXISTS (SELECT FROM patchmail.quarantine q WHERE q.msgid = w.msgid)
       AND NOT EXISTS (SELECT FROM public.patchwork_patch p WHERE p.project_id = here AND p.msgid = w.msgid)
       AND NOT EXISTS (SELECT FROM public.patchwork_cover c WHERE c.project_id = here AND c.msgid = w.msgid)
       AND NOT EXISTS (SELECT FROM public.patchwork_patchcomment k JOIN public.patchwork_patch p ON p.id = k.patch_id
                        WHERE p.project_id = here AND k.msgid = w.msgid)
       AND NOT EXISTS (SELECT FROM public.patchwork_covercomment k JOIN public.patchwork_cover c ON c.id = k.cover_id
                        WHERE c.project_id = here AND k.msgid = w.msgid)
     ORDER BY w.n;
END
$$;
COMMENT ON FUNCTION patchmail.gaps IS
    'Which of these Message-IDs nothing is known of in a project: to compare with the list of an archive.';
