-- _patchmail.forget_everywhere(address, person_id, names, stand_in): does what patchmail.forget promises.
-- Takes    the address; the person who has it, or NULL; all names of his; and the name that stands in for his.
-- Gives    an object: how many rows of each table were changed.
-- Touches  all texts of Patchwork's tables and of schema patchmail.  The caller holds the locks of all projects.
CREATE OR REPLACE FUNCTION _patchmail.forget_everywhere(address text, person_id integer, names text[], stand_in text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    patterns CONSTANT text[] := _patchmail.erasure_patterns(address, names);
    relation regclass;
    rows     bigint;
    counts   jsonb := '{}';
BEGIN
    PERFORM _patchmail.mark_edited(array_to_string(patterns, '|')),
            _patchmail.forget_from(address, person_id, stand_in);
    DELETE FROM patchmail.quarantine q
     WHERE upper(q.facts->'author'->>'email' COLLATE "C") = address
        OR upper(q.facts->'original_author'->>'email' COLLATE "C") = address;
    GET DIAGNOSTICS rows = ROW_COUNT;
    counts := counts || jsonb_build_object('thrown away from quarantine', rows);
    DELETE FROM patchmail.raw r USING patchmail.message m WHERE m.edited AND m.msgid = r.msgid;
    GET DIAGNOSTICS rows = ROW_COUNT;
    counts := counts || jsonb_build_object('thrown away of the bytes of mail', rows);
    FOREACH relation IN ARRAY '{public.patchwork_patch, public.patchwork_cover, public.patchwork_patchcomment,
                                public.patchwork_covercomment, public.patchwork_series, public.patchwork_check,
                                patchmail.message, patchmail.authentication, patchmail.quarantine, patchmail.removed,
                                patchmail.audit}'::regclass[] LOOP
        counts := counts || jsonb_build_object(
            regexp_replace(relation::text, '^.*[.]', ''), _patchmail.erase_from(relation, patterns, stand_in));
    END LOOP;
    DELETE FROM public.patchwork_emailoptout o WHERE upper(o.email::text COLLATE "C") = address;
    DELETE FROM public.patchwork_emailconfirmation c WHERE upper(c.email::text COLLATE "C") = address;
    DELETE FROM patchmail.person_alias a WHERE a.email = address OR a.person_id = forget_everywhere.person_id;
    DELETE FROM patchmail.person_name n WHERE n.person_id = forget_everywhere.person_id;
    UPDATE public.patchwork_person p SET name = stand_in, email = stand_in || '@forgotten.invalid'
     WHERE p.id = forget_everywhere.person_id;
    RETURN counts;
END
$$;
