-- _patchmail.remove_mail(project_id, msgids, why, actor): deletes mail of a project, and what is only about it.
-- Takes    Message-IDs; the reason.
-- Gives    what it has written into patchmail.audit.
-- Rules    See patchmail.delete_spam.
-- Touches  Patchwork's tables; the ledger; patchmail.removed, _audit.  The caller holds the lock of the project.
CREATE OR REPLACE FUNCTION _patchmail.remove_mail(project_id integer, msgids text[], why text, actor text)
RETURNS patchmail.audit[] LANGUAGE plpgsql AS $$
DECLARE
    tied    bigint;
    people  integer[];
    before  jsonb;
    series  integer[];
    changes patchmail.audit[] := '{}';
BEGIN
    PERFORM _patchmail.moving_threads(project_id, msgids, '{}', '{}');
    FOR tied IN
        SELECT DISTINCT m.thread FROM patchmail.message m
         WHERE m.project_id = remove_mail.project_id AND m.msgid = ANY (msgids) ORDER BY 1
    LOOP
        people := ARRAY(SELECT DISTINCT m.submitter_id FROM patchmail.message m
                         WHERE m.thread = tied AND m.submitter_id > 0);
        before := _patchmail.thread_state(ARRAY[tied])
                  || _patchmail.rows_state('{}', '{}', '{}', '{}', '{}', people);
        series := ARRAY(SELECT (k.value->>'id')::integer FROM jsonb_each(before) k
                         WHERE k.value->>'object' = 'series');
        PERFORM _patchmail.remove_from_thread(tied, msgids, why), _patchmail.remove_people(people);
        changes := changes || _patchmail.note_differences(
            'delete_spam', actor, before,
            _patchmail.thread_state(ARRAY[tied], series)
            || _patchmail.rows_state('{}', '{}', '{}', '{}', '{}', people));
    END LOOP;
    RETURN changes;
END
$$;
