-- _patchmail.event_categories(): the categories that Patchwork's events have.
CREATE OR REPLACE FUNCTION _patchmail.event_categories()
RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT '{cover-created,patch-created,patch-completed,patch-state-changed,patch-delegated,patch-relation-changed,
             check-created,series-created,series-completed,cover-comment-created,patch-comment-created}'::text[];
$$;
