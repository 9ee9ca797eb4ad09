-- _patchmail.adopt_comments(project_id, msgids): adopts comments with the patches and cover letters that they are on;
-- see _patchmail.adopt.
-- Touches  patchmail.message.
CREATE OR REPLACE FUNCTION _patchmail.adopt_comments(project_id integer, msgids text[])
RETURNS void LANGUAGE sql AS $$
    SELECT _patchmail.adopt_submissions($1, array_agg(x.parent::text), '{}')
      FROM (SELECT p.msgid FROM public.patchwork_patchcomment k JOIN public.patchwork_patch p ON p.id = k.patch_id
             WHERE k.msgid = ANY ($2) AND p.project_id = $1
            UNION
            SELECT c.msgid FROM public.patchwork_covercomment k JOIN public.patchwork_cover c ON c.id = k.cover_id
             WHERE k.msgid = ANY ($2) AND c.project_id = $1) x(parent)
    HAVING count(*) > 0;

    INSERT INTO patchmail.message (project_id, msgid, thread, kind, version, name, title, refs, date, submitter_id,
                                   adopted, patchcomment_id, covercomment_id, parent_id)
    SELECT DISTINCT ON (x.msgid) $1, x.msgid, parent.thread, 'comment', 1, '', '', '{}',
           _patchmail.from_patchwork(x.date), x.submitter_id, true, x.patchcomment_id, x.covercomment_id, parent.id
      FROM (SELECT k.msgid, k.date, k.submitter_id, k.id AS patchcomment_id, NULL::integer AS covercomment_id,
                   p.msgid AS parent
              FROM public.patchwork_patchcomment k JOIN public.patchwork_patch p ON p.id = k.patch_id
             WHERE k.msgid = ANY ($2) AND p.project_id = $1
            UNION ALL
            SELECT k.msgid, k.date, k.submitter_id, NULL, k.id, c.msgid
              FROM public.patchwork_covercomment k JOIN public.patchwork_cover c ON c.id = k.cover_id
             WHERE k.msgid = ANY ($2) AND c.project_id = $1) x
      JOIN patchmail.message parent ON parent.project_id = $1 AND parent.msgid = x.parent
     WHERE NOT EXISTS (SELECT FROM patchmail.message m WHERE m.project_id = $1 AND m.msgid = x.msgid)
     ORDER BY x.msgid, parent.id;
$$;
