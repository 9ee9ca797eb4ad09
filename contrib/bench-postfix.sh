# shellcheck shell=sh
# contrib/bench postfix: mail through a private Postfix.  Sourced by contrib/bench.
# shellcheck disable=SC2034,SC2154 # top, scratch and the rest are contrib/bench's

# shellcheck source=tests/t/postfix.sh
. "$top/tests/t/postfix.sh"

seconds_between() { # FROM TO
	awk -v from="$1" -v to="$2" 'BEGIN { printf "%.3f", to - from }'
}

# The transports beside patchmaild's, which show what Postfix itself can do.
configure_bench_postfix() { # PROCESSES
	configure_postfix
	add_samples
	# As many processes, and as many deliveries to one address.
	sed -i "s/^\(patchmaild.*-  *\)4\(  *[a-z]*\)$/\1$1\2/" "$etc/master.cf"
	sed -i "s/_destination_concurrency_limit = 4/_destination_concurrency_limit = $1/" "$etc/main.cf"
	cat >>"$etc/main.cf" <<-END
		default_destination_concurrency_limit = $1
		initial_destination_concurrency = $1
		true_destination_recipient_limit = 1
	END
	cat >>"$etc/master.cf" <<-END
		true unix - n n - $1 pipe flags=RX user=postgres argv=/bin/true
		handed unix - n n - $1 pipe flags=RX user=postgres null_sender=
		  argv=$program -c $scratch/handed.conf deliver
		sink unix - - n - $1 lmtp
	END
	cat >>"$etc/transport" <<-END
		pipe@lists.example.org patchmaild:
		handed@lists.example.org handed:
		listen@lists.example.org patchmaild-lmtp:unix:$scratch/run/lmtp
		spawn@lists.example.org patchmaild-lmtp:unix:private/patchmaild-spawn
		true@lists.example.org true:
		sink@lists.example.org sink:unix:$scratch/run/sink
	END
	postmap "$etc/transport"
}

# A new database, from another one, and the configurations.
begin_rate() { # TEMPLATE
	PGDATABASE=postgres
	psql -Xq -c 'DROP DATABASE IF EXISTS rate WITH (FORCE)' 2>/dev/null
	createdb -T "$1" rate
	PGDATABASE=rate
	psql -Xq -c CHECKPOINT
}

configure_rate() {
	conf=$scratch/rate.conf
	printf '[database]\nconninfo=host=%s dbname=rate user=postgres\n' "$PGHOST" >"$conf"
	{ cat "$conf" && printf '[lmtp]\nsocket=%s\n' "$scratch/run/lmtp"; } >"$scratch/handed.conf"
	protect "$conf" "$scratch/handed.conf"
}

# Sends the mails, to Postfix or, if the way is "alone", to patchmaild itself; sets $began.
inject() { # WAY CONNECTIONS MAILS
	server=$port
	[ "$1" != alone ] || server=$scratch/run/lmtp
	began=$("$python" -IS "$top/contrib/bench-postfix.py" "$server" "$2" "$1@lists.example.org" \
		"$scratch/template" 1 "$3")
}

stored() {
	sql 'SELECT count(*) FROM patchmail.message'
}

# From the first byte to the last commit, in mails a second.
rate_of() { # WAY CONNECTIONS MAILS
	begin_rate authored
	start_listener
	inject "$@"
	for _ in $(seq 1200); do
		[ "$(stored)" -le "$3" ] || break
		sleep 0.25
	done
	stop_listener
	[ "$(stored)" -eq $(($3 + 1)) ] || fail "$(tail "$postfix/log")"
	ended=$(sql 'SELECT extract(epoch FROM max(pg_xact_commit_timestamp(xmin))) FROM patchmail.message')
	quotient "$3" "$(seconds_between "$began" "$ended")"
}

# Likewise to the last mail that Postfix is rid of.
start_sink() {
	mkdir -p "$scratch/run"
	smtp-sink -u postfix -L "unix:$scratch/run/sink" 100 >/dev/null 2>&1 &
	sink=$!
	at_end="kill $sink 2>/dev/null || :; $at_end"
	wait_until test -S "$scratch/run/sink"
}

rate_of_postfix() { # WAY CONNECTIONS MAILS
	inject "$@"
	until nothing_queued; do
		sleep 0.05
	done
	quotient "$3" "$(seconds_between "$began" "$(date +%s.%N)")"
}

# What the rows of one mail of the bench are, as a script of pgbench for the database "authored", which has its author.
write_insert_script() {
	begin_rate empty
	sed 's/NUMBER/0/' "$scratch/template" | patchmaild -c "$conf" deliver
	PGDATABASE=postgres createdb -T rate authored
	sql "SELECT setval(c.oid::regclass, 1987654320, false) FROM pg_class c JOIN pg_depend d ON d.objid = c.oid
		WHERE c.relkind = 'S' AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0" >/dev/null
	pg_dump --data-only --inserts >"$scratch/before.sql" 2>/dev/null
	sed 's/NUMBER/1987654320/' "$scratch/template" | patchmaild -c "$conf" deliver
	pg_dump --data-only --inserts >"$scratch/after.sql" 2>/dev/null
	"$python" -IS "$top/contrib/bench-postfix.py" rows "$scratch/before.sql" "$scratch/after.sql" 1987654320 \
		>"$scratch/insert.pgbench"
}

# Without the trigger that makes rows of event_order, since they are among those inserted.
insert_rate() { # CLIENTS MAILS
	begin_rate authored
	sql 'DROP TRIGGER patchmail_event ON patchwork_event'
	pgbench -n -M simple -f "$scratch/insert.pgbench" -c "$1" -t "$(($2 / $1))" -D k=0 \
		>"$scratch/pgbench.log" 2>&1 || fail "$(cat "$scratch/pgbench.log")"
	[ "$(stored)" -eq $(($2 / $1 * $1 + 1)) ] || fail 'pgbench did not insert all'
	sed -n 's/^tps = \([0-9.]*\).*/\1/p' "$scratch/pgbench.log"
}

print_rates() { # WORD RATE...
	printf '  %-46s' "$1"
	shift
	printf ' %8.0f' "$@"
	printf ' /s\n'
}

bench_postfix() { # MAILS
	need_postfix 'contrib/bench postfix'
	psql -Xq -c 'ALTER SYSTEM SET track_commit_timestamp = on' \
		-c "ALTER SYSTEM SET shared_preload_libraries = 'plpgsql'"
	restart_postgres
	write_next_mail
	configure_rate
	write_insert_script
	start_sink
	bench_postfix_rates "$1"
	bench_handed
}

# On a server as it comes, but for what patchmaild(8) advises.
bench_postfix_rates() { # MAILS
	say 'Mails a second, from the first byte by SMTP to the last commit; at the same time 1, 4, 16'
	for processes in 1 4 16; do
		[ "$processes" -eq 1 ] || postfix_do stop
		rm -rf "$scratch/postfix"
		configure_bench_postfix "$processes"
		start_postfix
		for way in true sink; do
			rate_of_postfix "$way" "$processes" "$1" >>"$scratch/rates-$way"
		done
		for way in pipe handed spawn listen alone; do
			rate_of "$way" "$processes" "$1" >>"$scratch/rates-$way"
		done
		insert_rate "$processes" "$1" >>"$scratch/rates-insert"
	done
	while read -r way word; do
		# shellcheck disable=SC2046 # numbers
		print_rates "$word" $(cat "$scratch/rates-$way")
	done <<-END
		true pipe(8) to true, which is all that Postfix can
		sink LMTP to a server that keeps nothing
		pipe patchmaild deliver, by pipe(8)
		handed the same, handed on to patchmaild lmtp
		spawn patchmaild lmtp, by spawn(8)
		listen patchmaild lmtp --listen
		alone the same without Postfix
		insert pgbench, the bare rows
	END
}

# One delivery, from the start of the process to its end.
bench_handed() {
	say 'One delivery that is handed on to patchmaild lmtp --listen'
	begin_rate authored
	start_listener
	"$scratch/next-mail"
	measure -n handed "exec patchmaild -c $scratch/handed.conf deliver <$scratch/mail" \
		-n insert "exec contrib/bench-insert <$scratch/mail"
	stop_listener
	handed=$(median_of handed)
	insert=$(median_of insert)
	print_row 'connect, insert, commit, leave: median' "$insert" ms
	print_row 'patchmaild deliver, over the socket: median' "$handed" ms
	print_row 'ratio' "$(quotient "$handed" "$insert")" times
	print_row 'the yardstick: at most' 1.2 times
}
