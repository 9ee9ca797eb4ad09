-- patchmail.waiting: replies whose parent has not come yet.
CREATE OR REPLACE VIEW patchmail.waiting AS
SELECT p.linkname AS project, m.msgid, m.name AS subject, a.email AS submitter, m.date, m.arrived, m.refs[1] AS answers
  FROM patchmail.message m
  JOIN public.patchwork_project p ON p.id = m.project_id
  JOIN public.patchwork_person a ON a.id = m.submitter_id
 WHERE m.waiting IS NOT NULL;
