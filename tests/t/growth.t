#!/bin/sh
# What a mail costs grows with its size and no faster: of each shape (growth_mails.py) four times as much of it may need
# at most 4.6 times the instructions, which is n log n.  Instructions are counted, since time differs from run to run.
# And what memory the largest mails need.  Usage: growth.t [SHAPE...]
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
program=$(cd "${top_builddir:-$top_srcdir}" && pwd)/tests/unit/growth
most=4.6

for needed in valgrind python3; do
	if ! command -v "$needed" >/dev/null; then
		skip 'how the cost of a mail grows' "no $needed"
		done_testing
	fi
done
if grep -q __asan_init "$program"; then
	skip 'how the cost of a mail grows' 'valgrind does not run what has sanitizers'
	done_testing
fi

# Everybody is believed, so that everything is read.
cat >"$scratch/settings" <<-'END'
	[authentication]
	trusted_authserv=mx.example.org
	boundary=mx.example.org
	position=path
	arc_trusted_sealers=example.org
	received_spf=yes
	[list l1.example.org]
	alignment=strict
END

# Reads files and prints of each: instructions, whether it was rejected, its path.
count_instructions() { # FILE...
	(cd "$scratch" && valgrind -q --tool=callgrind --callgrind-out-file=cost --combine-dumps=no \
		--toggle-collect=growth_measure --dump-after=growth_measure "$program" settings "$@" >"$scratch/read" \
		2>"$scratch/valgrind.log") ||
		fail "$(cat "$scratch/valgrind.log")"
	number=0
	while read -r status path; do
		number=$((number + 1))
		echo "$(sed -n 's/^summary: //p; s/^totals: //p' "$scratch/cost.$number" | head -n 1) $status $path"
	done <"$scratch/read"
}

cost_of() { # FILE
	awk -v path="$1" '$3 == path { print $1 }' "$scratch/costs"
}

# The tests of one shape.
check_growth() { # SHAPE KIND
	base=$(cost_of "empty.$2")
	small=$(cost_of "$1.1.$2")
	large=$(cost_of "$1.4.$2")
	growth=$(awk -v base="$base" -v small="$small" -v large="$large" \
		'BEGIN { printf "%.2f", (large - base) / (small - base) }')
	ok "$1: $small and $large instructions, $growth times" \
		awk -v growth="$growth" -v most="$most" 'BEGIN { exit !(growth > 0 && growth <= most) }'
	is "$(awk -v path="$1.4.$2" '$3 == path { print $2 }' "$scratch/costs")" \
		"$(awk -v path="$1.1.$2" '$3 == path { print $2 }' "$scratch/costs")" \
		"$1: no limit cuts the larger one short"
}

shapes=$(python3 "$top_srcdir/tests/t/growth_mails.py" "$scratch" "$@")
set -- empty.mail empty.mbox
for shape in $shapes; do
	for file in "$scratch/$shape".[14].*; do
		set -- "$@" "${file#"$scratch/"}"
	done
done
count_instructions "$@" >"$scratch/costs"
is "$(wc -l <"$scratch/costs")" "$#" 'every mail was read'
for shape in $shapes; do
	case $shape in
	mbox*) check_growth "$shape" mbox ;;
	*) check_growth "$shape" mail ;;
	esac
done

# 26 attached mails with a million addresses each.
if [ -x /usr/bin/time ]; then
	(cd "$scratch" && /usr/bin/time -f %M "$program" settings attached.mail >"$scratch/read" 2>"$scratch/memory")
	is "$(cat "$scratch/read")" '0 attached.mail' '25 MB of attached mails with long address fields are read'
	like "$(wc -c <"$scratch/attached.mail")" '^2[56]......$' 'the mails with attached mails are of 25 MB'
	ok "$(cat "$scratch/memory") KiB of memory are not over 160 MiB" \
		test "$(tail -n 1 "$scratch/memory")" -lt 163840
else
	skip 'the memory of a large mail' 'no /usr/bin/time'
fi

done_testing
