-- patchmail.wrote_later(person_id, date): whether Patchwork itself has stored mail of a person with a later date.
-- Rules    A date in the future says nothing: nobody knows when that mail came.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.wrote_later(person_id integer, date timestamptz)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT to_regclass('public.django_migrations') IS NOT NULL AND EXISTS (
        SELECT FROM (SELECT p.project_id, p.msgid FROM public.patchwork_patch p
                      WHERE p.submitter_id = $1 AND p.date > $2 AND p.date <= now()
                      UNION ALL
                     SELECT c.project_id, c.msgid FROM public.patchwork_cover c
                      WHERE c.submitter_id = $1 AND c.date > $2 AND c.date <= now()
                      UNION ALL
                     SELECT p.project_id, k.msgid FROM public.patchwork_patchcomment k
                       JOIN public.patchwork_patch p ON p.id = k.patch_id
                      WHERE k.submitter_id = $1 AND k.date > $2 AND k.date <= now()
                      UNION ALL
                     SELECT c.project_id, k.msgid FROM public.patchwork_covercomment k
                       JOIN public.patchwork_cover c ON c.id = k.cover_id
                      WHERE k.submitter_id = $1 AND k.date > $2 AND k.date <= now()) x
         WHERE NOT EXISTS (SELECT FROM patchmail.message m
                            WHERE m.project_id = x.project_id AND m.msgid = x.msgid AND NOT m.adopted));
$$;
