-- _patchmail.program_functions(kind): the functions that a role of the program may call; there are no others.
-- Takes    "deliverer": whoever delivers mail; "notifier": whoever tells hooks of events; NULL for both.
-- Rules    Each runs with its owner's rights, so each says itself what the caller's settings may not change: the
--          search_path, without which his temporary types would come first, and how its strings are read.
--          schema_version is the exception: it touches nothing.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.program_functions(kind text)
RETURNS SETOF regprocedure LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT unnest('{patchmail.schema_version(), patchmail.doctor(jsonb)}'::regprocedure[])
    UNION ALL
    SELECT unnest('{"patchmail.store(jsonb,bytea,jsonb)",
                    "patchmail.store_many(jsonb,jsonb,bytea[])", "patchmail.overdue(jsonb,bytea,jsonb,integer)",
                    "patchmail.quarantine_append(bigint,bytea)", patchmail.facts_fault(text),
                    patchmail.list_fault(jsonb), "patchmail.next_marked(bigint,bigint)",
                    "patchmail.explain(jsonb,jsonb)", "patchmail.project_names(jsonb,jsonb)",
                    "patchmail.foresee(jsonb,jsonb)", patchmail.projects_digest(),
                    patchmail.lock_account(jsonb), patchmail.unlock_account(jsonb),
                    patchmail.open_mailbox(jsonb), "patchmail.defer_uid(jsonb,text)",
                    "patchmail.expect_uids(jsonb,bigint[])", patchmail.forget_uid(jsonb),
                    patchmail.settle_uid(jsonb), "patchmail.new_uids(jsonb,text)",
                    "patchmail.note_witness(jsonb,text)",
                    patchmail.lock_archive(jsonb), patchmail.unlock_archive(jsonb),
                    patchmail.archive_marks(text), patchmail.move_mark(jsonb)}'::regprocedure[])
     WHERE $1 = 'deliverer' OR $1 IS NULL
    UNION ALL
    SELECT unnest('{"patchmail.hook_open(text,jsonb)", "patchmail.hook_next(text,text,integer,jsonb,integer)",
                    "patchmail.hook_close(text,text,jsonb)"}'::regprocedure[])
     WHERE $1 = 'notifier' OR $1 IS NULL;
$$;
