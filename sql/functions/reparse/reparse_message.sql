-- _patchmail.reparse_message(stored, facts, own): applies what was read now of a stored mail.
-- Takes    its ledger row; the facts; whether it was made of the bytes that were read.
-- Gives    a row of patchmail.audit with what changed; one without an id for what is left alone, and why; NULL if
--          nothing differs, or somebody deleted its row in Patchwork's tables.
-- Touches  through _patchmail.store_anew, restate_texts and restate_message; patchmail.authentication, _dependency,
--          _alias. The caller holds the lock of its project.
CREATE OR REPLACE FUNCTION _patchmail.reparse_message(stored patchmail.message, facts jsonb, own boolean)
RETURNS patchmail.audit LANGUAGE plpgsql AS $$
DECLARE
    read       record;
    message    patchmail.message;
    dependents bigint[];
    kept       text;
    object_id  bigint := coalesce(stored.patch_id, stored.cover_id, stored.patchcomment_id, stored.covercomment_id,
                                  stored.id);
BEGIN
    IF _patchmail.stored_values(stored) IS NULL THEN
        RETURN NULL;
    END IF;
    read := _patchmail.read_anew(stored, facts, own);
    message := read.message;
    IF read.after IS NULL THEN
        RETURN NULL;
    ELSIF NOT own AND NOT _patchmail.is_copy(stored, message, read.author, read.facts) THEN
        RETURN _patchmail.left_alone(stored, 'another mail with its Message-ID is stored');
    ELSIF read.after ?| '{kind,message_id}' THEN
        kept := _patchmail.store_anew(stored, read.facts);
        IF kept IS NOT NULL THEN
            RETURN _patchmail.left_alone(stored, format('it would become a %s, but %s', read.after->>'kind', kept));
        END IF;
    ELSE
        -- What names it by patch-id or change-id, or means another one, may mean it now.
        dependents := CASE WHEN stored.kind <> 'comment' THEN _patchmail.take_dependents(ARRAY[stored.id]) END;
        IF read.after ? 'author' AND stored.waiting IS NULL THEN
            SELECT f.id, f.name INTO message.submitter_id, message.author_name
              FROM _patchmail.find_person(read.author, least(message.date, message.arrived), message.names) f;
        END IF;
        PERFORM _patchmail.restate_texts(message, read.facts, ARRAY(SELECT jsonb_object_keys(read.after)));
        IF read.after ? 'git_patch_id' THEN
            PERFORM _patchmail.enter_patch_ids(ARRAY[stored.id], ARRAY[message.git_patch_id]);
        END IF;
        IF read.after ?| '{version,minor,number,total,name,title,references,date,author,author_name,change_id,
                           base_commit,verdict,verdict_reason}' THEN
            PERFORM _patchmail.restate_message(stored, message);
        END IF;
        IF read.after ?| '{author_name,date,verdict}' AND stored.waiting IS NULL THEN
            PERFORM _patchmail.find_person(read.author, least(message.date, message.arrived), message.names);
        END IF;
        IF read.after ? 'results' THEN
            DELETE FROM patchmail.authentication a WHERE a.message_id = stored.id;
            PERFORM _patchmail.store_authentication(stored.id, read.facts->'authentication'->'results');
        END IF;
        IF read.after ? 'depends_on' THEN
            SELECT m.* INTO message FROM patchmail.message m WHERE m.id = stored.id;
            dependents := dependents || _patchmail.take_dependencies(message.thread);
            PERFORM _patchmail.forget_dependencies(stored.id);
            PERFORM _patchmail.resolve_dependencies(message, _patchmail.lines_of(read.facts));
            PERFORM _patchmail.revise_series(_patchmail.message_series(message)) WHERE message.kind <> 'comment';
        END IF;
        PERFORM _patchmail.write_dependencies(dependents) WHERE dependents IS NOT NULL;
        PERFORM _patchmail.resolve_dependencies(m, '[]')
           FROM patchmail.message m WHERE m.id = stored.id AND _patchmail.is_prerequisite(m);
        IF read.after ? 'wrapped_message_id' THEN
            PERFORM _patchmail.add_alias(stored.project_id, stored.msgid, read.after->>'wrapped_message_id');
        END IF;
    END IF;
    PERFORM _patchmail.recount_thread_tags(stored.project_id, ARRAY[left(read.facts->>'message_id', 255)]);
    SELECT d.before, d.after INTO read.before, read.after FROM _patchmail.shown_difference(read.before, read.after) d;
    RETURN _patchmail.note_change('reparse', NULL, stored.project_id, stored.kind, object_id,
                                  read.before || jsonb_build_object('msgid', stored.msgid), read.after);
END
$$;
