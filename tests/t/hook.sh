# shellcheck shell=sh
# What the tests of `patchmaild notify` share; sourced after tests/t/lib.sh: receivers, configurations, events.
# shellcheck disable=SC2034,SC2154 # the tests use it; scratch and the rest are of tests/t/lib.sh

# shellcheck source=tests/t/service.sh
. "$top_srcdir/tests/t/service.sh"

# Receivers (hook_receiver.py) ----------------------------------------------------------------------------------------

# Starts them, in a process of their own, $receivers; their ports and records are in $scratch/hooks.
start_receivers() { # NAME[:PORT][,tls,CERTIFICATE]...
	mkdir -p "$scratch/hooks"
	ln -sfn "$scratch/tls" "$scratch/hooks/tls"
	"$python" -IS "$top_srcdir/tests/t/hook_receiver.py" "$scratch/hooks" "$@" >"$scratch/hooks/ports" \
		2>>"$scratch/hooks/log" &
	receivers=$!
	at_end="kill $receivers 2>/dev/null || :; $at_end"
	wait_until sh -c 'test "$(wc -l <"$1")" -eq "$2"' sh "$scratch/hooks/ports" $# ||
		fail "$(cat "$scratch/hooks/log")"
}

port_of() { # NAME
	sed -n "s/^$1 //p" "$scratch/hooks/ports"
}

# From now on it does this; without words it takes everything.
behave() { # NAME [WORD...]
	behave_name=$1
	shift
	printf '%s\n' "$*" >"$scratch/hooks/$behave_name.new"
	mv "$scratch/hooks/$behave_name.new" "$scratch/hooks/$behave_name.mode"
}

# The events that it was sent, in order: of a status, or of any.
got() { # NAME [STATUS]
	{ cat "$scratch/hooks/$1.got" 2>/dev/null || :; } |
		awk -v status="${2-}" 'status == "" || $3 == status { print $1 }' | tr '\n' ' ' | sed 's/ $//'
}

has_got() { # NAME EVENTS: it took these, and no others
	[ "$(got "$1" 200)" = "$2" ]
}

was_asked() { # NAME TIMES: it was sent so much or more
	[ "$(got "$1" | wc -w)" -ge "$2" ]
}

# Configurations ------------------------------------------------------------------------------------------------------

# $conf is one for the hook $hook, with these lines; of two lines for one key the last one counts.
configure() { # HOOK LINE...
	hook=$1
	shift
	conf=$scratch/$hook.conf
	printf '%s\n' '[database]' "conninfo=host=$PGHOST dbname=$PGDATABASE user=postgres" "[notify $hook]" "$@" |
		last_of_each_key >"$conf"
}

# For a hook and a receiver of the same name.
configure_url() { # NAME [LINE...]
	configure_name=$1
	shift
	configure "$configure_name" "url=http://127.0.0.1:$(port_of "$configure_name")/hook" "$@"
}

# The program ---------------------------------------------------------------------------------------------------------

once() { # delivers what is due; as run()
	run -c "$conf" notify --once "$hook"
}

# In the background; what it says goes to $scratch/service.log.
start_service() {
	"$PATCHMAILD" -c "$conf" notify "$hook" >"$scratch/service.log" 2>&1 &
	service=$!
	at_end="stop_service; $at_end"
}

# What has been waited for is due now, and the service hears of it.
let_time_pass() {
	sql "UPDATE patchmail.hook SET next_try = now(), next_retry = NULL;
	     UPDATE patchmail.deferred_event SET next_try = now() WHERE NOT dead;
	     NOTIFY patchmail"
}

# Events --------------------------------------------------------------------------------------------------------------

# So many more, each in a transaction of its own, of a patch that is there; their ids are $events.
happen() { # COUNT [PAUSE]: in seconds, before each
	events=$(for _ in $(seq "$1"); do
		[ -z "${2-}" ] || echo "\\! sleep $2"
		echo "INSERT INTO patchwork_event (category, date, project_id, patch_id)
		      SELECT 'patch-created', clock_timestamp(), p.project_id, p.id FROM patchwork_patch p
		       ORDER BY p.id LIMIT 1 RETURNING id;"
	done | psql -XqAt -v ON_ERROR_STOP=1 | tr '\n' ' ' | sed 's/ $//')
}

# What the database knows of a hook: events behind, set aside, dead.
standing() {
	sql "SELECT count(*) FILTER (WHERE o.position > h.position) || ' ' ||
	            (SELECT count(*) FROM patchmail.deferred_event d WHERE d.hook = h.name AND NOT d.dead) || ' ' ||
	            (SELECT count(*) FROM patchmail.deferred_event d WHERE d.hook = h.name AND d.dead)
	       FROM patchmail.hook h, patchmail.event_order o WHERE h.name = '$hook' GROUP BY h.name"
}

stands() { # EXPECTED
	[ "$(standing)" = "$1" ]
}

opened() { # the hook is there, and somebody holds it
	[ "$(sql "SELECT count(*) FROM patchmail.hook WHERE name = '$hook' AND holder IS NOT NULL")" -eq 1 ]
}
