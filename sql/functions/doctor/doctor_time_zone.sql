-- _patchmail.doctor_time_zone(): do we write dates as the Patchwork beside us does?  A part of patchmail.doctor().
-- Rules    The mail that Patchwork stored itself shows it, by what its headers say (_patchmail.dated_mail).  Some dates
--          are not what they should be on every site, so 95 of 100 are enough.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.doctor_time_zone()
RETURNS TABLE (level text, subject text, finding text, remedy text) LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN d.good THEN 'ok' ELSE 'failure' END, 'time zone',
           CASE WHEN d.mails = 0 THEN format('%s; no mail that Patchwork stored itself shows another one', d.zone)
                WHEN d.good THEN format('%s, as the mail shows that Patchwork stored itself', d.zone)
                ELSE format('it is set to %s, but of %s mails that Patchwork stored itself %s are dated by another one',
                            d.zone, d.mails, d.mails - d.fitting) END,
           CASE WHEN NOT d.good
                THEN 'look up TIME_ZONE in Patchwork''s settings: SELECT patchmail.set_time_zone(''ZONE''); '
                     'patchmail.find_time_zone() finds it by the mail' END
      FROM (SELECT x.*, x.fitting >= 0.95 * x.mails AS good
              FROM (SELECT s.zone, count(m.stored) AS mails,
                           count(*) FILTER (WHERE (m.header AT TIME ZONE 'UTC') AT TIME ZONE s.zone = m.stored)
                           AS fitting
                      FROM (SELECT coalesce(max(s.time_zone), 'UTC') AS zone FROM patchmail.setting s) s
                      LEFT JOIN _patchmail.dated_mail() m ON true
                     GROUP BY s.zone) x) d;
$$;
