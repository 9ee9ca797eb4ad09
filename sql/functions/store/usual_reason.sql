-- _patchmail.usual_reason(why): the reason in words for an outcome that one mail and a mail of a batch have alike.
-- Takes    'waiting'; 'hint', 'talk' or 'removed', why a mail is ignored.
CREATE OR REPLACE FUNCTION _patchmail.usual_reason(why text)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE $1 WHEN 'waiting' THEN 'what it answers has not come yet'
                   WHEN 'hint' THEN 'X-Patchwork-Hint says ignore'
                   WHEN 'talk' THEN 'it is neither patch nor cover letter, and answers nothing'
                   WHEN 'removed' THEN 'it answers mail that an admin removed' END;
$$;
