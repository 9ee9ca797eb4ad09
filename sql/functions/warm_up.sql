-- patchmail.warm_up(): loads into this session what patchmail.store needs to know of its tables.
-- The program asks for it when it has connected, and does not wait: the tables' descriptions and those of their many
-- indexes are read while the mail is still being parsed.  It saves each delivery some milliseconds and decides nothing.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.warm_up()
RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM FROM public.patchwork_project WHERE false
      UNION ALL SELECT FROM public.patchwork_person WHERE false
      UNION ALL SELECT FROM public.patchwork_patch WHERE false
      UNION ALL SELECT FROM public.patchwork_series WHERE false
      UNION ALL SELECT FROM public.patchwork_event WHERE false
      UNION ALL SELECT FROM public.patchwork_state WHERE false
      UNION ALL SELECT FROM public.patchwork_tag WHERE false
      UNION ALL SELECT FROM public.patchwork_delegationrule WHERE false
      UNION ALL SELECT FROM patchmail.message WHERE false
      UNION ALL SELECT FROM patchmail.reference WHERE false;
END
$$;
