-- _patchmail.thread_state(threads, series): what Patchwork's rows say of all mail of some threads, and the ledger of
-- what waits; see _patchmail.rows_state.
-- Takes    threads, and series that may have no mail in them any more.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.thread_state(threads bigint[], series integer[] DEFAULT '{}')
RETURNS jsonb LANGUAGE sql STABLE AS $$
    WITH mail AS (
        SELECT m.*, p.series_id AS row_series
          FROM patchmail.message m LEFT JOIN public.patchwork_patch p ON p.id = m.patch_id
         WHERE m.thread = ANY ($1)
    )
    SELECT _patchmail.rows_state(
               ARRAY(SELECT m.patch_id FROM mail m WHERE m.patch_id IS NOT NULL),
               ARRAY(SELECT m.cover_id FROM mail m WHERE m.cover_id IS NOT NULL),
               ARRAY(SELECT m.series_id FROM mail m WHERE m.series_id IS NOT NULL
                     UNION SELECT m.row_series FROM mail m WHERE m.row_series IS NOT NULL
                     UNION SELECT s.id FROM mail m JOIN public.patchwork_series s ON s.cover_letter_id = m.cover_id
                     UNION SELECT unnest($2)),
               ARRAY(SELECT m.patchcomment_id FROM mail m WHERE m.patchcomment_id IS NOT NULL),
               ARRAY(SELECT m.covercomment_id FROM mail m WHERE m.covercomment_id IS NOT NULL))
           || coalesce((SELECT jsonb_object_agg('mail ' || m.id, jsonb_build_object(
                                   'object', 'mail', 'id', m.id, 'project_id', m.project_id,
                                   'called', jsonb_build_object('msgid', _patchmail.printable(m.msgid),
                                                                'name', _patchmail.printable(m.name)),
                                   'is', jsonb_build_object('project', r.linkname, 'waiting', true)))
                          FROM mail m JOIN public.patchwork_project r ON r.id = m.project_id
                         WHERE m.waiting IS NOT NULL), '{}');
$$;
