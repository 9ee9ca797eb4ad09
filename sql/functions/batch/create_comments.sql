-- _patchmail.create_comments(project_id, messages, facts): makes the comments of a batch.
-- Takes    the ledger rows of the batch, with parents, submitters and threads; the facts.
-- Gives    the indexes of those that wait.
-- Rules    Those of _patchmail.create_comment and _patchmail.place_comment.
-- Touches  the ledger; public.patchwork_patchcomment, _covercomment, _event, _patchtag.
CREATE OR REPLACE FUNCTION _patchmail.create_comments(project_id integer, messages patchmail.message[], facts jsonb[])
RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
    parents record;  -- the patch or cover letter of each
    message patchmail.message;
    waiting integer[] := '{}';
    event   timestamptz;
    began   timestamptz := _patchmail.history_began();  -- events of history are dated as their mail
BEGIN
    IF NOT EXISTS (SELECT FROM unnest(messages) m WHERE m.kind = 'comment') THEN
        RETURN waiting;
    END IF;
    SELECT array_agg(p.id ORDER BY m.ordinality) AS patches,
           array_agg(c.id ORDER BY m.ordinality) AS covers INTO parents
      FROM unnest(messages) WITH ORDINALITY m
      LEFT JOIN LATERAL (SELECT o.patch_id, o.cover_id FROM patchmail.message o
                          WHERE o.id = m.parent_id AND m.kind = 'comment' LIMIT 1) l ON true
      LEFT JOIN LATERAL (SELECT o.id FROM public.patchwork_patch o WHERE o.id = l.patch_id LIMIT 1) p ON true
      LEFT JOIN LATERAL (SELECT o.id FROM public.patchwork_cover o WHERE o.id = l.cover_id LIMIT 1) c ON true;
    FOR i IN 1 .. cardinality(messages) LOOP
        message := messages[i];
        CONTINUE WHEN message.kind <> 'comment';
        IF parents.patches[i] IS NOT NULL THEN
            message.patchcomment_id := nextval('public.patchwork_comment_id_seq');
        ELSIF parents.covers[i] IS NOT NULL THEN
            message.covercomment_id := nextval('public.patchwork_covercomment_id_seq');
        ELSE
            message.parent_id := NULL;
            message.waiting := facts[i];
            waiting := waiting || i;
        END IF;
        messages[i] := message;
    END LOOP;
    INSERT INTO patchmail.message OVERRIDING SYSTEM VALUE SELECT m.* FROM unnest(messages) m WHERE m.kind = 'comment';

    INSERT INTO public.patchwork_patchcomment (id, msgid, date, headers, content, patch_id, submitter_id, addressed)
    SELECT m.patchcomment_id, m.msgid, _patchmail.to_patchwork(m.date), coalesce(f.facts->>'headers', ''),
           f.facts->>'content',
           parents.patches[m.ordinality], m.submitter_id,
           CASE WHEN f.facts->'hints'->>'action_required' = 'true' THEN false END
      FROM unnest(messages) WITH ORDINALITY m, LATERAL (SELECT facts[m.ordinality] AS facts OFFSET 0) f
     WHERE m.patchcomment_id IS NOT NULL ORDER BY m.ordinality;
    INSERT INTO public.patchwork_covercomment (id, msgid, date, headers, content, cover_id, submitter_id, addressed)
    SELECT m.covercomment_id, m.msgid, _patchmail.to_patchwork(m.date), coalesce(f.facts->>'headers', ''),
           f.facts->>'content',
           parents.covers[m.ordinality], m.submitter_id,
           CASE WHEN f.facts->'hints'->>'action_required' = 'true' THEN false END
      FROM unnest(messages) WITH ORDINALITY m, LATERAL (SELECT facts[m.ordinality] AS facts OFFSET 0) f
     WHERE m.covercomment_id IS NOT NULL ORDER BY m.ordinality;
    IF began IS NULL THEN
        event := _patchmail.event_date(project_id, cardinality(messages));
    END IF;
    INSERT INTO public.patchwork_event (category, date, project_id, patch_id, cover_id, patch_comment_id,
                                        cover_comment_id)
    SELECT CASE WHEN m.patchcomment_id IS NOT NULL THEN 'patch' ELSE 'cover' END || '-comment-created',
           CASE WHEN began IS NOT NULL THEN least(_patchmail.to_patchwork(m.date), began)
                ELSE event + (row_number() OVER (ORDER BY m.ordinality) - 1) * interval '1 microsecond' END,
           m.project_id,
           parents.patches[m.ordinality], parents.covers[m.ordinality], m.patchcomment_id, m.covercomment_id
      FROM unnest(messages) WITH ORDINALITY m
     WHERE m.kind = 'comment' AND m.parent_id IS NOT NULL ORDER BY m.ordinality;
    IF (SELECT p.use_tags FROM public.patchwork_project p WHERE p.id = create_comments.project_id) THEN
        PERFORM _patchmail.count_tags(array_agg(parents.patches[m.ordinality]),
                                     array_agg(facts[m.ordinality]->>'content'))
           FROM unnest(messages) WITH ORDINALITY m WHERE m.patchcomment_id IS NOT NULL;
        PERFORM _patchmail.recount_series_tags(parents.covers);
    END IF;
    RETURN waiting;
END
$$;
