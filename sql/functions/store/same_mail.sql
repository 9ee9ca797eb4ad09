-- _patchmail.same_mail(stored, message, author, facts): whether a mail is the one that is stored under its Message-ID.
-- Takes    the ledger row of the stored one; the mail's own, not entered; its author as _patchmail.find_author gives
--          it; its facts.
-- Rules    The author, the kind and the patch (hash, pull request) have to be the same; so has the text, except for
--          white space and for what a list appended, as long as that is not the greater part.  If a list has put its
--          own address into From, and the original author is not known, the author is not compared.
--          Patchwork reads texts in its own way: the text of a mail that it stored itself is not compared, nor the
--          patch if Patchwork found no diff in it.  If an admin or Patchwork has deleted the mail since, only the
--          author and the kind are known.  Nor are texts and authors compared that patchmail.forget changed.
--          The address that a person had before an admin merged him into another one is the other one's.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.same_mail(stored patchmail.message, message patchmail.message, author jsonb,
                                               facts jsonb)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    known record;
    texts text[];  -- the shorter first
BEGIN
    IF (CASE WHEN stored.kind = 'comment' AND stored.total IS NOT NULL THEN 'cover' ELSE stored.kind END)
       <> message.kind
       OR EXISTS (SELECT FROM public.patchwork_project project, LATERAL (
                         SELECT upper(_patchmail.author_address(stored) COLLATE "C") AS known,
                                upper(project.listemail::text COLLATE "C") AS list,
                                upper(left(author->>'email', 255) COLLATE "C") AS given) x
                   WHERE project.id = stored.project_id
                     AND x.known <> x.given AND x.list NOT IN (x.known, x.given)
                     AND NOT (stored.edited AND x.known LIKE '%@FORGOTTEN.INVALID')
                     AND NOT _patchmail.led_to(x.given, stored.submitter_id)) THEN
        RETURN false;
    END IF;
    SELECT x.* INTO known FROM _patchmail.stored_texts(stored) x;
    IF NOT FOUND THEN
        RETURN true;
    END IF;
    IF stored.adopted AND (message.kind <> 'patch' OR known.hash IS NULL OR known.hash = facts->>'hash') THEN
        RETURN true;
    ELSIF message.kind = 'patch' AND (known.hash IS DISTINCT FROM facts->>'hash'
                                   OR known.pull_url IS DISTINCT FROM left(facts->>'pull_url', 255)) THEN
        RETURN false;
    ELSIF stored.edited THEN
        RETURN true;
    END IF;
    SELECT array_agg(t.text ORDER BY length(t.text)) INTO texts
      FROM (SELECT btrim(regexp_replace(coalesce(content, ''), '\s+', ' ', 'g')) AS text
              FROM unnest(ARRAY[known.content, facts->>'content']) AS content) t;
    RETURN starts_with(texts[2], texts[1]) AND 2 * length(texts[1]) >= length(texts[2]);
END
$$;
