-- patchmail.prepare_session(): for patchmaild: readies a new session for patchmail.store().
-- Why      The server learns of tables, indexes, functions and operators when a session first meets them: half of what
--          storing one mail costs.  The program calls this as soon as it is connected, while the mail is still parsed.
-- Rules    Whatever is planned here and in what it calls is known afterwards; nothing is read or written.
--          If somebody holds a lock on a table it fails soon, which means nothing.
-- Errors   lock_not_available; and what is wrong with the tables, which store() will report.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.prepare_session()
RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on SET lock_timeout = '10ms' AS $$
BEGIN
    PERFORM FROM (SELECT FROM public.patchwork_patch UNION ALL SELECT FROM public.patchwork_series UNION ALL
                  SELECT FROM public.patchwork_event UNION ALL SELECT FROM public.patchwork_person UNION ALL
                  SELECT FROM public.patchwork_project UNION ALL SELECT FROM public.patchwork_state UNION ALL
                  SELECT FROM patchmail.message UNION ALL SELECT FROM patchmail.reference UNION ALL
                  SELECT FROM patchmail.event_order) r
      WHERE false;
    PERFORM _patchmail.find_projects('{"list_ids": [{"field": "List-Id", "id": ""}]}', '{}');
END
$$;
COMMENT ON FUNCTION patchmail.prepare_session() IS
    'For patchmaild: readies a new session for store(), while a mail is parsed.';
