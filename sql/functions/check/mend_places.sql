-- _patchmail.mend_places(threads, hung): derives the series of a thread anew.
-- Takes    the threads that are one, the lowest first; and a patch whose anchor is to be found anew, or NULL.
-- Touches  patchmail.message (thread, anchor_id); through _patchmail.rederive.
CREATE OR REPLACE FUNCTION _patchmail.mend_places(threads bigint[], hung bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    former     patchmail.message[] := ARRAY(SELECT l FROM unnest(threads) t, unnest(_patchmail.thread_leads(t)) l);
    dependents bigint[] := ARRAY(SELECT d FROM unnest(threads) t, unnest(_patchmail.take_dependencies(t)) d);
BEGIN
    UPDATE patchmail.message m SET thread = threads[1] WHERE m.thread = ANY (threads[2:]);
    UPDATE patchmail.message m SET anchor_id = _patchmail.find_anchor(m) WHERE m.id = hung;
    PERFORM _patchmail.rederive(threads[1], former, nullif(dependents, '{}'));
END
$$;
