-- _patchmail.extend_series(message): finds the series that a patch joins if nothing else in its thread changes.
-- Takes    the ledger row, not yet entered, of a marked patch that nothing refers to.
-- Gives    the series, or NULL if it has to be derived (_patchmail.assemble); and whether the patch may become its lead
--          (_patchmail.lead_of).
-- Rules    All marked mail of the thread is of one series, which nobody has deleted and which lacks this number, and
--          has the patch's version and total, so that there is no slip.  And by the rules of _patchmail.derive_series
--          the patch belongs with all the others:
--          it hangs on a cover letter, on a patch that hangs on something, or on what another patch hangs on already;
--          or, hanging on nothing, it makes one group with all others that hang on nothing (rule 2);
--          or none of them refers to anything, and it is loose as they are (rule 4); near the edge of the 20 minutes it
--          is derived, so that no rounding decides.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.extend_series(message patchmail.message, OUT id integer, OUT may_lead boolean)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    series record;
BEGIN
    SELECT min(m.series_id) AS id,
           min(CASE WHEN NOT m.kind = 'cover' THEN coalesce(nullif(m.number, 0), 65536)
                    WHEN m.title = '' THEN 2  -- patch 1 names the series
                    ELSE 0 END) AS lead,
           bool_and(m.submitter_id = message.submitter_id AND enum_eq(m.verdict, message.verdict)) AS alike,
           count(m.series_id) = count(*) AND min(m.series_id) = max(m.series_id)
           AND NOT bool_or(m.number = message.number OR m.adopted OR m.pinned
                           OR m.version <> message.version OR m.minor <> message.minor
                           OR m.total <> message.total)
           AND EXISTS (SELECT FROM public.patchwork_series s WHERE s.id = min(m.series_id))
           AND CASE
               WHEN message.anchor_id IS NOT NULL THEN
                   bool_or(m.anchor_id = message.anchor_id
                           OR m.id = message.anchor_id AND (m.kind = 'cover' OR m.anchor_id IS NOT NULL))
               WHEN NOT bool_and(m.kind = 'patch' AND m.submitter_id = message.submitter_id
                                 OR m.anchor_id IS NOT NULL) THEN
                   false
               WHEN message.refs <> '{}' THEN
                   bool_and(m.refs[1] IS NOT DISTINCT FROM message.refs[1] OR m.anchor_id IS NOT NULL)
               ELSE
                   bool_and(m.refs = '{}' AND enum_eq(m.verdict, message.verdict))
                   AND bool_or(m.date BETWEEN message.date - interval '19 minutes'
                                          AND message.date + interval '19 minutes')
               END AS simple
      INTO series
      FROM patchmail.message m
     WHERE m.thread = message.thread AND m.number IS NOT NULL;
    IF series.simple THEN
        id := series.id;  -- number 0 is not the first but the last to lead
        may_lead := series.lead > 0 AND (NOT series.alike OR coalesce(nullif(message.number, 0), 65536) < series.lead);
    END IF;
END
$$;
