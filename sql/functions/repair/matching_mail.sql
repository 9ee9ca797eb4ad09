-- _patchmail.matching_mail(project_id, sender, msgids, pattern, since, until): the mail of a project that meets all
-- that is given; see patchmail.delete_spam.
-- Gives    Message-IDs.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.matching_mail(project_id integer, sender text, msgids text[], pattern text,
                                                   since timestamptz, until timestamptz)
RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(
        SELECT x.msgid
          FROM (SELECT p.msgid::text, p.submitter_id, NULL::text AS address, _patchmail.from_patchwork(p.date) AS date,
                       p.name::text, p.headers, p.content
                  FROM public.patchwork_patch p WHERE p.project_id = $1
                UNION ALL
                SELECT c.msgid, c.submitter_id, NULL, _patchmail.from_patchwork(c.date), c.name, c.headers, c.content
                  FROM public.patchwork_cover c WHERE c.project_id = $1
                UNION ALL
                SELECT k.msgid, k.submitter_id, NULL, _patchmail.from_patchwork(k.date), NULL, k.headers, k.content
                  FROM public.patchwork_patchcomment k JOIN public.patchwork_patch p ON p.id = k.patch_id
                 WHERE p.project_id = $1
                UNION ALL
                SELECT k.msgid, k.submitter_id, NULL, _patchmail.from_patchwork(k.date), NULL, k.headers, k.content
                  FROM public.patchwork_covercomment k JOIN public.patchwork_cover c ON c.id = k.cover_id
                 WHERE c.project_id = $1
                UNION ALL
                SELECT m.msgid, NULL, _patchmail.author_address(m), m.date, m.name, m.waiting->>'headers',
                       m.waiting->>'content'
                  FROM patchmail.message m WHERE m.project_id = $1 AND m.waiting IS NOT NULL) x
          LEFT JOIN public.patchwork_person a ON a.id = x.submitter_id
         WHERE ($2 IS NULL OR upper(coalesce(x.address, a.email::text) COLLATE "C") = upper($2 COLLATE "C"))
           AND ($3 IS NULL
                OR x.msgid IN (SELECT left('<' || btrim(u, ' <>') || '>', 255) FROM unnest($3) u))
           AND ($4 IS NULL OR concat_ws(E'\n', x.name, x.headers, x.content) ~ ('(?iw)' || $4))
           AND ($5 IS NULL OR x.date >= $5) AND ($6 IS NULL OR x.date <= $6)
         ORDER BY x.msgid);
$$;
