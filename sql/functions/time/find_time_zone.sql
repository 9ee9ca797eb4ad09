-- patchmail.find_time_zone(): the TIME_ZONE of the Patchwork whose database this is, by the mail that it stored itself.
-- Gives    the name of a time zone; UTC if nothing shows it.  An error in words if the mail shows that it is not UTC,
--          but not which it is: a wrong guess would make every date wrong.
-- Rules    The right zone is the one by which most mails, at least 95 of 100, are dated as their headers say.  Of
--          several Patchwork's default is taken, else the one with the most names.  But if for more than two days of
--          the next year others of them are not the same, mail of the other half of the year is missing; only UTC is
--          taken all the same, with a warning.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.find_time_zone()
RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    again   CONSTANT text := 'Look up TIME_ZONE in Patchwork''s settings; then: psql -v time_zone=ZONE -f install.sql';
    headers timestamptz[];
    stored  timestamptz[];
    days    timestamp[];  -- of the next year
    zones   text[];       -- that are right for the mail that is there, the preferred one first
    others  text[];       -- of these: those that are not the same in the next year
    offsets text;
BEGIN
    SELECT array_agg(d.header), array_agg(d.stored) INTO headers, stored FROM _patchmail.dated_mail() d;
    IF headers IS NULL THEN
        IF to_regclass('public.django_migrations') IS NOT NULL THEN
            RAISE WARNING 'patchmaild: no mail shows the time zone of Patchwork, UTC is taken'
                USING HINT = 'If TIME_ZONE is another one in its settings: SELECT patchmail.set_time_zone(''ZONE'')';
        END IF;
        RETURN 'UTC';
    END IF;
    days := ARRAY(SELECT date_trunc('day', now() AT TIME ZONE 'UTC') + d * interval '1 day'
                    FROM generate_series(1, 366) d);
    SELECT array_agg(z.name ORDER BY z.name = 'UTC' DESC, z.name = 'Australia/Canberra' DESC, z.alike DESC, z.name)
      INTO zones
      FROM (SELECT z.name, count(*) OVER (PARTITION BY (SELECT array_agg(d AT TIME ZONE z.name)
                                                          FROM unnest(days) d)) AS alike
              FROM (SELECT z.name, x.right, max(x.right) OVER () AS most
                      FROM pg_timezone_names z, LATERAL (
                           SELECT count(*) AS right FROM unnest(headers, stored) AS m (header, stored)
                            WHERE (m.header AT TIME ZONE 'UTC') AT TIME ZONE z.name = m.stored) x
                     WHERE z.name ~ '^[A-Z][A-Za-z]+/' OR z.name = 'UTC') z
             WHERE z.right = z.most AND z.right >= 0.95 * cardinality(headers)) z;
    IF zones IS NULL THEN
        SELECT string_agg(format('%s (%s of them)', x.off, x.mails), ', ' ORDER BY x.mails DESC, x.off) INTO offsets
          FROM (SELECT m.header - m.stored AS off, count(*) AS mails FROM unnest(headers, stored) AS m (header, stored)
                 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5) x;
        RAISE EXCEPTION 'patchmaild: the dates of Patchwork''s mail are of no one time zone: % mails differ from '
                        'their headers by %',
            cardinality(headers), offsets USING HINT = again;
    END IF;
    SELECT array_agg(z) INTO others FROM unnest(zones) z
     WHERE (SELECT count(*) FROM unnest(days) d WHERE d AT TIME ZONE z <> d AT TIME ZONE zones[1]) > 2;
    IF others IS NOT NULL AND zones[1] = 'UTC' THEN
        RAISE WARNING 'patchmaild: by the mail that is there the time zone of Patchwork is UTC, or another one that is '
                      'alike at that time of the year; UTC is taken'
            USING HINT = 'If TIME_ZONE is another one in its settings: SELECT patchmail.set_time_zone(''ZONE'')';
    ELSIF zones[1] <> 'UTC' AND (others IS NOT NULL OR cardinality(headers) < 3) THEN
        RAISE EXCEPTION 'patchmaild: the time zone of Patchwork is % ahead of UTC, but % mails do not show which '
                        'of % it is, %',
            (SELECT mode() WITHIN GROUP (ORDER BY m.header - m.stored)
               FROM unnest(headers, stored) AS m (header, stored)),
            cardinality(headers), cardinality(zones),
            CASE WHEN cardinality(zones) > 1 THEN 'such as ' ELSE '' END || zones[1] USING HINT = again;
    END IF;
    RETURN zones[1];
END
$$;
COMMENT ON FUNCTION patchmail.find_time_zone IS
    'Patchwork''s time zone, found by the mail that is there.  For the owner of the schema.';
