-- patchmail.find_known(message): what is known of a mail and of those that it refers to.
-- Takes    the ledger row as patchmail.read_message gives it.
-- Gives    whether the mail itself is in its project already (in the ledger, or stored by Patchwork itself); and the
--          threads of those that it refers to.
-- Also     enters into the ledger what Patchwork stored itself of this mail and of those that it refers to.  That can
--          only be where Django made or took over the tables: its table of migrations is there.
-- Touches  patchmail.message, through patchmail.adopt.
CREATE OR REPLACE FUNCTION patchmail.find_known(message patchmail.message, OUT itself boolean, OUT threads bigint[])
LANGUAGE plpgsql AS $$
BEGIN
    FOR try IN 1 .. 2 LOOP
        SELECT array_agg(m.thread), coalesce(bool_or(m.msgid = message.msgid), false)
          INTO threads, itself
          FROM patchmail.message m
         WHERE m.project_id = message.project_id AND m.msgid = ANY (message.refs || message.msgid::text);
        EXIT WHEN itself OR to_regclass('public.django_migrations') IS NULL
                  OR NOT patchmail.adopt(message.project_id, message.refs || message.msgid::text);
    END LOOP;
END
$$;
