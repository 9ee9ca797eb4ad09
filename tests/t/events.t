#!/bin/sh
# Events as pollers of Patchwork's API read them: each asks for what is newer than the last date that he has seen.
# However many processes deliver at once, he misses nothing of a project.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"

case ${PATCHMAILD_EFFORT-} in
long) patches=2400 threads=60 ;;
*) patches=240 threads=6 ;;
esac

start_database
fresh_database site
sql 'CREATE TABLE seen (n serial, id integer, date timestamptz); CREATE TABLE done ()'
mails=$scratch/mails
mkdir "$mails"
for n in $(seq "$patches"); do
	patch_mail "single-$n" "[PATCH] number $n" >"$mails/single-$n"
done
for n in $(seq "$threads"); do
	write_thread "$n"
done

# Asks as CI systems do (since=LAST+1us&order=date, some a page), between the commits, until all are delivered.
# shellcheck disable=SC2016 # it is SQL's dollar
poll='DO $$ DECLARE
	since timestamptz := $a$-infinity$a$;
	last  boolean;
	event record;
BEGIN
	LOOP
		last := EXISTS (SELECT FROM done);
		FOR event IN SELECT id, date FROM patchwork_event
			      WHERE project_id = 1 AND date >= since ORDER BY date LIMIT 30 LOOP
			INSERT INTO seen (id, date) VALUES (event.id, event.date);
			since := event.date + interval $a$1 microsecond$a$;
		END LOOP;
		EXIT WHEN NOT FOUND AND last;
		PERFORM pg_sleep(0.002);
	END LOOP;
END $$'
sql "$poll" &
poller=$!
find "$mails" -type f | shuf | xargs -P 8 -n 1 sh -c '"$1" -c "$2" deliver <"$3"' deliver "$PATCHMAILD" "$conf" ||
	fail 'a delivery failed'
sql 'INSERT INTO done DEFAULT VALUES'
wait "$poller"

is "$(sql "SELECT count(DISTINCT e.patch_id) FROM patchwork_event e WHERE category = 'patch-created'")" \
	"$((patches + threads * 4))" 'all is there'
is "$(sql "SELECT count(*) FROM (SELECT date, lag(date) OVER (ORDER BY id) AS former FROM patchwork_event) e
	WHERE date <= former")" 0 'no event is dated before one with a lower id, or as that'
is "$(sql 'SELECT count(*) FROM patchwork_event e WHERE NOT EXISTS (SELECT FROM seen s WHERE s.id = e.id)')" 0 \
	'the poller has missed no event'
is "$(sql 'SELECT count(*) - count(DISTINCT id) FROM seen')" 0 'and seen none twice'
ok 'he did read meanwhile' test "$(sql 'SELECT count(DISTINCT date) FROM seen')" -gt "$patches"
is "$(sql "SELECT count(*) FROM patchwork_event WHERE date NOT BETWEEN now() - interval '1 hour' AND now()")" 0 \
	'the dates are those of the clock'
done_testing
