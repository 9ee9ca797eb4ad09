-- _patchmail.forget_people(thread): forgets the mail of people whom somebody deleted, in one thread.
-- Why      Patchwork deletes their patches, series and comments with them, and nothing that is made new may be theirs.
-- Rules    What waits is kept: its author is entered again when it finds its place (_patchmail.restore_people).
-- Touches  through _patchmail.forget_messages.
CREATE OR REPLACE FUNCTION _patchmail.forget_people(thread bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    gone bigint[] := ARRAY(SELECT m.id FROM patchmail.message m
                            WHERE m.thread = forget_people.thread AND m.waiting IS NULL
                              AND NOT EXISTS (SELECT FROM public.patchwork_person p WHERE p.id = m.submitter_id));
BEGIN
    IF gone <> '{}' THEN
        PERFORM _patchmail.forget_messages(gone);
    END IF;
END
$$;
