-- _patchmail.read_anew(stored, INOUT facts, own): what a stored mail is by what was read now.
-- Takes    its ledger row; the facts; whether it was made of the bytes that were read.
-- Gives    the facts as they count in its project; the author; the ledger row that they make, with the id and the place
--          of the stored one; and the stored and the read values that differ.
-- Rules    What a mail without a date has as its date stays.  What it may do is decided by the verdict that it will
--          have.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.read_anew(stored patchmail.message, INOUT facts jsonb, own boolean,
                                               OUT author jsonb, OUT message patchmail.message, OUT before jsonb,
                                               OUT after jsonb)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    project record;
    allowed record;
    known   text := _patchmail.author_address(stored);
    found   patchmail.message;
    old     jsonb := _patchmail.stored_values(stored);
    new     jsonb;
    wrapped text;
    names   boolean := stored.names;
BEGIN
    SELECT p.linkname, p.listid, p.listemail INTO project
      FROM public.patchwork_project p WHERE p.id = stored.project_id;
    facts := _patchmail.facts_for_list(facts, project.listid);
    IF ((facts->>'date')::timestamptz BETWEEN '0001-01-02Z' AND '9999-12-30Z') IS NOT TRUE THEN
        facts := facts || jsonb_build_object('date', stored.date);
    END IF;
    author := _patchmail.find_author(facts, project.listemail);
    found := _patchmail.read_message(stored.project_id, project.linkname, author, facts);
    found.verdict_reason := nullif(concat_ws('; ', found.verdict_reason,
                                             substring(stored.verdict_reason FROM 'released by .*$')), '');
    SELECT a.* INTO allowed
      FROM patchmail.allowed(project.linkname, CASE WHEN own THEN found.verdict ELSE stored.verdict END) a;
    IF NOT (allowed.may_use_hints AND allowed.may_be_stored) THEN
        facts := facts - '{hints,wrapped_message_id}'::text[];
    END IF;
    wrapped := left(facts->>'wrapped_message_id', 255);
    new := _patchmail.parsed_values(found, facts)
           || jsonb_build_object('author', left(author->>'email', 255), 'wrapped_message_id', (
                  SELECT wrapped
                   WHERE NOT EXISTS (SELECT FROM patchmail.message m
                                      WHERE m.project_id = stored.project_id AND m.msgid = wrapped)
                     AND NOT EXISTS (SELECT FROM patchmail.alias a
                                      WHERE a.project_id = stored.project_id
                                        AND a.alias IN (wrapped, stored.msgid))));
    old := old || jsonb_build_object(
        'author', CASE WHEN upper(known COLLATE "C") = upper(new->>'author' COLLATE "C")
                         OR _patchmail.led_to(new->>'author', stored.submitter_id) THEN new->>'author' ELSE known END,
        -- It is asked for, once nobody has said anything of it.
        'action_required', CASE WHEN (new->>'action_required')::boolean THEN (old->>'action_required')::boolean
                                ELSE false END,
        'wrapped_message_id', NULL);
    IF own AND (old->'verdict', old->'verdict_reason') IS DISTINCT FROM (new->'verdict', new->'verdict_reason') THEN
        names := allowed.may_rename;
    END IF;
    SELECT jsonb_object_agg(k.key, old->k.key), jsonb_object_agg(k.key, new->k.key) INTO before, after
      FROM unnest(_patchmail.keys_compared(stored, own, names AND (own OR old->>'author' = new->>'author'))) k (key)
     WHERE old->k.key IS DISTINCT FROM new->k.key;

    message := stored;
    message.version := CASE WHEN after ? 'version' THEN found.version ELSE stored.version END;
    message.minor := CASE WHEN after ? 'minor' THEN found.minor ELSE stored.minor END;
    message.number := CASE WHEN after ? 'number' THEN found.number ELSE stored.number END;
    message.total := CASE WHEN after ? 'total' THEN found.total ELSE stored.total END;
    message.name := CASE WHEN after ? 'name' THEN found.name ELSE stored.name END;
    message.title := CASE WHEN after ? 'title' THEN found.title
                          WHEN after ? 'name' AND stored.adopted THEN found.name ELSE stored.title END;
    message.refs := CASE WHEN after ? 'references' THEN found.refs ELSE stored.refs END;
    message.date := CASE WHEN after ? 'date' THEN found.date ELSE stored.date END;
    message.author_name := CASE WHEN after ? 'author_name' THEN found.author_name ELSE stored.author_name END;
    message.change_id := CASE WHEN after ? 'change_id' THEN found.change_id ELSE stored.change_id END;
    message.base_commit := CASE WHEN after ? 'base_commit' THEN found.base_commit ELSE stored.base_commit END;
    message.git_patch_id := CASE WHEN after ? 'git_patch_id' THEN found.git_patch_id ELSE stored.git_patch_id END;
    IF after ?| '{verdict,verdict_reason}' THEN
        message.verdict := found.verdict;
        message.verdict_reason := found.verdict_reason;
        message.names := names;
    END IF;
END
$$;
