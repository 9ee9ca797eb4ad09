-- patchmail.waiting: replies whose parent has not come yet.  The author of one may have been deleted meanwhile: he is
-- entered again when the parent comes.
CREATE OR REPLACE VIEW patchmail.waiting AS
SELECT p.linkname AS project, m.msgid, m.name AS subject,
       coalesce(a.email, left(m.waiting->'author'->>'email', 255))::varchar(255) AS submitter, m.date, m.arrived,
       m.refs[1] AS answers
  FROM patchmail.message m
  LEFT JOIN public.patchwork_project p ON p.id = m.project_id
  LEFT JOIN public.patchwork_person a ON a.id = m.submitter_id
 WHERE m.waiting IS NOT NULL;
