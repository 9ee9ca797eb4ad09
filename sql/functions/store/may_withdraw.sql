-- _patchmail.may_withdraw(stored): whether a mail may be taken out of the tables.
-- Takes    its ledger row.
-- Gives    false if Patchwork stored the mail itself, or a comment on it, or if an admin put a comment there: that
--          would be lost.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.may_withdraw(stored patchmail.message)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN NOT (stored.adopted
                OR EXISTS (SELECT FROM patchmail.message m
                            WHERE m.thread = stored.thread AND m.parent_id = stored.id AND (m.adopted OR m.pinned)));
END
$$;
