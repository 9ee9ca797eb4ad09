-- _patchmail.store_message(project_id, facts, released_by, transport): stores a mail in one project.
-- Takes    also the admin who released it from quarantine, or NULL: a released mail is stored whatever the policy says;
--          and the transport by which the mail came.
-- Gives    the outcome (stored, waiting, duplicate, quarantined, refused, ignored) and a reason in words or NULL.
-- Rules    The settings of the project's list decide whom to believe about its author.
--          A mail that may not be stored here because of the verdict on its author leaves nothing in the tables; the
--          caller keeps its bytes.  If its hints do not count, they do not count after it has waited either.
-- Errors   PM002 if an admin moved the thread of the mail to another project (_patchmail.follow_moves).
-- Touches  the ledger; through the functions that it calls, Patchwork's tables.  If Django made or took over the tables
--          (its table of migrations is there), the ledger first adopts what Patchwork stored itself of this mail and of
--          those that it refers to.
-- Locks    the project, to the end of the transaction: a list is one stream.
CREATE OR REPLACE FUNCTION _patchmail.store_message(project_id integer, facts jsonb, released_by text, transport text,
                                                   OUT outcome text, OUT reason text)
LANGUAGE plpgsql AS $$
DECLARE
    given   text := left(facts->>'message_id', 255);  -- its Message-ID
    project record;   -- what the project's row says, and what is known there of the mail
    message patchmail.message;
    joined  boolean;  -- whether its thread has other mail
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('patchmail.project'), project_id);
    IF to_regclass('public.django_migrations') IS NOT NULL THEN
        PERFORM _patchmail.adopt(project_id, array_append(_patchmail.message_references(project_id, facts), given));
    END IF;
    IF facts->'authentication'->'lists' IS NOT NULL THEN
        SELECT _patchmail.facts_for_list(facts, p.listid) INTO facts
          FROM public.patchwork_project p WHERE p.id = store_message.project_id;
    END IF;
    SELECT p.linkname, p.use_tags, _patchmail.find_author(facts, p.listemail) AS author,
           EXISTS (SELECT FROM patchmail.message m
                    WHERE m.project_id = store_message.project_id AND m.msgid = given) AS known,
           EXISTS (SELECT FROM patchmail.reference r
                    WHERE r.project_id = store_message.project_id AND r.msgid = given) AS answered,
           pg_relation_size('patchmail.policy') > 0 AS policies,  -- whether any project has one
           pg_relation_size('patchmail.removed') > 0 AS removed,  -- whether an admin took mail out of any project
           pg_relation_size('patchmail.unplaced') > 0 AS unplaced,  -- whether any project may have answers to place
           NOT facts->'authentication'->'results' = '[]' AS results
      INTO project
      FROM public.patchwork_project p WHERE p.id = store_message.project_id;
    message := _patchmail.read_message(project_id, project.linkname, project.author, facts);
    message.transport := transport;
    -- Most mail is new, and policy allows all that it asks for: that skips admit_message().
    IF project.known OR project.answered OR facts->>'wrapped_message_id' IS NOT NULL
       OR facts->'hints'->>'ignore' = 'true' OR enum_lt(message.verdict, 'conflict')
       OR project.policies AND enum_lt(message.verdict, 'pass')
       OR project.removed
       OR message.kind = 'comment' AND cardinality(message.refs) = 0 THEN
        IF released_by IS NOT NULL THEN
            message.verdict_reason := concat_ws('; ', message.verdict_reason, 'released by ' || released_by);
        END IF;
        SELECT a.outcome, a.reason, a.facts, a.waiting, a.names, a.refs, a.answered
          INTO outcome, reason, facts, message.waiting, message.names, message.refs, project.answered
          FROM _patchmail.admit_message(message, project.linkname, project.author, facts, project.answered,
                                       released_by IS NOT NULL) a;
        IF outcome IS NOT NULL THEN
            IF project.policies THEN
                PERFORM _patchmail.recount_thread_tags(project_id, ARRAY[given]);
            END IF;
            RETURN;
        END IF;
    END IF;
    IF NOT message.kind = 'patch' THEN
        message := _patchmail.read_reply(message, facts, project.author->>'email');
    END IF;
    IF message.submitter_id IS NULL THEN
        -- A person whose address and name are known as the mail has them is found at once.
        SELECT p.id INTO message.submitter_id FROM public.patchwork_person p
         WHERE p.email::text = project.author->>'email' AND p.name::text = message.author_name;
        IF message.submitter_id IS NULL OR NOT message.names THEN
            SELECT f.id, f.name INTO message.submitter_id, message.author_name
              FROM _patchmail.find_person(project.author, least(message.date, message.arrived), message.names) f;
        END IF;
    END IF;
    message.id := nextval('patchmail.message_id_seq');
    IF project.answered OR message.number IS NOT NULL OR NOT cardinality(message.refs) = 0 THEN
        SELECT t.thread, t.joined INTO message.thread, joined FROM _patchmail.join_threads(message) t;
    ELSE
        message.thread := message.id;
    END IF;

    outcome := 'stored';
    IF message.kind <> 'comment' THEN
        PERFORM _patchmail.create_submission(message, facts, project.use_tags, joined, project.answered);
    ELSE
        IF NOT _patchmail.create_comment(message) THEN
            outcome := 'waiting';
            reason := _patchmail.usual_reason('waiting');
        END IF;
        IF message.total IS NOT NULL THEN
            PERFORM _patchmail.resolve_dependencies(message, _patchmail.lines_of(facts));
        END IF;
    END IF;
    IF project.answered OR project.results OR project.unplaced OR project.policies THEN
        IF project.policies AND message.kind <> 'comment' THEN
            PERFORM _patchmail.revise_series(_patchmail.message_series(m))
               FROM patchmail.message m WHERE m.id = message.id;
        END IF;
        IF project.answered OR project.unplaced THEN
            PERFORM _patchmail.settle_answers(message, project.answered, project.unplaced);
        END IF;
        IF project.results THEN
            PERFORM _patchmail.store_authentication(message.id, facts->'authentication'->'results');
        END IF;
        IF project.policies AND (message.kind <> 'comment' OR project.answered OR project.unplaced) THEN
            PERFORM _patchmail.recount_thread_tags(project_id, ARRAY[given]);
        END IF;
    END IF;
END
$$;
