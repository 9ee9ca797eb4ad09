-- patchmail.waiting: replies whose parent has not come yet.  Who wrote one is entered when the parent comes.
CREATE OR REPLACE VIEW patchmail.waiting AS
SELECT p.linkname AS project, m.msgid, m.name AS subject,
       _patchmail.author_address(m)::varchar(255) AS submitter, m.date, m.arrived,
       m.refs[1] AS answers
  FROM patchmail.message m
  LEFT JOIN public.patchwork_project p ON p.id = m.project_id
 WHERE m.waiting IS NOT NULL;
COMMENT ON VIEW patchmail.waiting IS 'Replies whose parent has not come yet.';
