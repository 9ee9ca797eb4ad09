-- _patchmail.mend_series(fault): mends series, events and tags.
-- Takes    a row of _patchmail.find_faults of the last step.
-- Gives    what it was and what it is, for patchmail.audit; the same if nothing is to do any more.
-- Touches  public.patchwork_series, _series_dependencies, _event, _patchtag; patchmail.event_order.
CREATE OR REPLACE FUNCTION _patchmail.mend_series(fault record, OUT before jsonb, OUT after jsonb)
LANGUAGE plpgsql AS $$
DECLARE
    series integer := CASE fault.object WHEN 'series' THEN fault.object_id END;
BEGIN
    CASE fault.kind
    WHEN 'series-empty' THEN
        SELECT jsonb_build_object('name', s.name, 'version', s.version, 'total', s.total) INTO before
          FROM public.patchwork_series s WHERE s.id = series;
        PERFORM _patchmail.settle_series(series, 0);
    WHEN 'series-total' THEN
        UPDATE public.patchwork_series s SET total = fault.key::integer
          FROM public.patchwork_series o WHERE s.id = series AND o.id = s.id
        RETURNING jsonb_build_object('name', s.name, 'total', o.total),
                  jsonb_build_object('name', s.name, 'total', s.total) INTO before, after;
        PERFORM _patchmail.retract_completion(series);
        PERFORM _patchmail.complete_series(ARRAY[series]);
    WHEN 'dependency-missing' THEN
        INSERT INTO public.patchwork_series_dependencies (from_series_id, to_series_id)
        VALUES (series, fault.key::integer) ON CONFLICT (from_series_id, to_series_id) DO NOTHING
        RETURNING jsonb_build_object('depends on', to_series_id) INTO after;
    WHEN 'event-missing', 'completion-missing' THEN
        after := _patchmail.mend_event(fault);
    WHEN 'event-unplaced' THEN
        INSERT INTO patchmail.event_order (event_id)
        SELECT fault.object_id
         WHERE pg_advisory_xact_lock(hashtext('patchmail.event'), 0) IS NOT NULL
           AND pg_notify('patchmail', '') IS NOT NULL
        RETURNING jsonb_build_object('category', fault.detail, 'position', position) INTO after;
    WHEN 'event-twice', 'completion-wrong' THEN
        DELETE FROM public.patchwork_event e WHERE e.id = fault.object_id
        RETURNING jsonb_strip_nulls(to_jsonb(e) - 'id') INTO before;
    WHEN 'tags-wrong' THEN
        before := _patchmail.patch_tags(fault.object_id::integer);
        PERFORM _patchmail.recount_tags(fault.object_id::integer);
        after := _patchmail.patch_tags(fault.object_id::integer);
    WHEN 'tags-off' THEN
        before := _patchmail.patch_tags(fault.object_id::integer);
        DELETE FROM public.patchwork_patchtag t WHERE t.patch_id = fault.object_id;
    END CASE;
END
$$;
