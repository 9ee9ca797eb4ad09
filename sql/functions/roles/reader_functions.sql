-- _patchmail.reader_functions(): the functions of schema patchmail that a reader may call.
-- Rules    They give what Patchwork shows on its pages and in its REST API, and nothing else: what a project hides
--          (patchmail.set_policy, show_addresses) they hide.  PostgreSQL itself keeps them from writing.
--          tests/sql/reader.sql calls each and looks for what may not come out.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.reader_functions()
RETURNS SETOF regprocedure LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.oid::regprocedure
      FROM pg_proc p
     WHERE p.pronamespace = 'patchmail'::regnamespace AND p.provolatile <> 'v'
       AND p.proname IN ('schema_version',
                         'patch_json', 'cover_json', 'series_json', 'patch_comment_json', 'cover_comment_json',
                         'check_json', 'project_json', 'person_json', 'user_json', 'bundle_json', 'event_json',
                         'patch_list', 'cover_list', 'series_list', 'patch_comment_list', 'cover_comment_list',
                         'check_list', 'project_list', 'person_list', 'user_list', 'bundle_list', 'event_list',
                         'patch_mbox', 'cover_mbox', 'series_mbox', 'bundle_mbox',
                         'events_after', 'events_cursor', 'find_committed', 'series_base');
$$;
