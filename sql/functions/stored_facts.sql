-- patchmail.stored_facts(stored): what the tables have of a mail, to be kept in quarantine when it loses its place.
-- Takes    its ledger row.
-- Gives    facts as patchmail.quarantine_message wants them, and as bytes the header as it came, the text and the diff:
--          the mail itself was not kept when it was stored.  Nothing where its row in Patchwork's tables is gone.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.stored_facts(stored patchmail.message, OUT facts jsonb, OUT raw bytea)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    SELECT convert_to(concat(rtrim(x.headers, E'\n'), E'\n\n', concat_ws(E'\n', x.content, x.diff)), 'UTF8'),
           jsonb_build_object('facts', 1, 'kind', stored.kind, 'message_id', stored.msgid,
                              'references', to_jsonb(stored.refs), 'date', stored.date,
                              'author', (SELECT jsonb_build_object('name', p.name, 'email', p.email)
                                           FROM public.patchwork_person p WHERE p.id = stored.submitter_id),
                              'subject', jsonb_build_object('text', stored.name, 'title', stored.title,
                                                            'version', stored.version, 'number', stored.number,
                                                            'total', stored.total),
                              'authentication', jsonb_build_object('verdict', stored.verdict,
                                                                   'reason', stored.verdict_reason))
      INTO raw, facts
      FROM (SELECT p.headers, p.content, p.diff FROM public.patchwork_patch p WHERE p.id = stored.patch_id
            UNION ALL
            SELECT c.headers, c.content, NULL FROM public.patchwork_cover c WHERE c.id = stored.cover_id
            UNION ALL
            SELECT c.headers, c.content, NULL FROM public.patchwork_patchcomment c WHERE c.id = stored.patchcomment_id
            UNION ALL
            SELECT c.headers, c.content, NULL FROM public.patchwork_covercomment c WHERE c.id = stored.covercomment_id
            UNION ALL
            SELECT stored.waiting->>'headers', stored.waiting->>'content', NULL WHERE stored.waiting IS NOT NULL) x;
    facts := facts || jsonb_build_object('size', length(raw), 'sha256', encode(sha256(raw), 'hex'));
END
$$;
