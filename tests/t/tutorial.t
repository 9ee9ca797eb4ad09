#!/bin/sh
# patchmaild-tutorial(7), followed by a new user: as root on a fresh Debian (contrib/fresh-debian.sh), with the program
# installed.  What each example prints is what the page says.
#
# An example is a literal display whose lines that begin with "# " are commands; lines that begin with ">" go on with
# them, and what else is there is what they print.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=contrib/fresh-debian.sh
. "$top_srcdir/contrib/fresh-debian.sh"
page=$top_srcdir/daemon/patchmaild-tutorial.7
build=$(cd "$(dirname "$PATCHMAILD")" && pwd)

# In the namespace: installs, and runs each example of the folder $1.
if [ "${1-}" = inside ]; then
	rm -rf "$scratch" # of this process; the one that started it has its own
	scratch=$2
	mkdir "$scratch/debian" "$scratch/work"
	fresh_debian "$scratch/debian"
	# Not as a part of the make that may run this test.
	unset MAKEFLAGS MFLAGS MAKELEVEL
	make -s -C "$build" install >"$scratch/install.log" 2>&1 || fail "$(tail "$scratch/install.log")"
	cd "$scratch/work"
	for example in "$scratch"/examples/*.sh; do
		sh "$example" >"${example%.sh}.got" 2>&1 || echo "it ended with $?" >>"${example%.sh}.got"
	done
	exit
fi

if [ "$(id -u)" -ne 0 ] || ! command -v pg_createcluster >/dev/null || ! command -v systemd-sysusers >/dev/null ||
	! unshare -m true 2>/dev/null; then
	skip 'the tutorial' 'it takes root, a mount namespace, and Debian'\''s PostgreSQL'
	done_testing
fi
if ! grep -q '^prefix = /usr/local$' "$build/Makefile"; then
	skip 'the tutorial' 'this build is for another folder than /usr/local'
	done_testing
fi

if grep -q -- '--coverage' "$build/Makefile"; then
	skip 'the tutorial' 'a build for coverage says what files other users may not write'
	done_testing
fi

mkdir "$scratch/examples"
sed 's/\\e/\\/g; s/\\-/-/g; s/\\&//g' "$page" | awk -v folder="$scratch/examples" '
	/^\.Bd -literal/ { inside = 1; name = sprintf("%s/%03d", folder, NR); next }
	/^\.Ed/ { inside = 0 }
	!inside { next }
	/^# / { print substr($0, 3) >(name ".sh"); next }
	/^>/ { print substr($0, 3) >(name ".sh"); next }
	{ print >(name ".expected") }'
# A display without a command is no example.
for expected in "$scratch"/examples/*.expected; do
	[ -e "${expected%.expected}.sh" ] || rm "$expected"
done
unshare -m "$0" inside "$scratch" >"$scratch/inside.log" 2>&1 || fail "$(cat "$scratch/inside.log")"
# Without blanks at the ends of lines, and whatever version the schema has.
trim() { # FILE
	sed 's/ *$//; s/version [0-9]*$/version N/' "$1"
}
for example in "$scratch"/examples/*.sh; do
	example=${example%.sh}
	[ -e "$example.expected" ] || : >"$example.expected"
	is "$(trim "$example.got")" "$(trim "$example.expected")" \
		"patchmaild-tutorial(7): the example at line ${example##*/}"
done
ok 'there are examples' test "$tests" -ge 10

done_testing
