-- _patchmail.thread_places(thread): which mail of a thread is in which series, as the audit has it.
CREATE OR REPLACE FUNCTION _patchmail.thread_places(thread bigint)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('series', jsonb_object_agg(m.msgid, m.series_id))
      FROM patchmail.message m WHERE m.thread = $1 AND m.number IS NOT NULL;
$$;
