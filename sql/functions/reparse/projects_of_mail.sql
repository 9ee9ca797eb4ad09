-- _patchmail.projects_of_mail(msgid, facts, source): the projects in which a mail that is read again may be stored.
-- Takes    its Message-ID, and what patchmail.reparse takes.
-- Gives    their ids in order: those whose ledger has the Message-ID; and if Patchwork stored mail itself, those that
--          it belongs to.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.projects_of_mail(msgid text, facts jsonb, source jsonb)
RETURNS integer[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(SELECT p.id FROM public.patchwork_project p
                  WHERE p.linkname::text = coalesce(source->>'project', p.linkname::text)
                    AND (EXISTS (SELECT FROM patchmail.message m WHERE m.project_id = p.id AND m.msgid = $1)
                         OR to_regclass('public.django_migrations') IS NOT NULL
                            AND facts->>'list_ids' IS NOT NULL
                            AND p.id = ANY (_patchmail.find_projects(facts, source)))
                  ORDER BY p.id);
$$;
