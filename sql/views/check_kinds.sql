-- patchmail.check_kinds: the kinds of faults that patchmail.check() gives, in an order in which they can be mended.
-- mended is false where an admin has to decide; patchmail.repair() mends the others.
CREATE OR REPLACE VIEW patchmail.check_kinds AS
SELECT k.kind, k.step IS NOT NULL AS mended, k.meaning FROM _patchmail.fault_kinds() k;
COMMENT ON VIEW patchmail.check_kinds IS 'The kinds of faults that check() finds, and which of them repair() mends.';
