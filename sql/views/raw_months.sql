-- patchmail.raw_months: how much is kept of the bytes of mail, a row a month: when that was (UTC; NULL for mail of a
-- month without a partition of its own), how many mails by what PostgreSQL counted last, and the room that they take.
CREATE OR REPLACE VIEW patchmail.raw_months AS
SELECT (m.begins AT TIME ZONE 'UTC')::date AS month, m.mails AS about_mails, m.room AS bytes
  FROM _patchmail.raw_months() m
 ORDER BY m.begins;
COMMENT ON VIEW patchmail.raw_months IS
    'How much is kept of the bytes of stored mail, a row a month of arrival: about how many mails, bytes on disk.';
