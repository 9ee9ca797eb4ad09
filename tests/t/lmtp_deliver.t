#!/bin/sh
# deliver hands its mail to a patchmaild lmtp that the configuration names, and stores it itself if none answers: with
# the same statuses, the same line and the same rows, and within its time.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/service.sh
. "$top_srcdir/tests/t/service.sh"
# shellcheck source=tests/t/lmtp.sh
. "$top_srcdir/tests/t/lmtp.sh"
need_python 'deliver over a socket'
start_database
fresh_database main
sql "SELECT patchmail.add_project('other', 'Other', 'other.example.org', 'other@example.org')" >/dev/null
printf '[lmtp]\nsocket=%s\n[recipients]\nunknown=reject\n[patchmaild]\nmax_message_size=100K\ntimeout=8\n' \
	"$socket" >>"$conf"
# The same for deliver, but for the database: what is stored was stored by the server.
sed "s|^conninfo=.*|conninfo=host=$scratch dbname=nothing|" "$conf" >"$scratch/no-database.conf"
with_server=$scratch/no-database.conf
own_conf=$conf

# The server takes it -------------------------------------------------------------------------------------------------

start_lmtp
conf=$with_server
patch_mail one '[PATCH] one' >"$scratch/mail"
deliver "$scratch/mail"
accepted 'a mail over the socket'
deliver "$scratch/mail"
accepted 'a duplicate'
reply_mail waits nowhere >"$scratch/mail"
deliver "$scratch/mail"
accepted 'a reply that waits'
patch_mail listed '[PATCH] listed' >"$scratch/mail"
deliver "$scratch/mail" --list-id other.example.org
accepted 'a mail of another list than it says'
patch_mail crlf '[PATCH] crlf' 'X-Bad: '"$(head -c 70000 /dev/zero | tr '\0' x)" | sed 's/$/\r/' >"$scratch/mail"
printf '.\r\n.\n..\r\n\001\377 no newline' >>"$scratch/mail"
deliver "$scratch/mail"
accepted 'lines that end in CR LF, dots and odd bytes'
: >"$scratch/mail"
deliver "$scratch/mail"
accepted 'no bytes at all'
is "$(sql "SELECT m.msgid, p.linkname, m.transport FROM patchmail.message m
	JOIN patchwork_project p ON p.id = m.project_id ORDER BY 1")" '<crlf@example.org>|demo|deliver
<listed@example.org>|other|deliver
<one@example.org>|demo|deliver
<waits@example.org>|demo|deliver' 'the ledger has them, as mail by deliver'
is "$(sql 'SELECT reason FROM patchmail.quarantine')" 'empty input' 'and the quarantine the empty one'

patch_mail unlisted '[PATCH] unlisted' >"$scratch/mail"
deliver "$scratch/mail" --list-id 'not there+=é'
server_code=$code
server_said=$(cat "$scratch/stderr")
conf=$own_conf
end_service KILL
deliver "$scratch/mail" --list-id 'not there+=é'
is "$server_code|$server_said" "$code|$(cat "$scratch/stderr")" \
	'a list that nobody has: the same status and line with a server and without one'

# What it stores does not depend on who stores it ---------------------------------------------------------------------

outcomes() { # how each mail ended: with $conf
	for outcomes_mail in "$scratch"/mails/*; do
		deliver "$outcomes_mail"
		echo "$code $(cat "$scratch/stdout" "$scratch/stderr")"
	done
}
mkdir "$scratch/mails"
mails=$scratch/mails
write_thread 1
header nothing 'nothing in it' >"$mails/x1"
printf 'no mail\000at all\n' >"$mails/x2"
{ patch_mail large '[PATCH] large' && head -c 200000 /dev/zero | tr '\0' x; } >"$mails/x3"
template_conf() { # DATABASE
	fresh_database "$1"
	sed -n '/^\[lmtp\]/,$p' "$own_conf" >>"$conf"
}
template_conf alone
outcomes >"$scratch/alone"
template_conf served
start_lmtp
outcomes >"$scratch/served"
is "$(cat "$scratch/served")" "$(cat "$scratch/alone")" 'each mail ends in the same way'
is "$(state_of served)" "$(state_of alone)" 'and with the same rows'
is "$(psql -XqAt -d served -c 'SELECT reason, size FROM patchmail.quarantine ORDER BY 1, 2')" \
	"$(psql -XqAt -d alone -c 'SELECT reason, size FROM patchmail.quarantine ORDER BY 1, 2')" \
	'and in quarantine with the same reasons and sizes'


# The server fails ----------------------------------------------------------------------------------------------------

number=0
fresh_mail() {
	number=$((number + 1))
	patch_mail "fresh$number" "[PATCH] fresh $number" >"$scratch/mail"
}
is_stored() {
	is "$(sql "SELECT count(*) FROM patchmail.message WHERE msgid = '<fresh$number@example.org>'")" 1 "$1"
}
own_conf=$conf
kill -STOP "$service"
fresh_mail
began=$(date +%s)
deliver "$scratch/mail"
took=$(($(date +%s) - began))
kill -CONT "$service"
accepted 'a server that hangs'
is_stored 'its mail is stored once'
ok 'within the time of a mail' test "$took" -lt 8

end_service KILL
ok 'a server that is gone leaves its socket' test -S "$socket"
fresh_mail
deliver "$scratch/mail"
accepted 'and deliver stores the mail itself'
is_stored 'once'
rm "$socket"

# A server that says whatever it is told.
pretend() { # REPLY...: to the greeting, LHLO, MAIL, RCPT, BDAT; empty: it closes there
	cat >"$scratch/pretend.py" <<-'END'
		import os, socket, sys
		path, replies = sys.argv[1], sys.argv[2:]
		listening = socket.socket(socket.AF_UNIX)
		if os.path.exists(path):
		    os.unlink(path)
		listening.bind(path)
		listening.listen()
		listening.settimeout(60)
		print("ready", flush=True)
		client, _ = listening.accept()
		for reply in replies:
		    if not reply:
		        client.shutdown(socket.SHUT_RDWR)
		        break
		    client.sendall(reply.encode().decode("unicode_escape").encode("latin-1") + b"\r\n")
		while client.recv(65536):
		    pass
	END
	rm -f "$scratch/pretend" # what the one before said
	"$python" -IS "$scratch/pretend.py" "$socket" "$@" >"$scratch/pretend" 2>&1 &
	pretender=$!
	wait_until grep -q ready "$scratch/pretend"
}
own_way() { # NAME REPLY...: deliver stores the mail itself
	own_name=$1
	shift
	pretend "$@"
	fresh_mail
	deliver "$scratch/mail"
	wait "$pretender" || :
	accepted "$own_name"
	is_stored "$own_name: it is stored"
}
good='250-x\r\n250 XDELIVER'
own_way 'one that has too many clients' '421 4.3.2 Too many connections' ''
own_way 'one that is none of ours' '220 x ESMTP' '250-x\r\n250 SIZE 0' ''
own_way 'one that ends at once' ''
own_way 'one that ends with the mail' '220 x' "$good" '250 2.1.0 OK' '250 2.1.5 OK' ''
own_way 'one that refuses the recipient' '220 x' "$good" '250 2.1.0 OK' '550 5.1.1 no' '503 5.5.1 no' ''
own_way 'one that cannot keep the mail' '220 x' "$good" '250 2.1.0 OK' '250 2.1.5 OK' '452 4.3.1 no' ''
own_way 'one that talks nonsense' '220 x' "$good" '250 2.1.0 OK' '250 2.1.5 OK' '2500 2.0.0 x'
own_way 'one that never ends talking' "220-$(head -c 60000 /dev/zero | tr '\0' x)\r\n220-$(
	head -c 60000 /dev/zero | tr '\0' x)" ''

pretend '220 x' "$good" '250 2.1.0 OK' '250 2.1.5 OK' '451 4.3.0 the\033[2J disk is full'
fresh_mail
deliver "$scratch/mail"
is "$code|$(cat "$scratch/stderr")" '75|4.3.0 the\x1b[2J disk is full' 'what the server defers is deferred, in one line'
pretend '220 x' "$good" '250 2.1.0 OK' '250 2.1.5 OK' '550 5.7.1 not from you'
deliver "$scratch/mail"
is "$code|$(cat "$scratch/stderr")" '77|5.7.1 not from you' 'what it refuses is refused'
is "$(sql "SELECT count(*) FROM patchmail.message WHERE msgid = '<fresh$number@example.org>'")" 0 \
	'and deliver does not store it after all'

# Input that ends too early -------------------------------------------------------------------------------------------

rm -f "$socket"
start_lmtp
sed -i 's/^timeout=.*/timeout=2/' "$conf"
fresh_mail
code=0
{ head -c 300 "$scratch/mail"; sleep 4; } | "$PATCHMAILD" -c "$conf" deliver >"$scratch/stdout" 2>"$scratch/stderr" ||
	code=$?
deferred 'a mail that does not come to its end' 'not read in time'
is "$(sql "SELECT count(*) FROM patchmail.message WHERE msgid = '<fresh$number@example.org>'")" 0 \
	'half of a mail is never stored'
stop_service

done_testing
