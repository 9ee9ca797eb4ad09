-- patchmail.people_alike: two people who may be one, and why: their addresses differ in case or in what stands after a
-- "+" alone ("address"), or one's domain is below the other's ("domain"); or they have one name of several words
-- ("name").  Of more than two with one name or address each is compared with the first.
-- Two of one user of Patchwork are known to be one.
CREATE OR REPLACE VIEW patchmail.people_alike AS
WITH person AS MATERIALIZED (
    SELECT p.id, p.name::text AS name, p.email::text AS email, p.user_id, lower(p.name::text) AS words,
           split_part(lower(split_part(p.email::text, '@', 1)), '+', 1) AS mailbox,
           lower(split_part(p.email::text, '@', -1)) AS domain
      FROM public.patchwork_person p
), alike AS (
    SELECT f.id, f.first, 'address' AS why
      FROM (SELECT p.id, min(p.id) OVER (PARTITION BY p.mailbox, p.domain) AS first FROM person p) f
     WHERE f.first < f.id
    UNION ALL
    SELECT f.id, f.first, 'name'
      FROM (SELECT p.id, min(p.id) OVER (PARTITION BY p.words) AS first FROM person p WHERE p.words LIKE '_% _%') f
     WHERE f.first < f.id
    UNION ALL
    SELECT greatest(p.id, o.id), least(p.id, o.id), 'domain'
      FROM person p JOIN person o ON o.mailbox = p.mailbox AND o.domain LIKE '%.%'
                                     AND right(p.domain, length(o.domain) + 1) = '.' || o.domain
)
SELECT a.first AS person_id, _patchmail.printable(f.name) AS name, _patchmail.printable(f.email) AS email,
       a.id AS other_id, _patchmail.printable(p.name) AS other_name, _patchmail.printable(p.email) AS other_email,
       string_agg(a.why, ', ' ORDER BY a.why) AS why
  FROM alike a JOIN person f ON f.id = a.first JOIN person p ON p.id = a.id
 WHERE (f.user_id = p.user_id) IS NOT TRUE
 GROUP BY a.first, a.id, f.name, f.email, p.name, p.email
 ORDER BY a.first, a.id;
COMMENT ON VIEW patchmail.people_alike IS 'Two people who may be one, and why.';
