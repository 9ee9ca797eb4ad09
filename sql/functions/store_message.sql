-- patchmail.store_message(project, facts): stores a mail in one project.
-- Gives    the outcome (stored, waiting, duplicate, ignored) and a reason in words or NULL.
-- Touches  the ledger; through the functions that it calls, Patchwork's tables.
-- Locks    the project, to the end of the transaction: a list is one stream.
CREATE OR REPLACE FUNCTION patchmail.store_message(project public.patchwork_project, facts jsonb,
                                                   OUT outcome text, OUT reason text)
LANGUAGE plpgsql AS $$
DECLARE
    message patchmail.message;
    author  jsonb;
    known   record;
    thread  record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('patchmail.project'), project.id);
    message := patchmail.read_message(project, facts);
    known := patchmail.find_known(message);
    IF known.itself THEN
        outcome := 'duplicate';
        reason := 'its Message-ID is known in project ' || project.linkname;
        RETURN;
    ELSIF message.kind = 'comment' AND message.refs = '{}' THEN
        outcome := 'ignored';
        reason := 'it is neither patch nor cover letter, and answers nothing';
        RETURN;
    END IF;
    author := patchmail.find_author(facts, project.listemail);
    message.author_name := left(nullif(author->>'name', ''), 255);
    message.submitter_id := patchmail.find_person(author, message.date);
    message.id := nextval('patchmail.message_id_seq');
    thread := patchmail.join_threads(message, known.threads);
    message.thread := thread.thread;

    outcome := 'stored';
    IF message.kind <> 'comment' THEN
        PERFORM patchmail.create_submission(message, project, facts, thread.joined, thread.answered);
    ELSIF NOT patchmail.create_comment(message) THEN
        outcome := 'waiting';
        reason := 'what it answers has not come yet';
    END IF;
    IF thread.answered THEN
        PERFORM patchmail.place_answers(message.project_id, message.msgid);
    END IF;
END
$$;
