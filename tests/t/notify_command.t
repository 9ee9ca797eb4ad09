#!/bin/sh
# patchmaild notify, which hands events to a command as lines of JSON: what its exit status means, and that nothing
# waits for a command that does not do its part.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/hook.sh
. "$top_srcdir/tests/t/hook.sh"
start_database
fresh_database hooks
patch_mail first '[PATCH] first' >"$scratch/first"
deliver "$scratch/first"

# A hook whose command is this script of sh; $1 of it is a folder of its own.
configure_script() { # NAME SCRIPT [LINE...]
	script_name=$1 script=$2
	shift 2
	mkdir -p "$scratch/$script_name"
	printf '#!/bin/sh\n%s\n' "$script" >"$scratch/$script_name/run"
	chmod 755 "$scratch/$script_name/run"
	configure "$script_name" "command=\"$scratch/$script_name/run\" \"$scratch/$script_name\" 'two words'" "$@"
}
taken() { # the events that it has dealt with
	{ cat "$scratch/$hook/taken" 2>/dev/null || :; } | sed 's/^{"id" : \([0-9]*\),.*/\1/' |
		tr '\n' ' ' | sed 's/ $//'
}
has_taken() { # EVENTS
	[ "$(taken)" = "$1" ]
}
runs() {
	wc -l <"$scratch/$hook/runs"
}

configure ci command=relative
once
like "$code $(cat "$scratch/stderr")" '^78 .*command in \[notify ci\] has to be an absolute path' 'a relative path: 78'
configure ci command=/bin/true secret_file=/etc/hostname
once
like "$code $(cat "$scratch/stderr")" '^78 .*\[notify ci\] has a command: ' 'what is for a URL: 78'

# shellcheck disable=SC2016 # the script's
take='echo run >>"$1/runs"; cat >>"$1/taken"'

# All is well ---------------------------------------------------------------------------------------------------------

# shellcheck disable=SC2016
configure_script well "$take"'; echo noise; echo noise >&2; echo "$PATCHMAILD_HOOK $2 $#" >"$1/told"'
start_service
ok 'it takes the hook' wait_until opened
happen 10
ok 'events come in order' wait_until has_taken "$events"
sql "SELECT event FROM patchmail.events_after(0, 1000) WHERE event->>'id' = '${events%% *}'" >"$scratch/expected"
is "$(head -n 1 "$scratch/well/taken")" "$(cat "$scratch/expected")" 'each is a line, the document of events_after()'
is "$(cat "$scratch/well/told")" 'well two words 2' 'the command gets its arguments, and the name of the hook'
stop_service
is "$code $(cat "$scratch/service.log") $(standing)" '0  0 0 0' 'it ends, and has said nothing'

configure_script batch "$take" batch=40
once
happen 100
once
is "$code $(runs) $(taken)" "0 3 $events" 'a run gets many, but not more than it may'

# It fails ------------------------------------------------------------------------------------------------------------

# shellcheck disable=SC2016
configure_script fails 'echo run >>"$1/runs"; cat >/dev/null; printf "\n  no \033[31mroom\nmore\n" >&2; exit 3'
once
happen 5
once
is "$code $(standing)" '75 5 0 0' 'a command that fails: the events wait'
is "$(cat "$scratch/stderr")" \
	"patchmaild: hook fails event ${events%% *}: failed: the command ended by exit status 3: no \\x1b[31mroom" \
	'the log has its first words'
is "$(runs)" 2 'after the first run each gets a run of its own'
# shellcheck disable=SC2016
configure_script fails "$take"
let_time_pass
once
is "$code $(taken)" "0 $events" 'later it gets all, in order'
# shellcheck disable=SC2016
configure_script killed 'cat >/dev/null; kill -KILL $$'
once
happen 1
once
like "$code $(cat "$scratch/stderr")" '^75 .*failed: the command ended by signal 9$' 'a command that is killed'
configure absent "command=$scratch/absent"
once
happen 1
once
like "$code $(cat "$scratch/stderr")" '^75 .*failed: .*/absent: No such file' 'a command that is not there'

# A poison event: the others go on.
poison=$(sql "SELECT last_value + 4 FROM patchwork_event_id_seq")
# shellcheck disable=SC2016
configure_script poison 'cat >"$1/in"; ! grep -q "\"id\" : '"$poison"'," "$1/in" || exit 1; cat "$1/in" >>"$1/taken"'
start_service
ok 'a command that fails with one event' wait_until opened
happen 8
others=$(echo " $events " | sed "s/ $poison / /; s/^ //; s/ $//")
hasten() {
	let_time_pass
	has_taken "$others"
}
ok 'gets the others, in order' wait_until hasten
is "$(standing)" '0 1 0' 'that one is set aside'
stop_service

# It does not do its part ---------------------------------------------------------------------------------------------

# Many events are more than a pipe holds.
many=300
in_time() { # NAME: the last run of --once
	ok "$1: in time" test "$(($(date +%s) - before))" -le 6
}
try() { # NAME SCRIPT [LINE...]
	configure_script "$@"
	once
	happen $many
	before=$(date +%s)
	once
}
try unread 'exit 0' batch=300
is "$code $(standing)" '0 0 0 0' 'it does not read: its exit status counts'
in_time 'it does not read'
try early 'head -c 10 >/dev/null; exit 0' batch=300
is "$code" 0 'it closes its input early: its exit status counts'
try early-fails 'exec <&-; sleep 0.2; exit 1' batch=300
is "$code" 75 'also if that says that it failed'
try sleeps 'trap "" TERM; sleep 60' timeout=1 batch=1
is "$code" 75 'it sleeps'
like "$(cat "$scratch/stderr")" 'failed: the command took longer than 1 seconds$' 'it is told so'
ok 'it sleeps: in time' test "$(($(date +%s) - before))" -le 9
is "$(pgrep -f "$scratch/sleeps/run" || :)" '' 'nothing of it is left'
# shellcheck disable=SC2016
try prints 'exec cat /dev/zero >&2' timeout=1 batch=1
is "$code" 75 'it prints without end'
like "$(cat "$scratch/stderr")" 'took longer than 1 seconds$' 'it is ended'
try floods 'cat >/dev/null; exec cat /dev/zero >&1' timeout=1 batch=1
like "$(cat "$scratch/stderr")" 'took longer than 1 seconds$' 'on its standard output too'
# shellcheck disable=SC2016
try forks "$take"'; sleep 3 & exit 0' batch=300
is "$code $(standing)" '0 0 0 0' 'what it leaves running, with its pipes, holds up nothing'
ok 'nor a moment' test "$(($(date +%s) - before))" -le 2

# The service is stopped while a command runs.
# shellcheck disable=SC2016
configure_script stopped "$take"'; sleep 2; touch "$1/done"'
start_service
ok 'a slow command' wait_until opened
happen 1
ok 'has its events' wait_until has_taken "$events"
stop_service
is "$code $(standing)" '0 0 0 0' 'SIGTERM: it is finished, and booked'
ok 'it is' test -e "$scratch/stopped/done"

done_testing
