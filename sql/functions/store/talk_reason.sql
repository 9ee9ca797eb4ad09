-- patchmail.talk_reason(): why a mail that begins a conversation is ignored.
CREATE OR REPLACE FUNCTION patchmail.talk_reason()
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT 'it is neither patch nor cover letter, and answers nothing';
$$;
