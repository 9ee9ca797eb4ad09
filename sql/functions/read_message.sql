-- patchmail.read_message(project, facts): the ledger row of a mail as far as the mail itself says it.
-- Gives    a row without id, thread and submitter; `waiting` holds the facts of a comment until it has its place.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.read_message(project public.patchwork_project, facts jsonb)
RETURNS patchmail.message LANGUAGE plpgsql STABLE AS $$
DECLARE
    message patchmail.message;
    subject jsonb := facts->'subject';
BEGIN
    message.project_id := project.id;
    message.msgid := left(facts->>'message_id', 255);
    message.kind := facts->>'kind';
    message.version := (subject->>'version')::integer;
    message.number := (subject->>'number')::integer;
    message.total := (subject->>'total')::integer;
    message.title := left(subject->>'title', 255);
    message.name := message.title;
    IF subject->'prefixes' <> '[]' THEN
        message.name := patchmail.message_name(subject, project.linkname);
    END IF;
    message.refs := '{}';
    IF facts->'references' <> '[]' THEN
        message.refs := ARRAY(SELECT left(r.value, 255) FROM jsonb_array_elements_text(facts->'references') r
                               WHERE r.value <> facts->>'message_id');
    END IF;
    message.date := coalesce((facts->>'date')::timestamptz, now());
    message.arrived := now();
    message.change_id := facts->>'change_id';
    message.adopted := false;
    IF message.kind = 'comment' THEN
        message.waiting := facts;
    END IF;
    RETURN message;
END
$$;
