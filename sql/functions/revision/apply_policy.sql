-- patchmail.apply_policy(project, policy, since, actor, dry_run): does to the mail that is there what a policy of the
-- project does to the mail that comes.
-- Takes    the linkname; "relate", "supersede" or "archive_after", whether patchmail.set_policy() has switched it on or
--          not; from which date on series count as new versions, or NULL: all; the user of Patchwork in whose name it
--          is done, or NULL, as when the policy itself does it; whether only to show what it would do.
-- Gives    a row of patchmail.audit for each patch that is changed.  patchmail.policy_preview() says why.
-- Rules    The same comes out as if the policy had been on when the mail came; but what people did since, and what an
--          admin changed by hand, stays.
-- Errors   no_data_found or invalid_parameter_value in words, before anything is written.
-- Touches  through _patchmail.follow_policy.
-- Locks    the project, so that no mail of it is stored meanwhile.
CREATE OR REPLACE FUNCTION patchmail.apply_policy(project text, policy text, since timestamptz DEFAULT NULL,
                                                  actor text DEFAULT NULL, dry_run boolean DEFAULT false)
RETURNS SETOF patchmail.audit LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT c.* FROM _patchmail.follow_policy($1, $2, $3, NULL, $4, $5) f, unnest(f.changes) c;
$$;
COMMENT ON FUNCTION patchmail.apply_policy IS
    'Does to the mail that is there what a policy does to mail that comes.  Gives the patches that it changed.';
