#!/bin/sh
# patchmaild notify, which posts events to a URL: each comes once, in order, as soon as it is committed; none is lost,
# whatever becomes of the receiver, the database and the program.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/hook.sh
. "$top_srcdir/tests/t/hook.sh"
need_python 'posting events'
start_database
fresh_database hooks
patch_mail first '[PATCH] first' >"$scratch/first"
deliver "$scratch/first"

# The configuration ---------------------------------------------------------------------------------------------------

refuses() { # NAME EXPECTED-CODE PATTERN
	once
	is "$code $(cat "$scratch/stdout")" "$2 " "$1: exit code $2"
	like "$(cat "$scratch/stderr")" "^patchmaild: $3" "$1: and says why"
}
configure ci 'url=https://ci.example.org/'
hook=other
refuses 'a hook that is not configured' 78 '.*ci[.]conf: there is no \[notify other\]'
configure ci 'url=ftp://ci.example.org/'
refuses 'a URL of another kind' 78 '.*url in \[notify ci\] has to be a URL'
configure ci
refuses 'neither url nor command' 78 '.*\[notify ci\] needs one of url and command'
configure ci 'url=https://ci.example.org/' "secret_file=$scratch/secret"
echo secret >"$scratch/secret"
chmod 644 "$scratch/secret"
refuses 'a secret that all can read' 78 '.*others can read or change it'
configure ci 'url=https://ci.example.org/' 'filter=colour=red'
refuses 'a filter that there is not' 78 'hook ci: .*events have no filter "colour"'
run notify ci
is "$code" 78 'no configuration: exit code 78'
run -c "$conf" notify
is "$code" 64 'no name: exit code 64'

# All is well ---------------------------------------------------------------------------------------------------------

start_receivers plain signed lost role away poison picky busy moved target slow twice killed restart stopped old new \
	once
printf 'whsec_%s\n' "$(printf 'not a text \001\002\377' | base64)" >"$scratch/secret"
echo 'of old' >>"$scratch/secret"
chmod 600 "$scratch/secret"
cp "$scratch/secret" "$scratch/hooks/secrets"

configure_url signed "secret_file=$scratch/secret" base_url=https://patches.example.org/
start_service
ok 'it takes the hook' wait_until opened
happen 30
ok 'events come in order' wait_until has_got signed "$events"
patch_mail second '[PATCH] second' >"$scratch/second"
deliver "$scratch/second"
all="$events $(sql "SELECT string_agg(id::text, ' ' ORDER BY id) FROM patchwork_event WHERE id > ${events##* }")"
ok 'and those of a mail' wait_until has_got signed "$all"
is "$(cut -d ' ' -f 2,4 "$scratch/hooks/signed.got" | sort -u)" 'good 1' \
	'each is signed with both secrets, over one connection'
sql "SELECT event FROM patchmail.events_after(0, 1000, '', 'https://patches.example.org') WHERE event->>'id' IN
	('${all%% *}', '${all##* }') ORDER BY position" >"$scratch/expected"
is "$(sed -n '1p; $p' "$scratch/hooks/signed.bodies")" "$(cat "$scratch/expected")" \
	'the bodies are the documents of events_after()'
tr -d '\r' <"$scratch/hooks/signed.heads" | sed '/^$/q' >"$scratch/head"
is "$(grep -vE '^(Host|Accept|webhook-.*|Content-Length):' "$scratch/head")" "POST /hook HTTP/1.1
User-Agent: $("$PATCHMAILD" --version | tr ' ' /)
Content-Type: application/json" 'a request says what it is'
stop_service
is "$code $(cat "$scratch/service.log")" '0 ' 'it ends, and has said nothing'
is "$(sql "SELECT holder IS NULL FROM patchmail.hook WHERE name = 'signed'") $(standing)" 't 0 0 0' \
	'it has given the hook back'

configure_url plain filter=category=series-completed
start_service
ok 'a hook with a filter' wait_until opened
happen 3
patch_mail third '[PATCH] third' >"$scratch/third"
deliver "$scratch/third"
wanted=$(sql "SELECT max(id) FROM patchwork_event WHERE category = 'series-completed'")
ok 'gets what it wants alone' wait_until has_got plain "$wanted"
is "$(cut -d ' ' -f 2 "$scratch/hooks/plain.got")" none 'without a secret nothing is signed'
stop_service

# The receiver is not well --------------------------------------------------------------------------------------------

configure_url away
behave away status 500
start_service
ok 'a receiver that answers 500 to all' wait_until opened
happen 12
ok 'is asked again' wait_until was_asked away 3
is "$(got away | tr ' ' '\n' | head -n 3 | sort -u)" "${events%% *}" 'with the first event'
behave away
let_time_pass
ok 'then it gets all, in order' wait_until has_got away "$events"
is "$(grep -c . "$scratch/service.log") $(standing)" '2 0 0 0' 'the log has a line when it fails, and one when it works'
ok 'they say so' service_says "hook away event ${events%% *}: failed: HTTP 500 As told"
ok 'both' service_says "hook away event ${events%% *}: delivered again: after [0-9]+ seconds"

# Nobody is there for hours: the clock of the database is moved.
kill "$receivers"
wait "$receivers" 2>/dev/null || :
former=$(got away 200)
happen 5
ok 'nobody listens' wait_until service_says 'failed: .*(refused|connect)'
for _ in 1 2 3 4 5 6; do
	sql "UPDATE patchmail.hook SET last_delivered = last_delivered - interval '1 hour',
		since = since - interval '1 hour'"
	let_time_pass
	sleep 0.2
done
ok 'events wait' stands '5 0 0'
was=$(port_of away)
start_receivers away:"$was" lost role poison picky busy moved target slow twice killed restart stopped old new once
let_time_pass
ok 'it is back: it gets all, in order' wait_until has_got away "$former $events"
is "$(standing)" '0 0 0' 'none is dead'
stop_service
is "$code" 0 'it ends'

# One event only.
next_event() { # NUMBER: the id that the event will have that comes after so many
	sql "SELECT last_value + $1 FROM patchwork_event_id_seq"
}
without() { # EVENT EVENT...: all but the first
	echo " $2 " | sed "s/ $1 / /; s/^ //; s/ $//"
}
configure_url poison
behave poison status-for 500 "$(next_event 3)"
start_service
ok 'a receiver that fails with one event' wait_until opened
happen 6
poison=$(echo "$events" | cut -d ' ' -f 3)
hasten() { # lets the database's time pass until the receiver took these
	let_time_pass
	has_got poison "$1"
}
ok 'gets the others, in order' wait_until hasten "$(without "$poison" "$events")"
is "$(standing)" '0 1 0' 'that one is set aside'
behave poison
let_time_pass
ok 'and comes when the receiver takes it' wait_until hasten "$(without "$poison" "$events") $poison"
stop_service

configure_url picky
behave picky say 400 'no\040\033[31msuch\302\205thing\tever\r\nsecond\040line'
start_service
ok 'a receiver that refuses' wait_until opened
happen 1
ok 'gets the event' wait_until was_asked picky 1
ok 'which is set aside' wait_until stands '0 1 0'
refused=$events
ok 'the log says why, in one line that does no harm' service_says \
	"^patchmaild: hook picky event $refused: refused: HTTP 400 As told: no .x1b\[31msuch.u0085thing.x09ever\$"
is "$(sql "SELECT reason FROM patchmail.deferred_event WHERE hook = 'picky'")" \
	'HTTP 400 As told: no \x1b[31msuch\u0085thing\x09ever' 'and so does the database'
behave picky
happen 3
ok 'the others are not held up' wait_until has_got picky "$events"
let_time_pass
happen 1
ok 'it comes later' wait_until sh -c 'grep -q "^$1 .* 200 " "$2"' sh "$refused" "$scratch/hooks/picky.got"
ok 'and nothing waits' wait_until stands '0 0 0'
behave picky say 404 "$(printf 'x%.0s' $(seq 1000))"
happen 20
ok 'a receiver that refuses all' wait_until stands '0 20 0'
is "$(grep -c 'refused: HTTP 404' "$scratch/service.log")" 1 'does not flood the log'
is "$(sql "SELECT max(length(reason)) FROM patchmail.deferred_event")" 200 'the reason has an end'
behave picky say 410 ''
happen 1
ok 'one that is gone for good' wait_until service_says 'refused: HTTP 410 As told \(the receiver is gone for good\)'
stop_service

configure_url busy
behave busy status 429 Retry-After:_250
start_service
ok 'a receiver that asks for patience' wait_until opened
happen 2
seconds() { # until it is tried again
	sql "SELECT round(extract(epoch FROM next_try - now())) FROM patchmail.hook WHERE name = 'busy'"
}
waits() { # LEAST MOST
	seconds=$(seconds)
	[ -n "$seconds" ] && [ "$seconds" -ge "$1" ] && [ "$seconds" -le "$2" ]
}
ok 'gets it, in seconds' wait_until waits 240 250
behave busy status 503 "Retry-After:_$(date -u -d '+500 seconds' '+%a,_%d_%b_%Y_%H:%M:%S_GMT')"
let_time_pass
ok 'until a date' wait_until waits 480 500
behave busy status 503 Retry-After:_9999999
let_time_pass
ok 'with an end' wait_until waits 3590 3600
for nonsense in -5 99999999999999999999 soon; do
	behave busy status 503 "Retry-After:_$nonsense"
	let_time_pass
	ok "and if it is one: $nonsense" wait_until waits 1 100
done
behave busy
let_time_pass
ok 'then all comes' wait_until has_got busy "$events"
stop_service

configure_url moved
behave moved status 302 "Location:_http://127.0.0.1:$(port_of target)/"
start_service
ok 'a receiver that is somewhere else' wait_until opened
happen 1
ok 'is not run after' wait_until service_says 'refused: HTTP 302 As told \(redirects are not followed\)'
is "$(got target)" '' 'nothing goes there'
stop_service

# Several processes, and none -----------------------------------------------------------------------------------------

configure_url twice
start_service
ok 'a hook is served' wait_until opened
refuses 'a second process' 75 "hook twice: another process serves the hook: process $service of $(uname -n)"
"$PATCHMAILD" -c "$conf" notify "$hook" >"$scratch/second.log" 2>&1 &
second=$!
ok 'a second service waits' wait_until grep -q 'another process serves the hook' "$scratch/second.log"
happen 5
ok 'the first one delivers' wait_until has_got twice "$events"
all=$events
stop_service
service=$second
happen 5
ok 'then the second one does' wait_until has_got twice "$all $events"
stop_service
is "$code" 0 'it ends'

# One that was held up, and does not know that another machine took over.
configure_url lost
start_service
ok 'a hook is served' wait_until opened
sql "UPDATE patchmail.hook SET holder = 'process 1 of elsewhere, started 1 in nowhere',
	held_until = now() + interval '2 s'
      WHERE name = 'lost'"
happen 3
ok 'who has lost the hook notices it' wait_until service_says 'process 1 of elsewhere'
is "$(got lost)" '' 'before it delivers anything'
ok 'and has it again when the lease is over' wait_until has_got lost "$events"
stop_service

# The role that serves hooks may do so, and nothing else.
sql 'CREATE ROLE ci LOGIN' >/dev/null
sql "SELECT patchmail.add_notifier('ci')" >/dev/null
hook=role conf=$scratch/role.conf
printf '%s\n' '[database]' "conninfo=host=$PGHOST dbname=$PGDATABASE user=ci" '[notify role]' \
	"url=http://127.0.0.1:$(port_of role)/" >"$conf"
start_service
ok 'a notifier serves a hook' wait_until opened
happen 3
ok 'and gets events' wait_until has_got role "$events"
stop_service
is "$code $(cat "$scratch/service.log")" '0 ' 'and needs no other right'
is "$(sql "SELECT notifier FROM patchmail.hook WHERE name = 'role'")" ci 'the hook is its own'

configure_url once
once
is "$code $(cat "$scratch/stderr")" '0 ' '--once, and nothing is there: 0'
happen 20
once
is "$code $(cat "$scratch/stderr") $(got once)" "0  $events" '--once delivers what is due, and ends'
behave once status 500
all=$events
happen 2
refuses '--once, and it fails' 75 'hook once event [0-9]+: failed: HTTP 500'
once
is "$code" 75 '--once, and something waits: 75'
behave once
let_time_pass
once
is "$code $(got once 200)" "0 $all $events" 'later it works'

# Killed again and again, while events come; at least once means that some may come twice, but none before another one
# that came earlier.
configure_url killed
once
start_events() { # COUNT PAUSE
	happen "$1" "$2"
	echo "$events" >"$scratch/happened"
}
start_events 400 0.01 &
maker=$!
: >>"$scratch/hooks/killed.got"
for n in $(seq 50); do
	before=$(wc -l <"$scratch/hooks/killed.got")
	"$PATCHMAILD" -c "$conf" notify killed 2>>"$scratch/killed.log" &
	victim=$!
	sleep "0.$((n % 2 + 1))"
	# On a slow machine the first ones may need longer to be at work at all.
	[ "$n" -gt 12 ] || wait_until sh -c 'test "$(wc -l <"$1")" -gt "$2"' sh "$scratch/hooks/killed.got" "$before"
	kill -9 "$victim"
	wait "$victim" 2>/dev/null || :
done
wait "$maker"
once
is "$code" 0 'killed 50 times: it goes on at once'
events=$(cat "$scratch/happened")
is "$(got killed 200 | tr ' ' '\n' | awk '!seen[$0]++' | tr '\n' ' ' | sed 's/ $//')" "$events" \
	'every event came, in order'
lives=$(cut -d ' ' -f 4 "$scratch/hooks/killed.got" | sort -u | wc -l)
ok 'meanwhile it was at work' test "$lives" -ge 10
echo "# $(($(got killed 200 | wc -w) - 400)) events came twice, $lives lives had deliveries"

# The database goes away while a delivery is on its way; what became of it is not forgotten.
configure_url restart
behave restart slow 1
start_service
ok 'a slow receiver' wait_until opened
happen 3
sleep 0.3
pg_control -m fast restart
behave restart
ok 'the database is restarted: all come' wait_until has_got restart "$events"
ok 'and it is told so' wait_until stands '0 0 0'
happen 2
ok 'the next ones too' wait_until stands '0 0 0'
is "$(got restart | wc -w)" 5 'none comes twice'
stop_service

# Signals -------------------------------------------------------------------------------------------------------------

configure_url slow
behave slow slow 2
start_service
ok 'a slow receiver' wait_until opened
happen 2
sleep 0.5
stop_service
is "$code $(got slow)|$(standing)" "0 ${events% *}|1 0 0" 'SIGTERM: the delivery on its way is finished, and booked'
configure_url stopped
behave stopped silent
start_service
ok 'a silent receiver' wait_until opened
happen 1
sleep 0.5
before=$(date +%s)
stop_service
is "$code $(standing)" '0 1 0 0' 'SIGTERM: it ends'
ok 'within seconds' test "$(($(date +%s) - before))" -le 8
is "$(sql "SELECT attempts FROM patchmail.hook WHERE name = 'stopped'")" 0 'which does not count as a failure'

configure_url old
start_service
ok 'a service' wait_until opened
configure old "url=http://127.0.0.1:$(port_of new)/"
kill -HUP "$service"
happen 2
ok 'SIGHUP: the new configuration counts' wait_until has_got new "$events"
former=$events
behave new slow 1
happen 1
sleep 0.4
kill -HUP "$service"
ok 'SIGHUP while a delivery is on its way' wait_until stands '0 0 0'
behave new
is "$(got new)" "$former $events" 'it comes once'
former="$former $events"
echo nonsense=1 >>"$conf"
kill -HUP "$service"
ok 'one that is wrong' wait_until service_says 'hook old: not reloaded: .*unknown key nonsense'
happen 2
ok 'does not' wait_until has_got new "$former $events"
peak=$(peak_memory)
if grep -q __asan_init "$(dirname "$PATCHMAILD")/patchmaild-notify"; then
	skip 'it needs little memory' 'built with sanitizers'
else
	ok 'it needs little memory' test "$peak" -lt 32768
fi
stop_service
is "$code" 0 'it ends'

done_testing
