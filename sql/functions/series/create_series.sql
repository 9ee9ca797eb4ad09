-- _patchmail.create_series(lead): makes the row of a new series.
-- Takes    the ledger row of the member that gives it its date, author, version, total and name.
-- Gives    its id.
-- Touches  public.patchwork_series, _event (series-created).
CREATE OR REPLACE FUNCTION _patchmail.create_series(lead patchmail.message)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    series_id integer;
BEGIN
    INSERT INTO public.patchwork_series (name, date, version, total, project_id, submitter_id, cover_letter_id)
    VALUES (_patchmail.series_name(lead), _patchmail.to_patchwork(lead.date), lead.version, coalesce(lead.total, 1),
            lead.project_id, lead.submitter_id, (SELECT c.id FROM public.patchwork_cover c WHERE c.id = lead.cover_id))
    RETURNING id INTO series_id;
    INSERT INTO public.patchwork_event (category, date, project_id, series_id)
    VALUES ('series-created',
            _patchmail.event_date(lead.project_id, 1, CASE WHEN lead.transport = 'history' THEN lead.date END),
            lead.project_id, series_id);
    RETURN series_id;
END
$$;
