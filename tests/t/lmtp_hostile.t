#!/bin/sh
# patchmaild lmtp and clients that mean no good: 5xx, 421 or a timeout, bounded memory, nothing stored; and the other
# clients are served meanwhile.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/service.sh
. "$top_srcdir/tests/t/service.sh"
# shellcheck source=tests/t/lmtp.sh
. "$top_srcdir/tests/t/lmtp.sh"
need_python 'hostile clients'
start_database
fresh_database main
printf '[lmtp]\nidle_timeout=60\nsize=3M\n[patchmaild]\nmax_message_size=1M\ntimeout=5\n' >>"$conf"
start_lmtp
begin() { # a mail
	printf '%s\r\n' 'LHLO x' 'MAIL FROM:<>' 'RCPT TO:<demo@example.org>'
}
mark=$(peak_memory)

last_line() { # of what the server says to standard input, as it is
	client raw | sed '1,/^250 SIZE/d' | tail -n 1
}
filled() { # BYTES LETTER
	head -c "$1" /dev/zero | tr '\0' "$2"
}

# Garbage -------------------------------------------------------------------------------------------------------------

like "$({ filled 10485760 x; printf '\r\nNOOP\r\nQUIT\r\n'; } | client raw | sed -n 2p)" \
	'^500 5\.5\.2 The line is too long$' \
	'a command line of 10 MiB'
like "$({ printf 'LHLO x\r\n'; filled 1000000 '\n'; } | last_line)" '^$' 'a million line feeds are no command'
like "$({ printf 'LHLO x\r\n'; yes "$(printf '\r')" | head -n 100000; } | last_line)" '^421 4\.7\.0 ' \
	'many empty commands: 421'
like "$({ printf 'LHLO x\r\n'; printf 'NO\000OP\r\n'; } | last_line)" '^500 5\.5\.2 ' 'NUL in a command'
like "$({ printf 'LHLO x\r\n'; head -c 3000000 "$PATCHMAILD" | tr -d '\r'; printf '\r\n'; } | last_line)" \
	'^500 5\.5\.2 ' \
	'a program'
like "$({ printf 'GET / HTTP/1.1\r\nHost: x\r\n'; for _ in $(seq 30); do printf 'X: y\r\n'; done; } |
	client raw | tail -n 1)" \
	'^421 4\.7\.0 ' 'a web browser'

# Nonsense in order ---------------------------------------------------------------------------------------------------

is "$({ begin; yes "$(printf 'RCPT TO:<a@example.org>\r')" | head -n 50000; printf 'RSET\r\nQUIT\r\n'; } |
	client raw | sed '1,/^250 2.1.0/d' | LC_ALL=C sort | uniq -c | tr -s ' ')" ' 1 221 2.0.0 Bye
 1 250 2.0.0 OK
 1000 250 2.1.5 OK
 49001 452 4.5.3 There are too many recipients' 'a megabyte of recipients'
like "$({ begin; printf 'BDAT 99999999999999999999999\r\n'; filled 100000 x; } | last_line)" '^421 4\.5\.0 ' \
	'BDAT with a size that is none'
is "$({ begin; printf 'BDAT 18446744073709551615 LAST\r\n'; filled 5000000 x; } | last_line)" '250 2.1.5 OK' \
	'a chunk of 16 EiB that ends too early'
like "$({ begin; printf 'BDAT 4000000 LAST\r\n'; filled 4000000 x; } | last_line)" '^552 5\.3\.4 ' \
	'a chunk that is too large'
like "$({ begin; printf 'DATA\r\n'; filled 50000000 x; printf '\r\n.\r\n'; } | last_line)" '^552 5\.3\.4 ' \
	'50 MB of content'
like "$({ begin; printf 'BDAT 10 LAST\r\nonly'; } | last_line)" '^250 2\.1\.5 ' 'a chunk that is cut off'
like "$({ begin; printf 'DATA\r\nSubject: [PATCH] x\r\n\r\nx\r\n.'; } | last_line)" \
	'^354 ' 'a mail that is cut off at its dot'
like "$({ begin; printf 'DATA\r\nSubject: [PATCH] x\r\n\r\nx\r\n.\n'; } | last_line)" '^354 ' 'a dot and a bare LF'
is "$(sql 'SELECT (SELECT count(*) FROM patchmail.message), (SELECT count(*) FROM patchmail.quarantine)')" '0|0' \
	'nothing of all that is stored'

# A second mail in a first one ----------------------------------------------------------------------------------------

number=0
for end in '\n.\n' '\n.\r\n' '\r\n.\n' '\r.\r' '\r.\r\n' '\r\n.\r' '\n\r.\r\n'; do
	number=$((number + 1))
	patch_mail "inner$number" '[PATCH] smuggled' | sed 's/$/\r/' >"$scratch/inner"
	patch_mail "outer$number" '[PATCH] outer' | sed 's/$/\r/' >"$scratch/outer"
	{
		begin
		printf 'DATA\r\n'
		cat "$scratch/outer"
		# shellcheck disable=SC2059 # escapes
		printf "$end"
		printf 'MAIL FROM:<x@example.org>\r\nRCPT TO:<demo@example.org>\r\nDATA\r\n'
		cat "$scratch/inner"
		printf '\r\n.\r\nQUIT\r\n'
	} | client raw >"$scratch/said"
	is "$(grep -c '^354' "$scratch/said") $(sql "SELECT string_agg(msgid, ' ') FROM patchmail.message
		WHERE msgid LIKE '%r$number@%'")" "1 <outer$number@example.org>" \
		"end of data number $number, which is none, ends no mail"
done

# A mail over max_message_size is kept; nothing is lost.
{
	begin
	printf 'DATA\r\n'
	patch_mail large '[PATCH] large' | sed 's/$/\r/'
	filled 2000000 x
	printf '\r\n.\r\nQUIT\r\n'
} | client raw >"$scratch/said"
like "$(tail -n 2 "$scratch/said" | head -n 1)" '^250 2\.0\.0 .*larger than 1048576 bytes' \
	'a mail over max_message_size is taken'
is "$(sql 'SELECT size > 2000000, count(*) FROM patchmail.quarantine GROUP BY 1')" 't|1' 'and in quarantine whole'
like "$(service_says 'quarantined' && grep -c . "$scratch/service.log")" '^1$' 'which is logged in one line'

# Those who take nothing, and those who say nothing -------------------------------------------------------------------

cat >"$scratch/deaf.py" <<'END'
import socket, sys, time
clients = []
for number in range(50):
    client = socket.socket(socket.AF_UNIX)
    client.connect(sys.argv[1])
    client.setblocking(False)
    clients.append(client)
end = time.monotonic() + 2
sent = 0
while time.monotonic() < end:
    for client in clients:
        try:
            sent += client.send(b"HELP\r\n" * 1000)
        except BlockingIOError:
            pass
print("ready", sent, flush=True)
time.sleep(600)
END
"$python" -IS "$scratch/deaf.py" "$socket" >"$scratch/deaf" &
deaf=$!
at_end="kill $deaf 2>/dev/null || :; $at_end"
ok '50 clients who send, and read no reply' wait_until grep -q ready "$scratch/deaf"
like "$(say 'MAIL FROM:<a@example.org>' 'RCPT TO:<demo@example.org>' QUIT | head -n 1)" '^250 2\.1\.0' \
	'others are served meanwhile'
kill "$deaf"
wait "$deaf" 2>/dev/null || :
# 50 times what a client may have in memory, and what the library keeps.
grown=$(($(peak_memory) - mark))
if grep -q __asan_init "$(dirname "$PATCHMAILD")/patchmaild-lmtp"; then
	skip 'memory is bounded' 'built with sanitizers'
else
	ok 'memory is bounded' test "$grown" -lt 65536
fi

sed -i 's/^idle_timeout=.*/idle_timeout=1/' "$conf"
kill -HUP "$service"
is "$("$python" -IS - "$socket" <<'END'
import socket, sys, time
for what in (b"", b"LHLO x\r\nMAIL FROM:<>\r\n", b"LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a>\r\nDATA\r\nhalf", b"NOO"):
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(30)
    client.connect(sys.argv[1])
    client.sendall(what)
    said = b""
    while piece := client.recv(4096):
        said += piece
    print(said.splitlines()[-1].decode())
# A byte of a command now and then is no sign of life.
client = socket.socket(socket.AF_UNIX)
client.connect(sys.argv[1])
began, alive = time.monotonic(), True
while alive and time.monotonic() - began < 30:
    try:
        client.send(b"x")
    except OSError:
        alive = False
    time.sleep(0.2)
print(alive)
END
)" '421 4.4.2 Silent for too long: closing
421 4.4.2 Silent for too long: closing
421 4.4.2 Silent for too long: closing
421 4.4.2 Silent for too long: closing
False' 'who says nothing is told so, and cut off'

# A database that hangs holds up nobody but those who wait for it -----------------------------------------------------

printf '%s\n' 'BEGIN;' 'LOCK TABLE patchmail.message;' 'SELECT pg_sleep(60);' | psql -Xq >"$scratch/lock" 2>&1 &
locker=$!
at_end="kill $locker 2>/dev/null || :; $at_end"
ok 'a table is locked' wait_for "SELECT EXISTS (SELECT FROM pg_locks WHERE mode = 'AccessExclusiveLock'
	AND relation = 'patchmail.message'::regclass AND granted)"
began=$(date +%s)
client send 5 5 locked >"$scratch/locked" &
sender=$!
like "$(say NOOP QUIT | head -n 1)" '^250 2\.0\.0' 'others are served meanwhile'
wait "$sender"
is "$(cat "$scratch/locked")" '0 5 0' 'mails that cannot be stored in time are answered 451'
ok 'in the time of one mail, however many there are' test "$(($(date +%s) - began))" -lt 12
kill "$locker"
stop_service
is "$code" 0 'and it ends when it is told to'

done_testing
