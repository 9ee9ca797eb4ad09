-- patchmail.time_zone(): Patchwork's TIME_ZONE, as a constant, so that in a database in UTC it costs a query nothing.
-- patchmail.set_time_zone() makes it anew; here it is what patchmail.setting says.
-- Touches  nothing.
SELECT format('SELECT %L', coalesce((SELECT s.time_zone FROM patchmail.setting s), 'UTC')) AS patchmail_body \gset
CREATE OR REPLACE FUNCTION patchmail.time_zone()
RETURNS text LANGUAGE sql IMMUTABLE AS :'patchmail_body';
