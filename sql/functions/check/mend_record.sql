-- _patchmail.mend_record(fault, really): mends what is noted of single mails, and beside the mail.
-- Takes    a row of _patchmail.find_faults of step 1 or 2; false: a dry run, in which sequences stay, since they would
--          not come back.
-- Gives    what it was and what it is, for patchmail.audit; the same if nothing is done.
-- Touches  the ledger, policies, sequences, the trigger of Patchwork's events.
CREATE OR REPLACE FUNCTION _patchmail.mend_record(fault record, really boolean, OUT before jsonb, OUT after jsonb)
LANGUAGE plpgsql AS $$
DECLARE
    mail patchmail.message;
BEGIN
    SELECT m.* INTO mail FROM patchmail.message m WHERE fault.object = 'mail' AND m.id = fault.object_id;
    CASE fault.kind
    WHEN 'sequence-behind' THEN
        SELECT jsonb_build_object('sequence', s.sequence, 'last', s.at),
               jsonb_build_object('sequence', s.sequence, 'last',
                                  CASE WHEN really THEN setval(s.sequence, s.newest) ELSE s.newest END)
          INTO before, after
          FROM _patchmail.late_sequences() s WHERE s.sequence::text = fault.key;
    WHEN 'trigger-off' THEN
        PERFORM _patchmail.watch_events();
        after := '{"trigger": "patchmail_event"}';
    WHEN 'policy-stray' THEN
        DELETE FROM patchmail.policy y WHERE y.project_id = fault.object_id RETURNING to_jsonb(y) INTO before;
    WHEN 'ledger-nobody' THEN
        PERFORM _patchmail.forget_messages(ARRAY[mail.id]);
        before := jsonb_build_object('msgid', mail.msgid, 'name', mail.name);
    WHEN 'ledger-submitter' THEN
        UPDATE patchmail.message m SET submitter_id = fault.key::integer WHERE m.id = mail.id;
        before := jsonb_build_object('msgid', mail.msgid, 'submitter', mail.submitter_id);
        after := jsonb_build_object('msgid', mail.msgid, 'submitter', fault.key::integer);
    WHEN 'row-unknown' THEN
        IF _patchmail.adopt(fault.project_id, ARRAY[fault.key]) THEN
            after := jsonb_build_object('msgid', fault.key, 'adopted', true);
        END IF;
    WHEN 'authentication-stray' THEN
        WITH gone AS (
            DELETE FROM patchmail.authentication a WHERE a.message_id = fault.object_id RETURNING 1)
        SELECT jsonb_build_object('results', count(*)) INTO before FROM gone;
    WHEN 'alias-wrong' THEN
        SELECT jsonb_build_object('msgid', a.msgid, 'alias', a.alias) INTO before
          FROM patchmail.alias a WHERE a.project_id = fault.project_id AND a.msgid = fault.key;
        PERFORM _patchmail.mend_alias(fault.project_id, fault.key);
        SELECT jsonb_build_object('msgid', a.msgid, 'alias', a.alias, 'referred to as', a.msgid) INTO after
          FROM patchmail.alias a WHERE a.project_id = fault.project_id AND a.msgid = fault.key;
    WHEN 'reference-missing' THEN
        INSERT INTO patchmail.reference (project_id, msgid, message_id)
        VALUES (fault.project_id, fault.key, fault.object_id) ON CONFLICT DO NOTHING
        RETURNING jsonb_build_object('msgid', mail.msgid, 'refers to', msgid) INTO after;
    WHEN 'reference-stray' THEN
        DELETE FROM patchmail.reference r
         WHERE r.project_id = fault.project_id AND r.msgid = fault.key AND r.message_id = fault.object_id
        RETURNING jsonb_build_object('msgid', mail.msgid, 'refers to', r.msgid) INTO before;
    END CASE;
END
$$;
