-- _patchmail.vacate_series(movers): takes messages out of the series that they were placed in.
-- Takes    ledger ids.
-- Gives    the series that a message left.
-- Rules    A patch or cover letter that an admin has put elsewhere, or nowhere, stays there; such a patch has series 0
--          in the ledger until _patchmail.fill_series notes its place.
-- Touches  public.patchwork_patch (series_id), _series (cover_letter_id); patchmail.message (series_id).
CREATE OR REPLACE FUNCTION _patchmail.vacate_series(movers bigint[])
RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
    vacated integer[] := ARRAY(SELECT DISTINCT m.series_id FROM patchmail.message m
                                WHERE m.id = ANY (movers) AND m.series_id IS NOT NULL);
BEGIN
    UPDATE public.patchwork_series s SET cover_letter_id = NULL
      FROM patchmail.message m
     WHERE m.id = ANY (movers) AND s.id = m.series_id AND s.cover_letter_id = m.cover_id;
    WITH freed AS (
        UPDATE public.patchwork_patch p SET series_id = NULL
          FROM patchmail.message m
         WHERE m.id = ANY (movers) AND p.id = m.patch_id AND p.series_id = m.series_id
        RETURNING m.id)
    UPDATE patchmail.message m
       SET series_id = CASE WHEN m.kind = 'cover' OR m.id IN (SELECT f.id FROM freed f) THEN NULL ELSE 0 END
     WHERE m.id = ANY (movers);
    RETURN vacated;
END
$$;
