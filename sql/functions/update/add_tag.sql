-- patchmail.add_tag(name, pattern, abbrev, show_column, actor): makes a tag that is counted in patches and comments.
-- Takes    pattern: a regular expression that finds it, ignoring case, with ^ and $ at lines; abbrev: one or two
--          letters for the head of its column; show_column: whether the list of patches has one.
-- Gives    the row of patchmail.audit, with the new id.
-- Rules    It is counted in mail that comes from now on, and a notice says how it is counted in what is there.
-- Errors   check_violation, also for a pattern that is not valid, or finds itself in an empty text.
-- Touches  public.patchwork_tag; patchmail.audit.
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.add_tag(name text, pattern text, abbrev text, show_column boolean DEFAULT true,
                                             actor text DEFAULT NULL)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
DECLARE
    given  jsonb := jsonb_build_object('name', name, 'pattern', pattern, 'abbrev', abbrev, 'show_column', show_column);
    wrong  text;
    tag_id integer;
BEGIN
    PERFORM _patchmail.acting_user(actor);
    PERFORM _patchmail.check_change(given, '{"name": "string 20", "pattern": "string 50", "abbrev": "string 2",
                                             "show_column": "boolean"}');
    BEGIN
        wrong := CASE WHEN _patchmail.tag_count('', pattern) > 0 THEN
            format('pattern "%s" finds itself in an empty text, so everywhere', pattern) END;
    EXCEPTION WHEN invalid_regular_expression THEN
        wrong := format('pattern "%s" is not a regular expression: %s', pattern, SQLERRM);
    END;
    wrong := coalesce(CASE WHEN '' IN (btrim(name), btrim(abbrev)) THEN 'name or abbrev is empty' END, wrong,
                      (SELECT format('there is a tag "%s" with abbrev "%s" already', t.name, t.abbrev)
                         FROM public.patchwork_tag t
                        WHERE t.abbrev = add_tag.abbrev OR lower(t.name) = lower(add_tag.name) LIMIT 1));
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION '%', wrong USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.patchwork_tag AS t (name, pattern, abbrev, show_column)
    VALUES (add_tag.name, add_tag.pattern, add_tag.abbrev, add_tag.show_column)
    RETURNING t.id INTO tag_id;
    RAISE NOTICE 'tag "%" is counted in mail that comes; patchmail.retag() counts it in what is there', name;
    RETURN NEXT _patchmail.note_change('add_tag', actor, NULL, 'tag', tag_id, NULL, given);
END
$$;
COMMENT ON FUNCTION patchmail.add_tag IS
    'Makes a tag that is counted in patches and comments; retag() counts it in those that are there.';
