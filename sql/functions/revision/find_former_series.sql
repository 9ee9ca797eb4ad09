-- _patchmail.find_former_series(series_id): finds which series a series replaces, and how that is known.
-- Gives    its id and the evidence as in _patchmail.series_kin, strongest first; NULLs for none.
-- Rules    A function of the mail that is there.  The former one is of the same kin, older, and of a lower version, or
--          of the same version if the new one is marked RESEND or REPOST; 5.1 is higher than 5.  If the new one says
--          that it supersedes an older one, versions do not matter.  Of several, one that it says so of comes first,
--          then one of the same submitter, then one with the same change-id, then the highest version, the best verdict
--          on its author, the most titles in common, and the latest date.
--          It may be somebody else's: it says what a sender claims.  _patchmail.revise_series decides what follows from
--          it.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.find_former_series(series_id integer, OUT former_id integer, OUT evidence text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    series public.patchwork_series;
    point  integer := _patchmail.series_minor(find_former_series.series_id);
    named  integer[] := ARRAY(SELECT n.former_id FROM _patchmail.superseded_by(find_former_series.series_id) n);
    until  timestamptz;
    again  boolean;
BEGIN
    SELECT s.* INTO series FROM public.patchwork_series s WHERE s.id = find_former_series.series_id;
    again := EXISTS (SELECT FROM _patchmail.series_messages(series.id) m
                      WHERE m.name ~* '^\[[^]]*\m(resend|repost)\M');
    IF series.version > 1 OR point > 0 OR again OR named <> '{}' THEN
        until := _patchmail.series_sent(series);
        WITH candidate AS (
            SELECT k.kin_id, k.evidence, k.shared, _patchmail.series_sent(s) AS sent,
                   rank() OVER (ORDER BY s.id = ANY (named) DESC, s.submitter_id = series.submitter_id DESC,
                                         'change-id' = ANY (k.evidence) DESC, s.version DESC, v.minor DESC) AS rank
              FROM _patchmail.series_kin(series.id) k, LATERAL (
                   SELECT o.* FROM public.patchwork_series o WHERE o.id = k.kin_id OFFSET 0) s,  -- each by its key
                   LATERAL (SELECT _patchmail.series_minor(s.id) AS minor OFFSET 0) v
             WHERE _patchmail.series_sent(s) < until
               AND (s.id = ANY (named)
                    OR k.evidence <> '{supersedes}'  -- it says so, and was sent before
                       AND (s.version < series.version
                            OR s.version = series.version AND (again OR v.minor < point))))
        SELECT c.kin_id, c.evidence INTO former_id, evidence
          FROM candidate c WHERE c.rank = 1
         ORDER BY (_patchmail.series_sender(c.kin_id)).best DESC, c.shared DESC, c.sent DESC, c.kin_id DESC LIMIT 1;
    END IF;
END
$$;
