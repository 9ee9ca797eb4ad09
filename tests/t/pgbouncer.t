#!/bin/sh
# patchmaild through a real PgBouncer in transaction mode, which gives each transaction another connection to the
# server.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
PATH=$PATH:/usr/sbin
need_program pgbouncer 'through PgBouncer'
need_python 'through PgBouncer'
start_database
fresh_database main
echo 'the secret' >"$scratch/password"
chmod 600 "$scratch/password"

pool=$scratch/pool
mkdir "$pool"
cat >"$pool/ini" <<-END
	[databases]
	main = host=$PGHOST dbname=main user=postgres
	[pgbouncer]
	listen_addr =
	unix_socket_dir = $pool
	auth_type = any
	pool_mode = transaction
	server_round_robin = 1
	min_pool_size = 3
	default_pool_size = 3
	logfile = $pool/log
	pidfile = $pool/pid
END
[ "$(id -u)" -ne 0 ] || chown -R postgres: "$pool"
as_postgres pgbouncer -q -d "$pool/ini"
at_end="kill \$(cat '$pool/pid') 2>/dev/null || :; $at_end"
wait_until test -S "$pool/.s.PGSQL.6432" || fail "$(cat "$pool/log")"
pooled="host=$pool port=6432 dbname=main user=postgres"
through_the_pool() { # so does $conf connect
	sed -i "s|^conninfo=.*|conninfo=$pooled|" "$conf"
}
through_the_pool

server_processes() { # that answered so many times
	for _ in $(seq "$1"); do
		psql -XqAt "$pooled" -c 'SELECT pg_backend_pid()'
	done | sort -u | wc -l
}
psql -Xq "$pooled" -c 'SELECT pg_sleep(1)' >/dev/null &
psql -Xq "$pooled" -c 'SELECT pg_sleep(1)' >/dev/null &
psql -Xq "$pooled" -c 'SELECT pg_sleep(1)' >/dev/null
wait
ok 'one transaction after the other has another connection' test "$(server_processes 6)" -gt 1

# Delivery and import -------------------------------------------------------------------------------------------------

for n in 1 2 3; do
	patch_mail "mail-$n" "[PATCH] change $n" >"$scratch/mail"
	deliver "$scratch/mail"
	accepted "mail $n is delivered"
done
is "$(taken mail-)" 'mail-1 mail-2 mail-3' 'all mails are stored'
deliver "$scratch/mail"
accepted 'the same again'
printf '[patchmaild]\nmax_message_size=1M\n' >>"$conf"
{ patch_mail large '[PATCH] large' && head -c 5000000 /dev/urandom | base64; } >"$scratch/large"
deliver "$scratch/large"
accepted 'a mail in pieces'
is "$(sql "SELECT encode(sha256(patchmail.quarantine_raw(id)), 'hex') FROM patchmail.quarantine")" \
	"$(sha256sum <"$scratch/large" | cut -d ' ' -f 1)" 'the large mail is in quarantine with every byte'
mails=$scratch/mails
mkdir "$mails"
write_thread 1
write_thread 2
count=$(find "$mails" -type f | wc -l)
run -c "$conf" import --history "$mails"
is "$code $(import_counts | sed 's/:.*//') $(cat "$scratch/stderr")" "0 $count mails " 'a folder is imported'
is "$(taken t1- | wc -w)" $((count / 2)) 'all mails of the folder are stored'
for i in $(seq 700); do
	patch_mail "batch-$i" "[PATCH] change $i" >"$scratch/mail"
	mbox_mail "$scratch/mail"
done >"$scratch/mbox"
run -c "$conf" import --history "$scratch/mbox"
is "$code $(import_counts) $(cat "$scratch/stderr")" '0 700 mails: 700 stored ' 'many mails, in batches'
is "$(sql "SELECT count(*) FROM patchwork_patch WHERE msgid LIKE '<batch-%'")" 700 'all mails of the batches are stored'
biggest=$(sql "SELECT max(n) FROM (SELECT count(*) AS n FROM patchmail.message WHERE msgid LIKE '<batch-%'
	GROUP BY arrived) batch")
ok "some mails come in one transaction: $biggest" test "$biggest" -gt 1
ok "at most 200 mails come in one transaction: $biggest" test "$biggest" -le 200

# A deadline that passes: the statement is cancelled through it.
hold_up slow 30
patch_mail slow '[PATCH] slow' >"$scratch/slow"
work_conf=$conf
sed 's/^max_message_size.*/timeout=1/' "$work_conf" >"$scratch/hasty.conf"
conf=$scratch/hasty.conf
deliver "$scratch/slow"
deferred 'a call that takes too long' 'did not answer in time'
ok 'is cancelled on the server' wait_for "SELECT count(*) = 0 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
let_through
conf=$work_conf
deliver "$scratch/slow"
accepted 'later it works'

# Following an account ------------------------------------------------------------------------------------------------

has_holder() { # PATTERN
	sql "SELECT holder FROM patchmail.cursor WHERE account = 'box'" | grep -qE "$1"
}
# Another machine's process follows it.
held_elsewhere() { # INTERVAL
	sql "UPDATE patchmail.cursor SET holder = 'process 1 of elsewhere, started 1 in x',
		held_until = now() + interval '$1'"
}

three_mails box
start_servers box=rereading
configure_server box box poll_interval=1 idle=no
through_the_pool
takes_all 'imap --once'
is "$(taken box-)" 'box-1 box-2 box-3' 'takes all'
for n in 2 3 4; do
	takes_all "imap --once, time $n"
done
is "$(sql "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")" 0 'no lock stays behind in the pool'
start_service
ok 'a service has the account' wait_until has_holder "^process $service of "
falls_short 'a second process' "^patchmaild: box: another process follows the account box: process $service of [^,]+$"
sleep 3
is "$(cat "$scratch/service.log")" '' 'the first one goes on without a word'
end_service KILL
takes_all 'after it was killed the next one need not wait'
start_service
ok 'a service has it again' wait_until has_holder "^process $service of "
stop_service
is "$code $(sql 'SELECT count(holder), count(held_until) FROM patchmail.cursor')" '0 0|0' \
	'it ends, and gives the account back'

# Two at once: the second one waits, and goes on where the first one is killed.
start_service
first=$service
ok 'the first of two has the account' wait_until has_holder "^process $first of "
"$PATCHMAILD" -c "$conf" imap box >"$scratch/second.log" 2>&1 &
second=$!
at_end="kill $second 2>/dev/null || :; $at_end"
ok 'the second one says that it waits' wait_until grep -q "another process follows the account box: process $first of" \
	"$scratch/second.log"
patch_mail box-first '[PATCH] for the first one' >"$scratch/servers/box/4"
ok 'the first one takes mail' wait_until has_taken box-first box-first
end_service KILL
patch_mail box-second '[PATCH] for the second one' >"$scratch/servers/box/5"
ok 'after it was killed the second one has the account' wait_until has_holder "^process $second of "
ok 'and takes what comes' wait_until has_taken box-second box-second
is "$(sql "SELECT count(*) FROM patchmail.message WHERE msgid LIKE '<box-%'")" 5 'each mail is there once'
kill "$second"
code=0
wait "$second" || code=$?
is "$code" 0 'the second one ends in order'

held_elsewhere '30 s'
falls_short 'a process of another machine' 'another process follows the account box: process 1 of elsewhere$'
held_elsewhere '4 s'
start_service
ok 'a service waits for it' wait_until service_says 'process 1 of elsewhere'
ok 'and has the account when the lease is over' wait_until has_holder "^process $service of "

# One that was held up and does not know that another one took over.
held_elsewhere '1 h'
lines=$(wc -l <"$scratch/service.log")
patch_mail box-4 '[PATCH] of box, number 4' >"$scratch/servers/box/6"
ok 'who has lost the account notices it' wait_until sh -c "[ \$(wc -l <'$scratch/service.log') -gt $lines ]"
is "$(taken box-4)" '' 'before it takes another mail'
stop_service
ok 'and leaves it alone, also when it ends' has_holder 'elsewhere'

# A hook: nobody hears of events through the pool, so the service looks by itself.
printf '#!/bin/sh\ncat >>"%s"\n' "$scratch/events" >"$scratch/bot"
chmod +x "$scratch/bot"
conf=$scratch/bot.conf
printf '%s\n' '[database]' "conninfo=$pooled" '[notify bot]' "command=$scratch/bot" poll=1 >"$conf"
"$PATCHMAILD" -c "$conf" notify bot >"$scratch/service.log" 2>&1 &
service=$!
ok 'a hook is served' wait_until sh -c "[ \"\$(psql -XqAtc 'SELECT count(holder) FROM patchmail.hook')\" -eq 1 ]"
for n in 1 2 3; do
	before=$(sql 'SELECT count(*) FROM patchwork_event')
	patch_mail "hook-$n" "[PATCH] for the hook, number $n" >"$scratch/mail"
	deliver "$scratch/mail"
	events=$((${events-0} + $(sql 'SELECT count(*) FROM patchwork_event') - before))
	ok "its command gets the events of mail $n" wait_until sh -c "[ \$(wc -l <'$scratch/events') -eq $events ]"
done
run -c "$conf" notify --once bot
is "$code $(cat "$scratch/stderr")" \
	"75 patchmaild: hook bot: another process serves the hook: process $service of $(uname -n)" \
	'a second process has to wait'
stop_service
is "$code $(cat "$scratch/service.log")" '0 ' 'the service ends, and has said nothing'

done_testing
