-- _patchmail.claim_message_id(stored, message, author, facts, released, reason): decides whether a mail gets a
-- Message-ID that a stored one has.
-- Takes    the ledger row of what is stored; the mail's own, not entered, with whether it may rename its author; its
--          author and facts; whether an admin released it from quarantine; and the reason, in words, with which the
--          stored one goes to quarantine if it loses.
-- Gives    "same": it is the stored mail, and a better verdict on its author has been entered, and git's patch-id if
--          that was not known; "free": the stored one has given up the Message-ID; "taken": the stored one keeps it.
-- Rules    Of two different mails the one with the better verdict on its author has the Message-ID, of two with the
--          same verdict the one that came first: anybody can send a Message-ID ahead of the mail that will have it.  An
--          admin who releases a mail from quarantine overrides this.
--          A stored mail that only claims this Message-ID, as that of the mail that it wraps, keeps the claim only if
--          the verdict on its author is better; else it keeps its own Message-ID alone.
-- Touches  patchmail.message (anchor_id, git_patch_id); through _patchmail.know_better, _patchmail.displace_message,
--          _patchmail.drop_alias, _patchmail.take_answers, _patchmail.rederive, _patchmail.settle_repeats.
CREATE OR REPLACE FUNCTION _patchmail.claim_message_id(stored patchmail.message, message patchmail.message,
                                                       author jsonb, facts jsonb, released boolean, reason text)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    former     patchmail.message[];
    dependents bigint[];
    referred   text;
    better     boolean := enum_gt(message.verdict, stored.verdict) AND NOT stored.adopted;
BEGIN
    IF _patchmail.same_mail(stored, message, author, facts) THEN
        IF better THEN
            PERFORM _patchmail.know_better(stored, message, author, facts->'authentication'->'results');
        END IF;
        IF stored.git_patch_id IS NULL AND message.git_patch_id IS NOT NULL THEN
            PERFORM _patchmail.enter_patch_ids(ARRAY[stored.id], ARRAY[message.git_patch_id])
              WHERE EXISTS (SELECT FROM public.patchwork_patch p
                            WHERE p.id = stored.patch_id AND p.hash = facts->>'hash');
        END IF;
        RETURN 'same';
    ELSIF stored.msgid <> ALL (ARRAY[message.msgid, coalesce(left(facts->>'wrapped_message_id', 255), '')]) THEN
        IF enum_gt(stored.verdict, message.verdict) AND NOT released THEN
            RETURN 'taken';
        END IF;
        PERFORM _patchmail.take_answers(stored.project_id, stored.msgid);
        former := _patchmail.thread_leads(stored.thread);
        dependents := _patchmail.take_dependencies(stored.thread);
        referred := (SELECT a.alias FROM patchmail.alias a
                      WHERE a.project_id = stored.project_id AND a.msgid = stored.msgid);
        PERFORM _patchmail.drop_alias(stored.project_id, stored.msgid);
        UPDATE patchmail.message m SET anchor_id = _patchmail.find_anchor(m)
         WHERE m.thread = stored.thread AND m.anchor_id = stored.id;
        PERFORM _patchmail.rederive(stored.thread, former, dependents);
        PERFORM _patchmail.settle_repeats(stored.project_id, referred);
        RETURN 'free';
    END IF;
    RETURN CASE WHEN (better OR released AND NOT stored.adopted) AND _patchmail.displace_message(stored, reason)
                THEN 'free' ELSE 'taken' END;
END
$$;
