-- _patchmail.check_numbers(patches, series_id): refuses to put patches into one series if two of them have one number.
-- Takes    the patches, and the series that has others, or NULL.
-- Errors   check_violation, which names the number.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.check_numbers(patches integer[], series_id integer)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    twice record;
BEGIN
    SELECT p.number, min(p.id) AS one, max(p.id) AS other INTO twice
      FROM public.patchwork_patch p
     WHERE (p.id = ANY (patches) OR p.series_id = check_numbers.series_id) AND p.number IS NOT NULL
     GROUP BY p.number HAVING count(*) > 1 ORDER BY p.number LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'patches % and % both have the number %: a series has each number once', twice.one, twice.other,
            twice.number USING ERRCODE = 'check_violation';
    ELSIF EXISTS (SELECT FROM public.patchwork_patch p WHERE p.id = ANY (patches) AND p.number IS NULL) THEN
        RAISE EXCEPTION 'patch % has no number: it belongs to no series',
            (SELECT min(p.id) FROM public.patchwork_patch p WHERE p.id = ANY (patches) AND p.number IS NULL)
            USING ERRCODE = 'check_violation';
    END IF;
END
$$;
