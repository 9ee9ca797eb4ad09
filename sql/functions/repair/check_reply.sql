-- _patchmail.check_reply(reply, parent): refuses a mail that cannot be a comment on another one.
-- Takes    their ledger rows; of the parent NULLs if it has no place itself.
-- Errors   check_violation if the one is no reply or was deleted, or if the other has no place or was deleted.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.check_reply(reply patchmail.message, parent patchmail.message)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    wrong text := CASE
        WHEN reply.kind <> 'comment' THEN format('%s is a %s, no reply', _patchmail.printable(reply.msgid), reply.kind)
        WHEN reply.waiting IS NULL
             AND NOT EXISTS (SELECT FROM public.patchwork_patchcomment k WHERE k.id = reply.patchcomment_id)
             AND NOT EXISTS (SELECT FROM public.patchwork_covercomment k WHERE k.id = reply.covercomment_id) THEN
            format('%s was deleted', _patchmail.printable(reply.msgid))
        WHEN parent.id IS NULL THEN 'the parent is a reply that waits itself'
        WHEN NOT EXISTS (SELECT FROM public.patchwork_patch p WHERE p.id = parent.patch_id)
             AND NOT EXISTS (SELECT FROM public.patchwork_cover c WHERE c.id = parent.cover_id) THEN
            format('%s was deleted', _patchmail.printable(parent.msgid))
    END;
BEGIN
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION '%', wrong USING ERRCODE = 'check_violation';
    END IF;
END
$$;
