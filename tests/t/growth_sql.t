#!/bin/sh
# No mail costs the database more than n log n, whatever there is n of: replies, patches, versions, files, references...
#
# From n to 4n what is linear grows by 4, n log n by less than 6 (n is at least 12, and mostly part of it is linear), and what
# is quadratic by 16.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/growth-lib.sh
. "$top_srcdir/tests/t/growth-lib.sh"

if ! command -v valgrind >/dev/null || ! command -v pg_prove >/dev/null; then
	skip 'what mail costs the database' 'no valgrind or no pg_prove'
	done_testing
fi
start_postgres
measure_growth growth
while read -r ratio small some much shape; do
	ok "$shape: four times as much is $ratio times the work" awk -v r="$ratio" 'BEGIN { exit !(r <= 6) }'
	echo "# $small, $some, $much million instructions"
done <"$scratch/growth.ratios"
ok 'all shapes have been measured' test "$(wc -l <"$scratch/growth.ratios")" -ge 41
done_testing
