-- patchmail.hint_reason(): why a mail is ignored whose sender asks for it.
CREATE OR REPLACE FUNCTION patchmail.hint_reason()
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT 'X-Patchwork-Hint says ignore';
$$;
