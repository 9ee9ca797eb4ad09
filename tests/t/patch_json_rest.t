#!/bin/sh
# patchmail.patch_json() against what Patchwork's REST API says of the same database.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
rest=$top_srcdir/../shared/conformance/rest

if [ ! -f "$rest/documents.jsonl.xz" ]; then
	skip 'the REST documents of patches' "no $rest"
	done_testing
fi
start_postgres

createdb rest
psql -Xq -d rest -f "$top_srcdir/sql/install.sql" >/dev/null
# The rows of Patchwork's database take the place of those that every installation begins with.
psql -Xq -v ON_ERROR_STOP=1 -d rest -c 'TRUNCATE public.patchwork_state, public.patchwork_tag CASCADE' 2>/dev/null
xz -dc "$rest/database.sql.xz" | psql -Xq -1 -v ON_ERROR_STOP=1 -d rest -o /dev/null

# A document a row; then one text for each, whatever its blanks and escapes, in which the order of keys counts.
psql -Xq -v ON_ERROR_STOP=1 -d rest -c 'CREATE TABLE public.answer (body json)'
xz -dc "$rest/documents.jsonl.xz" | psql -Xq -v ON_ERROR_STOP=1 -d rest \
	-c "\\copy public.answer FROM pstdin (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')"
psql -XqAt -v ON_ERROR_STOP=1 -d rest >"$scratch/result" <<'SQL'
CREATE FUNCTION pg_temp.canonical(value json) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN CASE json_typeof(value)
        WHEN 'object' THEN (SELECT '{' || coalesce(string_agg(to_json(e.key) || ':' || pg_temp.canonical(e.value), ','
                                                              ORDER BY e.n), '') || '}'
                              FROM json_each(value) WITH ORDINALITY e (key, value, n))
        WHEN 'array' THEN (SELECT '[' || coalesce(string_agg(pg_temp.canonical(e.value), ',' ORDER BY e.n), '') || ']'
                             FROM json_array_elements(value) WITH ORDINALITY e (value, n))
        WHEN 'string' THEN to_json(value #>> '{}')::text
        ELSE value::text
    END;
END
$$;
CREATE TEMP TABLE expected AS
SELECT (regexp_match(body->>'path', '^/api/patches/(\d+)/$'))[1]::integer AS id, body->'document' AS document
  FROM public.answer WHERE body->>'path' ~ '^/api/patches/\d+/$';
SELECT e.id, pg_temp.canonical(ours.document) = pg_temp.canonical(e.document),
       (SELECT string_agg(k.key, ' ') FROM json_each(e.document) k
         WHERE pg_temp.canonical(k.value) IS DISTINCT FROM pg_temp.canonical(ours.document->k.key))
  FROM expected e, LATERAL (SELECT patchmail.patch_json(e.id, 'http://127.0.0.1:8078')) ours (document)
 ORDER BY e.id;
SQL

ok 'there are documents of patches' test -s "$scratch/result"
while IFS='|' read -r id equal different; do
	is "$equal $different" 't ' "/api/patches/$id/ (different: ${different:-nothing})"
done <"$scratch/result"

done_testing
