-- _patchmail.mark_edited(pattern): has the ledger say of which mails _patchmail.erase_from is about to change the text:
-- the same mail is known when it comes again, though its text is another one.
-- Touches  patchmail.message (edited).
CREATE OR REPLACE FUNCTION _patchmail.mark_edited(pattern text)
RETURNS void LANGUAGE sql AS $$
    UPDATE patchmail.message m SET edited = true
      FROM (SELECT p.project_id, p.msgid::text, concat_ws(E'\n', p.headers, p.content) FROM public.patchwork_patch p
            UNION ALL
            SELECT c.project_id, c.msgid, concat_ws(E'\n', c.headers, c.content) FROM public.patchwork_cover c
            UNION ALL
            SELECT p.project_id, k.msgid, concat_ws(E'\n', k.headers, k.content)
              FROM public.patchwork_patchcomment k JOIN public.patchwork_patch p ON p.id = k.patch_id
            UNION ALL
            SELECT c.project_id, k.msgid, concat_ws(E'\n', k.headers, k.content)
              FROM public.patchwork_covercomment k JOIN public.patchwork_cover c ON c.id = k.cover_id
            UNION ALL
            SELECT w.project_id, w.msgid, w.waiting::text FROM patchmail.message w WHERE w.waiting IS NOT NULL)
           x (project_id, msgid, text)
     WHERE m.project_id = x.project_id AND m.msgid = x.msgid AND x.text ~* $1;
$$;
