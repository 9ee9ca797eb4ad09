#!/bin/sh
# Mail through `import`: Patchwork's tables then hold what Patchwork would make of it.
#
# The threads of tests/threads are our own; what stands in their rows.json was worked out by hand, from Patchwork's
# rules.  If the real data is beside the project, Patchwork's parser fixtures go the same way, and are compared with
# what Patchwork made of them, but for what tests/conformance.accept accepts.  contrib/conformance does that with the
# mail of whole lists.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=contrib/conformance-lib.sh
. "$top_srcdir/contrib/conformance-lib.sh"

# Rows in an order that depends on none of their values but what they are known by.
sorted() {
	jq -S -s 'flatten | sort_by([.kind, .msgid, .email, .cover, .patches])'
}

# The headers of an mbox (mboxrd), all lines of them, sorted.
header_lines() {
	awk '/^From / && !header { header = 1; next } $0 == "" { header = 0 } header' "$1" | LC_ALL=C sort
}

start_database
for mbox in "$top_srcdir"/tests/threads/*.mbox; do
	name=$(basename "$mbox" .mbox)
	fresh_database "$name"
	sql "SELECT patchmail.add_project('patches', 'Patches', 'patches.lists.example.org',
		'patches@lists.example.org')" >/dev/null
	run -c "$conf" import "$mbox"
	is "$code" 0 "$name: import ends with 0"
	psql -XqAt -v ON_ERROR_STOP=1 -f "$top_srcdir/tests/t/rows.sql" | sorted >"$scratch/ours"
	sorted <"${mbox%.mbox}.rows.json" >"$scratch/expected"
	ok "$name: the rows are those that Patchwork would have" diff "$scratch/expected" "$scratch/ours"
	is "$(find_faults)" '' "$name: check() finds nothing"
done

# Every mail of this one has a row, so every line of their headers is in the database.
mbox=$top_srcdir/tests/threads/list.mbox
PGDATABASE=list
sql 'SELECT headers FROM patchwork_patch UNION ALL SELECT headers FROM patchwork_cover
	UNION ALL SELECT headers FROM patchwork_patchcomment UNION ALL SELECT headers FROM patchwork_covercomment' |
	grep . | LC_ALL=C sort >"$scratch/ours"
header_lines "$mbox" >"$scratch/expected"
ok 'headers are stored as they came' diff "$scratch/expected" "$scratch/ours"

if have_real "Patchwork's own parser fixtures" "$data/compare.py"; then
	PGDATABASE=postgres
	make_template
	for mbox in "$data"/fixtures/mail/*.mbox "$data"/fixtures/series/*.mbox; do
		name=$(basename "$mbox" .mbox)
		ok "$name: import ends with 0" import_stream "$mbox" --list-id test.example.com
		ok "$name: the database is Patchwork's" compare_stream "${mbox%.mbox}.jsonl" test 3
		is "$(find_faults)" '' "$name: check() finds nothing"
	done
fi
done_testing
