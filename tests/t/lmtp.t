#!/bin/sh
# patchmaild lmtp: a reply to each mail after its commit, in order, over one connection and many; whatever happens to
# the server, its clients or the database, no mail is lost that was answered 250.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/service.sh
. "$top_srcdir/tests/t/service.sh"
# shellcheck source=tests/t/lmtp.sh
. "$top_srcdir/tests/t/lmtp.sh"
need_python 'mail by LMTP'
start_database
fresh_database main
crlf() {
	sed 's/$/\r/'
}

# One client at standard input and output ----------------------------------------------------------------------------

transaction() { # FILE [RECIPIENT...]
	transaction_file=$1
	shift
	printf '%s\r\n' 'MAIL FROM:<alice@example.org> BODY=8BITMIME'
	printf 'RCPT TO:<%s>\r\n' "${@:-demo@example.org}"
	printf 'DATA\r\n'
	sed 's/^\./../' "$transaction_file" | crlf
	printf '.\r\n'
}
patch_mail one '[PATCH] one' >"$scratch/one"
printf '.\n..dots\n' >>"$scratch/one"
reply_mail two one >"$scratch/two"
patch_mail else '[PATCH] else' | sed 's/demo.example.org/nowhere.example.org/' >"$scratch/else"
{
	printf 'LHLO client.example.org\r\n'
	transaction "$scratch/one" demo@example.org other@example.org
	transaction "$scratch/two"
	transaction "$scratch/else"
	transaction "$scratch/one"
	printf 'QUIT\r\n'
} | "$PATCHMAILD" -c "$conf" lmtp >"$scratch/said" 2>"$scratch/stderr"
is "$(sed '1,/^250 SIZE/d' "$scratch/said" | tr -d '\r' | grep -vE '^(250 2\.1|354)')" '250 2.0.0 stored
250 2.0.0 stored
250 2.0.0 stored
250 2.0.0 no project has its list id: nowhere.example.org
250 2.0.0 its Message-ID is known in project demo
221 2.0.0 Bye' 'four mails over one connection: a reply for each recipient, in order'
is "$(sql 'SELECT msgid, transport FROM patchmail.message ORDER BY msgid')" '<one@example.org>|lmtp
<two@example.org>|lmtp' 'and they are stored'
is "$(cat "$scratch/stderr")" '' 'nothing is said besides'
deliver "$scratch/one"
accepted 'the same mail by deliver'
is "$(sql "SELECT content ~ E'\\n[.]\\n[.][.]dots' OR diff ~ E'\\n[.]\\n[.][.]dots' FROM patchwork_patch")" \
	t 'lines that begin with dots are as they were'

printf '[databse]\n' >"$scratch/bad.conf"
code=0
"$PATCHMAILD" -c "$scratch/bad.conf" lmtp </dev/null >"$scratch/said" 2>"$scratch/stderr" || code=$?
is "$code" 78 'a bad configuration: exit code 78'
like "$(tr -d '\r' <"$scratch/said")" '^421 4\.3\.5 .*unknown group \[databse\]' 'and the client is told 421'

# Many clients --------------------------------------------------------------------------------------------------------

fresh_database many
printf '[lmtp]\nconnections=10\n' >>"$conf"
start_lmtp
is "$(stat -c %a "$socket")" 660 'the socket is for its owner and group'
# More at once than the pipeline has room for, and a connection may have on their way.
client send 1200 10 many >"$scratch/many"
is "$(head -n 1 "$scratch/many")" '1200 0 0' '1,200 mails over 10 connections, each of which sends all at once'
sed 1d "$scratch/many" >"$scratch/answered"
is "$(differences "$scratch/answered")" '' 'all of them are in the ledger'
is "$(sql 'SELECT count(*) FROM patchwork_patch')" 1200 'and Patchwork has them'

cat >"$scratch/smtplib.py" <<'END'
import smtplib, sys
client = smtplib.LMTP(sys.argv[1])
mail = open(sys.argv[2]).read()
print(client.sendmail("alice@example.org", ["demo@example.org"], mail, ["SMTPUTF8"]))
print(client.has_extn("pipelining"), client.has_extn("chunking"), client.has_extn("8bitmime"), client.noop()[0])
print(client.quit()[0])
END
patch_mail smtplib '[PATCH] smtplib' >"$scratch/smtplib"
is "$("$python" -I "$scratch/smtplib.py" "$socket" "$scratch/smtplib" 2>&1)" '{}
True True True 250
221' "Python's smtplib is a client"

"$python" -I - "$socket" >"$scratch/full" <<'END'
import socket, sys
clients = []
for number in range(12):
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(20)
    client.connect(sys.argv[1])
    clients.append(client)
    print(client.recv(100).decode().split()[0])
END
is "$(sort "$scratch/full" | uniq -c | tr -s ' ')" ' 10 220
 2 421' 'ten connections, no more: others are answered 421'
ok 'and when they are gone it goes on' wait_until lmtp_answers

code=0
"$PATCHMAILD" -c "$conf" lmtp --listen "$socket" >"$scratch/stdout" 2>&1 || code=$?
is "$code $(cat "$scratch/stdout")" "75 patchmaild: $socket: somebody listens there already" \
	'a second server does not take the place of one that listens'

# The server ends -----------------------------------------------------------------------------------------------------

client hold >"$scratch/held" &
holder=$!
ok 'a client has sent half of a mail' wait_until grep -q held "$scratch/held"
client send 2000 4 stop >"$scratch/stop" &
sender=$!
ok 'it takes mails' wait_until sh -c "[ \"\$(psql -XqAt -c 'SELECT count(*) FROM patchmail.message')\" -gt 1220 ]"
stop_service
is "$code" 0 'SIGTERM: it ends with 0'
wait "$sender" || :
wait "$holder" || :
like "$(tail -n 1 "$scratch/held")" '^421 4\.3\.2 ' 'whoever has sent half of a mail is answered 421'
ok 'its socket is gone' test ! -e "$socket"
sed 1d "$scratch/stop" >"$scratch/answered"
sql "SELECT msgid FROM patchmail.message WHERE msgid LIKE '<stop%'" | LC_ALL=C sort >"$scratch/there"
is "$(LC_ALL=C sort "$scratch/answered" | LC_ALL=C comm -3 - "$scratch/there")" '' \
	'what was answered 250 is stored, and nothing else'

start_lmtp
client send 2000 4 kill >"$scratch/kill" &
sender=$!
ok 'it takes mails again' wait_until \
	sh -c "[ \"\$(psql -XqAt -c \"SELECT count(*) FROM patchmail.message WHERE msgid LIKE '<kill%'\")\" -gt 20 ]"
end_service KILL
wait "$sender" || :
sed 1d "$scratch/kill" | LC_ALL=C sort >"$scratch/answered"
sql "SELECT msgid FROM patchmail.message WHERE msgid LIKE '<kill%'" | LC_ALL=C sort >"$scratch/there"
is "$(LC_ALL=C comm -23 "$scratch/answered" "$scratch/there")" '' 'SIGKILL: what was answered 250 is stored'
ok 'the socket is left' test -S "$socket"
start_lmtp
ok 'and the next server takes its place' lmtp_answers

# The database is away ------------------------------------------------------------------------------------------------

pg_control stop -m immediate
client send 20 4 away >"$scratch/away"
is "$(cat "$scratch/away")" '0 20 0' 'without a database mails are answered 451'
pg_control start
client send 20 4 away >"$scratch/away"
is "$(head -n 1 "$scratch/away")" '20 0 0' 'and stored when it is there again, by the same server'
is "$(sql "SELECT count(*) FROM patchmail.message WHERE msgid LIKE '<away%'")" 20 'each once'

# Going over to another configuration ---------------------------------------------------------------------------------

says() { # TEXT LINE...
	says_text=$1
	shift
	say "$@" | grep -qF "$says_text"
}
cp "$conf" "$scratch/good.conf"
printf '[recipients]\nunknown=reject\ndemo@example.org=demo.example.org\n' >>"$conf"
kill -HUP "$service"
ok 'SIGHUP: the configuration is read anew' wait_until \
	says '550 5.1.1' 'MAIL FROM:<>' 'RCPT TO:<nobody@example.org>' QUIT
printf '[lmtp\n' >>"$conf"
kill -HUP "$service"
ok 'one that is bad is reported' wait_until service_says 'not reloaded: .*without its \]'
ok 'and leaves the one that it has' says '550 5.1.1' 'MAIL FROM:<>' 'RCPT TO:<nobody@example.org>' QUIT

# Recipients ----------------------------------------------------------------------------------------------------------

stop_service
fresh_database lists
sql "SELECT patchmail.add_project('other', 'Other', 'other.example.org', 'other@example.org')" >/dev/null
cat >>"$conf" <<-END
	[recipients]
	demo@example.org = demo.example.org
	demo+stable@example.org = other.example.org
	@lists.example.org = other.example.org
	unknown = reject
END
start_lmtp
patch_mail lists '[PATCH] lists' | sed '/^List-Id/d' >"$scratch/lists"
is "$(printf '%s\n' 'MAIL FROM:<>' 'RCPT TO:<Demo@EXAMPLE.org>' 'RCPT TO:<demo+x@example.org>' \
	'RCPT TO:<demo+stable@example.org>' 'RCPT TO:<any@lists.example.org>' 'RCPT TO:<nobody@example.org>' DATA |
	{ cat; cat "$scratch/lists"; printf '.\nQUIT\n'; } |
	{ echo 'LHLO x'; cat; } | client talk | sed '1,/^250 SIZE/d')" '250 2.1.0 OK
250 2.1.5 OK
250 2.1.5 OK
250 2.1.5 OK
250 2.1.5 OK
550 5.1.1 There is no such recipient here
354 End it with a dot on a line of its own
250 2.0.0 stored
250 2.0.0 stored
250 2.0.0 stored
250 2.0.0 stored
221 2.0.0 Bye' 'recipients by address, extension and domain; one that is unknown is refused'
is "$(sql "SELECT string_agg(p.linkname, ' ' ORDER BY p.linkname)
	FROM patchmail.message m JOIN patchwork_project p ON p.id = m.project_id")" 'demo other' \
	'the mail is stored once for each list'
stop_service

# systemd -------------------------------------------------------------------------------------------------------------

if command -v systemd-socket-activate >/dev/null && has_libsystemd; then
	systemd-socket-activate -l "$socket" "$PATCHMAILD" -c "$conf" lmtp --listen /nowhere/at/all \
		>"$scratch/service.log" 2>&1 &
	service=$!
	at_end="kill -KILL $service 2>/dev/null || :; $at_end"
	wait_until test -S "$socket" || :
	ok 'a socket that systemd hands over is listened to' wait_until says '250 2.0.0 OK' NOOP QUIT
	stop_service
	ok 'and left to it' test -S "$socket"
	rm -f "$socket"
	systemd-socket-activate -a --inetd -l "$socket" "$PATCHMAILD" -c "$conf" lmtp >"$scratch/service.log" 2>&1 &
	service=$!
	at_end="kill -KILL $service 2>/dev/null || :; $at_end"
	wait_until test -S "$socket" || :
	ok 'Accept=yes: a process for each client' says '250 2.0.0 OK' NOOP QUIT
	stop_service
else
	skip 'systemd hands sockets over' 'no systemd-socket-activate'
fi

done_testing
