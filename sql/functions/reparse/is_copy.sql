-- _patchmail.is_copy(stored, message, author, facts): whether a mail that was read from elsewhere is the one that is
-- stored under its Message-ID.
-- Takes    as _patchmail.same_mail.
-- Rules    Its parser may have read other texts, so author and date are enough.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.is_copy(stored patchmail.message, message patchmail.message, author jsonb,
                                             facts jsonb)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT _patchmail.same_mail(stored, message, author, facts)
           OR (facts->>'date')::timestamptz = stored.date
              AND EXISTS (SELECT FROM public.patchwork_project p
                           WHERE p.id = stored.project_id
                             AND upper(_patchmail.author_address(stored) COLLATE "C")
                                 IN (upper(left(author->>'email', 255) COLLATE "C"),
                                     upper(p.listemail::text COLLATE "C")));
$$;
