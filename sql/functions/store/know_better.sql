-- _patchmail.know_better(stored, message, author, results): enters the better verdict of a mail that has come again.
-- Takes    the ledger row of the stored mail; that of the mail as it came again, not entered, which says whether it may
--          rename its author; the author; and authentication.results of its facts.
-- Rules    As if only the second had come: its verdict counts for places, names and revisions from now on.
-- Touches  patchmail.message, _authentication; public.patchwork_person; through _patchmail.rederive,
--          _patchmail.revise_series.
CREATE OR REPLACE FUNCTION _patchmail.know_better(stored patchmail.message, message patchmail.message, author jsonb,
                                                 results jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    former     patchmail.message[] := _patchmail.thread_leads(stored.thread);
    dependents bigint[] := _patchmail.take_dependencies(stored.thread);
BEGIN
    UPDATE patchmail.message m
       SET verdict = message.verdict, verdict_reason = message.verdict_reason, names = message.names,
           author_name = coalesce(message.author_name, m.author_name),
           waiting = m.waiting || jsonb_build_object('author', author, 'original_author', NULL)
     WHERE m.id = stored.id;
    DELETE FROM patchmail.authentication a WHERE a.message_id = stored.id;
    PERFORM _patchmail.store_authentication(stored.id, results);
    IF stored.waiting IS NULL THEN
        PERFORM _patchmail.find_person(author, least(stored.date, stored.arrived), message.names);
    END IF;
    PERFORM _patchmail.rederive(stored.thread, former, dependents);
    PERFORM _patchmail.revise_series(_patchmail.message_series(m)) FROM patchmail.message m WHERE m.id = stored.id;
END
$$;
