-- patchmail.withdraw_name(gone): the name of the author of a mail that has left the ledger, as if it had not come.
-- Takes    its former row.
-- Rules    As patchmail.find_person names.  A name that is not that mail's stays, and so does one that others may have
--          given: somebody else's mail that is no more in the ledger, Patchwork, an admin.
-- Touches  public.patchwork_person.
CREATE OR REPLACE FUNCTION patchmail.withdraw_name(gone patchmail.message)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    left_over text := coalesce((SELECT m.author_name FROM patchmail.message m
                                 WHERE m.submitter_id = gone.submitter_id AND m.author_name IS NOT NULL AND m.names
                                 ORDER BY least(m.date, m.arrived) DESC, m.author_name COLLATE "C" DESC LIMIT 1),
                               (SELECT m.author_name FROM patchmail.message m
                                 WHERE m.submitter_id = gone.submitter_id AND m.author_name IS NOT NULL
                                 ORDER BY least(m.date, m.arrived), m.author_name COLLATE "C" LIMIT 1));
BEGIN
    UPDATE public.patchwork_person p SET name = left_over
     WHERE p.id = gone.submitter_id AND p.name = gone.author_name AND p.name IS DISTINCT FROM left_over
       AND NOT patchmail.wrote_later(p.id, least(gone.date, gone.arrived))
       AND (left_over IS NOT NULL
            OR p.user_id IS NULL
               AND NOT EXISTS (SELECT FROM public.patchwork_patch x WHERE x.submitter_id = p.id)
               AND NOT EXISTS (SELECT FROM public.patchwork_cover x WHERE x.submitter_id = p.id)
               AND NOT EXISTS (SELECT FROM public.patchwork_patchcomment x WHERE x.submitter_id = p.id)
               AND NOT EXISTS (SELECT FROM public.patchwork_covercomment x WHERE x.submitter_id = p.id));
END
$$;
