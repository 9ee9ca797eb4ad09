-- _patchmail.mail_place(mail): where a mail is, as the audit has it.
-- Takes    its ledger row.
CREATE OR REPLACE FUNCTION _patchmail.mail_place(mail patchmail.message)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object(
        'msgid', mail.msgid, 'thread', mail.thread, 'series', mail.series_id, 'anchor', mail.anchor_id,
        'parent', mail.parent_id, 'waiting', CASE WHEN mail.waiting IS NOT NULL THEN true END));
$$;
