-- _patchmail.series_past(series_id): when a series was sent that came whole by transport "history".
-- Gives    the date of its last mail; NULL if one of its mails came otherwise: then its completion is news.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.series_past(series_id integer)
RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN bool_and(m.transport IS NOT DISTINCT FROM 'history') THEN max(m.date) END
      FROM (SELECT p.project_id, p.msgid::text AS msgid FROM public.patchwork_patch p WHERE p.series_id = $1
            UNION ALL
            SELECT c.project_id, c.msgid::text
              FROM public.patchwork_series s JOIN public.patchwork_cover c ON c.id = s.cover_letter_id
             WHERE s.id = $1) x
      LEFT JOIN LATERAL (SELECT o.transport, o.date FROM patchmail.message o
                          WHERE o.project_id = x.project_id AND o.msgid = x.msgid LIMIT 1) m ON true;
$$;
