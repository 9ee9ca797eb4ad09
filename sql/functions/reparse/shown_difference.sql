-- _patchmail.shown_difference(before, after): values that differ, as patchmail.audit is to have them.
-- Takes    two objects with the same keys.
-- Gives    the same, where of a long text only the line stands with which it begins to differ: the whole would be the
--          mail once more.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.shown_difference(INOUT before jsonb, INOUT after jsonb)
LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_object_agg(k.key, CASE WHEN k.long THEN to_jsonb(d.before) ELSE $1->k.key END),
           jsonb_object_agg(k.key, CASE WHEN k.long THEN to_jsonb(d.after) ELSE $2->k.key END)
      FROM (SELECT o.key, o.key IN ('headers', 'content', 'diff') AS long FROM jsonb_object_keys($1) o (key)) k
      LEFT JOIN LATERAL _patchmail.first_difference($1->>k.key, $2->>k.key) d ON k.long;
$$;
