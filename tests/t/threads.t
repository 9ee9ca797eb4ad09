#!/bin/sh
# Threads as nobody would think of them (tests/sql/random_threads.psql): no mail is refused, what has to hold of the
# database holds after each, and every order of arrival and every split among parallel deliverers gives one database.
#
# A thread is a function of its number.  They begin with PATCHMAILD_SEED, or 1; 120 of them, with PATCHMAILD_EFFORT=long
# a hundred thousand.  Of one that fails the fewest mails are shown with which it still does.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"

first=${PATCHMAILD_SEED:-1}
case ${PATCHMAILD_EFFORT-} in
long) batches=1000 size=100 splits=40 ;;
*) batches=3 size=40 splits=2 ;;
esac

# Runs SQL with the generator in a new database; the schema may be changed before.
cat >"$scratch/with_threads" <<'END'
#!/bin/sh
# DATABASE SQL [CHANGE]
set -eu
createdb -T template --strategy=file_copy "$1"
[ -z "${3-}" ] || psql -Xq -v ON_ERROR_STOP=1 -d "$1" -c "$3"
psql -XqAt -v ON_ERROR_STOP=1 -d "$1" <<-SQL
	\i $tests_sql/preamble.psql
	\i $tests_sql/state.psql
	\o /dev/null
	\i $tests_sql/random_threads.psql
	SELECT make_projects();
	\o
	$2
	ROLLBACK;
SQL
dropdb "$1"
END
# Tries the threads of a batch; in every third one the projects relate and supersede patches, and what is said of a
# cover letter counts for its series.
cat >"$scratch/batch" <<'END'
#!/bin/sh
# NUMBER FIRST SIZE
set -eu
policy=
if [ $(($1 % 3)) -eq 0 ]; then
	policy='\o /dev/null
	SELECT patchmail.set_policy(p.linkname, relate => true, supersede => true,
	                            cover_trailers => true) FROM public.patchwork_project p;
	\o'
fi
from=$(($2 + ($1 - 1) * $3))
"$(dirname "$0")/with_threads" "batch$1" "$policy
	SELECT r FROM generate_series($from, $((from + $3 - 1))) n, report(n) r WHERE r IS NOT NULL;" \
	>"$(dirname "$0")/batch$1.out" 2>&1 || echo failed >>"$(dirname "$0")/batch$1.out"
END
chmod +x "$scratch/with_threads" "$scratch/batch"

# A fault is found, and with few mails.
finds() { # NAME CHANGE
	"$scratch/with_threads" planted \
		'SELECT r FROM generate_series(1, 500) n, report(n) r WHERE r IS NOT NULL LIMIT 1;' "$2" \
		>"$scratch/planted" 2>&1
	ok "$1: found" grep -q '^thread ' "$scratch/planted"
	ok "$1: by no more than four mails" test "$(grep -cE '^    [a-z]+\(' "$scratch/planted")" -le 4
}

# What is in a database, and what is wrong with it.
everything_in() { # DATABASE
	psql -XqAt -v ON_ERROR_STOP=1 -d "$1" <<-END
		\i $tests_sql/preamble.psql
		\i $tests_sql/state.psql
		\o /dev/null
		\i $tests_sql/random_threads.psql
		\o
		SELECT everything();
		SELECT 'wrong: ' || b FROM broken() b;
		SELECT concat_ws(' ', 'wrong:', f.project, f.kind, f.object, f.detail) FROM patchmail.check() f;
		ROLLBACK;
	END
}

# Stores all mails by so many sessions side by side, each a part of them in its own order.  A deadlock is what a
# deliverer tries again after.
store_by() { # DATABASE SESSIONS
	createdb -T template --strategy=file_copy "$1"
	psql -XqAt -v ON_ERROR_STOP=1 -d "$1" >/dev/null <<-END
		SELECT patchmail.add_project(p.name, p.name, p.list, p.name || '@example.org', p.match)
		  FROM (VALUES ('demo', 'demo.example.org', ''), ('second', 'second.example.org', ''),
		               ('special', 'both.example.org', 'special'),
		               ('both', 'both.example.org', '')) p (name, list, match);
		CREATE TABLE mail (n integer PRIMARY KEY, facts jsonb);
		CREATE TABLE stored (n integer);
		\copy mail FROM '$scratch/mails'
	END
	for _ in 1 2 3 4 5 6 7 8 9; do
		sessions=
		for session in $(seq "$2"); do
			psql -XqAt -d "$1" >/dev/null 2>>"$scratch/errors" <<-END &
				SELECT format('INSERT INTO stored '
				              'SELECT n FROM mail, '
				              'patchmail.store(facts, convert_to(facts::text, %L), %L) WHERE n = %s',
				              'UTF8', '{"transport": "deliver"}', n)
				  FROM mail WHERE n % $2 = $session - 1 AND n NOT IN (SELECT n FROM stored)
				 ORDER BY CASE WHEN $2 > 1 THEN md5(n::text || '$1') END, n \gexec
			END
			sessions="$sessions $!"
		done
		for session in $sessions; do
			wait "$session"
		done
		[ "$(psql -XqAt -d "$1" -c 'SELECT (SELECT count(*) FROM mail) = (SELECT count(*) FROM stored)')" = f \
			] || break
	done
}

tests_sql=$top_srcdir/tests/sql
export tests_sql
start_database

seq "$batches" | xargs -P "$(nproc)" -I N "$scratch/batch" N "$first" "$size" || :
for batch in $(seq "$batches"); do
	from=$((first + (batch - 1) * size))
	is "$(cat "$scratch/batch$batch.out")" '' "threads $from to $((from + size - 1))"
done

finds 'a series that stays behind' 'CREATE OR REPLACE FUNCTION _patchmail.settle_series(
	series_id integer, thread bigint) RETURNS void LANGUAGE sql AS $$SELECT$$'
finds 'a series with the name of its former lead' 'CREATE OR REPLACE FUNCTION _patchmail.renew_leads(
	former patchmail.message[], thread bigint) RETURNS void LANGUAGE sql AS $$SELECT$$'
finds 'a comment that stays with a farther parent' 'CREATE OR REPLACE FUNCTION _patchmail.move_comments(ids bigint[],
	parents bigint[]) RETURNS text[] LANGUAGE sql AS $$SELECT NULL::text[]$$'

# Without dates in the future: they count as the time of arrival, which is another one each time.
for split in $(seq "$splits"); do
	"$scratch/with_threads" generated "
		CREATE TEMP TABLE generated AS
		SELECT row_number() OVER (ORDER BY n, i) AS place, m.facts
		  FROM generate_series($first + $split * 1000, $first + $split * 1000 + 11) n, random_thread(n) mails,
		       unnest(mails) WITH ORDINALITY u(mail, i), LATERAL (
		       SELECT replace(replace(mail::text, '@example.org', '@t' || n || '.example.org'),
		                      'demo@t' || n || '.', 'demo@')::jsonb AS facts) m
		 WHERE (mail->>'date')::timestamptz < now();
		\copy generated TO '$scratch/mails'"
	: >"$scratch/errors"
	store_by "one$split" 1
	everything_in "one$split" >"$scratch/one"
	is "$(grep '^wrong' "$scratch/one")" '' \
		"$(wc -l <"$scratch/mails") mails of 12 threads, from $((first + split * 1000)) on"
	for many in 2 4; do
		store_by "many$split-$many" "$many"
		everything_in "many$split-$many" >"$scratch/many"
		ok "$many at once: the same database" diff "$scratch/one" "$scratch/many"
	done
	is "$(grep ERROR "$scratch/errors" | grep -v 'deadlock detected')" '' 'nothing is refused'
done
done_testing
