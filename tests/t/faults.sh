# shellcheck shell=sh
# Faults of the database, each made and mended by a name; sourced after tests/t/lib.sh.
#
#   prepare_faults                   once, after start_database and fresh_database
#   for fault in $faults; do
#           make_fault "$fault"      returns when it is there
#           ...                      mail that comes now has to be kept
#           mend_fault "$fault"      returns when the database works as before
#   done
#   can_fault NAME                   not where disks are full: that needs root
#
# While a server is stopped, killed, frozen or crowded, or has no room for its log, it does not answer to the test
# either.
# shellcheck disable=SC2034,SC2154 # the tests use it; scratch and the rest are of tests/t/lib.sh

# shellcheck source=tests/t/service.sh
. "$top_srcdir/tests/t/service.sh"

# stopped       as an admin stops it
# restarted     at once, with a recovery; there is nothing to mend
# backends      one that works for patchmaild gets SIGKILL, and the server recovers; nothing to mend
# killed        the postmaster gets SIGKILL
# frozen        all processes get SIGSTOP: connections stand, new ones too, and nobody answers
# read-only     transactions are, as on a server that is a standby now
# crowded       every connection is taken by others
# locked        somebody holds a lock that no mail gets past
# unreplicated  the standby that has to have every commit is away
# upgraded      the schema is of a newer version than the program
# reinstalled   the schema is installed again meanwhile; nothing to mend
# disk-full     the disk of the tables is: small mail may find room yet, one of 100 kB does not
# wal-full      the disk of the log of writes is, and the server goes down by itself
faults='stopped restarted backends killed frozen read-only crowded locked unreplicated upgraded reinstalled disk-full
	wal-full'

# The data are on disks of their own, where that can be had.  The database $PGDATABASE must not be in use.
prepare_faults() {
	mkdir "$scratch/small-tables" "$scratch/small-log"
	mount_small "$scratch/small-tables" 64m || return 0
	mount_small "$scratch/small-log" 80m || return 0
	psql -Xq -d template -v ON_ERROR_STOP=1 -c "CREATE TABLESPACE small LOCATION '$scratch/small-tables'" \
		-c "ALTER DATABASE \"$PGDATABASE\" SET TABLESPACE small" -c 'CHECKPOINT'
	pg_control -m fast stop
	as_postgres cp -Rp "$scratch/postgres/data/pg_wal/." "$scratch/small-log/"
	as_postgres mv "$scratch/postgres/data/pg_wal" "$scratch/postgres/pg_wal.before"
	as_postgres ln -s "$scratch/small-log" "$scratch/postgres/data/pg_wal"
	printf '%s\n' 'max_wal_size = 32MB' 'min_wal_size = 32MB' >>"$scratch/postgres/data/postgresql.conf"
	pg_control start
	touch "$scratch/small-disks"
}

mount_small() { # FOLDER SIZE
	[ "$(id -u)" -eq 0 ] && mount -t tmpfs -o "size=$2" tmpfs "$1" 2>/dev/null || return 1
	at_end="$at_end umount '$1' 2>/dev/null || :;"
	chown postgres: "$1"
	chmod 700 "$1"
}

can_fault() { # NAME
	case $1 in
	*-full) [ -e "$scratch/small-disks" ] ;;
	esac
}

make_fault() { # NAME
	case $1 in
	stopped) pg_control -m fast stop ;;
	restarted) pg_control -m immediate restart ;;
	backends) kill_backend ;;
	killed) kill_postmaster ;;
	frozen) freeze "$scratch/postgres/data" ;;
	read-only) set_server default_transaction_read_only on ;;
	crowded) crowd_out ;;
	locked) hold_lock ;;
	unreplicated) set_server synchronous_standby_names nobody ;;
	upgraded) set_schema_version 99 ;;
	reinstalled) reinstall ;;
	disk-full) fill "$scratch/small-tables" ;;
	wal-full) fill_log ;;
	*) fail "no fault is called $1" ;;
	esac
}

mend_fault() { # NAME
	case $1 in
	stopped) pg_control start ;;
	killed) start_again ;;
	frozen) thaw ;;
	read-only) set_server default_transaction_read_only off ;;
	crowded) end_crowd ;;
	locked) let_lock_go ;;
	unreplicated) set_server synchronous_standby_names '' ;;
	upgraded) set_schema_version "$present" ;;
	disk-full) rm -f "$scratch/small-tables/ballast" ;;
	wal-full) mend_log ;;
	esac
	wait_for 'SELECT true' || fail "the database does not come back after $1: $(tail "$scratch/postgres/log")"
}

# Processes -----------------------------------------------------------------------------------------------------------

server_processes() { # DATA-FOLDER
	for server_process in /proc/[0-9]*; do
		[ "$(readlink "$server_process/cwd" || :)" != "$1" ] ||
			echo "${server_process##*/}"
	done
}

backend() { # one that works for patchmaild, if there is one at this moment
	sql "SELECT pid FROM pg_stat_activity WHERE application_name = 'patchmaild' LIMIT 1" 2>/dev/null
}

# Waits for one for some seconds; where none comes, there is nothing to be killed.
kill_backend() {
	for _ in $(seq 50); do
		kill_backend_pid=$(backend) || :
		[ -z "$kill_backend_pid" ] || break
		sleep 0.05
	done
	[ -z "$kill_backend_pid" ] || kill -KILL "$kill_backend_pid" 2>/dev/null || :
	wait_for 'SELECT true'
}

no_processes() { # DATA-FOLDER
	[ -z "$(server_processes "$1")" ]
}

kill_postmaster() {
	kill -KILL "$(head -n 1 "$scratch/postgres/data/postmaster.pid")"
	# Those that it leaves behind go by themselves.
	wait_until no_processes "$scratch/postgres/data" || fail 'processes of the server stay'
}

# After a crash: without its lock files, since its number may not be free yet.
start_again() {
	rm -f "$scratch/postgres/data/postmaster.pid" "$PGHOST"/.s.PGSQL.5432*
	pg_control start
}

frozen=
freeze() { # DATA-FOLDER
	at_end="thaw; $at_end"
	# The postmaster first, so that no more of them come while they are looked for.
	kill -STOP "$(head -n 1 "$1/postmaster.pid")"
	frozen=$(server_processes "$1" | tr '\n' ' ')
	# shellcheck disable=SC2086 # words
	kill -STOP $frozen 2>/dev/null || :
}
thaw() {
	# shellcheck disable=SC2086 # words
	[ -z "$frozen" ] || kill -CONT $frozen 2>/dev/null || :
	frozen=
}

# What it takes and what it lets in -----------------------------------------------------------------------------------

set_server() { # SETTING VALUE: for connections that stand, too
	sql "ALTER SYSTEM SET $1 = '$2'"
	pg_control reload
	wait_for "SELECT current_setting('$1') = '$2'"
}

# Takes all connections that there are, and patchmaild's from it, until others have every one.
crowd_out() { # after need_python
	"$python" - "$PGHOST/.s.PGSQL.5432" "$scratch/crowd" "$scratch/postgres/data" "$PGDATABASE" <<-'END' &
		import os, signal, socket, struct, sys, time
		held = []
		def end_others():
		    """Those that work for the database, as the names of their processes say."""
		    ended = False
		    for pid in filter(str.isdigit, os.listdir("/proc")):
		        try:
		            name = open("/proc/%s/cmdline" % pid, "rb").read().split(b" ")
		            if name[0] == b"postgres:" and name[2:3] == [sys.argv[4].encode()] and \
		                    os.readlink("/proc/%s/cwd" % pid) == sys.argv[3]:
		                os.kill(int(pid), signal.SIGTERM)
		                ended = True
		        except OSError:
		            pass
		    return ended
		def take():
		    while True:
		        one = socket.socket(socket.AF_UNIX)
		        one.settimeout(10)
		        one.connect(sys.argv[1])
		        words = b"user\0postgres\0database\0postgres\0application_name\0crowd\0\0"
		        one.sendall(struct.pack("!ii", 8 + len(words), 196608) + words)
		        if one.recv(1) != b"R":
		            return one.close()
		        held.append(one)
		alone = 0
		while alone < 5:
		    take()
		    alone = 0 if end_others() else alone + 1
		    time.sleep(0.02)
		open(sys.argv[2], "w").close()
		while True:
		    take()
		    time.sleep(0.01)
	END
	crowd=$!
	at_end="kill $crowd 2>/dev/null || :; $at_end"
	wait_until test -e "$scratch/crowd" || fail 'the connections cannot be taken'
}
end_crowd() {
	kill "$crowd"
	wait "$crowd" 2>/dev/null || :
	rm -f "$scratch/crowd"
	wait_for "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'crowd'"
}

hold_lock() {
	mkfifo "$scratch/hold"
	psql -Xq <"$scratch/hold" >/dev/null 2>&1 &
	lock_holder=$!
	exec 9>"$scratch/hold"
	# One alone: who holds others while he waits may be in a deadlock with mail.
	echo 'BEGIN; LOCK patchmail.message;' >&9
	wait_for "SELECT count(*) = 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted
		AND relation = 'patchmail.message'::regclass" || fail 'the lock is not to be had'
}
let_lock_go() {
	exec 9>&-
	wait "$lock_holder" || :
	rm "$scratch/hold"
}

# The schema ----------------------------------------------------------------------------------------------------------

set_schema_version() { # VERSION
	sql "CREATE OR REPLACE FUNCTION patchmail.schema_version() RETURNS integer LANGUAGE plpgsql IMMUTABLE
		AS 'BEGIN RETURN $1; END'"
}

# As an admin does it, who repeats it if mail was in its way.
reinstall() {
	for _ in $(seq 20); do
		! PGOPTIONS='-c lock_timeout=5s' psql -Xq -f "$top_srcdir/sql/install.sql" \
			>"$scratch/reinstall.log" 2>&1 || return 0
	done
	fail "$(tail -n 3 "$scratch/reinstall.log")"
}

# Disks ---------------------------------------------------------------------------------------------------------------

fill() { # FOLDER
	dd if=/dev/zero of="$1/ballast" bs=4k 2>/dev/null || :
	[ "$(df --output=avail "$1" | tail -n 1)" -eq 0 ] || fail "$1 is not full"
}

# Writes until the server has no room for its log, and goes.
fill_log() {
	fill "$scratch/small-log"
	for _ in $(seq 100); do
		psql -Xq -c "SELECT pg_logical_emit_message(true, 'ballast', repeat('x', 4000000))" >/dev/null 2>&1 ||
			return 0
	done
	fail 'the server does not notice that there is no room for its log'
}

answers_or_gone() {
	sql 'SELECT 1' || no_processes "$scratch/postgres/data"
}

# It may have gone for good, or try to recover.
mend_log() {
	rm -f "$scratch/small-log/ballast"
	wait_until answers_or_gone || :
	! sql 'SELECT 1' >/dev/null 2>&1 || return 0
	no_processes "$scratch/postgres/data" || pg_control -m immediate stop
	start_again
}
