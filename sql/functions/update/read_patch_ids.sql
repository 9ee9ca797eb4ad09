-- _patchmail.read_patch_ids(key, list): the ids in a list of patches of a change: ids, or objects as documents of
-- Patchwork's REST API have them.
-- Gives    each as often as it is there, in order.
-- Errors   no_data_found, with the first that is no patch, under the name of the key.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.read_patch_ids(key text, list jsonb)
RETURNS integer[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    ids   integer[];
    wrong text;
BEGIN
    SELECT coalesce(array_agg(p.id ORDER BY r.n), '{}'),
           min(r.value::text) FILTER (WHERE p.id IS NULL)
      INTO ids, wrong
      FROM jsonb_array_elements(list) WITH ORDINALITY r (value, n)
      LEFT JOIN public.patchwork_patch p
             ON p.id = CASE WHEN coalesce(r.value->'id', r.value)::text ~ '^\d{1,9}$'
                            THEN coalesce(r.value->'id', r.value)::integer END;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION '% is a list of ids of patches, and there is no patch %', key, left(wrong, 200)
            USING ERRCODE = 'no_data_found';
    END IF;
    RETURN ids;
END
$$;
