-- patchmail.find_known(message): what is known of a mail and of those that it refers to.
-- Takes    the ledger row as patchmail.read_message gives it.
-- Gives    whether the mail itself is in its project already (in the ledger, or stored by Patchwork itself); the threads
--          of those that it refers to.
-- Also     enters into the ledger what Patchwork stored itself of the mails that this one refers to.
-- Touches  patchmail.message, through patchmail.adopt.
CREATE OR REPLACE FUNCTION patchmail.find_known(message patchmail.message, OUT itself boolean, OUT threads bigint[])
LANGUAGE plpgsql AS $$
DECLARE
    known integer;
BEGIN
    FOR try IN 1 .. 2 LOOP
        SELECT count(*), array_agg(m.thread), coalesce(bool_or(m.msgid = message.msgid), false)
          INTO known, threads, itself
          FROM patchmail.message m
         WHERE m.project_id = message.project_id AND m.msgid = ANY (message.refs || message.msgid::text);
        EXIT WHEN itself OR known = cardinality(message.refs) OR NOT patchmail.adopt(message.project_id, message.refs);
    END LOOP;
    IF message.kind = 'patch' THEN
        itself := itself OR EXISTS (SELECT FROM public.patchwork_patch p
                                     WHERE p.msgid = message.msgid AND p.project_id = message.project_id);
    ELSIF message.kind = 'cover' THEN
        itself := itself OR EXISTS (SELECT FROM public.patchwork_cover c
                                     WHERE c.msgid = message.msgid AND c.project_id = message.project_id);
    ELSE
        itself := itself
               OR EXISTS (SELECT FROM public.patchwork_patchcomment k JOIN public.patchwork_patch p ON p.id = k.patch_id
                           WHERE k.msgid = message.msgid AND p.project_id = message.project_id)
               OR EXISTS (SELECT FROM public.patchwork_covercomment k JOIN public.patchwork_cover c ON c.id = k.cover_id
                           WHERE k.msgid = message.msgid AND c.project_id = message.project_id);
    END IF;
END
$$;
