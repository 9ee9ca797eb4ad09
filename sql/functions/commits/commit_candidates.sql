-- _patchmail.commit_candidates(project_id, sought): the patches of a project that a commit may have been made of.
-- Takes    what _patchmail.read_commit gave.
-- Gives    a row for each kind of evidence: link (its Message-ID is named), series (that of another mail of its
--          series is, and it has the title of the commit), hash, patch-id, title (and author).
-- Rules    Anybody may send very many: it looks at a hundred with the hash and with the patch-id, those with the title
--          and the newest first; and at the nearest thousand patches that the author sent within a year of the commit's
--          date.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.commit_candidates(project_id integer, sought jsonb)
RETURNS TABLE (patch_id integer, evidence text) LANGUAGE plpgsql STABLE AS $$
DECLARE
    most    CONSTANT integer := 100;
    links   CONSTANT text[] := ARRAY(
        SELECT coalesce((SELECT a.msgid FROM patchmail.alias a
                          WHERE a.project_id = commit_candidates.project_id AND a.alias = left(l, 255)), left(l, 255))
          FROM jsonb_array_elements_text(sought->'links') l);
    subject CONSTANT text := sought->>'title';
    people  CONSTANT integer[] := _patchmail.commit_authors(sought->'author');
    sent    CONSTANT timestamptz := _patchmail.to_patchwork(coalesce((sought->>'date')::timestamptz, now()));
BEGIN
    RETURN QUERY
    WITH linked AS MATERIALIZED (
        SELECT p.id, p.series_id FROM public.patchwork_patch p
         WHERE p.project_id = commit_candidates.project_id AND p.msgid::text = ANY (links)
    )
    SELECT l.id, 'link' FROM linked l
    UNION
    SELECT p.id, 'series'
      FROM public.patchwork_cover c JOIN public.patchwork_series s ON s.cover_letter_id = c.id
      JOIN public.patchwork_patch p ON p.series_id = s.id
     WHERE c.project_id = commit_candidates.project_id AND c.msgid::text = ANY (links)
       AND _patchmail.plain_title(p.name) = subject
    UNION
    SELECT p.id, 'series' FROM linked l JOIN public.patchwork_patch p ON p.series_id = l.series_id AND p.id <> l.id
     WHERE _patchmail.plain_title(p.name) = subject AND p.id NOT IN (SELECT o.id FROM linked o)
    UNION
    (SELECT p.id, 'hash' FROM public.patchwork_patch p
      WHERE p.project_id = commit_candidates.project_id AND p.hash = (sought->>'hash')::character(40)
      ORDER BY _patchmail.plain_title(p.name) = subject DESC, p.date DESC, p.id DESC LIMIT most)
    UNION
    (SELECT m.patch_id, 'patch-id' FROM patchmail.message m
      WHERE m.project_id = commit_candidates.project_id AND m.git_patch_id = (sought->>'patch_id')
        AND m.patch_id IS NOT NULL
      ORDER BY _patchmail.plain_title(m.name) = subject DESC, m.date DESC, m.id DESC LIMIT most)
    UNION
    SELECT n.id, 'title'
      FROM (SELECT p.id, p.name FROM public.patchwork_patch p
             WHERE p.project_id = commit_candidates.project_id AND subject IS NOT NULL
               AND p.submitter_id = ANY (people)
               AND p.date BETWEEN sent - interval '1 year' AND sent + interval '1 year'
             ORDER BY abs(extract(epoch FROM p.date - sent)), p.id LIMIT 10 * most) n
     WHERE _patchmail.plain_title(n.name) = subject;
END
$$;
