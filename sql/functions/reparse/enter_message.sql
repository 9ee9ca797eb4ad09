-- _patchmail.enter_message(message): writes into the ledger what a mail says, as it was read anew.
-- Takes    its ledger row as it is to be.
-- Rules    Its place stays: it is derived from this.
-- Touches  patchmail.message.
CREATE OR REPLACE FUNCTION _patchmail.enter_message(message patchmail.message)
RETURNS void LANGUAGE sql AS $$
    UPDATE patchmail.message m
       SET thread = $1.thread, version = $1.version, minor = $1.minor, number = $1.number, total = $1.total,
           name = $1.name,
           title = $1.title, refs = $1.refs, date = $1.date, submitter_id = $1.submitter_id,
           author_name = $1.author_name, change_id = $1.change_id, base_commit = $1.base_commit, verdict = $1.verdict,
           verdict_reason = $1.verdict_reason, names = $1.names
     WHERE m.id = $1.id;
$$;
