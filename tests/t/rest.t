#!/bin/sh
# The documents, lists and mboxes that patchmail's functions give, against what Patchwork's REST API and its mbox pages
# say of the same database: of the one in tests/rest, where they were worked out from the way in which Patchwork writes
# them, and of a real one if it is beside the project.
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

# Compares each document from stdin with ours of the same path.
documents_are_the_same() { # DATABASE NUMBER
	# A document a row; then one text for each, whatever its blanks and escapes, in which the order of keys counts.
	psql -Xq -v ON_ERROR_STOP=1 -d "$1" -c 'CREATE TABLE public.answer (body json)'
	jq -c . | psql -Xq -v ON_ERROR_STOP=1 -d "$1" \
		-c "\\copy public.answer FROM pstdin (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')"
	psql -XqAt -v ON_ERROR_STOP=1 -d "$1" -f "$scratch/compare.sql" >"$scratch/result"
	while IFS='|' read -r path different; do
		is "$different" '' "$1: $path"
	done <"$scratch/result"
	equal=$(grep -c '|$' "$scratch/result" || :)
	is "$equal of $(wc -l <"$scratch/result")" "$2 of $2" "$1: $equal of $2 documents are equal to Patchwork's"
}

# Compares the mbox files of a directory, patch-N.mbox, cover-N.mbox, series-N.mbox or bundle-N.mbox, with ours.
mboxes_are_the_same() { # DATABASE DIRECTORY NUMBER
	equal=0
	for file in "$2"/*.mbox; do
		name=$(basename "$file" .mbox)
		# psql adds a line end.
		psql -XAtq -d "$1" -c "SELECT patchmail.${name%-*}_mbox(${name#*-})" >"$scratch/mbox"
		{
			cat "$file"
			echo
		} >"$scratch/expected"
		ok "$1: the mbox of $name" cmp "$scratch/mbox" "$scratch/expected"
		cmp -s "$scratch/mbox" "$scratch/expected" && equal=$((equal + 1))
	done
	is "$equal" "$3" "$1: $equal of $3 mboxes are equal to Patchwork's, byte for byte"
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
-- What our functions give for a path of the REST API.  A comment's path has its parent's id and its own.
CREATE FUNCTION pg_temp.ours(path text) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
    base   CONSTANT text := 'http://127.0.0.1:8078';
    parts  text[] := string_to_array(split_part(btrim(path, '/'), '?', 1), '/');
    kind   text := CASE parts[2] WHEN 'patches' THEN 'patch' WHEN 'series' THEN 'series' WHEN 'people' THEN 'person'
                                 ELSE rtrim(parts[2], 's') END;
    within text := CASE parts[4] WHEN 'comments' THEN kind || '_comment' ELSE rtrim(parts[4], 's') END;
    answer json;
BEGIN
    -- The path in front of a filter is passed over.
    EXECUTE CASE
        WHEN coalesce(parts[3], '') = '' THEN format('SELECT patchmail.%s_list(%L, %L, false)', kind, path, base)
        WHEN within IS NULL THEN format('SELECT patchmail.%s_json(%s, %L)', kind, parts[3], base)
        WHEN coalesce(parts[5], '') = '' THEN
            format('SELECT patchmail.%s_list(%s, %L, %L, false)', within, parts[3], path, base)
        ELSE format('SELECT patchmail.%s_json(%s, %L)', within, parts[5], base)
    END INTO answer;
    RETURN answer;
END
$$;
-- Where two documents differ: keys of objects, places of lists.
CREATE FUNCTION pg_temp.difference(ours json, theirs json) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN pg_temp.canonical(ours) = pg_temp.canonical(theirs) THEN ''
                WHEN json_typeof(theirs) = 'object' AND json_typeof(ours) = 'object' THEN 'in ' || coalesce((
                    SELECT string_agg(k.key, ' ') FROM json_each(theirs) k
                     WHERE pg_temp.canonical(k.value) IS DISTINCT FROM pg_temp.canonical(ours->k.key)),
                    'the order of keys')
                WHEN json_typeof(theirs) = 'array' THEN format('%s documents, not %s; first different: %s',
                    json_array_length(ours), json_array_length(theirs),
                    (SELECT min(e.n) FROM json_array_elements(theirs) WITH ORDINALITY e (value, n)
                      WHERE pg_temp.canonical(e.value) IS DISTINCT FROM pg_temp.canonical(ours->(e.n::integer - 1))))
                ELSE coalesce('is ' || ours::text, 'is not there') END;
$$;
SELECT body->>'path', pg_temp.difference(pg_temp.ours(body->>'path'), body->'document') FROM public.answer;
SQL

start_postgres
load ours <"$top_srcdir/tests/rest/database.sql"
documents_are_the_same ours "$(jq -n '[inputs] | length' <"$top_srcdir/tests/rest/documents.json")" \
	<"$top_srcdir/tests/rest/documents.json"
if have_real 'the documents that Patchwork itself gave' "$real/documents.jsonl.xz"; then
	# The rows of Patchwork's database take the place of those that every installation begins with.
	(
		echo 'SET client_min_messages = warning; TRUNCATE public.patchwork_state, public.patchwork_tag CASCADE;'
		xz -dc "$real/database.sql.xz"
	) | load real
	xz -dc "$real/documents.jsonl.xz" >"$scratch/documents"
	documents_are_the_same real 300 <"$scratch/documents"
	mboxes_are_the_same real "$real/mbox" 54
fi
done_testing
