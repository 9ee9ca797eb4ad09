-- _patchmail.combined_check(patch_id): what the checks of a patch come to.
-- Gives    fail, warning, pending or success.  The latest check of each user and context counts; the worst decides,
--          in that order; without any it is pending.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.combined_check(patch_id integer)
RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- Patchwork's numbers: 0 pending, 1 success, 2 warning, 3 fail.
    RETURN (SELECT CASE WHEN count(*) = 0 THEN 'pending'
                        WHEN bool_or(latest.state = 3) THEN 'fail'
                        WHEN bool_or(latest.state = 2) THEN 'warning'
                        WHEN bool_or(latest.state = 0) THEN 'pending'
                        ELSE 'success'
                   END
              FROM (SELECT DISTINCT ON (c.user_id, c.context) c.state
                      FROM public.patchwork_check c
                     WHERE c.patch_id = $1
                     ORDER BY c.user_id, c.context, c.date DESC, c.id DESC) latest);
END
$$;
