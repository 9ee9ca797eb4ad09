-- _patchmail.patch_missed(facts): why a mail that gave no patch is kept with its bytes.
-- Gives    the reason in words, NULL if the mail does not look like a patch.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.patch_missed(facts jsonb)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE facts->>'patch_like'
               WHEN 'subject' THEN 'by its subject it is a patch, and there is neither diff nor pull request in it'
               WHEN 'attachment' THEN 'it has an attached patch, and there is no diff in that'
               WHEN 'unread attachment' THEN 'it has an attached patch that cannot be read'
           END;
$$;
