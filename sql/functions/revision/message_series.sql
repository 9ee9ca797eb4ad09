-- _patchmail.message_series(message): finds the series that a mail is part of, or comments on.
-- Takes    a ledger row.
-- Gives    the id, by what Patchwork's tables say; NULL for none.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.message_series(message patchmail.message)
RETURNS integer LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF message.kind = 'comment' THEN
        SELECT m.* INTO message FROM patchmail.message m WHERE m.id = message.parent_id;
    END IF;
    RETURN coalesce((SELECT p.series_id FROM public.patchwork_patch p WHERE p.id = message.patch_id),
                    (SELECT s.id FROM public.patchwork_series s WHERE s.cover_letter_id = message.cover_id));
END
$$;
