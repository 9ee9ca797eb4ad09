-- _patchmail.store_batch(project_id, facts, transports): stores plain mails of one project together.
-- Takes    the project; the facts of the mails, in the order in which they came, and by which transports.
-- Gives    the places in the array of the mails that it has stored, of those that wait, and of those that are to be
--          ignored, and why.
-- Rules    As if the patches and cover letters had come first, and then the answers: the order makes no difference to
--          what is in the tables (_patchmail.derive_series).  It finds threads and derives series once for all.
-- Touches  all that _patchmail.store_message touches.  The caller holds the lock of the project.
CREATE OR REPLACE FUNCTION _patchmail.store_batch(project_id integer, facts jsonb[], transports text[],
                                                 OUT stored integer[], OUT waiting integer[], OUT ignored integer[],
                                                 OUT reasons text[])
LANGUAGE plpgsql AS $$
DECLARE
    batch    record;
    messages patchmail.message[];
    links    record;
BEGIN
    IF to_regclass('public.django_migrations') IS NOT NULL THEN
        PERFORM _patchmail.adopt(project_id, ARRAY(
            SELECT left(f->>'message_id', 255) FROM unnest(facts) f
             UNION
            SELECT unnest(_patchmail.message_references(project_id, f)) FROM unnest(facts) f));
    END IF;
    batch := _patchmail.read_batch(project_id, facts);
    stored := batch.places;
    waiting := '{}';
    ignored := batch.ignored;
    reasons := batch.reasons;
    IF stored = '{}' THEN
        RETURN;
    END IF;
    messages := batch.messages;
    links := _patchmail.link_batch(project_id, messages, batch.emails, batch.answered);
    FOR i IN 1 .. cardinality(messages) LOOP
        messages[i].thread := links.threads[i];
        messages[i].parent_id := links.parents[i];
        messages[i].transport := transports[stored[i]];
    END LOOP;
    messages := _patchmail.find_people(messages, batch.emails);
    INSERT INTO patchmail.reference (project_id, msgid, message_id)
    SELECT store_batch.project_id, r.msgid, m.id FROM unnest(messages) m, unnest(m.refs) r(msgid)
    ON CONFLICT DO NOTHING;
    PERFORM _patchmail.create_submissions(project_id, messages, batch.facts, links.joined, links.late);
    waiting := ARRAY(SELECT stored[c.i]
                       FROM unnest(_patchmail.create_comments(project_id, messages, batch.facts)) c(i));
    stored := ARRAY(SELECT s FROM unnest(stored) s WHERE s <> ALL (waiting));
    PERFORM _patchmail.store_authentication(messages[r.i::integer].id, r.facts->'authentication'->'results')
       FROM unnest(batch.facts) WITH ORDINALITY r(facts, i) WHERE NOT r.facts->'authentication'->'results' = '[]';
    FOR i IN 1 .. cardinality(messages) LOOP
        IF batch.answered[i] THEN
            IF messages[i].kind = 'patch' THEN
                PERFORM _patchmail.resolve_dependencies(messages[i], '[]');
            END IF;
            PERFORM _patchmail.place_answers(project_id, messages[i].msgid);
        END IF;
    END LOOP;
    IF pg_relation_size('patchmail.unplaced') > 0 THEN
        PERFORM _patchmail.place_answers(project_id, NULL);
    END IF;
    IF pg_relation_size('patchmail.policy') > 0 THEN
        PERFORM _patchmail.recount_thread_tags(project_id, ARRAY(
            SELECT m.msgid FROM unnest(messages) WITH ORDINALITY m
             WHERE m.kind <> 'comment' OR batch.answered[m.ordinality]));
    END IF;
END
$$;
