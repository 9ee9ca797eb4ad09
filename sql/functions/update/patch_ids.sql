-- patchmail.patch_ids(filter): the patches that a filter finds, for the functions that take ids of patches.
-- Takes    an object with any of
--              project (linkname), state (slug or name), delegate (user name, or null for nobody), archived;
--              submitter   an address, ignoring case;
--              series      the id of one;
--              msgid, hash as they are in the documents of the REST API;
--              name        what the name contains, ignoring case;
--              since, before   the date of the mail: not before the one, before the other; in UTC if it says no zone.
--          All of it has to be so.
-- Gives    their ids in order; {} for none.
-- Errors   check_violation, no_data_found: a key, project, state or user that is not there.
-- Speed    Conditions that are not asked for go when the query is planned, so each time it is planned anew.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.patch_ids(filter jsonb)
RETURNS integer[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on SET timezone = 'UTC'
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    project  integer;
    state    integer;
    delegate integer;
BEGIN
    filter := _patchmail.check_change(filter,
        '{"project": "string", "state": "string", "archived": "boolean", "delegate": "string null",
          "submitter": "string", "series": "number", "msgid": "string", "hash": "string", "name": "string",
          "since": "string", "before": "string"}');
    IF filter ? 'project' THEN
        project := _patchmail.project_id(filter->>'project');
    END IF;
    IF filter ? 'state' THEN
        state := _patchmail.find_state_named(filter->>'state');
    END IF;
    delegate := _patchmail.acting_user(filter->>'delegate');
    RETURN ARRAY(
        SELECT p.id FROM public.patchwork_patch p
         WHERE (project IS NULL OR p.project_id = project)
           AND (state IS NULL OR p.state_id = state)
           AND (NOT filter ? 'archived' OR p.archived = (filter->>'archived')::boolean)
           AND (NOT filter ? 'delegate' OR p.delegate_id IS NOT DISTINCT FROM delegate)
           AND (NOT filter ? 'submitter' OR p.submitter_id IN (
                   SELECT r.id FROM public.patchwork_person r
                    WHERE upper(r.email::text COLLATE "C") = upper(filter->>'submitter' COLLATE "C")))
           AND (NOT filter ? 'series' OR p.series_id = (filter->'series')::integer)
           AND (NOT filter ? 'msgid' OR p.msgid::text = filter->>'msgid')
           AND (NOT filter ? 'hash' OR p.hash::text = filter->>'hash')
           AND (NOT filter ? 'name' OR strpos(lower(p.name), lower(filter->>'name')) > 0)
           AND (NOT filter ? 'since' OR p.date >= _patchmail.to_patchwork((filter->>'since')::timestamptz))
           AND (NOT filter ? 'before' OR p.date < _patchmail.to_patchwork((filter->>'before')::timestamptz))
         ORDER BY p.id);
END
$$;
COMMENT ON FUNCTION patchmail.patch_ids IS
    'The ids of the patches that are of a project, state, delegate, submitter, date and so on.';
