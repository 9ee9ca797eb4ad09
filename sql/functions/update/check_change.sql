-- _patchmail.check_change(change, keys, ignored): refuses an object of changes that has what cannot be changed.
-- Takes    the object as a caller gave it; the keys that may be in it, each with the JSON types of its value and, for a
--          text, the most characters, as in {"pull_url": "string null 255"}; and keys that only Patchwork's documents
--          have, which its REST API passes over too.
-- Gives    the change without these, and its texts without blanks at their ends, as the API takes them.
-- Errors   check_violation, with the first thing that is wrong.
CREATE OR REPLACE FUNCTION _patchmail.check_change(change jsonb, keys jsonb, ignored text[] DEFAULT '{}')
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    wrong text;
    all_keys CONSTANT text := (SELECT string_agg(k.key, ', ' ORDER BY k.key) FROM jsonb_object_keys(keys) k (key));
BEGIN
    IF jsonb_typeof(change) IS DISTINCT FROM 'object' THEN
        RAISE EXCEPTION 'a change is an object with any of the keys %', all_keys USING ERRCODE = 'check_violation';
    END IF;
    SELECT jsonb_object_agg(c.key, CASE jsonb_typeof(c.value)
                                       WHEN 'string' THEN to_jsonb(btrim(c.value #>> '{}', E' \t\n\r'))
                                       ELSE c.value END)
      INTO change FROM jsonb_each(change) c WHERE c.key <> ALL (ignored);
    SELECT CASE WHEN r.rule IS NULL THEN format('there is no key "%s" to change, only %s', c.key, all_keys)
                WHEN jsonb_typeof(c.value) = 'null' AND 'null' <> ALL (r.rule) THEN format('%s may not be null', c.key)
                WHEN jsonb_typeof(c.value) <> ALL (r.rule) THEN
                    format('%s has to be of type %s, and is of type %s', c.key,
                           array_to_string(ARRAY(SELECT w FROM unnest(r.rule) w WHERE w ~ '^[a-z]'), ' or '),
                           jsonb_typeof(c.value))
                WHEN length(c.value #>> '{}') > r.most THEN format('%s is longer than %s characters', c.key, r.most)
           END INTO wrong
      FROM jsonb_each(change) c, LATERAL (
           SELECT string_to_array(keys->>c.key, ' ') AS rule, substring(keys->>c.key FROM '\d+')::integer AS most) r
     WHERE r.rule IS NULL OR jsonb_typeof(c.value) <> ALL (r.rule) OR length(c.value #>> '{}') > r.most
     ORDER BY c.key LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION '%', wrong USING ERRCODE = 'check_violation';
    END IF;
    RETURN coalesce(change, '{}');
END
$$;
