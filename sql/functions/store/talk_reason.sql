-- patchmail.talk_reason(): why a mail is ignored that begins a conversation.
CREATE OR REPLACE FUNCTION patchmail.talk_reason()
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT 'it is neither patch nor cover letter, and answers nothing';
$$;
