-- _patchmail.wrote_later(person_id, date): whether Patchwork itself has stored mail of a person with a later date.
-- Rules    A mail with a date in the future does not count: nobody knows when it came.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.wrote_later(person_id integer, date timestamptz)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT to_regclass('public.django_migrations') IS NOT NULL AND EXISTS (
        SELECT FROM (SELECT _patchmail.to_patchwork($2) AS since, _patchmail.to_patchwork(now()) AS until) d, LATERAL (
                     SELECT p.project_id, p.msgid FROM public.patchwork_patch p
                      WHERE p.submitter_id = $1 AND p.date > since AND p.date <= until
                      UNION ALL
                     SELECT c.project_id, c.msgid FROM public.patchwork_cover c
                      WHERE c.submitter_id = $1 AND c.date > since AND c.date <= until
                      UNION ALL
                     SELECT p.project_id, k.msgid FROM public.patchwork_patchcomment k
                       JOIN public.patchwork_patch p ON p.id = k.patch_id
                      WHERE k.submitter_id = $1 AND k.date > since AND k.date <= until
                      UNION ALL
                     SELECT c.project_id, k.msgid FROM public.patchwork_covercomment k
                       JOIN public.patchwork_cover c ON c.id = k.cover_id
                      WHERE k.submitter_id = $1 AND k.date > since AND k.date <= until) x
         WHERE NOT EXISTS (SELECT FROM patchmail.message m
                            WHERE m.project_id = x.project_id AND m.msgid = x.msgid AND NOT m.adopted));
$$;
