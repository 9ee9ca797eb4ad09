-- _patchmail.read_message(project_id, linkname, author, facts): the ledger row of a mail, as far as the mail itself
-- says it.
-- Takes    the project, its linkname, and the author as _patchmail.find_author gives it.
-- Gives    a row without id, thread, submitter, transport and place; `waiting` holds the facts of a comment until it
--          has a place.
-- Rules    The series marker in the subject of a comment is that of what it answers: it does not count.
--          The verdict is that on the author whom _patchmail.find_author chose, "none" if the facts have none.
--          A mail without a date, or with one that Patchwork's programs could not read, such as "infinity", has the
--          present one.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.read_message(project_id integer, linkname text, author jsonb, facts jsonb)
RETURNS patchmail.message LANGUAGE sql STABLE AS $$
    SELECT ROW(NULL,                                                    -- id
               project_id,
               left(facts->>'message_id', 255),                         -- msgid
               NULL,                                                    -- thread
               facts->>'kind',
               (facts->'subject'->>'version')::integer,
               CASE WHEN NOT facts->>'kind' = 'comment' THEN (facts->'subject'->>'number')::integer END,
               CASE WHEN NOT facts->>'kind' = 'comment' THEN (facts->'subject'->>'total')::integer END,
               CASE WHEN facts->'subject'->'prefixes' = '[]' THEN left(facts->'subject'->>'title', 255)
                    ELSE _patchmail.message_name(facts->'subject', linkname) END,  -- name
               left(facts->'subject'->>'title', 255),
               CASE WHEN facts->'references' = '[]' THEN '{}'
                    ELSE _patchmail.message_references(project_id, facts) END,       -- refs
               CASE WHEN (facts->>'date')::timestamptz BETWEEN '0001-01-02Z' AND '9999-12-30Z'
                    THEN (facts->>'date')::timestamptz ELSE now() END,
               now(),                                                   -- arrived
               NULL,                                                    -- submitter_id
               left(nullif(author->>'name', ''), 255),                  -- author_name
               left(facts->>'change_id', 255),
               false,                                                   -- adopted
               CASE facts->>'kind' WHEN 'comment' THEN facts END,       -- waiting
               NULL, NULL, NULL, NULL, NULL, NULL, NULL,                -- its place
               coalesce(facts->'authentication'->>CASE WHEN author = facts->'author' THEN 'verdict'
                                                       ELSE 'original_verdict' END, 'none'),
               facts->'authentication'->>CASE WHEN author = facts->'author' THEN 'reason' ELSE 'original_reason' END,
               true,                                                    -- names
               NULL,                                                    -- transport
               false,                                                   -- pinned
               false,                                                   -- edited
               CASE facts->>'kind' WHEN 'patch' THEN left(facts->>'patch_id', 40) END,
               CASE WHEN facts->>'kind' = 'comment' THEN 0
                    ELSE coalesce((facts->'subject'->>'minor')::integer, 0) END,
               CASE WHEN NOT facts->>'kind' = 'comment' THEN left(facts->>'base_commit', 64) END)::patchmail.message;
$$;
