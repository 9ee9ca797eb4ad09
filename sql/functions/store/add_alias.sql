-- _patchmail.add_alias(project_id, msgid, wrapped): enters the second Message-ID of a mail that a list wrapped.
-- Takes    the mail's own Message-ID and that of the wrapped one.  The caller holds the lock of the project.
-- Why      whoever got the mail directly answers the wrapped one, and its author's next mails refer to it; whoever got
--          it from the list answers the wrapper.
-- Rules    The Message-ID under which the mail is stored stands for both: every reference to the other is changed to
--          it, and a mail with the other is a duplicate.  If the wrapped mail came by itself before, its Message-ID
--          stands for both.  Mails that referred to either are of one thread now, and comments on the wrapper become
--          comments on that mail.
-- Touches  patchmail.alias, _reference; patchmail.message (thread, anchor_id); through _patchmail.refer_to,
--          _patchmail.rederive and _patchmail.place_answers.
CREATE OR REPLACE FUNCTION _patchmail.add_alias(project_id integer, msgid text, wrapped text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    stored     patchmail.message;
    kept       text := msgid;    -- the one that stands for both
    other      text := wrapped;
    tied       bigint[];         -- threads
    former     patchmail.message[];
    dependents bigint[];
BEGIN
    SELECT m.* INTO stored FROM patchmail.message m
     WHERE m.project_id = add_alias.project_id AND m.msgid = wrapped;
    IF stored.id IS NOT NULL THEN
        kept := wrapped;
        other := add_alias.msgid;
    END IF;
    IF EXISTS (SELECT FROM patchmail.message m WHERE m.project_id = add_alias.project_id AND m.msgid = other)
       OR EXISTS (SELECT FROM patchmail.alias a
                   WHERE a.project_id = add_alias.project_id AND a.alias IN (kept, other)) THEN
        RETURN;
    END IF;
    tied := ARRAY(SELECT o.thread FROM patchmail.reference r JOIN patchmail.message o ON o.id = r.message_id
                   WHERE r.project_id = add_alias.project_id AND r.msgid IN (kept, other)
                  UNION
                  SELECT stored.thread WHERE stored.id IS NOT NULL);
    former := ARRAY(SELECT l FROM unnest(tied) t, unnest(_patchmail.thread_leads(t)) l);
    dependents := ARRAY(SELECT d FROM unnest(tied) t, unnest(_patchmail.take_dependencies(t)) d
                        UNION
                        SELECT d.message_id FROM patchmail.dependency d
                         WHERE d.project_id = add_alias.project_id AND d.msgid = other);
    INSERT INTO patchmail.alias (project_id, alias, msgid) VALUES (add_alias.project_id, other, kept);
    PERFORM _patchmail.refer_to(add_alias.project_id, other, kept);
    INSERT INTO patchmail.reference (project_id, msgid, message_id) VALUES (add_alias.project_id, other, 0);
    UPDATE patchmail.message m SET thread = (SELECT min(t) FROM unnest(tied) t)
     WHERE m.thread = ANY (tied) AND cardinality(tied) > 1;
    UPDATE patchmail.message m SET anchor_id = _patchmail.find_anchor(m)
      FROM patchmail.reference r
     WHERE r.project_id = add_alias.project_id AND r.msgid = kept AND m.id = r.message_id
       AND m.kind = 'patch' AND m.number IS NOT NULL AND NOT (m.adopted OR m.pinned);
    PERFORM _patchmail.rederive((SELECT min(t) FROM unnest(tied) t), former, nullif(dependents, '{}'));
    PERFORM _patchmail.settle_repeats(add_alias.project_id, kept);
    IF stored.id IS NOT NULL THEN  -- the wrapper, for which answers may wait, is not stored itself
        PERFORM _patchmail.place_answers(add_alias.project_id, kept);
    END IF;
END
$$;
