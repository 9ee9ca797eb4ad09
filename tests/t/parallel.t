#!/bin/sh
# Any number of deliverers: however many processes deliver the mails of some threads at once, in whatever order, killed
# with their mail half stored or with the server under them, the database is the one that a single process makes.  So it
# is with imports of the same mails in different orders.
# Each mail is given again until deliver ends with 0, as Postfix does, and each import repeated until it does.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"

case ${PATCHMAILD_EFFORT-} in
long) threads=40 crashes=40 ;;
*) threads=6 crashes=5 ;;
esac

# Gives a mail until it is done with.  With a number of seconds the process is killed at random moments within these,
# four times at most.
cat >"$scratch/deliver" <<'END'
#!/bin/sh
# CONF PROGRAM SECONDS MAIL
tries=0
while :; do
	tries=$((tries + 1))
	[ "$tries" -le 100 ] || exit 1
	if [ "$3" != 0 ] && [ "$tries" -le 4 ]; then
		moment=$(od -An -N2 -tu2 /dev/urandom | awk -v n="$3" '{ printf "%.3f", $1 / 65536 * n + 0.001 }')
		status=0
		timeout -s KILL "$moment" "$2" -c "$1" deliver <"$4" 2>/dev/null || status=$?
		[ "$status" -ne 0 ] || exit 0
		[ "$status" -ne 137 ] || echo >>"$(dirname "$0")/kills"
	else
		"$2" -c "$1" deliver <"$4" 2>/dev/null && exit 0
		sleep 0.1
	fi
done
END
chmod +x "$scratch/deliver"

# Repeats an import until it ends with 0.  With a number of seconds it is killed at random moments within these, ten
# times at most.
cat >"$scratch/import" <<'END'
#!/bin/sh
# CONF PROGRAM SECONDS MBOX
for tries in $(seq 100); do
	if [ "$3" != 0 ] && [ "$tries" -le 10 ]; then
		moment=$(od -An -N2 -tu2 /dev/urandom | awk -v n="$3" '{ printf "%.3f", $1 / 65536 * n + 0.001 }')
		status=0
		timeout -s KILL "$moment" "$2" -c "$1" import "$4" >/dev/null 2>&1 || status=$?
		[ "$status" -ne 0 ] || exit 0
		[ "$status" -ne 137 ] || echo >>"$(dirname "$0")/import-kills"
	else
		"$2" -c "$1" import "$4" >/dev/null 2>&1 && exit 0
		sleep 0.1
	fi
done
exit 1
END
chmod +x "$scratch/import"

# All mails in several orders, an mbox each.
write_mboxes() { # NUMBER
	for n in $(seq "$1"); do
		find "$mails" -type f | shuf | while read -r mail; do
			mbox_mail "$mail"
		done >"$scratch/mbox-$n"
	done
}

import_all() { # PROCESSES SECONDS
	find "$scratch" -name 'mbox-*' | head -n "$1" | xargs -P "$1" -n 1 "$scratch/import" "$conf" "$PATCHMAILD" "$2"
}

deliver_all() { # PROCESSES SECONDS
	find "$mails" -type f | shuf | xargs -P "$1" -n 1 "$scratch/deliver" "$conf" "$PATCHMAILD" "$2"
}

# Does COMMAND, by which processes are killed at random moments, make the database of a single process?  A moment may be
# after a process has ended: so that is asked of one new database after the other until there are enough kills.
while_killed() { # NAME KILLS ENOUGH COMMAND...: a line in the file KILLS for each
	name=$1 kills=$2 enough=$3
	shift 3
	: >"$kills"
	for round in $(seq 10); do
		PGDATABASE=postgres
		fresh_database "$name$round"
		"$@" || return 1
		state_of "$name$round" >"$scratch/$name"
		diff "$scratch/single" "$scratch/$name" || return 1
		[ "$(wc -l <"$kills")" -le "$enough" ] || return 0
	done
	return 1
}

# While they deliver, kill a backend now and then, at some moment of a delivery: PostgreSQL then takes down all of them,
# and recovers.  Not without end, since on a slow machine it may do nothing but recover.  The server looks for it by
# itself: to a psql that starts anew for each look, deliveries are too short.
kill_backends() {
	pause=$(echo "$seconds" | awk '{ print $1 * 8 }')
	while [ -e "$scratch/delivering" ] && [ "$crashes" -gt 0 ]; do
		sleep "$(random_below "$pause")"
		wait_for 'SELECT true' || :
		sql "$kill_one" >/dev/null 2>&1 || crashes=$((crashes - 1))  # it goes down with the others
	done
}

# shellcheck disable=SC2016 # it is SQL's dollar
kill_one='DO $$ DECLARE found integer; BEGIN
	FOR look IN 1 .. 2000 LOOP
		PERFORM pg_stat_clear_snapshot();
		found := (SELECT pid FROM pg_stat_activity WHERE application_name = $a$patchmaild$a$ LIMIT 1);
		PERFORM pg_sleep(CASE WHEN found IS NULL THEN 0.002 ELSE 0.01 * random() END);
		PERFORM pg_stat_clear_snapshot();
		IF found IN (SELECT pid FROM pg_stat_activity) THEN
			EXECUTE format($a$COPY (SELECT 1) TO PROGRAM %L$a$, $a$kill -KILL $a$ || found);
			PERFORM pg_sleep(5);
		END IF;
	END LOOP;
END $$'

# Runs COMMAND while backends are killed; a line in the file CRASHES for each time that the server went down.
crashing() { # CRASHES COMMAND...
	record=$1
	shift
	: >"$scratch/postgres/log"
	touch "$scratch/delivering"
	kill_backends &
	killer=$!
	status=0
	"$@" || status=1
	rm "$scratch/delivering"
	wait "$killer"
	wait_for 'SELECT true'
	grep 'terminated by signal 9' "$scratch/postgres/log" >>"$record" || :
	return "$status"
}

import_twice() { # PROCESSES
	import_all "$1" 0 && import_all "$1" 0
}

random_below() { # N: a number of seconds
	od -An -N2 -tu2 /dev/urandom | awk -v n="$1" '{ printf "%.3f", $1 / 65536 * n }'
}

start_database
mails=$scratch/mails
mkdir "$mails"
for thread in $(seq "$threads"); do
	write_thread "$thread"
done

fresh_database single
began=$(date +%s.%N)
for mail in "$mails"/*; do
	"$PATCHMAILD" -c "$conf" deliver <"$mail" || fail "$mail"
done
seconds=$(echo "$began $(date +%s.%N) $(find "$mails" -type f | wc -l)" | awk '{ print ($2 - $1) / $3 }')  \
	# of a delivery
state_of single >"$scratch/single"
is "$(sql "SELECT count(*) FROM patchwork_event WHERE category = 'series-completed'")" "$threads" \
	'each series is complete once'
for processes in 2 4 8; do
	PGDATABASE=postgres
	fresh_database "many$processes"
	ok "$processes processes" deliver_all "$processes" 0
	state_of "many$processes" >"$scratch/many"
	ok "$processes processes: the same database" diff "$scratch/single" "$scratch/many"
done

ok '4 processes, killed at random moments: the same database' \
	while_killed killed "$scratch/kills" $((threads * 3)) deliver_all 4 "$seconds"

write_mboxes 4
for processes in 1 4; do
	PGDATABASE=postgres
	fresh_database "imported$processes"
	began=$(date +%s.%N)
	ok "imports: $processes processes" import_all "$processes" 0
	import_seconds=$(echo "$began $(date +%s.%N)" | awk '{ print $2 - $1 }')
	state_of "imported$processes" >"$scratch/imported"
	ok "imports: $processes processes: the same database" diff "$scratch/single" "$scratch/imported"
done

ok 'imports: 4 processes, killed at random moments: the same database' \
	while_killed importkilled "$scratch/import-kills" 4 import_all 4 "$import_seconds"

ok 'imports: 4 processes, while backends are killed: the same database' \
	while_killed importcrashed "$scratch/import-crashes" 0 crashing "$scratch/import-crashes" import_twice 4
ok '4 processes, while backends are killed: the same database' \
	while_killed crashed "$scratch/crashes" 0 crashing "$scratch/crashes" deliver_all 4 0
done_testing
