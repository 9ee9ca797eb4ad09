#!/bin/sh
# patchmaild imap with servers whose answers have odd forms (imap_quirks.py): it takes all of their mails at once, and
# says nothing.  And with `trace` it writes down what is said, but for secrets.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
need_python 'servers with odd answers'
start_database
fresh_database quirks
echo 'the secret' >"$scratch/password"
chmod 600 "$scratch/password"

quirks=$(sed -nE 's/^    "([a-z0-9-]+)": .*/\1/p' "$top_srcdir/tests/t/imap_quirks.py")
# shellcheck disable=SC2086 # words
set -- $quirks
ok 'there are many' test $# -gt 50
set --
for name in $quirks news-first idle-bare idle-ending honest echoing unreadable challenging; do
	three_mails "$name"
	set -- "$@" "$name=$name"
done
start_servers "$@"

# All of them ---------------------------------------------------------------------------------------------------------

# The mailbox of one is empty at first.
configure_server refusing refusing
takes_all 'refusing: an empty mailbox'

cat >"$scratch/meet" <<-'END'
	#!/bin/sh
	# SCRATCH PROGRAM NAME
	code=0
	"$2" -c "$1/$3.conf" imap --once "$3" >"$1/$3.said" 2>&1 || code=$?
	echo "$code" >"$1/$3.code"
END
chmod +x "$scratch/meet"
for name in $quirks; do
	case $name in
	moving) configure_server "$name" "$name" after=move folder=Elsewhere ;;
	dripping) configure_server "$name" "$name" command_timeout=20 ;;
	*) configure_server "$name" "$name" after=seen ;;
	esac
done
echo "$quirks" | xargs -P 4 -n 1 "$scratch/meet" "$scratch" "$PATCHMAILD"
for name in $quirks; do
	is "$(cat "$scratch/$name.code") $(taken "$name-") $(cat "$scratch/$name.said")" \
		"0 $name-1 $name-2 $name-3 " "$name: all mails, and nothing to say"
done
is "$(sql 'SELECT count(*) FROM patchmail.quarantine')" 0 'nothing is in quarantine'
is "$(sql "SELECT count(*) FROM patchwork_patch WHERE content <> E'It changes a line.\n---'
	OR diff NOT LIKE E'%+new\n'")" 0 'the mails are whole'

# Waiting -------------------------------------------------------------------------------------------------------------

# poll_interval is 300 seconds: only what the server tells makes it look.
for name in news-first idle-bare; do
	configure_server "$name" "$name" command_timeout=5
	start_service
	ok "$name: the mail that it tells of is taken at once" \
		wait_until has_taken "$name-" "$name-1 $name-2 $name-3"
	stop_service
	is "$code $(cat "$scratch/service.log")" '0 ' "$name: it ends, and has had nothing to say"
	is "$(grep -c connected "$scratch/servers/$name.record")" 1 "$name: one connection"
done
configure_server idle-ending idle-ending
start_service
waits_again() {
	[ "$(grep -c IDLE "$scratch/servers/idle-ending.record")" -ge 3 ]
}
ok 'a server that ends IDLE is asked to wait again' wait_until waits_again
stop_service
is "$code $(cat "$scratch/service.log")" '0 ' 'and that is nothing to tell'
is "$(grep -c connected "$scratch/servers/idle-ending.record")" 1 'in the same connection'

# Trace ---------------------------------------------------------------------------------------------------------------

trace=$scratch/trace
traced() { # BEHAVIOUR LINE...
	behaviour=$1
	shift
	configure_server "$behaviour" "$behaviour" "trace=$trace" "$@"
}
# Without what is another each time.
conversation() {
	sed -E 's/^[0-9-]{10} [0-9:.]{12}Z //; s/port [0-9]+/port N/; s/\{[0-9]+\}/{N}/' "$trace"
}
traced honest
umask 022
takes_all 'trace'
is "$(stat -c %a "$trace")" 600 'only its owner can read it'
is "$(grep -vcE '^20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z (C:|S:|--) ' "$trace")" 0 \
	'each line has a time'
conversation >"$scratch/conversation"
cat >"$scratch/expected" <<'END'
-- connected to 127.0.0.1 port N
S: * OK ready
C: 1 CAPABILITY
S: * CAPABILITY IMAP4rev1 IDLE UIDPLUS MOVE
S: 1 OK done
C: 2 LOGIN (hidden)
S: 2 OK done
C: 3 CAPABILITY
END
is "$(head -n 8 "$scratch/conversation")" "$(cat "$scratch/expected")" 'it has what both say, in order'
ok 'a mail is its size' grep -q '^S: \* 2 FETCH (UID 2 BODY\[\] {N})$' "$scratch/conversation"
lines=$(wc -l <"$trace")
once
ok 'it is appended to' test "$(wc -l <"$trace")" -gt "$lines"
is "$(head -n 1 "$trace" | cut -c 26-37)" '-- connected' 'and begins as before'

# A server that repeats what it was sent, and one that asks for it in pieces.
traced echoing
falls_short 'a server that repeats the login' 'the login: the server says '
echo a-token >"$scratch/token"
chmod 600 "$scratch/token"
traced challenging auth=xoauth2
sed -i "s|^\(password_file *= *\).*|\1$scratch/token|" "$conf"
takes_all 'AUTHENTICATE'
is "$(grep -ciE 'a-token|dXNlcj1' "$trace")" 0 'no secret is in the trace'
ok 'the mechanism is' grep -qE 'C: [0-9]+ AUTHENTICATE XOAUTH2 \(hidden\)$' "$trace"

traced unreadable
falls_short 'an answer that cannot be read' \
	"UID SEARCH: the server's answer cannot be read: \* SEARCH one\\\\x07 two\$"
ok 'is in the trace' grep -qF -- "-- the server's answer cannot be read: * SEARCH one" "$trace"

dd if=/dev/zero of="$trace" bs=1M count=16 status=none
traced honest
takes_all 'a trace that is long'
is "$(wc -c <"$trace.old" | awk '{ print ($1 >= 16777216 && $1 < 16778216) }')" 1 'is put aside'
ok 'and goes on' grep -q 'LOGIN' "$trace"
chmod 644 "$trace"
takes_all 'a trace that others could read'
is "$(stat -c %a "$trace")" 600 'they can no longer'

ln -s "$scratch/elsewhere" "$scratch/link"
traced honest "trace=$scratch/link"
falls_short 'a trace that is a link' "trace: $scratch/link: "
ok 'is not followed' test ! -e "$scratch/elsewhere"
mkfifo "$scratch/pipe"
traced honest "trace=$scratch/pipe"
falls_short 'a trace that is a pipe' "trace: $scratch/pipe: "
traced honest trace=relative
once
is "$code" 78 'a relative name is refused'
like "$(cat "$scratch/stderr")" 'trace in \[imap honest\] has to be an absolute path' 'and why'

done_testing
