-- patchmail.series_revision: every series that replaces another one, with that one and how it is known.
-- Derived from the mail that is there whenever it is asked for; a condition on series_id makes it quick.
CREATE OR REPLACE VIEW patchmail.series_revision AS
SELECT p.linkname AS project, s.id AS series_id, s.name, s.version, f.former_id, o.version AS former_version, f.evidence
  FROM public.patchwork_series s
  JOIN public.patchwork_project p ON p.id = s.project_id
 CROSS JOIN LATERAL _patchmail.find_former_series(s.id) f
  JOIN public.patchwork_series o ON o.id = f.former_id;
COMMENT ON VIEW patchmail.series_revision IS 'Every series that replaces another one, and how that is known.';
