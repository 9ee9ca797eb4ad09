-- _patchmail.change_comments(function, kind, ids, addressed, actor, dry_run): see patchmail.comments_update().
-- Touches  public.patchwork_patchcomment or _covercomment (addressed); patchmail.audit.
-- Locks    their projects.
CREATE OR REPLACE FUNCTION _patchmail.change_comments(function text, kind text, ids integer[], addressed boolean,
                                                      actor text, dry_run boolean)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql AS $$
DECLARE
    comments CONSTANT integer[] := ARRAY(SELECT DISTINCT i FROM unnest(ids) i);
    comment  record;
    missing  integer;
    changes  patchmail.audit[];
BEGIN
    PERFORM _patchmail.acting_user(actor);
    IF kind IS NULL OR kind NOT IN ('patch', 'cover') THEN
        RAISE EXCEPTION 'a comment is on a "patch" or a "cover", not on a "%"', coalesce(kind, 'NULL')
            USING ERRCODE = 'check_violation';
    END IF;
    IF ids IS NULL OR array_position(comments, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'which comment is meant is not given' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    missing := (SELECT i FROM unnest(comments) i
                 WHERE NOT EXISTS (SELECT FROM public.patchwork_patchcomment c WHERE c.id = i AND kind = 'patch')
                   AND NOT EXISTS (SELECT FROM public.patchwork_covercomment c WHERE c.id = i AND kind = 'cover')
                 LIMIT 1);
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'there is no comment % on a %', missing, kind USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM _patchmail.lock_projects(ARRAY(
        SELECT p.project_id FROM public.patchwork_patchcomment c JOIN public.patchwork_patch p ON p.id = c.patch_id
         WHERE kind = 'patch' AND c.id = ANY (comments)
         UNION
        SELECT o.project_id FROM public.patchwork_covercomment c JOIN public.patchwork_cover o ON o.id = c.cover_id
         WHERE kind = 'cover' AND c.id = ANY (comments)));
    BEGIN
        FOR comment IN
            WITH on_patch AS (
                UPDATE public.patchwork_patchcomment c SET addressed = change_comments.addressed
                  FROM public.patchwork_patchcomment old JOIN public.patchwork_patch p ON p.id = old.patch_id
                 WHERE kind = 'patch' AND c.id = ANY (comments) AND old.id = c.id
                   AND old.addressed IS DISTINCT FROM change_comments.addressed
                RETURNING c.id, c.msgid, p.project_id, old.addressed
            ), on_cover AS (
                UPDATE public.patchwork_covercomment c SET addressed = change_comments.addressed
                  FROM public.patchwork_covercomment old JOIN public.patchwork_cover p ON p.id = old.cover_id
                 WHERE kind = 'cover' AND c.id = ANY (comments) AND old.id = c.id
                   AND old.addressed IS DISTINCT FROM change_comments.addressed
                RETURNING c.id, c.msgid, p.project_id, old.addressed)
            SELECT * FROM on_patch UNION ALL SELECT * FROM on_cover ORDER BY id
        LOOP
            changes := changes || ARRAY(SELECT n FROM _patchmail.note_difference(
                function, actor, comment.project_id, kind || 'comment', comment.id,
                jsonb_build_object('msgid', comment.msgid), jsonb_build_object('addressed', comment.addressed),
                jsonb_build_object('addressed', change_comments.addressed)) n);
        END LOOP;
        IF dry_run THEN
            RAISE EXCEPTION 'taken back' USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN NULL;
    END;
    RETURN QUERY SELECT * FROM unnest(changes);
END
$$;
