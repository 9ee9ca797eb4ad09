#!/bin/sh
# Runs the pgTAP tests of tests/sql, a database each, on a private PostgreSQL:  tests/t/sql.t [NAME...]
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"

if ! command -v pg_prove >/dev/null; then
	skip 'the tests of tests/sql' 'no pg_prove'
	done_testing
fi
start_postgres

createdb patchmail_template
psql -Xq -v ON_ERROR_STOP=1 -d patchmail_template -f "$top_srcdir/sql/install.sql" >/dev/null
if [ $# -eq 0 ]; then
	for file in "$top_srcdir"/tests/sql/*.sql; do
		set -- "$@" "$(basename "$file" .sql)"
	done
fi
for name; do
	file=$top_srcdir/tests/sql/$name.sql
	createdb -T patchmail_template --strategy=file_copy "$name"
	status=0
	pg_prove --verbose -d "$name" "$file" >"$scratch/out" 2>&1 || status=$?
	[ "$status" -eq 0 ] || sed 's/^/# /' "$scratch/out"
	is "$status" 0 "tests/sql/$name.sql"
	dropdb "$name"
done

done_testing
