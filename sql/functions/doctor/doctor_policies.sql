-- _patchmail.doctor_policies(settings): do policies ask for more than anybody says of senders?  A part of
-- patchmail.doctor().
-- Rules    If nobody is believed about senders no verdict is better than "none".
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.doctor_policies(settings jsonb)
RETURNS TABLE (level text, subject text, finding text, remedy text) LANGUAGE sql STABLE AS $$
    WITH strict AS (
        SELECT p.linkname::text AS linkname, y.otherwise
          FROM patchmail.policy y JOIN public.patchwork_project p ON p.id = y.project_id
         WHERE y.store > 'none' AND settings->'trusts' = 'false'
    )
    SELECT 'failure', 'policies', format('project %s stores mail with the verdict pass alone, and the configuration '
                                         'believes nobody, so all its mail is %s', s.linkname,
                                         CASE s.otherwise WHEN 'refuse' THEN 'refused' ELSE 'held in quarantine' END),
           format('name your mail exchanger: trusted_authserv in [authentication], patchmaild.conf(5); or SELECT '
                  'patchmail.set_policy(%L, store => ''none'')', s.linkname)
      FROM strict s
    UNION ALL
    SELECT 'ok', 'policies', format('%s have one, %s refuse mail that does not meet it', count(*),
                                    count(*) FILTER (WHERE y.otherwise = 'refuse')), NULL
      FROM patchmail.policy y HAVING NOT EXISTS (SELECT FROM strict);
$$;
