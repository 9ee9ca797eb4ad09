-- patchmail.waiting: replies whose parent has not come yet.  Who wrote one is entered when the parent comes.
-- same is how many wait for the same mail, this one with them.
CREATE OR REPLACE VIEW patchmail.waiting AS
SELECT p.linkname AS project, _patchmail.printable(m.msgid) AS msgid, _patchmail.printable(m.name) AS subject,
       _patchmail.printable(_patchmail.author_address(m))::varchar(255) AS submitter, m.date, m.arrived,
       _patchmail.printable(m.refs[1]) AS answers, date_trunc('second', now() - m.arrived) AS age,
       count(*) OVER (PARTITION BY m.project_id, m.refs[1]) AS same
  FROM patchmail.message m
  LEFT JOIN public.patchwork_project p ON p.id = m.project_id
 WHERE m.waiting IS NOT NULL;
COMMENT ON VIEW patchmail.waiting IS 'Replies whose parent has not come yet.';
