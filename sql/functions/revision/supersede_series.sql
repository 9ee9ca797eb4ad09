-- _patchmail.supersede_series(series_id, by_hand, actor_id): sets the open patches of a series to Superseded; see
-- _patchmail.supersede_patches.
-- Touches  through _patchmail.supersede_patches.
CREATE OR REPLACE FUNCTION _patchmail.supersede_series(series_id integer, by_hand boolean DEFAULT false,
                                                       actor_id integer DEFAULT NULL)
RETURNS void LANGUAGE sql AS $$
    SELECT _patchmail.supersede_patches(ARRAY(
               SELECT p.id FROM public.patchwork_patch p WHERE p.series_id = $1), $2, $3);
$$;
