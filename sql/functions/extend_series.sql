-- patchmail.extend_series(message): the series that a patch joins where nothing else in its thread changes.
-- Takes    the ledger row, not yet entered, of a patch that has an anchor and that nothing refers to.
-- Gives    the series, or NULL where it has to be derived (patchmail.assemble).
-- Rules    All marked mail of the thread is of one series, which nobody has deleted and which lacks this number; and
--          the anchor would not become another root than it was (it is a cover letter, or hangs on something).  Then
--          all numbers of the group are different, and patchmail.derive_series would give this one series too.
-- Touches  public.patchwork_series, where the patch is the lowest of a series without a cover letter.
CREATE OR REPLACE FUNCTION patchmail.extend_series(message patchmail.message)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    series record;
BEGIN
    SELECT min(m.series_id) AS id,
           min(CASE WHEN m.kind = 'cover' THEN 0 ELSE coalesce(nullif(m.number, 0), 65536) END) AS lead,
           count(m.series_id) = count(*) AND min(m.series_id) = max(m.series_id)
           AND NOT bool_or(m.number = message.number OR m.adopted
                           OR m.id = message.anchor_id AND m.kind = 'patch' AND m.anchor_id IS NULL)
           AND EXISTS (SELECT FROM public.patchwork_series s WHERE s.id = min(m.series_id)) AS simple
      INTO series
      FROM patchmail.message m
     WHERE m.thread = message.thread AND m.number IS NOT NULL;
    IF NOT series.simple THEN
        RETURN NULL;
    END IF;
    IF coalesce(nullif(message.number, 0), 65536) < series.lead THEN  -- number 0 is not the first but the last to lead
        PERFORM patchmail.change_series(series.id, patchmail.series_lead(series.id, message.thread), message);
    END IF;
    RETURN series.id;
END
$$;
