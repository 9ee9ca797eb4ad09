#!/bin/sh
# The systemd units: how much `systemd-analyze security` says that each leaves open, and that the programs, and the
# sandbox of the parsers, do with the system calls that are left.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
need_program systemd-analyze 'units'
need_python 'units'
build=$(dirname "$(readlink -f "$PATCHMAILD")")
units=$top_srcdir/systemd
most=15 # tenths

for unit in "$units"/*.service "$units"/*.service.in; do
	name=$(basename "${unit%.in}")
	sed 's|@sbindir[@]|/usr/sbin|; s|@sysconfdir[@]|/etc|' "$unit" >"$scratch/$name"
	score=$(systemd-analyze security --offline=true --no-pager "$scratch/$name" 2>&1 |
		sed -n 's/.* level for .*: \([0-9.]*\).*/\1/p')
	ok "$name: $score" systemd-analyze security --offline=true --threshold=$most --no-pager "$scratch/$name"
done

withhold=$build/tests/unit/parser/withhold
code=0
"$withhold" sysinfo -- true || code=$?
if [ "$code" -ne 0 ] || grep -q __asan_init "$PATCHMAILD" || grep -q __gcov_init "$PATCHMAILD"; then
	skip 'the programs in their units' 'there is no libseccomp, or a build with sanitizers, which calls more'
	done_testing
fi

# Units run as a user: what root may is taken from them.
mkdir "$scratch/bin"
for program in patchmaild patchmaild-imap patchmaild-lmtp patchmaild-notify patchmaild-parser; do
	install -m 755 "$build/$program" "$scratch/bin/$program"
done
install -m 755 "$withhold" "$scratch/bin/withhold"
in_unit() { # UNIT COMMAND...: under its filter of system calls
	filter=$("$python" "$top_srcdir/tests/t/unit_filter.py" "$scratch/$1.service")
	shift
	# shellcheck disable=SC2086 # it is a list
	as_postgres "$scratch/bin/withhold" --only $filter -- "$@"
}
run_in() { # UNIT COMMAND...: as run
	code=0
	in_unit "$@" >"$scratch/stdout" 2>"$scratch/stderr" || code=$?
}
stored() { # ID
	sql "SELECT count(*) FROM patchwork_patch WHERE msgid = '<$1@example.org>'"
}
start_database
fresh_database units
printf '[patchmaild]\nsandbox=required\n' >>"$conf"
chmod 644 "$conf"

# Another character set than UTF-8, so that a module is loaded.
latin_mail() { # ID
	header "$1" '[PATCH] =?iso-8859-2?q?=B1?=' 'Content-Type: text/plain; charset=iso-8859-15' \
		'Content-Transfer-Encoding: 8bit'
	printf '\n\244\n---\n'
	diff_text
}

run_in patchmaild-import@ true
is "$code" 0 'the filter of a unit lets a command run'
run_in patchmaild-import@ setpriv --reuid=0 true
ok "and not any: $code" test "$code" -ne 0

latin_mail import >"$scratch/mail"
mbox_mail "$scratch/mail" >"$scratch/mbox"
chmod 644 "$scratch/mbox"
run_in patchmaild-import@ "$scratch/bin/patchmaild" -c "$conf" import "$scratch/mbox"
is "$code $(cat "$scratch/stderr") $(stored import)" '0  1' 'import: the mail is stored, and nothing is said'

for unit in patchmaild-lmtp patchmaild-lmtp@; do
	{
		printf '%s\r\n' 'LHLO x' 'MAIL FROM:<a@example.org> BODY=8BITMIME' 'RCPT TO:<demo@example.org>' DATA
		latin_mail "$unit" | sed 's/$/\r/'
		printf '%s\r\n' . QUIT
	} >"$scratch/session"
	chmod 644 "$scratch/session"
	run_in "$unit" "$scratch/bin/patchmaild" -c "$conf" lmtp <"$scratch/session"
	is "$code $(cat "$scratch/stderr") $(stored "$unit")" '0  1' "$unit: the mail is stored, and nothing is said"
done

start_servers server=honest
mkdir -p "$scratch/servers/server"
latin_mail imap >"$scratch/servers/server/1"
echo secret >"$scratch/password"
chmod 600 "$scratch/password"
[ "$(id -u)" -ne 0 ] || chown postgres "$scratch/password"
configure_server imap server command_timeout=20
printf '[patchmaild]\nsandbox=required\n' >>"$conf"
chmod 644 "$conf"
run_in patchmaild-imap@ "$scratch/bin/patchmaild" -c "$conf" imap --once imap
is "$code $(cat "$scratch/stderr") $(stored imap)" '0  1' 'imap: the mail is stored, and nothing is said'

# What happens from now on is handed out.
printf '#!/bin/sh\ncat >>%s\n' "$scratch/taken/events" >"$scratch/taker"
chmod 755 "$scratch/taker"
mkdir -m 777 "$scratch/taken"
printf '[database]\nconninfo=host=%s dbname=units user=postgres\n[notify ci]\ncommand=%s\n' "$PGHOST" "$scratch/taker" \
	>"$scratch/notify.conf"
chmod 644 "$scratch/notify.conf"
run_in patchmaild-notify@ "$scratch/bin/patchmaild" -c "$scratch/notify.conf" notify --once ci
latin_mail event >"$scratch/mail"
conf=$scratch/units.conf
deliver "$scratch/mail"
run_in patchmaild-notify@ "$scratch/bin/patchmaild" -c "$scratch/notify.conf" notify --once ci
is "$code $(cat "$scratch/stderr")" '0 ' 'notify: it ends, and nothing is said'
ok 'notify: the command has the event' grep -q patch-created "$scratch/taken/events"

housekeeping=$(sed -n "s/.*--command \"\(.*\)\"$/\1/p" "$scratch/patchmaild-daily.service")
like "$housekeeping" 'patchmail\.housekeeping' 'daily: what its command is'
run_in patchmaild-daily psql -X --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 \
	--command "$housekeeping"
is "$code $(cat "$scratch/stderr")" '0 ' 'daily: the housekeeping is done'

done_testing
