-- patchmail.find_delegate(project_id, address, files): who is to look after a new patch.
-- Takes    the address that X-Patchwork-Delegate names, or NULL; the facts' files.
-- Gives    an id in public.auth_user, or NULL for nobody.
-- Rules    The user with that address, ignoring the case of ASCII letters; else the project's delegation rules: for each file of the diff
--          the first rule, by priority descending and then path, that matches it; all files must give the same user.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION patchmail.find_delegate(project_id integer, address text, files jsonb)
RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    delegate integer;
BEGIN
    IF address IS NOT NULL THEN
        SELECT u.id INTO delegate FROM public.auth_user u
         WHERE upper(u.email::text COLLATE "C") = upper(address COLLATE "C") ORDER BY u.id LIMIT 1;
    END IF;
    IF delegate IS NULL THEN
        SELECT CASE WHEN count(*) = count(f.user_id) AND count(DISTINCT f.user_id) = 1 THEN min(f.user_id) END
          INTO delegate
          FROM (SELECT (SELECT r.user_id
                          FROM public.patchwork_delegationrule r
                         WHERE r.project_id = find_delegate.project_id
                           AND file.value ~ patchmail.shell_pattern(r.path)
                         ORDER BY r.priority DESC, r.path COLLATE "C", r.id LIMIT 1) AS user_id
                  FROM jsonb_array_elements_text(files) file) f;
    END IF;
    RETURN delegate;
END
$$;
