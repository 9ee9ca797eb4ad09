-- patchmail.set_time_zone(zone, local_clock): says in which time zone the Patchwork beside us writes its dates.
-- Takes    its TIME_ZONE; and whether it dates what happens by local time, NULL to find that out
--          (_patchmail.find_clock).
-- Gives    how many rows of Patchwork's tables were written anew.
-- Rules    What patchmaild has stored, and nobody has changed since, gets the date by the new zone; what Patchwork
--          stored itself stays, and the ledger takes its date by the new zone.  Events stay: others have read them.
-- Touches  patchmail.setting, _message, _audit; public.patchwork_patch, _cover, _patchcomment, _covercomment, _series
--          (date); the functions of _patchmail.make_clock.
-- Locks    every project, in the order of their ids.
-- May be called by the owner of schema patchmail.
CREATE OR REPLACE FUNCTION patchmail.set_time_zone(zone text, local_clock boolean DEFAULT NULL)
RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    former text := coalesce((SELECT s.time_zone FROM patchmail.setting s), 'UTC');
    known  text;     -- the zone as the server calls it
    clock  boolean;
    mail   text;     -- a table of mail
    n      bigint;
    total  bigint := 0;
BEGIN
    SELECT CASE WHEN z.name ~* '^(etc/)?(utc|uct|zulu|universal|gmt|greenwich)$' THEN 'UTC' ELSE z.name END
      INTO known FROM pg_timezone_names z
     WHERE lower(z.name) = lower(zone) AND z.name !~ '^(posix|right)/' LIMIT 1;
    IF known IS NULL THEN
        RAISE EXCEPTION 'there is no time zone "%"', zone USING ERRCODE = 'invalid_parameter_value',
            HINT = 'SELECT name FROM pg_timezone_names';
    ELSIF NOT pg_has_role((SELECT nspowner FROM pg_namespace WHERE nspname = 'patchmail'), 'USAGE') THEN
        RAISE EXCEPTION 'only the owner of schema patchmail can set the time zone';
    END IF;
    PERFORM _patchmail.lock_projects(ARRAY(SELECT p.id FROM public.patchwork_project p));
    clock := coalesce(set_time_zone.local_clock, _patchmail.find_clock(known),
                      (SELECT s.local_clock FROM patchmail.setting s WHERE s.time_zone <> 'UTC'));
    IF clock IS NULL THEN
        clock := false;
        RAISE WARNING 'patchmaild: no event shows whether Patchwork dates them in UTC or in local time, UTC is taken'
            USING HINT = format('Newer releases of Patchwork have local time: SELECT patchmail.set_time_zone(%L, true)',
                                known);
    END IF;
    FOREACH mail IN ARRAY '{patch,cover,patchcomment,covercomment}'::text[] LOOP
        EXIT WHEN known = former;
        EXECUTE format($sql$
            UPDATE public.%I x SET date = (m.date AT TIME ZONE 'UTC') AT TIME ZONE $2
              FROM patchmail.message m
             WHERE m.%I = x.id AND NOT m.adopted AND x.date = (m.date AT TIME ZONE 'UTC') AT TIME ZONE $1
        $sql$, 'patchwork_' || mail, mail || '_id') USING former, known;
        GET DIAGNOSTICS n = ROW_COUNT;
        total := total + n;
        EXECUTE format($sql$
            UPDATE patchmail.message m SET date = (x.date AT TIME ZONE $1) AT TIME ZONE 'UTC'
              FROM public.%I x WHERE m.%I = x.id AND m.adopted
        $sql$, 'patchwork_' || mail, mail || '_id') USING known;
    END LOOP;
    UPDATE public.patchwork_series s SET date = (m.date AT TIME ZONE 'UTC') AT TIME ZONE known
      FROM patchmail.message m
     WHERE m.series_id = s.id AND NOT m.adopted AND known <> former
       AND s.date = (m.date AT TIME ZONE 'UTC') AT TIME ZONE former;
    GET DIAGNOSTICS n = ROW_COUNT;
    INSERT INTO patchmail.setting AS s (time_zone, local_clock) VALUES (known, clock)
    ON CONFLICT (one) DO UPDATE SET time_zone = excluded.time_zone, local_clock = excluded.local_clock;
    PERFORM _patchmail.make_clock();
    PERFORM _patchmail.note_change('set_time_zone', NULL, NULL, 'setting', NULL,
                                   jsonb_build_object('time_zone', former),
                                   jsonb_build_object('time_zone', known, 'local_clock', clock));
    RETURN total + n;
END
$$;
COMMENT ON FUNCTION patchmail.set_time_zone IS
    'Says in which time zone Patchwork runs.  For the owner of the schema.';
