-- _patchmail.people_state(people): what Patchwork's rows say of people and of all mail of theirs.
-- Takes    ids.
-- Gives    as _patchmail.rows_state.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.people_state(people integer[])
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT _patchmail.rows_state(
               ARRAY(SELECT p.id FROM public.patchwork_patch p WHERE p.submitter_id = ANY ($1)),
               ARRAY(SELECT c.id FROM public.patchwork_cover c WHERE c.submitter_id = ANY ($1)),
               ARRAY(SELECT s.id FROM public.patchwork_series s WHERE s.submitter_id = ANY ($1)),
               ARRAY(SELECT k.id FROM public.patchwork_patchcomment k WHERE k.submitter_id = ANY ($1)),
               ARRAY(SELECT k.id FROM public.patchwork_covercomment k WHERE k.submitter_id = ANY ($1)), $1);
$$;
