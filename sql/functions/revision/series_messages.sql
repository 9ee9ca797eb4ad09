-- patchmail.series_messages(series_id): the ledger rows of a series' patches and of its cover letter.
-- Rules    The members are those that Patchwork's tables say, so that what an admin moved counts where it is.  What
--          Patchwork stored itself and nobody has referred to since has no row.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.series_messages(series_id integer)
RETURNS SETOF patchmail.message LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT m.*
      FROM (SELECT p.project_id, p.msgid FROM public.patchwork_patch p WHERE p.series_id = $1
            UNION ALL
            SELECT c.project_id, c.msgid
              FROM public.patchwork_series s JOIN public.patchwork_cover c ON c.id = s.cover_letter_id
             WHERE s.id = $1) x
      JOIN patchmail.message m ON m.project_id = x.project_id AND m.msgid = x.msgid::text;
$$;
