-- _patchmail.find_delegate(project_id, address, files, msgid): finds who is to look after a new patch.
-- Takes    the address that X-Patchwork-Delegate names, or NULL; the facts' files; and the Message-ID, for the log.
-- Gives    an id in public.auth_user, or NULL for nobody.
-- Rules    The user with that address, ignoring the case of ASCII letters; else the project's delegation rules: for
--          each file of the diff the first rule, by priority descending and then path, that matches it; all files must
--          give the same user.
--          The rules are not applied to a patch of more than 10,000 files, or with more than a million characters in
--          their names, and the server's log says so: a mail has room for a million names, and a project may have many
--          rules.
-- Touches  nothing.
-- Speed    It compares a rule with all files that no rule before it matched, so that its pattern is compiled once, and
--          stops when it finds a second user.  Most patterns need no regular expression.
CREATE OR REPLACE FUNCTION _patchmail.find_delegate(project_id integer, address text, files jsonb,
                                                   msgid text DEFAULT NULL)
RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    most_files CONSTANT integer := 10000;
    most_text  CONSTANT integer := 1000000;
    delegate   integer;
    rule       record;
    left_over  text[];   -- files that no rule has matched yet
    others     text[];   -- of these, those that this rule does not match either
BEGIN
    IF address IS NOT NULL THEN
        SELECT u.id INTO delegate FROM public.auth_user u
         WHERE upper(u.email::text COLLATE "C") = upper(address COLLATE "C") ORDER BY u.id LIMIT 1;
        IF delegate IS NOT NULL THEN
            RETURN delegate;
        END IF;
    END IF;
    IF jsonb_array_length(files) > most_files OR length(files::text) > most_text THEN
        RAISE WARNING 'patch % names % files in % characters: delegation rules are not asked about more than % and %',
            to_json(msgid), jsonb_array_length(files), length(files::text), most_files, most_text;
        RETURN NULL;
    END IF;
    left_over := ARRAY(SELECT DISTINCT f.value FROM jsonb_array_elements_text(files) f);
    FOR rule IN
        SELECT r.user_id, _patchmail.shell_pattern(r.path) AS pattern, _patchmail.like_pattern(r.path) AS likeness
          FROM public.patchwork_delegationrule r
         WHERE r.project_id = find_delegate.project_id
         ORDER BY r.priority DESC, r.path COLLATE "C", r.id
    LOOP
        EXIT WHEN cardinality(left_over) = 0;
        IF rule.likeness IS NOT NULL THEN
            others := ARRAY(SELECT f FROM unnest(left_over) f WHERE f NOT LIKE rule.likeness);
        ELSE
            others := ARRAY(SELECT f FROM unnest(left_over) f WHERE f !~ rule.pattern);
        END IF;
        CONTINUE WHEN cardinality(others) = cardinality(left_over);
        IF delegate <> rule.user_id THEN
            RETURN NULL;
        END IF;
        delegate := rule.user_id;
        left_over := others;
    END LOOP;
    RETURN CASE WHEN cardinality(left_over) = 0 THEN delegate END;
END
$$;
