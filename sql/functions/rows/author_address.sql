-- _patchmail.author_address(message): the address of a mail's author.
-- Takes    its ledger row.
-- Gives    the person's address, or that in the facts of a comment that waits; NULL if somebody deleted the person.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.author_address(message patchmail.message)
RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    RETURN coalesce((SELECT r.email::text FROM public.patchwork_person r WHERE r.id = message.submitter_id),
                    (SELECT left(_patchmail.find_author(message.waiting, p.listemail)->>'email', 255)
                       FROM public.patchwork_project p WHERE p.id = message.project_id));
END
$$;
