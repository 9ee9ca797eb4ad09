-- _patchmail.create_submissions(project_id, messages, facts, joined, late): makes the patches and cover letters of a
-- batch.
-- Takes    the ledger rows of the batch, with submitters and threads, not yet entered; the facts; and for each whether
--          its thread has other mail in the ledger, and whether it refers to a mail that comes after it in the batch.
-- Rules    Those of _patchmail.create_submission.
-- Touches  the ledger; public.patchwork_patch, _cover, _series, _event, _patchtag, _series_dependencies.
CREATE OR REPLACE FUNCTION _patchmail.create_submissions(project_id integer, messages patchmail.message[],
                                                         facts jsonb[], joined boolean[], late boolean[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    message  patchmail.message;
    thread   record;
    ids      bigint[] := '{}';   -- of all that it makes
    overtook bigint[] := '{}';   -- patches whose anchors may have been entered after them
    series   integer[] := '{}';  -- of marked mail
    dependents bigint[];         -- whose dependencies are written anew, since their series may have changed
    event    timestamptz;
    began    timestamptz := _patchmail.history_began();  -- events of history are dated as their mail
BEGIN
    FOR i IN 1 .. cardinality(messages) LOOP
        message := messages[i];
        CONTINUE WHEN message.kind = 'comment';
        ids := ids || message.id;
        IF message.kind = 'cover' THEN
            message.cover_id := nextval('public.patchwork_cover_id_seq');
        ELSE
            message.patch_id := nextval('public.patchwork_submission_id_seq');
        END IF;
        IF message.number IS NULL THEN
            message.series_id := nextval('public.patchwork_series_id_seq');
        ELSE
            IF message.kind = 'patch' THEN
                message.anchor_id := _patchmail.find_anchor(message);
                IF late[i] THEN
                    overtook := overtook || message.id;
                END IF;
            END IF;
            INSERT INTO patchmail.message OVERRIDING SYSTEM VALUE SELECT message.*;
        END IF;
        messages[i] := message;
    END LOOP;
    IF ids = '{}' THEN
        RETURN;
    END IF;
    INSERT INTO patchmail.message OVERRIDING SYSTEM VALUE
    SELECT m.* FROM unnest(messages) m WHERE m.kind <> 'comment' AND m.number IS NULL;
    IF overtook <> '{}' THEN
        UPDATE patchmail.message m SET anchor_id = _patchmail.find_anchor(m) WHERE m.id = ANY (overtook);
    END IF;

    INSERT INTO public.patchwork_cover (id, msgid, date, headers, content, name, project_id, submitter_id)
    SELECT m.cover_id, m.msgid, _patchmail.to_patchwork(m.date), facts[m.ordinality]->>'headers',
           facts[m.ordinality]->>'content', m.name, m.project_id, m.submitter_id
      FROM unnest(messages) WITH ORDINALITY m WHERE m.kind = 'cover' ORDER BY m.ordinality;
    INSERT INTO public.patchwork_series (id, name, date, version, total, project_id, submitter_id)
    SELECT m.series_id, m.name, _patchmail.to_patchwork(m.date), m.version, 1, m.project_id, m.submitter_id
      FROM unnest(messages) m WHERE m.kind = 'patch' AND m.number IS NULL;
    FOR thread IN
        SELECT m.thread AS id, array_agg(m.id) AS newcomers, bool_or(joined[m.ordinality]) AS joined
          FROM unnest(messages) WITH ORDINALITY m
         WHERE m.kind <> 'comment' AND m.number IS NOT NULL GROUP BY m.thread ORDER BY min(m.ordinality)
    LOOP
        IF thread.joined THEN
            dependents := dependents || _patchmail.take_dependencies(thread.id);
        END IF;
        series := series || _patchmail.place_newcomers(thread.id, thread.newcomers, thread.joined);
    END LOOP;
    INSERT INTO public.patchwork_patch (id, msgid, date, headers, content, name, project_id, submitter_id, archived,
                                        delegate_id, diff, hash, number, pull_url, state_id, series_id)
    SELECT m.patch_id, m.msgid, _patchmail.to_patchwork(m.date), m.facts->>'headers', m.facts->>'content', m.name,
           m.project_id,
           m.submitter_id, false,
           CASE WHEN m.facts->'hints'->>'delegate' IS NOT NULL
                  OR pg_relation_size('public.patchwork_delegationrule') > 0
                THEN _patchmail.find_delegate(m.project_id, m.facts->'hints'->>'delegate', m.facts->'files',
                                             m.msgid) END,
           m.facts->>'diff', m.facts->>'hash', nullif(coalesce(m.number, 1), 0), left(m.facts->>'pull_url', 255),
           CASE WHEN m.facts->'hints'->>'state' IS NULL
                THEN (SELECT s.id FROM public.patchwork_state s WHERE s.ordering = 0)
                ELSE _patchmail.find_state(m.facts->'hints'->>'state') END,
           CASE WHEN m.number IS NULL THEN m.series_id
                WHEN m.number <> 0 AND NOT EXISTS (SELECT FROM public.patchwork_patch p
                                                    WHERE p.series_id = l.series_id AND p.number = m.number OFFSET 0)
                THEN l.series_id END
      FROM (SELECT m.*, facts[m.ordinality] AS facts FROM unnest(messages) WITH ORDINALITY m OFFSET 0) m
      LEFT JOIN LATERAL (
           SELECT o.series_id FROM patchmail.message o WHERE o.id = m.id AND m.number IS NOT NULL LIMIT 1) l ON true
     WHERE m.kind = 'patch' ORDER BY m.ordinality;

    IF began IS NULL THEN
        event := _patchmail.event_date(project_id, (SELECT sum(CASE WHEN m.number IS NULL THEN 4 ELSE 1 END)::integer
                                                     FROM unnest(messages) m WHERE m.kind <> 'comment'));
    END IF;
    INSERT INTO public.patchwork_event (category, date, project_id, patch_id, cover_id, series_id)
    SELECT e.category,
           CASE WHEN began IS NULL
                THEN event + (row_number() OVER (ORDER BY m.ordinality, e.step) - 1) * interval '1 microsecond'
                ELSE least(_patchmail.to_patchwork(m.date), began) + (e.step - 1) * interval '1 microsecond' END,
           m.project_id, CASE WHEN e.step IN (1, 3) THEN m.patch_id END, m.cover_id,
           CASE WHEN e.step > 1 THEN m.series_id END
      FROM unnest(messages) WITH ORDINALITY m, LATERAL (
           VALUES (1, m.kind || '-created'), (2, 'series-created'), (3, 'patch-completed'), (4, 'series-completed')
           ) e(step, category)
     WHERE m.kind <> 'comment' AND (m.number IS NULL OR e.step = 1)
     ORDER BY m.ordinality, e.step;
    IF series <> '{}' THEN
        PERFORM _patchmail.complete_series(series);
    END IF;

    IF (SELECT p.use_tags FROM public.patchwork_project p WHERE p.id = create_submissions.project_id) THEN
        PERFORM _patchmail.count_tags(array_agg(m.patch_id), array_agg(facts[m.ordinality]->>'content'))
           FROM unnest(messages) WITH ORDINALITY m WHERE m.kind = 'patch';
    END IF;
    IF dependents IS NOT NULL THEN
        PERFORM _patchmail.write_dependencies(dependents);
    END IF;
    PERFORM _patchmail.resolve_dependencies(l, _patchmail.lines_of(f.facts))
       FROM unnest(messages) WITH ORDINALITY m, LATERAL (
            SELECT facts[m.ordinality] AS facts OFFSET 0) f, LATERAL (
            SELECT o.* FROM patchmail.message o WHERE o.id = m.id LIMIT 1) l
      WHERE m.kind <> 'comment'
        AND (f.facts->'depends_on' IS DISTINCT FROM '[]' OR f.facts ? 'supersedes' OR _patchmail.is_prerequisite(l));
    IF pg_relation_size('patchmail.policy') > 0 THEN
        PERFORM _patchmail.revise_series(_patchmail.message_series(l))
           FROM unnest(ids) i, LATERAL (SELECT o.* FROM patchmail.message o WHERE o.id = i LIMIT 1) l;
    END IF;
END
$$;
