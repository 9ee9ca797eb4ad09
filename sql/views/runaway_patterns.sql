-- patchmail.runaway_patterns: patterns of admins that ran away on a mail, and are passed over: the last one first.
-- Whose they are: a project (subject_match, delegation rule) or a tag.  Those that were written otherwise since are not
-- here.
CREATE OR REPLACE VIEW patchmail.runaway_patterns AS
SELECT r.kind, x.name, _patchmail.printable(r.pattern) AS pattern, r.noticed, r.took,
       _patchmail.printable(r.msgid) AS msgid
  FROM patchmail.runaway r
  JOIN (SELECT 'subject_match' AS kind, p.id, p.linkname::text AS name, p.subject_match::text AS pattern
          FROM public.patchwork_project p
        UNION ALL
        SELECT 'tag', t.id, t.name, t.pattern FROM public.patchwork_tag t
        UNION ALL
        SELECT 'delegation rule', d.id, p.linkname, d.path
          FROM public.patchwork_delegationrule d JOIN public.patchwork_project p ON p.id = d.project_id) x
    ON x.kind = r.kind AND x.id = r.object_id AND x.pattern = r.pattern
 ORDER BY r.noticed DESC;
COMMENT ON VIEW patchmail.runaway_patterns IS
    'Patterns of admins that ran away on a mail, and are passed over.  allow_patterns() lets them be used again.';
