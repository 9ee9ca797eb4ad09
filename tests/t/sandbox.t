#!/bin/sh
# The sandbox of the parsers: every character set of iconv works in it, with Landlock and without; what becomes of mail
# where the kernel has less, and what is said of that.  What a parser cannot do in it: tests/unit/parser/test_sandbox.c.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
withhold=$(cd "${top_builddir:-$top_srcdir}" && pwd)/tests/unit/parser/withhold
PATCHMAILD=$(readlink -f "$PATCHMAILD")

for word in required best-effort off; do
	printf '[patchmaild]\nsandbox=%s\n' "$word" >"$scratch/$word.conf"
done
patch_mail sandboxed '[PATCH] a change' >"$scratch/mail"
run parse "$scratch/mail"
expected=$(cat "$scratch/stdout")

code=0
"$withhold" sysinfo -- true || code=$?
if [ "$code" -ne 0 ] || grep -q __asan_init "$PATCHMAILD" || grep -q __gcov_init "$PATCHMAILD"; then
	skip 'the sandbox' 'there is no libseccomp, or a build with sanitizers, which takes less from the parser'
	done_testing
fi

# As run, under a kernel that has less.
run_without() { # CALLS ARGUMENT...
	calls=$1
	shift
	code=0
	# shellcheck disable=SC2086 # it is a list
	"$withhold" $calls -- "$PATCHMAILD" "$@" >"$scratch/stdout" 2>"$scratch/stderr" || code=$?
}
parsed() { # NAME: the last mail was, and nothing was said
	is "$code $(cat "$scratch/stdout" "$scratch/stderr")" "0 $expected" "$1"
}
parsed_but() { # NAME PATTERN: it was, and one line was said
	is "$code $(cat "$scratch/stdout")" "0 $expected" "$1: parsed all the same"
	like "$(cat "$scratch/stderr")" "^patchmaild: the sandbox of the parsers is not whole: $2\$" "$1: said once"
}
not_parsed() { # NAME PATTERN
	is "$code $(cat "$scratch/stdout")" '75 ' "$1: not parsed"
	like "$(cat "$scratch/stderr")" "$2" "$1: says why"
}

# What there is ------------------------------------------------------------------------------------------------------

no_landlock='landlock_create_ruleset'
no_filter='seccomp'
run -c "$scratch/required.conf" parse "$scratch/mail"
parsed 'required: parsed, nothing said'
run -c "$scratch/off.conf" parse "$scratch/mail"
parsed 'off: parsed, nothing said'
run_without "$no_landlock" parse "$scratch/mail" "$scratch/mail"
is "$code $(sort -u "$scratch/stdout")" "0 $expected" 'without Landlock: parsed all the same'
like "$(cat "$scratch/stderr")" \
	'^patchmaild: the sandbox of the parsers is not whole: there is no Landlock, so [^;]*$' \
	'without Landlock: said once for two mails'
run_without "$no_landlock" -c "$scratch/required.conf" parse "$scratch/mail"
parsed_but 'required, without Landlock' 'there is no Landlock, so [^;]*'
run_without "$no_filter" parse "$scratch/mail"
parsed_but 'without filters of system calls' 'there is no filter of system calls \(seccomp\)'
run_without "$no_filter $no_landlock" parse "$scratch/mail"
parsed_but 'without both' 'there is no filter of system calls \(seccomp\); there is no Landlock, .*'
run_without "$no_filter $no_landlock" -c "$scratch/off.conf" parse "$scratch/mail"
parsed 'off, without both: nothing said'
run_without "$no_filter" -c "$scratch/required.conf" parse "$scratch/mail"
not_parsed 'required, without filters' \
	'sandbox=required in \[patchmaild\] cannot be had here: there is no filter of system calls \(seccomp\)$'
# Units have their own filters.
run_without kill:seccomp parse "$scratch/mail"
not_parsed 'a unit does not allow seccomp(2)' 'the parser could not be set up: .*SystemCallFilter=.*'
run_without kill:landlock_create_ruleset parse "$scratch/mail"
not_parsed 'a unit does not allow Landlock' 'the parser could not be set up: .*SystemCallFilter=.*'
run_without 'kill:seccomp kill:landlock_create_ruleset' -c "$scratch/off.conf" parse "$scratch/mail"
parsed 'a unit does not allow both, and there is no sandbox'
if [ "$(id -u)" -eq 0 ]; then
	run_without setresuid -c "$scratch/required.conf" parse "$scratch/mail"
	not_parsed 'required, and root stays root' 'cannot be had here: the parser stays root, since .*'
	run_without setresuid parse "$scratch/mail"
	parsed_but 'root stays root' 'the parser stays root, since it cannot become another user'
else
	skip 'root' 'not root'
fi
printf '[patchmaild]\nsandbox=maybe\n' >"$scratch/maybe.conf"
run -c "$scratch/maybe.conf" parse "$scratch/mail"
like "$(cat "$scratch/stderr")" ":2: .*sandbox.* required, best-effort or off" 'another word is refused'

# Character sets -----------------------------------------------------------------------------------------------------

# One mail each.
mkdir "$scratch/charsets"
iconv -l | tr -d '/,' | tr ' ' '\n' | grep . | sort -u >"$scratch/names"
while read -r name; do
	number=$((${number:-1000} + 1))
	header "charset-$number" '[PATCH] a character set' "Content-Type: text/plain; charset=\"$name\"" \
		'Content-Transfer-Encoding: 8bit'
	printf '\ntext \344\366\374\n---\n'
	diff_text
done <"$scratch/names" 2>/dev/null | awk -v folder="$scratch/charsets" \
	'/^From: Alice/ { n++; file = sprintf("%s/%05d", folder, n) } { print > file }'
is "$(find "$scratch/charsets" -type f | wc -l)" "$(wc -l <"$scratch/names")" 'a mail for each character set'
charsets() { # NAME COMMAND...
	charsets_name=$1
	shift
	cat_code=0
	find "$scratch/charsets" -type f | sort | xargs "$@" >"$scratch/facts.$charsets_name" 2>"$scratch/stderr" ||
		cat_code=$?
	is "$cat_code" 0 "$charsets_name: all character sets are read"
}
charsets off "$PATCHMAILD" -c "$scratch/off.conf" parse
charsets required "$PATCHMAILD" -c "$scratch/required.conf" parse
charsets without-landlock "$withhold" $no_landlock -- "$PATCHMAILD" -c "$scratch/required.conf" parse
charsets without-filter "$withhold" $no_filter -- "$PATCHMAILD" parse
for kind in required without-landlock without-filter; do
	ok "$kind: every character set is read as without a sandbox" \
		cmp "$scratch/facts.off" "$scratch/facts.$kind"
done
# The test sees that sets are read: most of them are known, and say something of their own.
known=$(grep -cv 'declares an unknown charset' "$scratch/facts.required")
ok "$known of $(wc -l <"$scratch/names") character sets are known" \
	test "$known" -ge "$(($(wc -l <"$scratch/names") * 9 / 10))"

# A whole delivery ---------------------------------------------------------------------------------------------------

start_database
fresh_database sandbox
deliver_with() { # WORD CALLS ID
	printf '[database]\nconninfo=host=%s dbname=sandbox user=postgres\n[patchmaild]\nsandbox=%s\n' "$PGHOST" "$1" \
		>"$scratch/deliver.conf"
	patch_mail "$3" '[PATCH] a change' >"$scratch/mail"
	code=0
	# shellcheck disable=SC2086
	"$withhold" $2 -- "$PATCHMAILD" -c "$scratch/deliver.conf" deliver <"$scratch/mail" >"$scratch/stdout" \
		2>"$scratch/stderr" || code=$?
}
stored() {
	sql "SELECT count(*) FROM patchwork_patch"
}
deliver_with required "$no_filter" one
deferred 'required, without filters' 'sandbox=required in \[patchmaild\] cannot be had here: .*'
deliver_with best-effort kill:seccomp two
deferred 'the filter of a unit' 'the parser could not be set up: .*'
is "$(stored) $(sql 'SELECT count(*) FROM patchmail.quarantine')" '0 0' 'nothing is stored or in quarantine'
deliver_with best-effort "$no_filter $no_landlock" three
accepted 'best-effort, without filters'
deliver_with required sysinfo four
is "$code $(stored)" '0 2' 'required: stored'

# A mail that has taken the parser over is one in quarantine, and says why.
mkdir "$scratch/bin"
cp "$PATCHMAILD" "$scratch/bin/patchmaild"
cp "$(dirname "$withhold")/odd_parser" "$scratch/bin/patchmaild-parser"
patch_mail five '[PATCH] a change' 'X-Odd: system' >"$scratch/mail"
code=0
"$scratch/bin/patchmaild" -c "$scratch/deliver.conf" deliver <"$scratch/mail" >"$scratch/stdout" 2>"$scratch/stderr" ||
	code=$?
accepted 'a mail that takes its parser over'
is "$(sql "SELECT reason FROM patchmail.quarantine")" \
	'the parser ended by signal 31 (SIGSYS): it asked for what its sandbox does not allow' 'it is in quarantine'

done_testing
