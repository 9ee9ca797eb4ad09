-- patchmail.author_address(message): the address of who wrote a mail.
-- Takes    its ledger row.
-- Gives    the address as it is known, or as a comment says it that waits; NULL where somebody deleted its author.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.author_address(message patchmail.message)
RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN coalesce((SELECT r.email::text FROM public.patchwork_person r WHERE r.id = message.submitter_id),
                    (SELECT left(patchmail.find_author(message.waiting, p.listemail)->>'email', 255)
                       FROM public.patchwork_project p WHERE p.id = message.project_id));
END
$$;
