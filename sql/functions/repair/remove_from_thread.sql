-- _patchmail.remove_from_thread(thread, msgids, why): deletes mails of a thread, and the replies that lead to nothing
-- else.
-- Touches  Patchwork's tables and the ledger, through _patchmail.unplace_comments, _patchmail.drop_mail,
--          _patchmail.drop_bereft, _patchmail.rederive.
CREATE OR REPLACE FUNCTION _patchmail.remove_from_thread(thread bigint, msgids text[], why text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    gone       patchmail.message[] := ARRAY(SELECT m FROM patchmail.message m
                                             WHERE m.thread = remove_from_thread.thread AND m.msgid = ANY (msgids));
    former     patchmail.message[] := _patchmail.thread_leads(thread);
    dependents bigint[] := _patchmail.take_dependencies(thread);
    series     integer[];
BEGIN
    series := ARRAY(SELECT g.series_id FROM unnest(gone) g WHERE g.series_id > 0
                    UNION
                    SELECT p.series_id FROM unnest(gone) g JOIN public.patchwork_patch p ON p.id = g.patch_id
                     WHERE p.series_id IS NOT NULL);
    PERFORM _patchmail.unplace_comments(ARRAY(
        SELECT m.id FROM patchmail.message m
         WHERE m.thread = remove_from_thread.thread AND m.kind = 'comment'
           AND m.parent_id IN (SELECT g.id FROM unnest(gone) g)));
    PERFORM _patchmail.drop_mail(gone, why), _patchmail.drop_bereft(thread, why);
    PERFORM _patchmail.rederive(thread, former, dependents);
    PERFORM _patchmail.settle_series(s, thread) FROM unnest(series) s;
END
$$;
