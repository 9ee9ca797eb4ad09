-- patchmail.bundle_create(name, owner, patches, public, actor): makes a bundle, a list of patches under a name.
-- Takes    the name; the user whose it is; ids of patches of one project, in order; whether others see it.
-- Gives    the row of patchmail.audit, with the bundle's id.
-- Rules    _patchmail.put_bundle.  A patch that is given twice is in it once.
-- Errors   no_data_found, check_violation.
-- Touches  public.patchwork_bundle, _bundlepatch; patchmail.audit.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.bundle_create(name text, owner text, patches integer[],
                                                   public boolean DEFAULT false, actor text DEFAULT NULL)
RETURNS SETOF patchmail.audit LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
    SELECT b.* FROM _patchmail.put_bundle('bundle_create', NULL, _patchmail.acting_user(coalesce($2, '')), btrim($1),
                                          $4, $3, $5) b;
$$;
COMMENT ON FUNCTION patchmail.bundle_create IS
    'Makes a bundle of patches of one project, in the order given.';
