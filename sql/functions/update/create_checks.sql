-- _patchmail.create_checks(function, patches, change, actor, dry_run): see patchmail.check_create() and series_check().
-- Takes    patches of one project.
-- Touches  public.patchwork_check, _event (check-created); patchmail.audit.
-- Locks    the project.
CREATE OR REPLACE FUNCTION _patchmail.create_checks(function text, patches integer[], change jsonb, actor text,
                                                    dry_run boolean)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql AS $$
DECLARE
    creator CONSTANT integer := _patchmail.acting_user(actor);
    given   CONSTANT jsonb := _patchmail.read_check(change);
    project integer := (SELECT p.project_id FROM public.patchwork_patch p WHERE p.id = ANY (patches) LIMIT 1);
    event   timestamptz;  -- the date before that of the first event
    changes patchmail.audit[];
BEGIN
    IF creator IS NULL THEN
        RAISE EXCEPTION 'a check needs an actor: the name of the user whose check it is'
            USING ERRCODE = 'check_violation';
    END IF;
    PERFORM _patchmail.lock_projects(ARRAY[project]);
    BEGIN
        event := _patchmail.event_date(project, cardinality(patches));
        WITH made AS (
            INSERT INTO public.patchwork_check AS c (date, state, target_url, description, context, user_id, patch_id)
            SELECT event + p.n * interval '1 microsecond', (given->>'state')::smallint, given->>'target_url',
                   given->>'description', given->>'context', creator, p.id
              FROM unnest(patches) WITH ORDINALITY p (id, n) ORDER BY p.n
            RETURNING c.*
        ), told AS (
            INSERT INTO public.patchwork_event (category, date, project_id, actor_id, patch_id, created_check_id)
            SELECT 'check-created', m.date, project, m.user_id, m.patch_id, m.id FROM made m ORDER BY m.id)
        SELECT array_agg(n ORDER BY n.id) INTO changes
          FROM (SELECT m.id, p.msgid FROM made m JOIN public.patchwork_patch p ON p.id = m.patch_id ORDER BY m.id) m,
               _patchmail.note_change(function, actor, project, 'check', m.id, NULL, given || jsonb_build_object(
                   'msgid', m.msgid, 'state', change->'state')) n;
        IF dry_run THEN
            RAISE EXCEPTION 'taken back' USING ERRCODE = 'PM001';
        END IF;
    EXCEPTION WHEN SQLSTATE 'PM001' THEN NULL;
    END;
    RETURN QUERY SELECT * FROM unnest(changes);
END
$$;
