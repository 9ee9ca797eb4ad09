-- patchmail.policy_preview(project, policy, since, archive_after): what a policy would do to the mail that is there,
-- patch by patch, and why.
-- Takes    what patchmail.apply_policy() takes; for "archive_after" also the age, NULL: as the project has it.
-- Gives    a row for each patch that would be changed: what it is now (state, archived); what it would be; the series
--          that is the reason; and why in words.  Also one for each open patch that stays as it is although a later
--          version of it seems to be there: would_be is NULL, and why says what keeps it.
-- Rules    It does all and takes it back, so it cannot say anything else than what then happens.
-- Errors   as there.
-- Touches  nothing in the end.
-- Locks    the project, as long as it takes: deliveries to it wait.
CREATE OR REPLACE FUNCTION patchmail.policy_preview(project text, policy text, since timestamptz DEFAULT NULL,
                                                   archive_after interval DEFAULT NULL)
RETURNS TABLE (patch_id integer, name text, submitter text, date timestamptz, state text, archived boolean,
               would_be text, series_id integer, why text) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    here    CONSTANT integer := _patchmail.project_id(project);
    outcome CONSTANT record := _patchmail.follow_policy(project, policy, since, archive_after, NULL, true);
    changed CONSTANT integer[] := ARRAY(SELECT c.object_id FROM unnest(outcome.changes) c);
    age     CONSTANT interval := coalesce(archive_after, (SELECT y.archive_after FROM patchmail.policy y
                                                           WHERE y.project_id = here));
BEGIN
    RETURN QUERY
    WITH reason AS MATERIALIZED (
        SELECT r.patch_id, r.series_id, r.why FROM _patchmail.explain_revisions(outcome.pairs, changed) r
         WHERE r.changes OR policy = 'supersede'
        UNION ALL
        SELECT c, NULL, format('nothing was heard since %s, longer than %s',
                               (_patchmail.last_heard(c) AT TIME ZONE 'UTC')::date, age)
          FROM unnest(changed) c WHERE policy = 'archive_after'
    ), strange AS (
        SELECT s.* FROM _patchmail.explain_strangers(here, since, ARRAY(SELECT r.patch_id FROM reason r)) s
         WHERE policy = 'supersede'
    )
    SELECT p.id, _patchmail.printable(p.name), _patchmail.printable(coalesce(a.name, a.email)),
           _patchmail.from_patchwork(p.date), t.slug::text, p.archived,
           CASE WHEN p.id = ANY (changed) THEN CASE policy WHEN 'relate' THEN 'related' WHEN 'supersede'
                THEN 'superseded' ELSE 'archived' END END, x.series_id, x.why
      FROM (SELECT r.* FROM reason r UNION ALL SELECT s.* FROM strange s) x
      JOIN public.patchwork_patch p ON p.id = x.patch_id
      JOIN public.patchwork_person a ON a.id = p.submitter_id
      LEFT JOIN public.patchwork_state t ON t.id = p.state_id
     ORDER BY p.date, p.id;
END
$$;
COMMENT ON FUNCTION patchmail.policy_preview IS
    'What a policy would do to the mail that is there, patch by patch, and why, and why not.  Nothing is changed.';
