-- _patchmail.series_messages(series_id): the ledger rows of a series' patches and of its cover letter.
-- Rules    The members are those in Patchwork's tables, so that a patch that an admin moved counts for the series that
--          it is in now.  A mail that Patchwork stored itself and that no mail has referred to since has no row.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.series_messages(series_id integer)
RETURNS SETOF patchmail.message LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT m.*
      FROM (SELECT p.project_id, p.msgid FROM public.patchwork_patch p WHERE p.series_id = $1
            UNION ALL
            SELECT c.project_id, c.msgid
              FROM public.patchwork_series s JOIN public.patchwork_cover c ON c.id = s.cover_letter_id
             WHERE s.id = $1) x
      JOIN patchmail.message m ON m.project_id = x.project_id AND m.msgid = x.msgid::text;
$$;
