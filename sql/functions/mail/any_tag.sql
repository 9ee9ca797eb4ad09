-- _patchmail.any_tag(): what holds for every text that has any tag, as one expression.
-- Gives    '', which holds for all texts, if that cannot be said in one: if a pattern says otherwise what the others
--          mean (a back reference, an option), or there is no tag.
-- Touches  nothing.
-- Speed    In PL/pgSQL, since a function in SQL is planned anew by each statement that calls it.
CREATE OR REPLACE FUNCTION _patchmail.any_tag()
RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT CASE WHEN bool_or(t.pattern::text ~ '\\[1-9]|^[*][*][*]|^[(][?]') THEN ''
                        ELSE coalesce('(?in)' || string_agg('(?:' || t.pattern::text || ')', '|'), '') END
              FROM public.patchwork_tag t);
END
$$;
