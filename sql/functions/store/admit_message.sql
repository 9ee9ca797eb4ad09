-- _patchmail.admit_message(message, linkname, author, facts, answered, released): whether a mail is to be stored in its
-- project, and what of it counts there.
-- Takes    its ledger row, not yet entered; the project's linkname; its author; the facts; whether mail that is here
--          refers to it; whether an admin released it from quarantine.
-- Gives    the outcome (duplicate, quarantined, refused or ignored) and the reason if it is not to be stored.  Else the
--          facts without what does not count, and likewise the facts that it waits with; whether it may rename its
--          author; what it refers to; and whether mail that is here refers to it.
-- Rules    A duplicate, and a mail that is ignored in any case, is not held, whoever sent it; but one that looks like a
--          patch and answers nothing is held (_patchmail.patch_missed).
--          What an admin removed stays away (_patchmail.pass_removed), unless he releases it from quarantine.
--          A different mail with the Message-ID of a stored one is no duplicate (_patchmail.claim_message_id).
--          The second Message-ID of a mail that a list wrapped counts only if hints count: it may be that of another
--          mail, which is still to come.
-- Touches  through _patchmail.add_alias, _patchmail.claim_message_id.
CREATE OR REPLACE FUNCTION _patchmail.admit_message(
    message patchmail.message, linkname text, author jsonb, INOUT facts jsonb, INOUT answered boolean, released boolean,
    OUT outcome text, OUT reason text, OUT waiting jsonb, OUT names boolean, OUT refs text[])
LANGUAGE plpgsql AS $$
DECLARE
    talk    boolean := message.kind = 'comment' AND cardinality(message.refs) = 0;
    allowed record;
    stored  patchmail.message;  -- the mail that has its Message-ID, or claims it
    wrapped patchmail.message;  -- the mail that has the Message-ID of the mail in it
    claim   text;
BEGIN
    waiting := message.waiting;
    SELECT a.* INTO allowed FROM patchmail.allowed(linkname, message.verdict) a;
    names := allowed.may_rename;
    message.names := names;
    IF NOT (allowed.may_use_hints AND allowed.may_be_stored) THEN
        facts := facts - '{hints,wrapped_message_id}'::text[];
        waiting := waiting - 'hints';
    END IF;
    SELECT m.* INTO stored FROM patchmail.message m
     WHERE m.project_id = message.project_id
       AND m.msgid = coalesce((SELECT a.msgid FROM patchmail.alias a
                                WHERE a.project_id = message.project_id AND a.alias = message.msgid), message.msgid);
    IF stored.id IS NOT NULL AND stored.waiting IS NULL
       AND NOT EXISTS (SELECT FROM public.patchwork_person p WHERE p.id = stored.submitter_id) THEN
        PERFORM _patchmail.forget_messages(ARRAY[stored.id]);  -- its author was deleted, and with him all his mail
        stored := NULL;
    END IF;
    SELECT m.* INTO wrapped FROM patchmail.message m
     WHERE m.project_id = message.project_id AND m.msgid = left(facts->>'wrapped_message_id', 255);
    IF stored.id IS NULL AND pg_relation_size('patchmail.removed') > 0 THEN
        SELECT r.outcome, r.reason INTO outcome, reason FROM _patchmail.pass_removed(message, author, released) r;
        IF outcome IS NOT NULL THEN
            RETURN;
        END IF;
    END IF;
    reason := format('project %s has another mail with its Message-ID, whose verdict is %s', linkname,
                     greatest(stored.verdict, wrapped.verdict, message.verdict));
    IF stored.id IS NOT NULL AND _patchmail.same_mail(stored, message, author, facts) THEN
        claim := _patchmail.claim_message_id(stored, message, author, facts, released, reason);
    ELSIF NOT (allowed.may_be_stored OR talk OR released) THEN
        outcome := CASE allowed.otherwise WHEN 'refuse' THEN 'refused' ELSE 'quarantined' END;
        reason := format('policy of project %s: its verdict is %s%s, at least %s is asked for', linkname,
                         message.verdict, ' (' || message.verdict_reason || ')',
                         (SELECT y.store FROM patchmail.policy y WHERE y.project_id = message.project_id));
        RETURN;
    ELSIF facts->'hints'->>'ignore' = 'true' THEN
        outcome := 'ignored';
        reason := _patchmail.usual_reason('hint');
        RETURN;
    ELSIF talk THEN
        outcome := CASE WHEN facts->>'patch_like' IS NULL THEN 'ignored' ELSE 'quarantined' END;
        reason := coalesce(_patchmail.patch_missed(facts), _patchmail.usual_reason('talk'));
        RETURN;
    ELSIF stored.id IS NOT NULL THEN
        claim := _patchmail.claim_message_id(stored, message, author, facts, released, reason);
    ELSIF wrapped.id IS NOT NULL THEN
        claim := _patchmail.claim_message_id(wrapped, message, author, facts, released, reason);
        IF claim = 'taken' THEN  -- its own Message-ID is free
            facts := facts - 'wrapped_message_id';
            claim := 'free';
        END IF;
    END IF;
    IF claim = 'taken' THEN
        outcome := 'quarantined';
        RETURN;
    END IF;
    IF facts->>'wrapped_message_id' IS NOT NULL THEN
        PERFORM _patchmail.add_alias(message.project_id, message.msgid, left(facts->>'wrapped_message_id', 255));
    END IF;
    IF claim = 'same' THEN
        outcome := 'duplicate';
        reason := 'its Message-ID is known in project ' || linkname;
        RETURN;
    END IF;
    reason := NULL;
    answered := EXISTS (
        SELECT FROM patchmail.reference r WHERE r.project_id = message.project_id AND r.msgid = message.msgid);
    refs := _patchmail.message_references(message.project_id, facts);
END
$$;
