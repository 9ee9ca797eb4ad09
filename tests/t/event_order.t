#!/bin/sh
# Readers of patchmail.events_after() miss no event and get none twice, while many deliver to several projects, their
# commits are delayed, Patchwork writes events of its own, and the readers are killed.  One reads from a standby.  And a
# hook misses none, though patchmaild notify is killed, too.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"

case ${PATCHMAILD_EFFORT-} in
long) threads=500 deliverers=100 kills=200 ;;
*) threads=48 deliverers=24 kills=8 ;;
esac

start_database
sql 'ALTER SYSTEM SET max_connections = 150' >/dev/null
pg_control -m fast restart
fresh_database site

# A standby of the server, which ends before it does.
standby=$scratch/standby
mkdir -m 700 "$standby"
[ "$(id -u)" -ne 0 ] || chown postgres: "$standby"
as_postgres "$postgres_bin/pg_basebackup" -R -c fast -h "$PGHOST" -U postgres -D "$standby/data" \
	>"$scratch/backup.log" 2>&1 || fail "$(cat "$scratch/backup.log")"
standby_control() { # ACTION
	as_postgres "$postgres_bin/pg_ctl" -w -s -D "$standby/data" -l "$standby/log" \
		-o "-c unix_socket_directories='$standby'" "$@"
}
at_end="standby_control -m immediate stop >/dev/null 2>&1 || :; $at_end"
standby_control start || fail "$(cat "$standby/log")"

sql "UPDATE patchwork_project SET linkname = 'list-1', listid = 'list-1.example.org';
	SELECT count(patchmail.add_project('list-' || n, 'list-' || n, 'list-' || n || '.example.org',
		'list-' || n || '@example.org')) FROM generate_series(2, 4) n" >/dev/null
mails=$scratch/mails
mkdir "$mails"
for n in $(seq "$threads"); do
	write_thread "$n"
done
for n in 1 2 3 4; do # the threads of the first list, and so on
	find "$mails" -type f -name '*-*' | awk -F/ -v n="$n" '{ split($NF, name, "-") } name[1] % 4 == n % 4' |
		xargs sed -i "s/^List-Id: .*/List-Id: <list-$n.example.org>/"
done

# Commits come late, before and after the event has its place: triggers run in the order of their names.  Patchwork's
# own events take no lock of ours, and are committed even later.
# shellcheck disable=SC2016 # it is SQL's dollar
sql 'CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		PERFORM pg_sleep(random() * 0.03);
		RETURN NULL;
	END $$;
	CREATE CONSTRAINT TRIGGER a_delay AFTER INSERT ON patchwork_event DEFERRABLE INITIALLY DEFERRED
		FOR EACH ROW WHEN (random() < 0.1) EXECUTE FUNCTION dawdle();
	CREATE CONSTRAINT TRIGGER z_delay AFTER INSERT ON patchwork_event DEFERRABLE INITIALLY DEFERRED
		FOR EACH ROW WHEN (random() < 0.1) EXECUTE FUNCTION dawdle();
	CREATE TABLE seen (project_id integer, id integer);
	CREATE TABLE done ()'
# shellcheck disable=SC2016
clicks='DO $$ BEGIN
	WHILE NOT EXISTS (SELECT FROM done) LOOP
		INSERT INTO patchwork_event (category, date, project_id)
		SELECT $a$patch-delegated$a$, clock_timestamp(), p.id FROM patchwork_project p
		 WHERE p.linkname IN ($a$list-3$a$, $a$list-4$a$) ORDER BY random() LIMIT 1;
		PERFORM pg_sleep(random() * 0.05);
		COMMIT;
	END LOOP;
END $$'

# Patchwork's API, asked with since= by project, one page after the other.
poll() { # LINKNAME
	# shellcheck disable=SC2016
	printf 'DO $$ DECLARE
		project CONSTANT integer := (SELECT id FROM patchwork_project WHERE linkname = $a$%s$a$);
		since   timestamptz := $a$-infinity$a$;
		last    boolean;
		event   record;
	BEGIN
		LOOP
			last := EXISTS (SELECT FROM done);
			FOR event IN SELECT id, date FROM patchwork_event WHERE project_id = project AND date >= since
				ORDER BY date LIMIT 30 LOOP
				INSERT INTO seen VALUES (project, event.id);
				since := event.date + interval $a$1 microsecond$a$;
			END LOOP;
			EXIT WHEN NOT FOUND AND last;
			PERFORM pg_sleep(0.005);
		END LOOP;
	END $$' "$1"
}

# A program that is started again whenever it is killed.
keep_running() { # NAME COMMAND...
	name=$1
	shift
	while [ ! -e "$scratch/stop" ]; do
		"$@" &
		echo "$!" >"$scratch/$name.pid"
		wait "$!" || : # it never ends by itself
	done 2>/dev/null
}

keep_reading() { # NAME MODE [FILTER]
	keep_running "$1" python3 -S "$top_srcdir/tests/t/event_reader.py" "$2" "$scratch/$1.log" "${3-}"
}

kill_readers() { # while it delivers, one reader after the other, each as soon as it has read something
	killed=0
	while [ ! -e "$scratch/delivered" ]; do
		for reader in killed standby first listener hook; do
			sleep 0.01
			size=$(wc -c <"$scratch/$reader.log")
			[ "$size" -gt "$(cat "$scratch/$reader.size" 2>/dev/null || echo 0)" ] || continue
			kill -9 "$(cat "$scratch/$reader.pid")" 2>/dev/null || continue
			echo "$size" >"$scratch/$reader.size"
			killed=$((killed + 1))
			[ "$killed" -lt "$kills" ] || break 2
		done
	done
	echo "$killed" >"$scratch/kills"
}

for reader in all killed standby first listener hook; do
	: >"$scratch/$reader.log"
done
cat >"$scratch/take" <<-END
	#!/bin/sh
	exec sed -n 's/^{"id" : \([0-9]*\),.*/0 \1/p' >>"$scratch/hook.log"
END
chmod 755 "$scratch/take"
# shellcheck disable=SC2016 # it is expanded at the end
at_end=': >"$scratch/stop"; cat "$scratch"/*.pid 2>/dev/null | xargs -r kill 2>/dev/null || :; '"$at_end"
printf '%s\n' '[notify hook]' "command=$scratch/take" 'from=beginning' >>"$conf"
keep_running hook "$PATCHMAILD" -c "$conf" notify hook &
keep_reading all poll &
keep_reading killed poll &
(
	PGHOST=$standby
	keep_reading standby poll
) &
keep_reading first poll project=list-1 &
keep_reading listener listen &
sql "$(poll list-1)" &
pollers=$!
sql "$(poll list-2)" &
pollers="$pollers $!"
for _ in 1 2 3; do
	sql "$clicks" &
	pollers="$pollers $!"
done
kill_readers &
killer=$!

# As a mail server does: what is deferred, since too many wait for the lists' locks, is delivered later.
cat >"$scratch/deliver" <<-'END'
	#!/bin/sh
	for try in $(seq 100); do
		"$1" -c "$2" deliver <"$3" 2>>"$2.log" && exit 0
		[ $? -eq 75 ] || exit 1
		sleep 1
	done
	exit 1
END
chmod 755 "$scratch/deliver"
find "$mails" -type f | shuf | xargs -P "$deliverers" -n 1 "$scratch/deliver" "$PATCHMAILD" "$conf" ||
	fail "a delivery failed: $(tail -n 1 "$conf.log")"
sql 'INSERT INTO done DEFAULT VALUES'
: >"$scratch/delivered"
for pid in $pollers "$killer"; do
	wait "$pid"
done

# Everybody reads to the end.
end=$(sql 'SELECT patchmail.events_cursor()')
for reader in all killed standby first listener; do
	for _ in $(seq 300); do
		[ "$(tail -n 1 "$scratch/$reader.log" | cut -d ' ' -f 1)" != "$end" ] || break
		sleep 0.1
	done
	is "$(tail -n 1 "$scratch/$reader.log" | cut -d ' ' -f 1)" "$end" "reader $reader comes to the end"
done
ok 'the hook comes to the end' wait_for "SELECT behind = 0 FROM patchmail.hooks"
: >"$scratch/stop"
for reader in all killed standby first listener hook; do
	kill "$(cat "$scratch/$reader.pid")"
done
rm "$scratch"/*.pid

echo "# $(sql 'SELECT count(*) FROM patchwork_event') events, readers killed $(cat "$scratch/kills") times"
for reader in all killed standby first listener hook; do
	sql "CREATE TABLE \"$reader\" (position bigint, id integer)"
	awk '{ print $1 "\t" ($2 == "" ? "\\N" : $2) }' "$scratch/$reader.log" |
		psql -Xq -c "\\copy \"$reader\" FROM STDIN"
	only=$([ "$reader" != first ] || echo "AND p.linkname = 'list-1'")
	is "$(sql "SELECT count(*) FROM patchwork_event e JOIN patchwork_project p ON p.id = e.project_id
		WHERE NOT EXISTS (SELECT FROM \"$reader\" r WHERE r.id = e.id) $only")" 0 \
		"reader $reader missed no event"
	[ "$reader" = hook ] || # which may get those again that were on their way when it was killed
		is "$(sql "SELECT count(id) - count(DISTINCT id) FROM \"$reader\"")" 0 \
			"reader $reader got no event twice"
done
is "$(sql "SELECT count(*) FROM \"first\" r JOIN patchwork_event e USING (id)
	JOIN patchwork_project p ON p.id = e.project_id WHERE p.linkname <> 'list-1'")" 0 \
	'who asks for one project gets its events alone'
is "$(sql "SELECT count(*) FROM patchwork_event e JOIN patchwork_project p ON p.id = e.project_id
	WHERE p.linkname IN ('list-1', 'list-2') AND NOT EXISTS (SELECT FROM seen s WHERE s.id = e.id)")" 0 \
	'who polls a project with since= missed no event'
is "$(sql 'SELECT count(*) - count(DISTINCT id) FROM seen')" 0 'and got none twice'
ok 'the readers were killed' test "$(cat "$scratch/kills")" -eq "$kills"
ok 'ids alone would not have done: some were committed after higher ones' test "$(sql "SELECT count(*) FROM (
	SELECT event_id, max(event_id) OVER (ORDER BY position) AS highest FROM patchmail.event_order) o
	WHERE o.event_id < o.highest")" -gt 0

# Events that were written while the trigger was off
sql 'ALTER TABLE patchwork_event DISABLE TRIGGER patchmail_event'
sql "INSERT INTO patchwork_event (category, date, project_id)
	SELECT 'series-created', _patchmail.patchwork_time(clock_timestamp()) + n * interval '1 us', 1
	FROM generate_series(1, 3) n"
found() {
	sql "SELECT string_agg(kind, ' ' ORDER BY kind) FROM patchmail.check()
		WHERE kind IN ('event-unplaced', 'trigger-off')"
}
is "$(found)" 'event-unplaced event-unplaced event-unplaced trigger-off' 'check() finds them, and the trigger'
newest=$(sql 'SELECT patchmail.events_cursor()')
sql "SELECT patchmail.repair(kinds => '{trigger-off,event-unplaced}', dry_run => true)" >/dev/null
is "$(found)" 'event-unplaced event-unplaced event-unplaced trigger-off' 'a dry run of repair() leaves them'
is "$(sql "SELECT count(*) FROM patchmail.repair(kinds => '{trigger-off,event-unplaced}')")" 4 'repair() mends them'
is "$(found)" '' 'then check() finds none'
is "$(sql "SELECT count(*) || ' ' || bool_and(id > former) FROM (SELECT (event->>'id')::integer AS id,
	lag((event->>'id')::integer, 1, 0) OVER (ORDER BY position) AS former
	FROM patchmail.events_after($newest) WHERE event IS NOT NULL) e")" '3 true' 'readers get them, in order'
is "$(sql "BEGIN; INSERT INTO patchwork_event (category, date, project_id) VALUES ('series-created', now(), 1);
	SAVEPOINT a; INSERT INTO patchwork_event (category, date, project_id) VALUES ('series-created', now(), 1);
	RELEASE a; SELECT count(*) FROM patchmail.check() WHERE kind = 'event-unplaced'")" 0 \
	'what is not committed yet need not have a place'
done_testing
