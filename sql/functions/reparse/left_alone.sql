-- _patchmail.left_alone(stored, why): a row for what is not done with a mail.  It is not written into patchmail.audit:
-- its id is NULL.
-- Takes    its ledger row, or one with its Message-ID alone; and why, in words.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.left_alone(stored patchmail.message, why text)
RETURNS patchmail.audit LANGUAGE sql STABLE AS $$
    SELECT ROW(NULL, now(), session_user, NULL, 'reparse', stored.project_id, coalesce(stored.kind, 'mail'), stored.id,
               jsonb_build_object('msgid', stored.msgid), jsonb_build_object('left alone', why))::patchmail.audit;
$$;
