#!/bin/sh
# patchmaild where others allow it little: limits of memory, files, processes and time, odd descriptors, environments
# and folders.  What can work works, and what cannot leaves the mail where it is and says why.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
need_program prlimit 'limits'
need_python 'limits'
start_database
fresh_database main
self=$(readlink -f "$PATCHMAILD")
if grep -q __asan_init "$self"; then
	skip 'patchmaild with little' 'sanitizers need much'
	done_testing
fi

number=0
attempt() { # COMMAND...: delivers a new mail by it
	number=$((number + 1))
	patch_mail "around-$number" "[PATCH] ä, number $number" >"$scratch/mail"
	code=0
	"$@" <"$scratch/mail" >"$scratch/stdout" 2>"$scratch/stderr" || code=$?
}
stored() {
	sql "SELECT count(*) FROM patchwork_patch WHERE msgid = '<around-$number@example.org>'"
}
works() { # NAME COMMAND...
	works_name=$1
	shift
	attempt "$@" "$self" -c "$conf" deliver
	is "$code $(stored) $(cat "$scratch/stdout" "$scratch/stderr")" '0 1 ' "$works_name: stored, nothing said"
}
waits() { # NAME PATTERN COMMAND...
	waits_name=$1 waits_pattern=$2
	shift 2
	attempt "$@" "$self" -c "$conf" deliver
	is "$code $(stored)" '75 0' "$waits_name: exit code 75"
	like "$(cat "$scratch/stderr")" "^4\\.3\\.0 $waits_pattern" "$waits_name: says why"
}

# Root may raise limits and start as many processes as it likes: then PostgreSQL's user it is.
as_user() {
	if [ "$(id -u)" -eq 0 ]; then
		(cd / && runuser -u postgres -- "$@")
	else
		"$@"
	fi
}
if [ "$(id -u)" -eq 0 ]; then
	mkdir "$scratch/bin"
	for program in patchmaild patchmaild-archive patchmaild-parser patchmaild-imap; do
		install -m 755 "$(dirname "$self")/$program" "$scratch/bin/$program"
	done
	self=$scratch/bin/patchmaild
	chmod 644 "$conf"
fi
# Without the descriptors that make hands on.
limited() { # LIMITS... -- COMMAND...
	as_user prlimit "$@" 3<&- 4<&- 5<&- 6<&- 7<&- 8<&- 9<&-
}

# Memory --------------------------------------------------------------------------------------------------------------

large_mail() { # ID BYTES: a patch with so large a diff
	header "$1" "[PATCH] $1"
	printf '\nIt adds lines.\n---\ndiff --git a/file b/file\n--- a/file\n+++ b/file\n'
	printf '@@ -0,0 +1,%d @@\n' "$(($2 / 50))"
	yes "+$(printf '%048d' 0)" | head -n "$(($2 / 50))"
}
memory() { # MIB ID BYTES
	large_mail "$2" "$3" >"$scratch/large"
	code=0
	limited --as=$(($1 << 20)):$(($1 << 20)) "$self" -c "$conf" deliver <"$scratch/large" >"$scratch/stdout" \
		2>"$scratch/stderr" || code=$?
	is_stored=$(sql "SELECT count(*) FROM patchwork_patch WHERE msgid = '<$2@example.org>'")
}
memory 256 large-1 1000000
is "$code $is_stored $(cat "$scratch/stderr")" '0 1 ' '256 MiB, as Dovecot allows: a mail of 1 MB'
memory 256 large-2 10000000
is "$code $is_stored $(cat "$scratch/stderr")" '0 1 ' '256 MiB: a mail of 10 MB'
memory 64 large-3 50000
is "$code $is_stored $(cat "$scratch/stderr")" '0 1 ' '64 MiB: a mail of 50 kB'
memory 64 large-4 10000000
is "$code $is_stored" '75 0' '64 MiB: a mail of 10 MB waits'
is "$(cat "$scratch/stderr")" "4.3.0 the parser needs more memory than the 64 MiB that this process may have $(
)(ulimit -v)" 'and the reason is not the mail'
is "$(sql 'SELECT count(*) FROM patchmail.quarantine')" 0 'it is not quarantined'
for mebibytes in 40 48 56 64 80 96 128; do
	memory $mebibytes "large-5-$mebibytes" 8000000
	case $code in
	0) is "$is_stored" 1 "$mebibytes MiB: 0, it is stored" ;;
	75) like "$(cat "$scratch/stderr")" '^4\.3\.0 .*memory' "$mebibytes MiB: 75, it waits for memory" ;;
	*) is "$code" '0 or 75' "$mebibytes MiB" ;;
	esac
done
works 'a soft limit of 64 MiB of addresses' limited --as=67108864:unlimited
works '50 MB of data' limited --data=50000000:50000000

# Other limits --------------------------------------------------------------------------------------------------------

works '16 open files' limited --nofile=16:16
waits '4 open files' '' limited --nofile=4:4
works 'a second of processor time' limited --cpu=1:1
works 'no file may grow' limited --fsize=0:0
works '64 kB of stack' limited --stack=65536:65536
works 'no core' limited --core=0:0
works 'no locked memory' limited --memlock=0:0
if [ "$(id -u)" -eq 0 ]; then
	waits 'no other process' 'the parser process cannot be started: ' limited --nproc=1:1
else
	skip 'no other process' 'others of this user run'
fi

# Descriptors ---------------------------------------------------------------------------------------------------------

# shellcheck disable=SC2016 # for the shell that is started
works 'stdout and stderr are closed' sh -c 'exec "$0" "$@" >&- 2>&-'
# shellcheck disable=SC2016
works 'stdout and stderr are full' sh -c 'exec "$0" "$@" >/dev/full 2>/dev/full'
# shellcheck disable=SC2016
attempt sh -c 'exec "$0" "$@" <&-' "$self" -c "$conf" deliver
is "$code $(stored)" '75 0' 'stdin is closed: that is no mail without a word in it'
# shellcheck disable=SC2016
attempt sh -c 'exec "$0" "$@" <&- >&- 2>&-' "$self" -c "$conf" deliver
is "$code $(stored)" '75 0' 'all three are closed'

# Environments and folders --------------------------------------------------------------------------------------------

works 'an empty environment' env -i
works 'without HOME, LANG, TZ' env -u HOME -u LANG -u LC_ALL -u TZ
works 'a locale that is not there' env LC_ALL=ja_JP.eucJP
works 'another time zone' env TZ=Asia/Kolkata
works 'TMPDIR is not there' env TMPDIR=/nonexistent/folder
# shellcheck disable=SC2016
works 'umask 777' sh -c 'umask 777; exec "$0" "$@"'
# shellcheck disable=SC2016
works 'umask 000' sh -c 'umask 000; exec "$0" "$@"'
# shellcheck disable=SC2016
works 'the working folder is gone' sh -c 'folder=$(mktemp -d); cd "$folder"; rmdir "$folder"; exec "$0" "$@"'

# import and imap -----------------------------------------------------------------------------------------------------

mkdir "$scratch/maildir"
import_works() { # NAME COMMAND...
	import_name=$1
	shift
	number=$((number + 1))
	patch_mail "around-$number" '[PATCH] imported' >"$scratch/maildir/$number"
	mbox_mail "$scratch/maildir/$number" >"$scratch/mbox"
	chmod 644 "$scratch/mbox"
	code=0
	"$@" "$self" -c "$conf" import "$scratch/mbox" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null || code=$?
	is "$code $(stored)" '0 1' "import: $import_name"
}
start_servers server=honest
mkdir -p "$scratch/servers/server"
echo secret >"$scratch/password"
chmod 600 "$scratch/password"
[ "$(id -u)" -ne 0 ] || chown postgres "$scratch/password"
# Mail of more than the spool keeps in memory goes to a file.
imap_takes() { # NAME CODE PATTERN COMMAND...: one large mail
	imap_name=$1 imap_code=$2 imap_pattern=$3
	shift 3
	number=$((number + 1))
	large_mail "around-$number" 3000000 >"$scratch/servers/server/1"
	configure_server "around-$number" server command_timeout=20
	chmod 644 "$conf"
	code=0
	"$@" "$self" -c "$conf" imap --once "around-$number" \
		>"$scratch/stdout" 2>"$scratch/stderr" </dev/null || code=$?
	is "$code $(stored)" "$imap_code" "imap: $imap_name"
	like "$(cat "$scratch/stderr")" "$imap_pattern" "imap: $imap_name: what it says"
}
import_works 'an empty environment' env -i
# shellcheck disable=SC2016
import_works 'umask 777' sh -c 'umask 777; exec "$0" "$@"'
# shellcheck disable=SC2016
import_works 'the standard streams are closed' sh -c 'exec "$0" "$@" <&- >&- 2>&-'
import_works '16 open files' limited --nofile=16:16
import_works 'no file may grow' limited --fsize=0:0
import_works '256 MiB of addresses' limited --as=268435456:268435456
imap_takes 'an empty environment' '0 1' '^$' env -i
imap_takes 'TMPDIR is not there' '75 0' 'the mail could not be kept' env TMPDIR=/nonexistent/folder
imap_takes 'no file may grow beyond 1 MB' '75 0' 'the mail could not be kept' limited --fsize=1000000:1000000
imap_takes '16 open files' '0 1' '^$' limited --nofile=16:16
imap_takes '256 MiB of addresses' '0 1' '^$' limited --as=268435456:268435456

done_testing
