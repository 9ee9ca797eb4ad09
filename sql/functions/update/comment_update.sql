-- patchmail.comment_update(kind, comment_id, change, actor): changes a comment as PATCH of Patchwork's REST API does.
-- Takes    "patch" or "cover", what it is a comment on; its id; and an object with "addressed": true, false, or null.
--          A document of the API may be given: what the API only reads of it is passed over.
-- Gives    the row of patchmail.audit; none if it is so already.
-- Errors, Touches, Locks   as patchmail.comments_update().
-- For admins.
CREATE OR REPLACE FUNCTION patchmail.comment_update(kind text, comment_id integer, change jsonb,
                                                    actor text DEFAULT NULL)
RETURNS SETOF patchmail.audit LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
BEGIN
    change := _patchmail.check_change(change, '{"addressed": "boolean null"}',
                                      '{id,url,web_url,msgid,list_archive_url,date,subject,submitter,content,headers}');
    IF change ? 'addressed' THEN
        RETURN QUERY SELECT * FROM _patchmail.change_comments('comment_update', kind, ARRAY[comment_id],
                                                              (change->>'addressed')::boolean, actor, false);
    END IF;
END
$$;
COMMENT ON FUNCTION patchmail.comment_update IS
    'Changes whether a comment on a patch ("patch") or cover letter ("cover") is addressed, as Patchwork''s REST API '
    'does.';
