-- _patchmail.find_delegate(project_id, address, files, msgid): finds who is to look after a new patch.
-- Takes    the address that X-Patchwork-Delegate names, or NULL; the facts' files; and the Message-ID, for the log.
-- Gives    an id in public.auth_user, or NULL for nobody.
-- Rules    The user with that address, ignoring the case of ASCII letters; else the project's delegation rules: for
--          each file of the diff the first rule, by priority descending and then path, that matches it; all files must
--          give the same user.
--          The rules are not applied to a patch of more than 10,000 files, or with more than a million characters in
--          their names, and the server's log says so: a mail has room for a million names, and a project may have many
--          rules.
--          A rule whose pattern runs away matches no file.
-- Touches  patchmail.runaway, through _patchmail.match_pattern.
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
    matched    text[];   -- of these, those that this rule matches
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
        SELECT r.id, r.user_id, r.path::text AS path, _patchmail.shell_pattern(r.path) AS pattern,
               _patchmail.like_pattern(r.path) AS likeness
          FROM public.patchwork_delegationrule r
         WHERE r.project_id = find_delegate.project_id
         ORDER BY r.priority DESC, r.path COLLATE "C", r.id
    LOOP
        EXIT WHEN cardinality(left_over) = 0;
        IF rule.likeness IS NOT NULL THEN
            matched := ARRAY(SELECT f FROM unnest(left_over) f WHERE f LIKE rule.likeness);
        ELSE
            matched := _patchmail.match_pattern('delegation rule', rule.id, rule.path, rule.pattern, left_over, msgid);
        END IF;
        CONTINUE WHEN matched = '{}';
        IF delegate <> rule.user_id THEN
            RETURN NULL;
        END IF;
        delegate := rule.user_id;
        left_over := ARRAY(SELECT unnest(left_over) EXCEPT SELECT unnest(matched));
    END LOOP;
    RETURN CASE WHEN cardinality(left_over) = 0 THEN delegate END;
END
$$;
