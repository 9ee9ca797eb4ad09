-- _patchmail.change_series(series_id, former, lead): gives a series another lead.
-- Takes    the series, and the leads that _patchmail.lead_of gave before and gives now; if they say the same, or there
--          was none before, it does nothing.
-- Rules    A column that does not hold what the former lead gave was changed by an admin, and stays.  A cover letter
--          that an admin has put into another series stays there.  If the new lead says another total, what is complete
--          is determined anew.
-- Touches  public.patchwork_series; _event through _patchmail.retract_completion and _patchmail.complete_series.
CREATE OR REPLACE FUNCTION _patchmail.change_series(series_id integer, former patchmail.message, lead patchmail.message)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF former.id IS NULL
       OR former.id = lead.id AND former.version = lead.version AND former.title = lead.title
          AND former.name = lead.name AND former.date = lead.date AND former.submitter_id = lead.submitter_id
          AND former.total IS NOT DISTINCT FROM lead.total THEN
        RETURN;
    END IF;
    UPDATE public.patchwork_series s
       SET name = CASE WHEN s.name IS NOT DISTINCT FROM _patchmail.series_name(former)
                       THEN _patchmail.series_name(lead) ELSE s.name END,
           date = CASE WHEN s.date = _patchmail.to_patchwork(former.date) THEN _patchmail.to_patchwork(lead.date)
                       ELSE s.date END,
           version = CASE WHEN s.version = former.version THEN lead.version ELSE s.version END,
           total = CASE WHEN s.total = coalesce(former.total, 1) THEN coalesce(lead.total, 1) ELSE s.total END,
           submitter_id = CASE WHEN s.submitter_id = former.submitter_id THEN lead.submitter_id ELSE s.submitter_id END,
           cover_letter_id = CASE WHEN s.cover_letter_id IS NULL OR s.cover_letter_id = former.cover_id
                                  THEN (SELECT c.id FROM public.patchwork_cover c
                                         WHERE c.id = lead.cover_id
                                           AND NOT EXISTS (SELECT FROM public.patchwork_series o
                                                            WHERE o.cover_letter_id = c.id AND o.id <> s.id))
                                  ELSE s.cover_letter_id END
     WHERE s.id = change_series.series_id;
    IF coalesce(lead.total, 1) <> coalesce(former.total, 1) THEN
        PERFORM _patchmail.retract_completion(change_series.series_id);
        PERFORM _patchmail.complete_series(ARRAY[change_series.series_id]);
    END IF;
END
$$;
