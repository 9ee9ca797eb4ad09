-- _patchmail.move_comments(ids, parents): gives comments the parents that are derived for them now.
-- Takes    ledger ids of comments that wait or have another parent, each once; and for each that of its patch or cover
--          letter.
-- Gives    the Message-IDs of those that have the new parent now.
-- Rules    A comment that an admin moved or deleted stays so: only the ledger notes the new parent.  One whose new
--          parent somebody deleted waits.  If its author was deleted while it waited, he is entered again.  The tags of
--          a comment move with it.
-- Touches  public.patchwork_patchcomment, _covercomment, _event, _patchtag; patchmail.message.
-- Speed    One statement moves all of them, and changes a patch's tags once, by what came and what left.  PostgreSQL
--          plans it once for any number: planning takes longer than running it for one.
CREATE OR REPLACE FUNCTION _patchmail.move_comments(ids bigint[], parents bigint[])
RETURNS text[] LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    on_patches CONSTANT regclass := pg_get_serial_sequence('public.patchwork_patchcomment', 'id');
    on_covers  CONSTANT regclass := pg_get_serial_sequence('public.patchwork_covercomment', 'id');
    placed     text[];
    bereft     integer[];  -- patches that lost a comment
    covers     integer[];  -- cover letters that lost or got one
    event      timestamptz;  -- the date before that of the first event
    began      timestamptz := _patchmail.history_began();  -- events of history are dated as their mail
BEGIN
    PERFORM _patchmail.restore_people(ids);
    event := _patchmail.event_date(m.project_id, cardinality(ids)) FROM patchmail.message m WHERE m.id = ids[1];
    WITH found AS (
        SELECT m.id, m.msgid, _patchmail.to_patchwork(m.date) AS date, m.submitter_id, m.project_id, m.author_name,
               m.transport, author.email, x.parent_id, p.id AS patch_id,
               CASE WHEN p.id IS NULL THEN c.id END AS cover_id, k.id AS former_patchcomment,
               l.id AS former_covercomment, k.patch_id AS former_patch, l.cover_id AS former_cover,
               project.use_tags,
               coalesce(m.waiting->>'headers', k.headers, l.headers, '') AS headers,
               coalesce(m.waiting->>'content', k.content, l.content) AS content,
               CASE WHEN m.waiting IS NULL THEN coalesce(k.addressed, l.addressed)
                    WHEN m.waiting ? 'addressed' THEN m.waiting->>'addressed' = 'true'  -- it had a place before
                    WHEN m.waiting->'hints'->>'action_required' = 'true' THEN false END AS addressed,
               m.waiting IS NOT NULL OR k.id IS NOT NULL OR l.id IS NOT NULL AS movable
          FROM unnest(ids, parents) AS x(id, parent_id)
          JOIN patchmail.message m ON m.id = x.id
          JOIN public.patchwork_project project ON project.id = m.project_id
          JOIN public.patchwork_person author ON author.id = m.submitter_id
          JOIN patchmail.message parent ON parent.id = x.parent_id
          LEFT JOIN public.patchwork_patch p ON p.id = parent.patch_id
          LEFT JOIN public.patchwork_cover c ON c.id = parent.cover_id
          LEFT JOIN patchmail.message former ON former.id = m.parent_id AND m.waiting IS NULL
          LEFT JOIN public.patchwork_patchcomment k ON k.id = m.patchcomment_id AND k.patch_id = former.patch_id
          LEFT JOIN public.patchwork_covercomment l ON l.id = m.covercomment_id AND l.cover_id = former.cover_id
         ORDER BY m.id
    ), comment AS MATERIALIZED (
        SELECT f.*,
               CASE WHEN f.movable AND f.patch_id IS NOT NULL THEN nextval(on_patches)::integer END AS patchcomment,
               CASE WHEN f.movable AND f.cover_id IS NOT NULL THEN nextval(on_covers)::integer END AS covercomment
          FROM found f
    ), unsaid AS (
        DELETE FROM public.patchwork_event e USING comment c
         WHERE e.patch_comment_id = c.former_patchcomment OR e.cover_comment_id = c.former_covercomment
    ), off_patches AS (
        DELETE FROM public.patchwork_patchcomment k USING comment c WHERE k.id = c.former_patchcomment
    ), off_covers AS (
        DELETE FROM public.patchwork_covercomment k USING comment c WHERE k.id = c.former_covercomment
    ), put_on_patches AS (
        INSERT INTO public.patchwork_patchcomment (id, msgid, date, headers, content, patch_id, submitter_id, addressed)
        SELECT c.patchcomment, c.msgid, c.date, c.headers, c.content, c.patch_id, c.submitter_id, c.addressed
          FROM comment c WHERE c.patchcomment IS NOT NULL
    ), put_on_covers AS (
        INSERT INTO public.patchwork_covercomment (id, msgid, date, headers, content, cover_id, submitter_id, addressed)
        SELECT c.covercomment, c.msgid, c.date, c.headers, c.content, c.cover_id, c.submitter_id, c.addressed
          FROM comment c WHERE c.covercomment IS NOT NULL
    ), said AS (
        INSERT INTO public.patchwork_event (category, date, project_id, patch_id, cover_id, patch_comment_id,
                                            cover_comment_id)
        SELECT CASE WHEN c.patchcomment IS NOT NULL THEN 'patch' ELSE 'cover' END || '-comment-created',
               CASE WHEN began IS NOT NULL AND c.transport = 'history' THEN least(c.date, began)
                    ELSE event + row_number() OVER (ORDER BY c.id) * interval '1 microsecond' END,
               c.project_id, c.patch_id, c.cover_id, c.patchcomment, c.covercomment
          FROM comment c WHERE num_nonnulls(c.patchcomment, c.covercomment) > 0 ORDER BY c.id
    ), tagged AS (
        INSERT INTO public.patchwork_patchtag AS t (patch_id, tag_id, count)
        SELECT x.patch_id, tag.id, sum(x.sign * _patchmail.count_tag(x.content, tag.id, tag.pattern::text)) AS n
          FROM (SELECT c.patch_id, c.content, 1 AS sign
                  FROM comment c WHERE c.use_tags AND c.patchcomment IS NOT NULL
                UNION ALL
                SELECT c.former_patch, c.content, -1
                  FROM comment c WHERE c.use_tags AND c.former_patch IS NOT NULL) x, public.patchwork_tag tag
         GROUP BY x.patch_id, tag.id
        HAVING sum(x.sign * _patchmail.count_tag(x.content, tag.id, tag.pattern::text)) <> 0
        ON CONFLICT ON CONSTRAINT patchwork_patchtag_patch_id_tag_id_5ddba498_uniq
        DO UPDATE SET count = t.count + excluded.count
    ), noted AS (
        UPDATE patchmail.message m
           SET parent_id = CASE WHEN c.movable AND num_nulls(c.patchcomment, c.covercomment) = 2 THEN m.parent_id
                                ELSE c.parent_id END,
               patchcomment_id = CASE WHEN c.movable THEN c.patchcomment ELSE m.patchcomment_id END,
               covercomment_id = CASE WHEN c.movable THEN c.covercomment ELSE m.covercomment_id END,
               waiting = CASE WHEN c.movable AND num_nulls(c.patchcomment, c.covercomment) = 2
                              THEN coalesce(m.waiting, _patchmail.waiting_facts(c.author_name, c.email, c.headers,
                                                                               c.content, c.addressed)) END
          FROM comment c WHERE m.id = c.id
        RETURNING m.msgid, m.parent_id = c.parent_id AS placed, c.former_patch, c.former_cover, c.cover_id)
    SELECT array_agg(n.msgid) FILTER (WHERE n.placed), array_agg(DISTINCT n.former_patch),
           array_agg(n.former_cover) FILTER (WHERE n.former_cover IS NOT NULL)
           || array_agg(n.cover_id) FILTER (WHERE n.cover_id IS NOT NULL)
      INTO placed, bereft, covers FROM noted n;
    DELETE FROM public.patchwork_patchtag t WHERE t.patch_id = ANY (bereft) AND t.count <= 0;
    IF covers IS NOT NULL THEN
        PERFORM _patchmail.recount_series_tags(covers);
    END IF;
    RETURN placed;
END
$$;
