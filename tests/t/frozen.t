#!/bin/sh
# The machine of the database freezes in the middle of a call: connections stand, also new ones, and nothing answers.
# Whoever waits for it ends or goes on within its time, and says so.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
# shellcheck source=tests/t/faults.sh
. "$top_srcdir/tests/t/faults.sh"
need_python 'a database that freezes'
start_database
fresh_database main
echo 'the secret' >"$scratch/password"
chmod 600 "$scratch/password"
printf '[patchmaild]\ntimeout=3\n' >>"$conf"
work_conf=$conf

# Ends a program that is still there after so many seconds, so that the test goes on: $code is 137 then.
wait_at_most() { # SECONDS PROCESS
	(sleep "$1" && kill -KILL "$2") >/dev/null 2>&1 &
	guard=$!
	code=0
	wait "$2" 2>/dev/null || code=$?
	kill "$guard" 2>/dev/null || :
	took=$(($(date +%s) - began))
}

# These mails of the mailbox have been taken, in whatever order: what was in the call may hold locks for a moment yet,
# when the next try comes, and that mail is taken after the others.
are_there() { # MAILS
	[ "$(taken box- | tr ' ' '\n' | sort | paste -s -d ' ')" = "$1" ]
}

# The next mail is in the middle of its storing, and the database freezes.
freeze_in() { # ID
	wait_until is_held_up || fail "$1 is not held up"
	freeze "$scratch/postgres/data"
	began=$(date +%s)
}
again() { # what was held up ends, and the database is as before
	thaw
	wait_for "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'patchmaild'"
	let_through
}

# deliver -------------------------------------------------------------------------------------------------------------

hold_up deliver 3
patch_mail deliver '[PATCH] a change' >"$scratch/mail"
"$PATCHMAILD" -c "$conf" deliver <"$scratch/mail" >"$scratch/stdout" 2>"$scratch/stderr" &
program=$!
freeze_in deliver
wait_at_most 40 "$program"
deferred 'deliver' 'did not answer in time'
ok 'deliver: within the time and its grace' test "$took" -le 12
again
deliver "$scratch/mail"
accepted 'deliver, once the database is back'
is "$(taken deliver)" deliver 'the mail is there once'

# import --------------------------------------------------------------------------------------------------------------

for n in 1 2 3 4; do
	mkdir -p "$scratch/mails-$(((n + 1) / 2))"
	patch_mail "import-$n" "[PATCH] change $n" >"$scratch/mails-$(((n + 1) / 2))/$n"
done
start_import() { # FOLDER
	"$PATCHMAILD" -c "$conf" import --history "$1" >"$scratch/stdout" 2>"$scratch/stderr" &
	program=$!
}
hold_up import-1 3
start_import "$scratch/mails-1"
freeze_in import-1
wait_at_most 40 "$program"
is "$code $(import_counts)" '75 1 mail: 1 deferred' 'import ends'
like "$(cat "$scratch/stderr")" '/mails-1/1: deferred: the database (did not answer|cannot be reached) in time' \
	'import says at which mail it ended'
ok 'import: within the time' test "$took" -le 12
again

conf=$scratch/patient.conf
sed 's/^timeout=.*/timeout=600/' "$work_conf" >"$conf"
hold_up import-3 3
start_import "$scratch/mails-2"
freeze_in import-3
kill -TERM "$program"
wait_at_most 40 "$program"
is "$code" 143 'import that gets SIGTERM ends by it'
ok 'import: it waits for the database a few seconds at most' test "$took" -le 20
is "$(cat "$scratch/stderr")" \
	"patchmaild: stopped by a signal at $scratch/mails-2/3; repeat the import: it goes on there" \
	'import says where the signal stopped it'
again
run -c "$work_conf" import "$scratch/mails-1" "$scratch/mails-2"
is "$code $(taken import- | tr ' ' '\n' | sort | tr '\n' ' ')" '0 import-1 import-2 import-3 import-4 ' \
	'repeated, it takes all'

# imap ----------------------------------------------------------------------------------------------------------------

three_mails box
start_servers box=honest
configure_box() { # TIMEOUT
	configure_server box box poll_interval=1 idle=no
	printf '[patchmaild]\ntimeout=%s\n' "$1" >>"$conf"
}
configure_box 3
hold_up box-1 3
once &
program=$!
freeze_in box-1
wait_at_most 60 "$program"
like "$(tail -n 1 "$scratch/stderr")" '^patchmaild: box: the database (cannot be reached|did not answer) in time' \
	'imap --once says so'
ok 'and ends within the time' test "$took" -le 30
again
sql "UPDATE patchmail.cursor SET held_until = now()"

configure_box 8 # a busy machine is not late again, when the database is back
hold_up box-2 2
start_service
freeze_in box-2
ok 'the service says so' wait_until service_says 'the database (cannot be reached|did not answer) in time'
thaw
ok 'and goes on when the database is back' wait_until are_there 'box-1 box-2 box-3'
stop_service
again

# In a call that may take long: it gets SIGTERM.
patch_mail box-4 '[PATCH] of box, number 4' >"$scratch/servers/box/4"
configure_box 600
hold_up box-4 3
start_service
freeze_in box-4
kill -TERM "$service"
wait_at_most 60 "$service"
service=
is "$code" 0 'the service that gets SIGTERM ends'
ok 'soon' test "$took" -le 25
again
sql "UPDATE patchmail.cursor SET held_until = now()"
sql "UPDATE patchmail.deferred_uid SET last_try = last_try - interval '1 day'"
takes_all 'the next one'
ok 'has every mail, once' are_there 'box-1 box-2 box-3 box-4'

done_testing
