-- patchmail.related_patches: every patch that replaces one of the former version of its series, with that one and how
-- it is known.  It needs patchmail.series_revision.
CREATE OR REPLACE VIEW patchmail.related_patches AS
SELECT r.project, r.series_id, m.patch_id, r.former_id, m.former_patch_id, m.evidence
  FROM patchmail.series_revision r CROSS JOIN LATERAL _patchmail.match_patches(r.series_id, r.former_id) m;
COMMENT ON VIEW patchmail.related_patches IS 'Every patch that replaces one of the former version of its series.';
