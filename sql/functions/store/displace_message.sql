-- _patchmail.displace_message(stored, reason): takes a mail out of the tables, as if it had not come, and keeps it in
-- quarantine: another mail has its Message-ID, and the better verdict on its author.
-- Takes    its ledger row, and the reason in words.
-- Gives    whether it did (_patchmail.may_withdraw).
-- Touches  patchmail.quarantine; through _patchmail.withdraw_message what that touches.
CREATE OR REPLACE FUNCTION _patchmail.displace_message(stored patchmail.message, reason text)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    kept record;
BEGIN
    IF NOT _patchmail.may_withdraw(stored) THEN
        RETURN false;
    END IF;
    kept := _patchmail.stored_facts(stored);
    PERFORM _patchmail.quarantine_message(
                kept.facts, kept.raw, jsonb_build_object('transport', 'database', 'project', p.linkname),
                displace_message.reason)
       FROM public.patchwork_project p WHERE p.id = stored.project_id AND kept.raw IS NOT NULL;
    PERFORM _patchmail.withdraw_message(stored);
    RETURN true;
END
$$;
