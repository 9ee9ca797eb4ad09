-- _patchmail.create_submission(message, facts, use_tags, joined, answered): makes a new patch or cover letter.
-- Takes    the ledger row, not yet entered; the facts; whether its project counts tags; whether its thread has other
--          mail; and whether mail that is here refers to this one.
-- Rules    A patch without a marker is a series of its own, complete as it comes.  A patch numbered 0, such as a cover
--          letter with a pull request, has no number and is in no series, but it leads one.  If an admin has given the
--          number of a marked patch in its series to another patch, the new one stays out of the series.
-- Touches  the ledger; public.patchwork_patch or _cover, _series, _event, _patchtag, and _series_dependencies.
CREATE OR REPLACE FUNCTION _patchmail.create_submission(message patchmail.message, facts jsonb, use_tags boolean,
                                                       joined boolean, answered boolean)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    dated  timestamptz := _patchmail.to_patchwork(message.date);
    event  timestamptz;  -- the date of the first event
    series integer;      -- the series of the patch
    tagged boolean;
BEGIN
    IF message.number IS NULL THEN
        INSERT INTO public.patchwork_series AS s (name, date, version, total, project_id, submitter_id)
        VALUES (message.name, dated, message.version, 1, message.project_id, message.submitter_id)
        RETURNING s.id, s.id, nextval('public.patchwork_submission_id_seq')
             INTO series, message.series_id, message.patch_id;
        INSERT INTO patchmail.message OVERRIDING SYSTEM VALUE SELECT message.*;
    ELSE
        message := _patchmail.place_submission(message, facts, joined, answered);
        series := (SELECT message.series_id
                    WHERE message.number <> 0
                      AND NOT EXISTS (SELECT FROM public.patchwork_patch p
                                       WHERE p.series_id = message.series_id AND p.number = message.number));
    END IF;
    IF message.kind = 'patch' THEN
        INSERT INTO public.patchwork_patch (id, msgid, date, headers, content, name, project_id, submitter_id, archived,
                                            delegate_id, diff, hash, number, pull_url, state_id, series_id)
        VALUES (message.patch_id, message.msgid, dated, facts->>'headers', facts->>'content', message.name,
                message.project_id, message.submitter_id, false,
                CASE WHEN facts->'hints'->>'delegate' IS NOT NULL
                       OR pg_relation_size('public.patchwork_delegationrule') > 0
                     THEN _patchmail.find_delegate(message.project_id, facts->'hints'->>'delegate', facts->'files',
                                                  message.msgid) END,
                facts->>'diff', facts->>'hash', nullif(coalesce(message.number, 1), 0), left(facts->>'pull_url', 255),
                CASE WHEN facts->'hints'->>'state' IS NULL
                     THEN (SELECT s.id FROM public.patchwork_state s WHERE s.ordering = 0)
                     ELSE _patchmail.find_state(facts->'hints'->>'state') END,
                series)
        RETURNING use_tags
                  AND EXISTS (SELECT FROM public.patchwork_tag t
                               WHERE CASE WHEN t.pattern::text ~ '\\[1-9]'
                                          THEN _patchmail.match_pattern('tag', t.id, t.pattern::text,
                                                   '(?in)' || t.pattern, ARRAY[facts->>'content'],
                                                   facts->>'message_id') <> '{}'
                                          ELSE facts->>'content' ~ ('(?in)' || t.pattern::text) END)
             INTO tagged;
        IF tagged THEN
            PERFORM _patchmail.count_tags(ARRAY[message.patch_id], ARRAY[facts->>'content']);
        END IF;
    END IF;
    IF message.number IS NULL THEN
        event := _patchmail.event_date(message.project_id, 4,
                                        CASE WHEN message.transport = 'history' THEN message.date END);
        INSERT INTO public.patchwork_event (category, date, project_id, patch_id, series_id)
        VALUES ('patch-created', event, message.project_id, message.patch_id, NULL),
               ('series-created', event + interval '1 microsecond', message.project_id, NULL, series),
               ('patch-completed', event + interval '2 microseconds', message.project_id, message.patch_id, series),
               ('series-completed', event + interval '3 microseconds', message.project_id, NULL, series);
    ELSE
        PERFORM _patchmail.complete_series(ARRAY[message.series_id], message);
    END IF;
    IF answered OR facts->'depends_on' IS DISTINCT FROM '[]' OR facts->'supersedes' IS NOT NULL
       OR pg_relation_size(regclass 'patchmail.dependency') > 0 AND _patchmail.is_prerequisite(message) THEN
        PERFORM _patchmail.resolve_dependencies(message, _patchmail.lines_of(facts));
    END IF;
END
$$;
