-- _patchmail.note_ignored(facts, source, reason): counts a mail that is ignored.
-- Takes    what patchmail.store was given, and why.
-- Gives    the reason in words, with the list id if no project has that.
-- Rules    It counts by day, list id and reason, and keeps the last Message-ID.  Strangers invent list ids: once a day
--          has a thousand rows, it counts lists that are new that day together.
-- Touches  patchmail.ignored_mail.
-- Locks    each mail takes the first of 64 slots that no other transaction has, so hardly any waits for another.
CREATE OR REPLACE FUNCTION _patchmail.note_ignored(facts jsonb, source jsonb, reason text)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    most_rows  CONSTANT integer := 1000;
    most_slots CONSTANT integer := 64;
    today      CONSTANT date := (now() AT TIME ZONE 'UTC')::date;
    given      CONSTANT text := left(facts->>'message_id', 255);
    named      CONSTANT text := left(coalesce(source->>'list_id', facts->'list_ids'->0->>'id', ''), 255);
    free       integer;
    list       text;
BEGIN
    FOREACH list IN ARRAY ARRAY[named, '(others)'] LOOP
        free := 1;
        WHILE NOT pg_try_advisory_xact_lock(hashtext('patchmail.ignored'), hashtext(concat(free, list, reason)))
              AND free < most_slots LOOP
            free := free + 1;
        END LOOP;
        UPDATE patchmail.ignored_mail i SET mails = i.mails + 1, last_msgid = given, last_at = now()
         WHERE i.day = today AND i.list_id = list AND i.reason = note_ignored.reason AND i.slot = free;
        EXIT WHEN FOUND;
        IF list <> named OR (SELECT count(*) FROM patchmail.ignored_mail i WHERE i.day = today) < most_rows THEN
            INSERT INTO patchmail.ignored_mail AS i (day, list_id, reason, slot, last_msgid)
            VALUES (today, list, note_ignored.reason, free, given)
            ON CONFLICT ON CONSTRAINT ignored_mail_pkey
            DO UPDATE SET mails = i.mails + 1, last_msgid = excluded.last_msgid, last_at = excluded.last_at;
            EXIT;
        END IF;
    END LOOP;
    RETURN CASE WHEN starts_with(reason, 'no project') THEN concat(reason, ': ', named) ELSE reason END;
END
$$;
