-- patchmail.local_clock(): whether Patchwork's clock is local time, as a constant; see patchmail.time_zone.
-- Touches  nothing.
SELECT format('SELECT %L::boolean', coalesce((SELECT s.local_clock FROM patchmail.setting s), false)) AS patchmail_body \gset
CREATE OR REPLACE FUNCTION patchmail.local_clock()
RETURNS boolean LANGUAGE sql IMMUTABLE AS :'patchmail_body';
