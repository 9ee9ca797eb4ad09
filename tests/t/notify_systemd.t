#!/bin/sh
# patchmaild notify reports to systemd what it does, and to the journal which deliveries went wrong.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/hook.sh
. "$top_srcdir/tests/t/hook.sh"
start_as_unit 'what is reported to systemd'
start_database
fresh_database units
patch_mail first '[PATCH] first' >"$scratch/first"
"$PATCHMAILD" -c "$conf" deliver <"$scratch/first"
entries() { # what the journal has of the hook, but for where in the program it comes from
	jq -c --arg hook "$hook" 'select(.HOOK == $hook) | [.MESSAGE, .PRIORITY, .EVENT, .OUTCOME, .REASON]' \
		"$scratch/journal"
}
entry_of() { # EVENT OUTCOME
	entries | grep -qF "\"$1\",\"$2\""
}

start_receivers unit
configure_url unit
start_service
ok 'it waits' wait_until reported '^STATUS=waiting for events; 0 delivered, 0 refused, 0 times failed$'
is "$(head -n 1 "$scratch/notify")" READY=1 'that it is ready was reported to systemd first'
lives=$(count_lines WATCHDOG=1)
ok 'and again and again that it is alive' wait_until alive 8
happen 3
ok 'what it has done' wait_until reported '^STATUS=waiting for events; 3 delivered, 0 refused, 0 times failed$'
behave unit slow 2
lives=$(count_lines WATCHDOG=1)
happen 1
sleep 0.3
ok 'it is alive while a receiver is slow' wait_until alive 6
ok 'which it is' sh -c '! grep -q "^$1 " "$2"' sh "$events" "$scratch/hooks/unit.got"
ok 'then that is done' wait_until reported '^STATUS=waiting for events; 4 delivered'
is "$(entries)" '' 'the journal has nothing of what is well'

behave unit say 404 'what\033[2J?'
happen 1
ok 'the journal has what is refused' wait_until entry_of "$events" refused
reason='HTTP 404 As told: what\\x1b[2J?'
is "$(entries)" "[\"hook unit event $events: refused: $reason\",\"4\",\"$events\",\"refused\",\"$reason\"]" \
	'with fields, and without control characters'
behave unit status 500
happen 1
ok 'and what fails' wait_until entry_of "$events" failed
ok 'systemd too' wait_until reported '^STATUS=the receiver is away; 4 delivered, 1 refused, [0-9]+ times failed$'
behave unit
let_time_pass
ok 'and that it works again' wait_until entry_of "$events" 'delivered again'
ids=$(jq -r 'select(.HOOK == "unit") | .MESSAGE_ID' "$scratch/journal" | sort -u)
is "$(grep -A 1 "^-- $ids\$" "$top_srcdir/systemd/patchmaild.catalog" | tail -n 1)" \
	'Subject: Event @EVENT@ for the hook @HOOK@: @OUTCOME@' 'the catalog explains them'

kill -HUP "$service"
ok 'SIGHUP: that it reloads is reported to systemd' wait_until reported '^MONOTONIC_USEC=[0-9]+$'
ok 'and when it has' wait_until ready_again
stop_service
is "$code $(tail -n 1 "$scratch/notify")" '0 STOPPING=1' 'SIGTERM: that it stops is reported to systemd last'
is "$(cat "$scratch/service.log")" '' 'nothing is said besides'

done_testing
