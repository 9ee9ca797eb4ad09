#!/bin/sh
# Patchwork's parser fixtures through `import`: the database is the one that Patchwork makes of them, but for what
# tests/conformance.accept accepts.  contrib/conformance does the same with the mail of whole lists.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=contrib/conformance-lib.sh
. "$top_srcdir/contrib/conformance-lib.sh"

if [ ! -f "$data/compare.py" ]; then
	skip 'the fixtures of Patchwork' "no $data"
	done_testing
fi
start_postgres
make_template
for mbox in "$data"/fixtures/mail/*.mbox "$data"/fixtures/series/*.mbox; do
	name=$(basename "$mbox" .mbox)
	ok "$name: import ends with 0" import_stream "$mbox" --list-id test.example.com
	ok "$name: the database is Patchwork's" compare_stream "${mbox%.mbox}.jsonl" test 3
done
done_testing
