# shellcheck shell=sh
# contrib/bench notify; sourced by it.
# shellcheck disable=SC2154 # scratch is the sourcing script's

notify_port=18473
notify_pause=20000 # microseconds between two events
notify_backlog=5000

# Two files "ID TIME", of the commits and of what came of them: the milliseconds between, as a row.
print_latency() { # WORD COMMITS ARRIVALS
	sort -k 1,1 "$2" >"$scratch/commits.sorted"
	sort -k 1,1 "$3" | join "$scratch/commits.sorted" - | awk '{ printf "%.3f\n", ($3 - $2) / 1000 }' | sort -n |
		awk -v word="$1" -v wanted="$(wc -l <"$2")" '{ at[NR] = $1 }
			function part(p) { i = int(NR * p) + 1; return at[i > NR ? NR : i] }
			END {
				if (NR != wanted) { print NR " of " wanted " events came" >"/dev/stderr"; exit 1 }
				printf "  %-46s %8.2f %8.2f %8.2f %8.2f ms\n", word,
					part(.5), part(.95), part(.99), at[NR]
			}'
}

make_events() { # COUNT: as they come from deliveries
	contrib/bench-notify make "$1" "$notify_pause" >"$scratch/commits"
}

# Waits until a command succeeds.
until_it() { # COMMAND...
	for _ in $(seq 600); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.1
	done
	fail "it takes too long: $*"
}

has_lines() { # FILE COUNT
	[ "$(wc -l <"$1")" -ge "$2" ]
}

is_served() { # HOOK
	[ "$(psql -XqAtc "SELECT count(holder) FROM patchmail.hook WHERE name = '$1'")" -eq 1 ]
}

notify_conf() { # HOOK LINE
	printf '[database]\nconninfo=dbname=hooks\n[notify %s]\n%s\n' "$1" "$2" >"$scratch/$1.conf"
}

# The service, from now on until end_notify.
begin_notify() { # HOOK
	patchmaild -c "$scratch/$1.conf" notify "$1" 2>"$scratch/$1.log" &
	notify_service=$!
	at_end="kill $notify_service 2>/dev/null || :; $at_end"
	until_it is_served "$1"
}

end_notify() {
	kill "$notify_service"
	wait "$notify_service" || fail 'the service failed'
}

bench_latency() { # EVENTS
	printf '  %-46s %8s %8s %8s %8s\n' "from the commit of an event, $((1000000 / notify_pause)) a second, to" \
		median p95 p99 max
	contrib/bench-notify listen "$1" >"$scratch/heard" &
	until_it grep -q ready "$scratch/heard"
	make_events "$1"
	until_it has_lines "$scratch/heard" "$(($1 + 1))"
	# A notification says nothing of its event, but each transaction has one, and they come in order.
	sed 1d "$scratch/heard" | paste -d ' ' "$scratch/commits" - | cut -d ' ' -f 1,3 >"$scratch/arrivals"
	print_latency 'a bare LISTEN with libpq' "$scratch/commits" "$scratch/arrivals"

	contrib/bench-notify receive "$notify_port" "$1" >"$scratch/arrivals" &
	receiver=$!
	begin_notify url
	make_events "$1"
	wait "$receiver"
	end_notify
	print_latency 'the receiver at a URL' "$scratch/commits" "$scratch/arrivals"

	begin_notify command
	make_events "$1"
	until_it has_lines "$scratch/lines" "$1"
	end_notify
	print_latency 'a command' "$scratch/commits" "$scratch/lines"
}

# So many a second, of a backlog.
print_events() { # WORD COMMAND...
	events_word=$1
	shift
	/usr/bin/time -f %e -o "$scratch/time" "$@"
	print_row "$events_word" "$(quotient "$notify_backlog" "$(cat "$scratch/time")")" events/s
}

bench_backlog() {
	contrib/bench-notify receive "$notify_port" 1000000000 >/dev/null &
	receiver=$!
	at_end="kill $receiver 2>/dev/null || :; $at_end"
	for hook in url command; do
		patchmaild -c "$scratch/$hook.conf" notify --once "$hook"
	done
	psql -Xq -c "INSERT INTO patchwork_event (category, date, project_id, patch_id)
		SELECT 'patch-created', clock_timestamp(), p.project_id, p.id FROM generate_series(1, $notify_backlog),
			(SELECT * FROM patchwork_patch ORDER BY id LIMIT 1) p"
	psql -XqAt -o "$scratch/body" -c 'SELECT event FROM patchmail.events_after(0, 1)'
	print_events 'the same URL, the same bodies, libcurl alone' contrib/bench-notify post \
		"http://127.0.0.1:$notify_port/" "$notify_backlog" "$scratch/body"
	print_events 'notify --once, to a URL' patchmaild -c "$scratch/url.conf" notify --once url
	: >"$scratch/lines"
	print_events 'notify --once, to a command' patchmaild -c "$scratch/command.conf" notify --once command
	has_lines "$scratch/lines" "$notify_backlog" || fail 'not all events came'
}

bench_notify() { # EVENTS
	createdb -T empty hooks
	export PGDATABASE=hooks
	patchmaild deliver <"$top/contrib/demo-mails/02-patch-1.mail"
	notify_conf url "url=http://127.0.0.1:$notify_port/"
	notify_conf command "command=$top/build/bench/contrib/bench-notify lines $scratch/lines"
	say "$1 events"
	bench_latency "$1"
	say "A backlog of $notify_backlog events"
	bench_backlog
}
