-- _patchmail.find_clock(zone): whether Patchwork dates what happens by the local time of its TIME_ZONE.
-- Takes    that zone.
-- Gives    false: in UTC, as it dates mail, and as older releases date all; true: in local time, as newer releases do;
--          NULL: nothing shows it.
-- Rules    A mail is stored soon after it was sent: of the two readings that one counts by which more of the last
--          events of new patches come within half an hour of what the patch's header says.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.find_clock(zone text)
RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN zone = 'UTC' THEN false
                WHEN count(*) FILTER (WHERE d.local <> d.utc) > 0
                THEN count(*) FILTER (WHERE d.local) > count(*) FILTER (WHERE d.utc) END
      FROM (SELECT x.date - x.header BETWEEN '-10 minutes' AND '30 minutes' AS local,
                   (x.date AT TIME ZONE zone) AT TIME ZONE 'UTC' - x.header
                   BETWEEN '-10 minutes' AND '30 minutes' AS utc
              FROM (SELECT e.date, _patchmail.header_date(p.headers) AS header
                      FROM (SELECT e.date, e.patch_id FROM public.patchwork_event e
                             WHERE e.category = 'patch-created' ORDER BY e.id DESC LIMIT 2000) e
                      JOIN public.patchwork_patch p ON p.id = e.patch_id
                     WHERE NOT EXISTS (SELECT FROM patchmail.message m
                                        WHERE m.project_id = p.project_id AND m.msgid = p.msgid::text AND NOT m.adopted)
                   ) x) d;
$$;
