-- patchmail.set_policy(project, ...): says what is done beyond storing a project's mail, and what mail may do there.
-- Takes    the project's linkname; what is not given, or NULL, stays.
--          relate: whether the versions of a patch are related to each other, as users do by hand; supersede: whether a
--          new version that is complete sets the open patches of the old ones to Superseded.  Both are off at
--          first.
--          store, hints, rename, revise: the least verdict on its author with which a mail is stored, has its hints
--          followed, renames its author, and has its patches related to his earlier ones or supersedes these:
--          "ambiguous" for the first unless it is set, "conflict" for the others.  otherwise: what becomes of a mail
--          that is not stored, "quarantine" or "refuse".
--          cover_trailers: whether what reviewers say of a cover letter counts for each patch of its series, in its
--          tags and in patchmail.patch_mbox; off at first.
--          commits: the weakest evidence by which patchmail.mark_committed() marks a patch: off (none), link, hash,
--          patch-id or title; title at first.
--          archive_after: how long nothing is heard of an open patch until housekeeping() archives it, 0: never, as at
--          first.  show_addresses: whether readers get the addresses of people; on at first.
-- Gives    the policy as it is now; an error in words if there is no such project, verdict or "otherwise".
--          The verdicts are given as text for that.
-- Rules    For mail that comes from now on, and what it revises; cover_trailers is for all mail, whose tags are counted
--          anew.
-- Touches  patchmail.policy, _audit; public.patchwork_patchtag if cover_trailers changes.
-- Locks    the project if cover_trailers is given.
CREATE OR REPLACE FUNCTION patchmail.set_policy(
    project text, relate boolean DEFAULT NULL, supersede boolean DEFAULT NULL, store text DEFAULT NULL,
    otherwise text DEFAULT NULL, hints text DEFAULT NULL, rename text DEFAULT NULL, revise text DEFAULT NULL,
    cover_trailers boolean DEFAULT NULL, commits text DEFAULT NULL, archive_after interval DEFAULT NULL,
    show_addresses boolean DEFAULT NULL)
RETURNS patchmail.policy LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    id     integer := (SELECT p.id FROM public.patchwork_project p WHERE p.linkname = project);
    names  CONSTANT text[] := enum_range(NULL::patchmail.verdict)::text[];
    wrong  text;
    former patchmail.policy;
    policy patchmail.policy;
BEGIN
    SELECT format('%s => "%s" is no verdict: they are, from the least to the best, %s', g.what, g.verdict,
                  array_to_string(names, ', ')) INTO wrong
      FROM (VALUES ('store', store), ('hints', hints), ('rename', rename), ('revise', revise)) g (what, verdict)
     WHERE g.verdict <> ALL (names) LIMIT 1;
    wrong := CASE
        WHEN id IS NULL THEN format('there is no project "%s"', project)
        WHEN otherwise NOT IN ('quarantine', 'refuse') THEN
            format('otherwise => "%s" cannot be done: it is "quarantine" or "refuse"', otherwise)
        WHEN commits NOT IN ('off', 'link', 'hash', 'patch-id', 'title') THEN
            format('commits => "%s" is no evidence: it is off, link, hash, patch-id or title', commits)
        WHEN archive_after < interval '0' THEN 'archive_after has to be 0 or more, such as ''90 days'''
        ELSE wrong
    END;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION '%', wrong USING ERRCODE = 'check_violation';
    END IF;
    IF cover_trailers IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext('patchmail.project'), id);
    END IF;
    INSERT INTO patchmail.policy (project_id) VALUES (id) ON CONFLICT DO NOTHING;
    SELECT y.* INTO former FROM patchmail.policy y WHERE y.project_id = id FOR UPDATE;
    UPDATE patchmail.policy y
       SET relate = coalesce(set_policy.relate, y.relate), supersede = coalesce(set_policy.supersede, y.supersede),
           store = coalesce(set_policy.store::patchmail.verdict, y.store),
           otherwise = coalesce(set_policy.otherwise, y.otherwise),
           hints = coalesce(set_policy.hints::patchmail.verdict, y.hints),
           rename = coalesce(set_policy.rename::patchmail.verdict, y.rename),
           revise = coalesce(set_policy.revise::patchmail.verdict, y.revise),
           cover_trailers = coalesce(set_policy.cover_trailers, y.cover_trailers),
           commits = coalesce(set_policy.commits, y.commits),
           archive_after = nullif(coalesce(set_policy.archive_after, y.archive_after), interval '0'),
           show_addresses = coalesce(set_policy.show_addresses, y.show_addresses)
     WHERE y.project_id = id
    RETURNING * INTO policy;
    IF policy.cover_trailers <> former.cover_trailers THEN
        PERFORM _patchmail.recount_tags(ARRAY(
            SELECT x.id FROM public.patchwork_series s
              JOIN public.patchwork_patch x ON x.series_id = s.id
             WHERE s.project_id = policy.project_id
               AND EXISTS (SELECT FROM public.patchwork_covercomment c WHERE c.cover_id = s.cover_letter_id)));
    END IF;
    PERFORM _patchmail.note_change('set_policy', NULL, id, 'project', id, to_jsonb(former), to_jsonb(policy));
    RETURN policy;
END
$$;
COMMENT ON FUNCTION patchmail.set_policy IS
    'Says what is done beyond storing a project''s mail, and what unverified mail may do there.  NULL: as it was.';
