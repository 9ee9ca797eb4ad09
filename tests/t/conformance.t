#!/bin/sh
# Patchwork's parser fixtures through `import`: the database is the one that Patchwork makes of them, but for what
# tests/conformance.accept accepts.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
data=$top_srcdir/../shared/conformance

if [ ! -f "$data/compare.py" ]; then
	skip 'the fixtures of Patchwork' "no $data"
	done_testing
fi
start_database
PGDATABASE=template
sql "SELECT patchmail.add_project('test', 'test', 'test.example.com', 'test@example.com')" >/dev/null

for mbox in "$data"/fixtures/mail/*.mbox "$data"/fixtures/series/*.mbox; do
	name=$(basename "$mbox" .mbox | tr -c 'a-z0-9\n' _)
	PGDATABASE=postgres
	createdb -T template "fixture_$name"
	PGDATABASE=fixture_$name
	run import --list-id test.example.com "$mbox"
	is "$code" 0 "$name: import ends with 0"
	psql -XqAt -v project=test -f "$data/dump.sql" >"$scratch/ours.jsonl"
	ok "$name: the database is Patchwork's" \
		python3 "$data/compare.py" "${mbox%.mbox}.jsonl" "$scratch/ours.jsonl" \
		--accept "$top_srcdir/tests/conformance.accept"
	PGDATABASE=postgres
	dropdb "fixture_$name"
done
done_testing
