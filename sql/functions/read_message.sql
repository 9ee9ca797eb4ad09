-- patchmail.read_message(project, facts): the ledger row of a mail as far as the mail itself says it.
-- Gives    a row without id, thread and submitter; `waiting` holds the facts of a comment until it has its place.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.read_message(project public.patchwork_project, facts jsonb)
RETURNS patchmail.message LANGUAGE plpgsql STABLE AS $$
DECLARE
    message patchmail.message;
BEGIN
    SELECT project.id, left(f.message_id, 255), f.kind, s.version, s.number, s.total,
           patchmail.message_name(facts->'subject', project.linkname), left(s.title, 255),
           ARRAY(SELECT left(r.value, 255) FROM jsonb_array_elements_text(facts->'references') r
                  WHERE r.value <> f.message_id),
           coalesce(f.date, now()), now(), f.change_id, false, CASE WHEN f.kind = 'comment' THEN facts END
      INTO message.project_id, message.msgid, message.kind, message.version, message.number, message.total,
           message.name, message.title, message.refs, message.date, message.arrived, message.change_id,
           message.adopted, message.waiting
      FROM jsonb_to_record(facts) AS f(message_id text, kind text, date timestamptz, change_id text),
           jsonb_to_record(facts->'subject') AS s(version integer, number integer, total integer, title text);
    RETURN message;
END
$$;
