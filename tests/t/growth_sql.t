#!/bin/sh
# No mail costs the database more than n log n, whatever there is n of: replies, patches, versions, files, references...
#
# Over what one of it costs, what is linear grows from n to 4n by 4 to 4.4 (5.5 where n is 3), n log n by less than 6
# where part of it is linear, as mostly, and what is quadratic by 16 or more.
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
ok 'all shapes have been measured' test "$(wc -l <"$scratch/growth.ratios")" -ge 58
done_testing
