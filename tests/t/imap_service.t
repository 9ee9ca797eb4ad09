#!/bin/sh
# patchmaild imap with a real Dovecot, as a service: it waits, looks, obeys signals, and needs little memory.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
# shellcheck source=tests/t/dovecot.sh
. "$top_srcdir/tests/t/dovecot.sh"
need_dovecot 'following a mailbox of Dovecot'
start_database
fresh_database imap
sql "SELECT patchmail.add_project('other', 'Other', 'other.example.org', 'other@example.org')" >/dev/null
start_dovecot

# The service ---------------------------------------------------------------------------------------------------------

hides_nothing() { # NAME EXPECTED-CODE: the service ends at SIGTERM, and has said nothing
	stop_service
	is "$code $(cat "$scratch/service.log")" "$2 " "$1"
}
configure_dovecot idle
start_service
ok 'it begins to wait' wait_until knows_mailbox INBOX
send idle INBOX idle-1
ok 'mail that comes is taken' wait_until has_taken idle- idle-1
send idle INBOX idle-2 idle-3
ok 'and more' wait_until has_taken idle- 'idle-1 idle-2 idle-3'
run -c "$conf" imap --once idle
is "$code $(cat "$scratch/stderr")" \
	"75 patchmaild: idle: another process follows the account idle: process $service of $(uname -n)" \
	'another one has to wait'
"$PATCHMAILD" -c "$conf" imap idle >"$scratch/second.log" 2>&1 &
second=$!
ok 'so has a second service' wait_until grep -q 'another process follows the account idle' "$scratch/second.log"
hides_nothing 'it ends' 0
send idle INBOX idle-5
ok 'then the second one takes mail' wait_until has_taken idle-5 idle-5
service=$second
stop_service
is "$code" 0 'it ends too'

# What is said on the way to the server can be read if there is no TLS.
start_proxy "$imap_port"
configure_dovecot polled tls=none host=127.0.0.1 "port=$proxy_port" idle=no poll_interval=1
start_service
ok 'idle=no: it looks' wait_until knows_mailbox INBOX
send polled INBOX polled-1
ok 'and again' wait_until has_taken polled- polled-1
hides_nothing 'it ends' 0
ok 'it opens the mailbox for reading only' grep -qE '^[0-9]+ EXAMINE INBOX' "$scratch/proxy.sent"
is "$(grep -cE '^[0-9]+ (IDLE|SELECT)' "$scratch/proxy.sent" || :)|$(
	grep -cE '^[0-9]+ UID STORE' "$scratch/proxy.sent" || :)" '0|0' \
	'neither IDLE, nor anything that changes the mailbox'
: >"$scratch/proxy.sent"
configure_dovecot idle tls=none host=127.0.0.1 "port=$proxy_port" idle_renew=1
start_service
idle_ends() { # TIMES
	[ "$(grep -c '^DONE' "$scratch/proxy.sent")" -ge "$1" ]
}
ok 'idle_renew=1: it is renewed' wait_until idle_ends 1
ok 'again and again' wait_until idle_ends 2
send idle INBOX idle-4
ok 'and mail is taken' wait_until has_taken idle-4 idle-4
stop_service
configure_dovecot slow host=127.0.0.3 poll_interval=1
start_service
ok 'a server without IDLE' wait_until knows_mailbox INBOX
send slow INBOX slow-1
ok 'is looked at again and again' wait_until has_taken slow- slow-1
hides_nothing 'it ends' 0
mailbox boxes create Lists.third
configure_dovecot boxes poll_interval=1 '[mailbox boxes Lists.third]'
start_service
ok 'a second mailbox' wait_until knows_mailbox Lists.third
send boxes Lists.third boxes-8
ok 'is looked at too' wait_until has_taken boxes-8 boxes-8
stop_service

# A mail that is deferred does not keep it busy.
raise_for busy-1 53100 'no room'
configure_dovecot busy
send busy INBOX busy-1 busy-2
start_service
ok 'with a mail that is deferred the others are taken' wait_until has_taken busy- busy-2
send busy INBOX busy-3
ok 'and further ones' wait_until has_taken busy- 'busy-2 busy-3'
sleep 1
is "$(sql "SELECT attempts FROM patchmail.deferred_uid WHERE account = 'busy'")" 1 'it is not tried without a pause'
stop_service
let_through

# SIGHUP, with what is better and with what is worse.
configure_dovecot hup
start_service
ok 'it waits' wait_until knows_mailbox INBOX
configure_dovecot hup list_id=other.example.org
kill -HUP "$service"
send hup INBOX hup-1
ok 'SIGHUP: it goes on' wait_until has_taken hup- hup-1
is "$(project_of hup-1)" other 'with the new configuration'
echo nonsense=1 >>"$conf"
kill -HUP "$service"
ok 'a configuration that is wrong' wait_until service_says 'hup: not reloaded: .*unknown key nonsense'
send hup INBOX hup-2
ok 'is not taken' wait_until has_taken hup- 'hup-1 hup-2'
is "$(project_of hup-2)" other 'the one before it is'
stop_service
is "$code $(wc -l <"$scratch/service.log")" '0 1' 'it ends, and has said nothing else'

# SIGTERM, while a mail is on its way into the database.
send term INBOX term-1 term-2
hold_up term-1 1
configure_dovecot term after=seen
start_service
ok 'a mail is being stored' wait_until is_held_up
hides_nothing 'SIGTERM: it ends' 0
let_through
takes_all 'what was in flight is taken'
is "$(taken term-)|$(standing)" 'term-1 term-2|INBOX 2 0 0' 'once'
is "$(mailbox term list INBOX)" '1 \Seen term-1
2 \Seen term-2' 'and flagged'

# Large mails ---------------------------------------------------------------------------------------------------------

# What is over the limit goes piece by piece from the server to the quarantine.
megabytes=6
[ "${PATCHMAILD_EFFORT-}" != long ] || megabytes=100
{ patch_mail large-1 '[PATCH] large' && head -c $((megabytes * 1000000)) /dev/urandom | base64; } >"$scratch/large"
mailbox large append INBOX "$scratch/large"
send large INBOX large-2
configure_dovecot large after=seen '[patchmaild]' max_message_size=1M
start_service
ok 'a large mail, and another one' wait_until has_taken large- large-2
is "$(sql "SELECT encode(sha256(patchmail.quarantine_raw(id)), 'hex'), size FROM patchmail.quarantine
	WHERE msgid = '<large-1@example.org>'")" \
		"$(sha256sum <"$scratch/large" | cut -d ' ' -f 1)|$(wc -c <"$scratch/large")" \
	'it is in quarantine with all its bytes'
peak=$(peak_memory)
if grep -q __asan_init "$(dirname "$PATCHMAILD")/patchmaild-imap"; then
	skip 'in little memory' 'built with sanitizers'
else
	ok 'in little memory' test "$peak" -lt 32768
fi
ok 'both are flagged' wait_until stands 'INBOX 2 0 0'
stop_service
is "$code $(
	grep -c 'large INBOX UID 1: quarantined: the message is larger than 1048576 bytes' "$scratch/service.log"
)" '0 1' \
	'a mail that is quarantined is reported once'

done_testing
