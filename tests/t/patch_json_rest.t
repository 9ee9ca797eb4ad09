#!/bin/sh
# patchmail.patch_json() against what Patchwork's REST API says of the same database: of the one in tests/rest, whose
# documents were worked out from the way in which Patchwork writes them, and of a real one if it is beside the project.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
real=$top_srcdir/../shared/conformance/rest

# A database of the schema, with the rows from stdin.
load() { # DATABASE
	createdb "$1"
	psql -Xq -d "$1" -f "$top_srcdir/sql/install.sql" >/dev/null
	psql -Xq -1 -v ON_ERROR_STOP=1 -d "$1" -o /dev/null
}

# Compares the document of each patch with those from stdin.
documents_are_the_same() { # DATABASE
	# A document a row; then one text for each, whatever its blanks and escapes, in which the order of keys counts.
	psql -Xq -v ON_ERROR_STOP=1 -d "$1" -c 'CREATE TABLE public.answer (body json)'
	jq -c . | psql -Xq -v ON_ERROR_STOP=1 -d "$1" \
		-c "\\copy public.answer FROM pstdin (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')"
	psql -XqAt -v ON_ERROR_STOP=1 -d "$1" -f "$scratch/compare.sql" >"$scratch/result"
	ok "$1: there are documents of patches" test -s "$scratch/result"
	while IFS='|' read -r id equal different; do
		is "$equal $different" 't ' "$1: /api/patches/$id/ (different: ${different:-nothing})"
	done <"$scratch/result"
}

cat >"$scratch/compare.sql" <<'SQL'
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

start_postgres
load ours <"$top_srcdir/tests/rest/database.sql"
documents_are_the_same ours <"$top_srcdir/tests/rest/documents.json"
if have_real 'the documents that Patchwork itself gave' "$real/documents.jsonl.xz"; then
	# The rows of Patchwork's database take the place of those that every installation begins with.
	(
		echo 'SET client_min_messages = warning; TRUNCATE public.patchwork_state, public.patchwork_tag CASCADE;'
		xz -dc "$real/database.sql.xz"
	) | load real
	xz -dc "$real/documents.jsonl.xz" >"$scratch/documents"
	documents_are_the_same real <"$scratch/documents"
fi
done_testing
