-- _patchmail.restate_texts(message, facts, changed): writes what was read anew of a mail into Patchwork's row of it, or
-- into the facts with which it waits.
-- Takes    its ledger row as it is to be; the facts; and the names of the values that changed
--          (_patchmail.parsed_values).
-- Rules    What did not change stays, and so does all that people change: state, delegate, whether it is archived, its
--          checks, its series.
-- Touches  public.patchwork_patch, _cover, _patchcomment or _covercomment, _patchtag; patchmail.message (waiting).
CREATE OR REPLACE FUNCTION _patchmail.restate_texts(message patchmail.message, facts jsonb, changed text[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    header  text := CASE WHEN 'headers' = ANY (changed) THEN coalesce(facts->>'headers', '') END;
    fresh   boolean := 'content' = ANY (changed);
    asks    boolean := 'action_required' = ANY (changed);
    dated   timestamptz := CASE WHEN 'date' = ANY (changed) THEN _patchmail.to_patchwork(message.date) END;
    tagged  integer;  -- the patch that has it
    cover   integer;  -- the cover letter on which it is a comment
BEGIN
    IF message.waiting IS NOT NULL THEN
        UPDATE patchmail.message m
           SET waiting = facts || CASE WHEN m.waiting ? 'addressed' THEN
                                            jsonb_build_object('addressed', m.waiting->'addressed') ELSE '{}' END
                         || CASE WHEN header IS NULL THEN jsonb_build_object('headers', m.waiting->'headers')
                                 ELSE '{}' END
         WHERE m.id = message.id;
    ELSIF message.kind = 'patch' THEN
        UPDATE public.patchwork_patch p
           SET headers = coalesce(header, p.headers), date = coalesce(dated, p.date),
               content = CASE WHEN fresh THEN facts->>'content' ELSE p.content END,
               diff = CASE WHEN 'diff' = ANY (changed) THEN facts->>'diff' ELSE p.diff END,
               hash = CASE WHEN 'hash' = ANY (changed) THEN facts->>'hash' ELSE p.hash END,
               pull_url = CASE WHEN 'pull_url' = ANY (changed) THEN left(facts->>'pull_url', 255)
                               ELSE p.pull_url END,
               name = CASE WHEN 'name' = ANY (changed) THEN message.name ELSE p.name END,
               submitter_id = CASE WHEN 'author' = ANY (changed) THEN message.submitter_id ELSE p.submitter_id END
         WHERE p.id = message.patch_id;
        tagged := message.patch_id;
    ELSIF message.kind = 'cover' THEN
        UPDATE public.patchwork_cover c
           SET headers = coalesce(header, c.headers), date = coalesce(dated, c.date),
               content = CASE WHEN fresh THEN facts->>'content' ELSE c.content END,
               name = CASE WHEN 'name' = ANY (changed) THEN message.name ELSE c.name END,
               submitter_id = CASE WHEN 'author' = ANY (changed) THEN message.submitter_id ELSE c.submitter_id END
         WHERE c.id = message.cover_id;
    ELSE
        UPDATE public.patchwork_patchcomment c
           SET headers = coalesce(header, c.headers), date = coalesce(dated, c.date),
               content = CASE WHEN fresh THEN facts->>'content' ELSE c.content END,
               addressed = CASE WHEN asks THEN false ELSE c.addressed END,
               submitter_id = CASE WHEN 'author' = ANY (changed) THEN message.submitter_id ELSE c.submitter_id END
         WHERE c.id = message.patchcomment_id
        RETURNING c.patch_id INTO tagged;
        UPDATE public.patchwork_covercomment c
           SET headers = coalesce(header, c.headers), date = coalesce(dated, c.date),
               content = CASE WHEN fresh THEN facts->>'content' ELSE c.content END,
               addressed = CASE WHEN asks THEN false ELSE c.addressed END,
               submitter_id = CASE WHEN 'author' = ANY (changed) THEN message.submitter_id ELSE c.submitter_id END
         WHERE c.id = message.covercomment_id
        RETURNING c.cover_id INTO cover;
    END IF;
    IF fresh AND tagged IS NOT NULL THEN
        PERFORM _patchmail.recount_tags(ARRAY[tagged]);
    ELSIF fresh AND cover IS NOT NULL THEN
        PERFORM _patchmail.recount_series_tags(ARRAY[cover]);
    END IF;
END
$$;
