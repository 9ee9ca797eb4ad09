#!/bin/sh
# A real Postfix of its own, with pipe(8): mail by SMTP becomes a row; without the database it stays in the queue, and
# becomes a row when the database is back; nothing bounces.
# shellcheck disable=SC2317 # ok calls the functions
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
PATH=$PATH:/usr/sbin

missing=
[ "$(id -u)" -eq 0 ] || missing='not root'
command -v postfix >/dev/null || missing='no Postfix'
command -v python3 >/dev/null || missing='no python3'
# pipe(8) runs the program as another user, who cannot write the counts and is told so on stderr.
! grep -q __gcov_ "$PATCHMAILD" || missing='built for coverage'
if [ -n "$missing" ]; then
	skip 'delivery by Postfix' "$missing"
	done_testing
fi

start_database
fresh_database postfix
# pipe(8) runs the program as a user that may open the socket.
cp "$PATCHMAILD" "$(dirname "$PATCHMAILD")/patchmaild-parser" "$scratch/"
chmod 755 "$scratch/patchmaild" "$scratch/patchmaild-parser"
chmod 644 "$conf"

# Postfix -------------------------------------------------------------------------------------------------------------

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
etc=$scratch/postfix/etc
mkdir -p "$etc" "$scratch/postfix/queue" "$scratch/postfix/data"
chown postfix: "$scratch/postfix/data"
cat >"$etc/main.cf" <<END
compatibility_level = 3.6
queue_directory = $scratch/postfix/queue
data_directory = $scratch/postfix/data
multi_instance_enable = yes
multi_instance_name = postfix-patchmaild-test
maillog_file = $scratch/postfix/log
maillog_file_prefixes = $scratch
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.example.org
mydestination =
relay_domains = lists.example.org
relay_recipient_maps =
local_recipient_maps =
smtpd_client_connection_count_limit = 0
mynetworks = 127.0.0.0/8
local_header_rewrite_clients =
alias_maps =
alias_database =
smtpd_recipient_restrictions = permit_mynetworks, reject
transport_maps = inline:{lists.example.org=patchmaild:}
patchmaild_destination_recipient_limit = 1
minimal_backoff_time = 60s
END
cat >"$etc/master.cf" <<END
127.0.0.1:$port inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
flush unix n - n 1000? 0 flush
showq unix n - n - - showq
discard unix - - n - - discard
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
patchmaild unix - n n - 4 pipe
  flags=DRhu user=postgres argv=$scratch/patchmaild -c $conf deliver --list-id \${user}.example.org
END

postfix_do() { # COMMAND...: on this instance alone
	postfix -c "$etc" "$@" >"$scratch/postfix.out" 2>&1
}
if ! postfix_do start; then
	cat "$scratch/postfix.out" "$scratch/postfix/log" 2>/dev/null | sed 's/^/# /' || :
fi
at_end="postfix_do stop || :; $at_end"

send() { # FILE: by SMTP
	python3 - "$port" "$1" <<-'END'
		import smtplib, sys, time
		for attempt in range(20):
		    try:
		        server = smtplib.SMTP("127.0.0.1", int(sys.argv[1]), timeout=20)
		        break
		    except OSError:
		        time.sleep(0.2)
		with open(sys.argv[2], "rb") as mail:
		    server.sendmail("alice@example.org", ["demo@lists.example.org"], mail.read())
		server.quit()
	END
}
queued() {
	postqueue -c "$etc" -j | wc -l
}
queue_empties() {
	for _ in $(seq 100); do
		[ "$(queued)" -gt 0 ] || return 0
		sleep 0.1
	done
	return 1
}
log_says() { # PATTERN
	for _ in $(seq 100); do
		! grep -qE "$1" "$scratch/postfix/log" 2>/dev/null || return 0
		sleep 0.1
	done
	tail -n 20 "$scratch/postfix/log"
	return 1
}

# Delivered -----------------------------------------------------------------------------------------------------------

patch_mail smtp-1 '[PATCH] by SMTP' >"$scratch/mail"
ok 'Postfix takes a mail' send "$scratch/mail"
ok 'it becomes a row' wait_for "SELECT count(*) = 1 FROM patchwork_patch WHERE msgid = '<smtp-1@example.org>'"
ok 'Postfix knows that it is delivered' log_says \
	'relay=patchmaild.*dsn=2\.0\.0, status=sent \(delivered via patchmaild service\)'
ok 'and forgets it' queue_empties

# Deferred ------------------------------------------------------------------------------------------------------------

pg_control stop
patch_mail smtp-2 '[PATCH] without a database' >"$scratch/mail"
ok 'Postfix takes a mail while the database is away' send "$scratch/mail"
ok 'it is deferred' log_says \
	'dsn=4\.3\.0, status=deferred \(the database cannot be reached|dsn=4\.3\.0, status=deferred .*cannot be reached'
ok 'it is in the queue' test "$(queued)" -eq 1
ok 'with the reason' sh -c "postqueue -c '$etc' -p | grep -q 'the database cannot be reached'"

pg_control start
ok 'the queue is run' postqueue -c "$etc" -f
ok 'it becomes a row' wait_for "SELECT count(*) = 1 FROM patchwork_patch WHERE msgid = '<smtp-2@example.org>'"
ok 'and the queue is empty' queue_empties

# A broken configuration is no reason to bounce either.
cp "$conf" "$scratch/good.conf"
echo 'nonsense=1' >>"$conf"
patch_mail smtp-3 '[PATCH] with a broken configuration' >"$scratch/mail"
ok 'Postfix takes a mail while the configuration is broken' send "$scratch/mail"
ok 'it is deferred' log_says 'dsn=4\.3\.0, status=deferred .*unknown key nonsense'
cat "$scratch/good.conf" >"$conf"
postqueue -c "$etc" -f
ok 'it becomes a row when that is mended' wait_for \
	"SELECT count(*) = 1 FROM patchwork_patch WHERE msgid = '<smtp-3@example.org>'"
ok 'and the queue is empty' queue_empties

# What cannot be read is kept here, and not sent back.
head -c 3000 /dev/urandom | base64 >"$scratch/mail"
ok 'Postfix takes what is hardly a mail' send "$scratch/mail"
ok 'it is in quarantine' wait_for 'SELECT count(*) = 1 FROM patchmail.quarantine'
ok 'and the queue is empty' queue_empties

is "$(grep -cE 'status=bounced|sender non-delivery' "$scratch/postfix/log" || :)" 0 'nothing bounced'
is "$(sql 'SELECT count(*) FROM patchwork_patch')" 3 'and nothing came twice'

done_testing
