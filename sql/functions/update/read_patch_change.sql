-- _patchmail.read_patch_change(change): what a change of a patch, in the words of Patchwork's REST API, writes.
-- Takes    an object with any of state (slug, or name ignoring case), archived, delegate (user name, or null),
--          commit_ref, pull_url and related (ids of patches).  So that a document of the API may be given with some of
--          it changed, delegate and the patches of related may be its objects, or ids, and what the API only reads is
--          passed over.
-- Gives    the columns of public.patchwork_patch with their values, and "related" as ids.
-- Errors   check_violation, or no_data_found for a user or a patch that is not there.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.read_patch_change(change jsonb)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    columns jsonb;
BEGIN
    change := _patchmail.check_change(change,
        '{"state": "string", "archived": "boolean", "delegate": "string number object null",
          "commit_ref": "string null 255", "pull_url": "string null 255", "related": "array"}',
        '{id,url,web_url,project,msgid,list_archive_url,date,name,hash,submitter,mbox,series,comments,check,checks,tags,
          headers,content,diff,prefixes}');
    columns := change - '{state,delegate}'::text[];
    IF change ? 'state' THEN
        columns := columns || jsonb_build_object('state_id', _patchmail.find_state_named(change->>'state'));
    END IF;
    IF change ? 'delegate' THEN
        columns := columns || jsonb_build_object('delegate_id', CASE jsonb_typeof(change->'delegate')
            WHEN 'number' THEN _patchmail.acting_user(coalesce(
                (SELECT u.username FROM public.auth_user u WHERE u.id = (change->>'delegate')::numeric),
                change->>'delegate'))
            WHEN 'object' THEN _patchmail.acting_user(coalesce(change->'delegate'->>'username', ''))
            ELSE _patchmail.acting_user(change->>'delegate') END);
    END IF;
    IF change ? 'related' THEN
        columns := columns || jsonb_build_object('related',
                                                 to_jsonb(_patchmail.read_patch_ids('related', change->'related')));
    END IF;
    RETURN columns;
END
$$;
