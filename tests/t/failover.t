#!/bin/sh
# Two PostgreSQL servers with synchronous streaming replication, and a conninfo that names both.  While two mail hosts
# deliver, import and follow mailboxes, the primary freezes, dies, or stops taking writes under connections that stand,
# and the standby is promoted: mail goes on there by itself, what was acknowledged is there, and in the end the database
# is the one that a single process makes of the same mails.  The second host connects through PgBouncer.
# PATCHMAILD_EFFORT=long has more mail, and more of all that.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
# shellcheck source=tests/t/faults.sh
. "$top_srcdir/tests/t/faults.sh"
# shellcheck source=tests/t/streams.sh
. "$top_srcdir/tests/t/streams.sh"
PATH=$PATH:/usr/sbin
need_python 'a database that fails over'
case ${PATCHMAILD_EFFORT-} in
long) threads=2 rounds='freeze switch kill freeze switch kill kill freeze' ;;
*) threads=1 rounds='freeze switch' ;;
esac

# Settings are those of patchmaild-deployment(7): the example there that has such a line.
example() { # PATTERN
	awk -v pattern="$1" '/^\.Bd/ { text = "" } /^\.Ed/ && text ~ pattern { printf "%s", text }
		/^[^.]/ { text = text $0 "\n" }' "$top_srcdir/daemon/patchmaild-deployment.7"
}

# Two servers ---------------------------------------------------------------------------------------------------------

server_control() { # SERVER ACTION [OPTION...]
	server_folder=$scratch/$1
	shift
	as_postgres "$postgres_bin/pg_ctl" -w -s -D "$server_folder/data" -l "$server_folder/log" "$@" \
		>"$scratch/pg_ctl.log" 2>&1 || fail "$(cat "$scratch/pg_ctl.log")"
}

end_server() { # SERVER: as if its machine was gone
	end_processes=$(server_processes "$scratch/$1/data" | tr '\n' ' ')
	# shellcheck disable=SC2086 # words
	kill -KILL $end_processes 2>/dev/null || :
	wait_until no_processes "$scratch/$1/data"
	rm -rf "${scratch:?}/$1"
}
at_end="end_server postgres; end_server two; $at_end"

at() { # SERVER STATEMENT
	psql -XqAt -v ON_ERROR_STOP=1 -h "$scratch/$1" -c "$2"
}

name_of() { # SERVER
	case $1 in
	postgres) echo db1 ;;
	two) echo db2 ;;
	esac
}
address_of() { # SERVER
	case $1 in
	postgres) echo 127.0.0.2 ;;
	two) echo 127.0.0.3 ;;
	esac
}
where_to_listen() { # SERVER
	printf '%s\n' "unix_socket_directories = '$scratch/$1'" "listen_addresses = '$(address_of "$1")'" \
		"port = $PGPORT"
}

# Both have the same port, which is free on all addresses.
listen_to_all() {
	PGPORT=$(free_ports 1)
	export PGPORT
	pg_control -m fast stop
	where_to_listen postgres >>"$scratch/postgres/data/postgresql.conf"
	pg_control start
}

# A new standby of the other server, without which that commits nothing from then on.
start_standby() { # SERVER PRIMARY
	mkdir -m 700 "$scratch/$1"
	[ "$(id -u)" -ne 0 ] || chown postgres: "$scratch/$1"
	as_postgres "$postgres_bin/pg_basebackup" -D "$scratch/$1/data" -R -c fast --no-sync -h "$scratch/$2" \
		-U postgres >"$scratch/basebackup.log" 2>&1 || fail "$(cat "$scratch/basebackup.log")"
	example cluster_name | sed "s/^cluster_name = .*/cluster_name = '$(name_of "$1")'/" \
		>>"$scratch/$1/data/postgresql.conf"
	where_to_listen "$1" >>"$scratch/$1/data/postgresql.conf"
	# Settings of the primary that are not the standby's.
	printf '%s\n' "synchronous_standby_names = ''" 'default_transaction_read_only = off' \
		>>"$scratch/$1/data/postgresql.auto.conf"
	server_control "$1" start
	at "$2" "ALTER SYSTEM SET $(example cluster_name | grep '^synchronous_standby_names')"
	server_control "$2" reload
	PGHOST=$scratch/$2 wait_for "SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'quorum'" ||
		fail "$1 does not follow $2"
}

# What an admin does, or Patroni and its like.
promote() { # SERVER
	server_control "$1" promote
	PGHOST=$scratch/$1
	[ ! -d "$pool" ] || lead_pool
}

# PgBouncer, by which the second host connects: it knows one server, $PGHOST.
pool=$scratch/pool
write_pool() {
	example pgbouncer | sed "s|^patchwork = .*|main = host=$PGHOST port=$PGPORT dbname=main user=postgres|"
	printf '%s\n' listen_addr= "unix_socket_dir = $pool" 'auth_type = any' "logfile = $pool/log" \
		"pidfile = $pool/pid"
}
lead_pool() {
	write_pool >"$pool/ini"
	kill -HUP "$(cat "$pool/pid")" || :  # it may just be started again
}
# As systemd does, it is started again when it ends: 1.18 does that at times when a statement is cancelled whose server
# does not answer.
start_pool() {
	mkdir "$pool"
	write_pool >"$pool/ini"
	[ "$(id -u)" -ne 0 ] || chown -R postgres: "$pool"
	while sleep 0.1; do
		as_postgres pgbouncer -q "$pool/ini" || :
	done >"$scratch/pool.out" 2>&1 &
	at_end="kill $! \$(cat '$pool/pid') 2>/dev/null || :; $at_end"
	wait_until test -S "$pool/.s.PGSQL.6432" || fail "$(cat "$pool/log")"
}

# Each round ----------------------------------------------------------------------------------------------------------

fail_over() { # HOW SERVER
	case $1 in
	freeze) freeze "$scratch/$2/data" ;;
	kill)
		# shellcheck disable=SC2046 # words
		kill -KILL $(server_processes "$scratch/$2/data")
		;;
	switch)
		at "$2" "ALTER SYSTEM SET default_transaction_read_only = on"
		server_control "$2" reload
		;;
	esac
}

one_round() { # NUMBER HOW FROM TO
	start_portion "$1"
	ok "round $1, $2: some mails come" wait_until in_ledger $(($(mails_until $(($1 - 1))) + 5))
	fail_over "$2" "$3"
	ok "round $1, $2: not all were there before" test \
		"$(at "$4" 'SELECT count(*) FROM patchmail.message')" -lt "$(mails_until "$1")"
	conf=$mail_conf
	deliver "$(head -n 1 "$scratch/portion-$1-here.list")"
	is "$code $(grep -c '^4\.3\.0 the database ' "$scratch/stderr")" '75 1' \
		"round $1, $2: mail is deferred while no server takes writes"
	promote "$4"
	end_portion "$1" "round $1, $2"
	end_server "$3"
}

start_database
listen_to_all
fresh_database single
# shellcheck disable=SC2086 # words
write_portions $rounds
dropdb template
start_standby two postgres
both=$(example conninfo | sed -n "s|^conninfo=||; s|db1.example.org|$scratch/postgres|; s|db2.example.org|$scratch/two|
	s|dbname=patchwork|dbname=main user=postgres|p")
there=$both
if command -v pgbouncer >/dev/null; then
	start_pool
	there="host=$pool port=6432 dbname=main user=postgres"
else
	skip 'one of the hosts connects through PgBouncer' 'no pgbouncer'
fi
start_streams "$both" "$there" "$(echo "$both" |
	sed "s|host=[^ ]*|host=db1,db2 hostaddr=$(address_of postgres),$(address_of two) port=$PGPORT|")"

primary=postgres standby=two round=0
for how in $rounds; do
	round=$((round + 1))
	[ "$round" -eq 1 ] || start_standby "$standby" "$primary"
	one_round "$round" "$how" "$primary" "$standby"
	was=$primary primary=$standby standby=$was
done
end_streams
done_testing
