-- patchmail.admit_message(message, linkname, known, facts, answered): whether a mail is to be stored in its project,
-- and what of it counts there.
-- Takes    its ledger row, not yet entered; the project's linkname; whether its Message-ID is known there; the facts;
--          whether mail that is here refers to it.
-- Gives    the outcome and the reason where it is not to be stored: duplicate, quarantined, refused or ignored.  Else
--          the facts without what does not count, also those to wait with; whether it may rename its author; what it
--          refers to, and whether it is answered.
-- Rules    What is a duplicate or ignored in any case is not held, whoever sent it.  The second Message-ID of a mail
--          that a list wrapped counts where hints do, since it may be that of another mail, which is still to come.
-- Touches  through patchmail.add_alias.
CREATE OR REPLACE FUNCTION patchmail.admit_message(
    message patchmail.message, linkname text, known boolean, INOUT facts jsonb, INOUT answered boolean,
    OUT outcome text, OUT reason text, OUT waiting jsonb, OUT names boolean, OUT refs text[])
LANGUAGE plpgsql AS $$
DECLARE
    talk    boolean := message.kind = 'comment' AND cardinality(message.refs) = 0;
    allowed record;
BEGIN
    waiting := message.waiting;
    refs := message.refs;
    IF answered AND NOT known THEN
        known := EXISTS (
            SELECT FROM patchmail.alias a WHERE a.project_id = message.project_id AND a.alias = message.msgid);
    END IF;
    IF NOT known OR facts->>'wrapped_message_id' IS NOT NULL THEN
        SELECT a.* INTO allowed FROM patchmail.allowed(linkname, message.verdict) a;
        names := allowed.may_rename;
        IF NOT (allowed.may_use_hints AND allowed.may_be_stored) THEN
            facts := facts - '{hints,wrapped_message_id}'::text[];
            waiting := waiting - 'hints';
        END IF;
        IF NOT (allowed.may_be_stored OR known OR talk) THEN
            outcome := CASE allowed.otherwise WHEN 'refuse' THEN 'refused' ELSE 'quarantined' END;
            reason := format('policy of project %s: its verdict is %s%s, at least %s is asked for', linkname,
                             message.verdict, ' (' || message.verdict_reason || ')',
                             (SELECT y.store FROM patchmail.policy y WHERE y.project_id = message.project_id));
            RETURN;
        ELSIF facts->'hints'->>'ignore' = 'true' THEN
            outcome := 'ignored';
            reason := 'X-Patchwork-Hint says ignore';
            RETURN;
        ELSIF facts->>'wrapped_message_id' IS NOT NULL THEN
            PERFORM patchmail.add_alias(message.project_id, message.msgid, left(facts->>'wrapped_message_id', 255));
            known := known OR EXISTS (
                SELECT FROM patchmail.alias a WHERE a.project_id = message.project_id AND a.alias = message.msgid);
            answered := EXISTS (
                SELECT FROM patchmail.reference r WHERE r.project_id = message.project_id AND r.msgid = message.msgid);
            refs := patchmail.message_references(message.project_id, facts);
        END IF;
    END IF;
    IF known THEN
        outcome := 'duplicate';
        reason := 'its Message-ID is known in project ' || linkname;
    ELSIF talk THEN
        outcome := 'ignored';
        reason := 'it is neither patch nor cover letter, and answers nothing';
    END IF;
END
$$;
