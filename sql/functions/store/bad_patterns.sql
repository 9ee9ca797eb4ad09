-- _patchmail.bad_patterns(): names the patterns of admins that are not valid regular expressions.
-- Gives    which they are, in words; NULL if there are none.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.bad_patterns()
RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    pattern record;
    bad     text;
BEGIN
    FOR pattern IN
        SELECT 'tag ' || t.name AS of, '(?in)' || t.pattern AS text FROM public.patchwork_tag t
        UNION ALL
        SELECT 'subject_match of project ' || p.linkname, '(?iw)' || p.subject_match FROM public.patchwork_project p
         WHERE p.subject_match <> ''
        UNION ALL
        SELECT 'a delegation rule of project ' || p.linkname, _patchmail.shell_pattern(r.path)
          FROM public.patchwork_delegationrule r JOIN public.patchwork_project p ON p.id = r.project_id
    LOOP
        BEGIN
            PERFORM '' ~ pattern.text;
        EXCEPTION
            WHEN invalid_regular_expression THEN
                bad := concat_ws(', ', bad, pattern.of);
        END;
    END LOOP;
    RETURN 'it is that of ' || bad;
END
$$;
