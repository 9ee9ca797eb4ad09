-- _patchmail.note_differences(function, actor, before, after): writes into patchmail.audit what has changed.
-- Takes    the function and actor as _patchmail.note_change; what _patchmail.rows_state gave before and gives now.
-- Gives    the rows, one for each object that is different, new or gone.
-- Touches  patchmail.audit.
CREATE OR REPLACE FUNCTION _patchmail.note_differences(function text, actor text, before jsonb, after jsonb)
RETURNS patchmail.audit[] LANGUAGE sql AS $$
    SELECT coalesce(array_agg(d.n ORDER BY (d.n).id), '{}')
      FROM (SELECT _patchmail.note_change($1, $2, (x.one->>'project_id')::integer, x.one->>'object',
                                          (x.one->>'id')::bigint,
                                          x.was->'called' || _patchmail.changed_part(x.was->'is', x.now->'is'),
                                          x.now->'called' || _patchmail.changed_part(x.now->'is', x.was->'is')) AS n
              FROM (SELECT coalesce(a.value, b.value) AS one, b.value AS was, a.value AS now
                      FROM jsonb_each($3) b FULL JOIN jsonb_each($4) a ON a.key = b.key
                     WHERE b.value->'is' IS DISTINCT FROM a.value->'is'
                     ORDER BY coalesce(a.value, b.value)->>'object',
                              (coalesce(a.value, b.value)->>'id')::bigint) x) d;
$$;
