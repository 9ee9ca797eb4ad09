#!/bin/sh
# sql/install.sql: what it makes of an empty database, of Patchwork's, of its own, and what it refuses.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
conformance=$top_srcdir/../shared/conformance

start_postgres

sql() { # DATABASE STATEMENT...: prints the rows, unaligned
	database=$1
	shift
	for statement; do
		psql -XqAt -v ON_ERROR_STOP=1 -d "$database" -c "$statement"
	done
}

install_into() { # DATABASE [FOLDER]: runs install.sql; prints what it says, warnings and errors without their place
	psql -X -d "$1" -f "${2:-$top_srcdir/sql}/install.sql" 2>&1 | sed 's/^psql:[^ ]* //'
}

# The objects and rows of a database, or of one schema of it, a statement a line, sorted: pg_dump's order depends on
# what refers to what.
dump() { # DATABASE PG_DUMP-OPTION...
	pg_dump --no-owner --inserts "$@" |
		awk '/^--/ || /^$/ || /^\\/ { next } { printf "%s ", $0 } /;$/ { print "" }' | sort
}

# Schema public alone, without patchmaild's indexes.
dump_patchwork() { # DATABASE
	dump "$1" -n public -x | grep -v patchmail_
}

patchwork_database() { # DATABASE: Patchwork's tables as its migrations leave them
	createdb "$1"
	psql -Xq -v ON_ERROR_STOP=1 -d "$1" -f "$top_srcdir/sql/patchwork/all.sql"
}

give_tables() { # DATABASE ROLE
	sql "$1" "DO \$\$ DECLARE t record; BEGIN
		FOR t IN SELECT oid::regclass AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace
			AND relkind = 'r'
		LOOP EXECUTE format('ALTER TABLE %s OWNER TO %s', t.name, '$2'); END LOOP; END \$\$"
}

refused() { # NAME DATABASE MESSAGE [ROLE]: install.sql refuses the database with the message and leaves it as it is
	dump "$2" >"$scratch/before"
	status=0
	psql -X -d "$2" ${4:+-U "$4"} -f "$top_srcdir/sql/install.sql" >"$scratch/out" 2>"$scratch/err" || status=$?
	is "$status" 3 "$1: psql fails"
	is "$(sed -n 's/^psql:[^ ]* ERROR:  //p' "$scratch/err")" "$3" "$1: says why"
	ok "$1: says it in a line or two" test "$(wc -l <"$scratch/err")" -le 2
	is "$(cat "$scratch/out")" '' "$1: claims nothing"
	dump "$2" >"$scratch/after"
	ok "$1: changes nothing" cmp -s "$scratch/before" "$scratch/after"
}

# The lists -----------------------------------------------------------------------------------------------------

for folder in patchwork schema functions views; do
	found=$(cd "$top_srcdir/sql/$folder" && find . -name '*.sql' ! -name all.sql | sed 's|^\./||' | sort)
	listed=$(sed -n 's/^\\ir //p' "$top_srcdir/sql/$folder/all.sql" | sort)
	is "$listed" "$found" "$folder/all.sql names every file of its folder once"
done

# An empty database ---------------------------------------------------------------------------------------------

createdb fresh
is "$(install_into fresh)" "patchmaild: made the tables of Patchwork, installed schema patchmail, version $present" \
	'an empty database: one line'
is "$(sql fresh 'SELECT patchmail.schema_version()')" "$present" 'its version'
dump fresh >"$scratch/first"
is "$(install_into fresh)" \
	"patchmaild: found the tables of Patchwork, schema patchmail is up to date, version $present" \
	'a second time: one line'
dump fresh >"$scratch/second"
ok 'and nothing has changed' cmp "$scratch/first" "$scratch/second"

patchwork_database ours
dump_patchwork fresh >"$scratch/fresh"
dump_patchwork ours >"$scratch/ours"
ok 'schema public holds what patchwork/ makes' cmp "$scratch/fresh" "$scratch/ours"

# Rows stay, functions come back.
sql fresh "SELECT patchmail.add_project('demo', 'Demo', 'demo.example.org', 'demo@example.org')" >/dev/null
dump fresh >"$scratch/first"
sql fresh 'DROP FUNCTION patchmail.patch_json' \
	"CREATE OR REPLACE FUNCTION patchmail.schema_version() RETURNS integer LANGUAGE sql AS 'SELECT 9'"
install_into fresh >/dev/null
dump fresh >"$scratch/second"
ok 'functions are mended, rows are kept' cmp "$scratch/first" "$scratch/second"

# Against Patchwork's own schema --------------------------------------------------------------------------------

tables() { # DATABASE
	psql -XqAt -v ON_ERROR_STOP=1 -d "$1" -f "$top_srcdir/tests/t/tables.sql"
}

# Patchwork's migrations leave no rows: install.sql adopts that, and makes of it what it makes of an empty database.
adopts() { # DATABASE NAME
	dump_patchwork "$1" >"$scratch/before"
	is "$(install_into "$1")" "WARNING:  patchmaild: there is no state with ordering 0, so no patch can be stored
HINT:  Load Patchwork's default_states.
patchmaild: found the tables of Patchwork, installed schema patchmail, version $present" "$2: adopted"
	dump_patchwork "$1" >"$scratch/after"
	ok "$2: nothing of Patchwork has changed" cmp "$scratch/before" "$scratch/after"
	dump "$1" -n patchmail --exclude-table-data='*.*' >"$scratch/adopted"
	dump fresh -n patchmail --exclude-table-data='*.*' >"$scratch/fresh"
	ok "$2: schema patchmail is as in an empty database" cmp "$scratch/adopted" "$scratch/fresh"
}

# What Patchwork's migrations up to 0048 make is written down.
tables ours >"$scratch/ours"
ok 'patchwork/ makes the tables of Patchwork' diff "$top_srcdir/tests/t/patchwork-tables.txt" "$scratch/ours"
patchwork_database migrated
sql migrated "SELECT format('TRUNCATE %s CASCADE', string_agg(oid::regclass::text, ', ')) FROM pg_class
	WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'" >"$scratch/truncate"
sql migrated "SET client_min_messages = warning; $(cat "$scratch/truncate")"
adopts migrated 'tables without rows'

if have_real 'the tables that Patchwork itself made' "$conformance/patchwork-schema.sql"; then
	createdb reference
	psql -Xq -v ON_ERROR_STOP=1 -o /dev/null -d reference -f "$conformance/patchwork-schema.sql"
	tables reference >"$scratch/reference"
	ok 'they are those that are written down' diff "$top_srcdir/tests/t/patchwork-tables.txt" "$scratch/reference"
	dump reference -n public -s -x >"$scratch/reference"
	dump ours -n public -s -x >"$scratch/ours"
	ok 'patchwork/ makes them to the letter' diff "$scratch/reference" "$scratch/ours"
	adopts reference 'the tables that Patchwork made'
fi

# Releases 3.1 and 3.2, with rows; and one without the REST API's tokens.
for migration in 0046 0047; do
	patchwork_database "at_$migration"
	sql "at_$migration" 'DROP TABLE public.patchwork_series_dependencies, public.authtoken_token' \
		'ALTER TABLE public.patchwork_project DROP COLUMN show_dependencies'
	[ "$migration" = 0047 ] || sql "at_$migration" 'DROP INDEX public.patchwork_patch_hash_63faf527'
	dump_patchwork "at_$migration" >"$scratch/before"
	is "$(install_into "at_$migration")" \
		"patchmaild: found the tables of Patchwork, installed schema patchmail, version $present" \
		"on migration $migration"
	dump_patchwork "at_$migration" >"$scratch/after"
	ok "on migration $migration: nothing of Patchwork has changed" cmp "$scratch/before" "$scratch/after"
	is "$(sql "at_$migration" "SELECT patchmail.add_project('demo', 'Demo', 'demo.example.org',
		'demo@example.org')")" 1 \
		"on migration $migration: projects can be added"
	dump "at_$migration" >"$scratch/before"
	install_into "at_$migration" >/dev/null
	dump "at_$migration" >"$scratch/after"
	ok "on migration $migration: a second time changes nothing" cmp "$scratch/before" "$scratch/after"
done
hash_indexes="SELECT string_agg(indexrelid::regclass::text, ' ') FROM pg_index JOIN pg_attribute a
	ON attrelid = indrelid AND attnum = indkey[0] WHERE indrelid = 'patchwork_patch'::regclass AND attname = 'hash'"
is "$(sql at_0046 "$hash_indexes")" patchmail_patch_hash 'before migration 0047 the hash gets an index'
is "$(sql at_0047 "$hash_indexes")" patchwork_patch_hash_63faf527 'after it there is one already'

# Roles ---------------------------------------------------------------------------------------------------------

sql postgres 'CREATE ROLE t_owner LOGIN' 'CREATE ROLE t_stranger LOGIN'
createdb -O t_owner owned
PGUSER=t_owner
is "$(install_into owned)" "patchmaild: made the tables of Patchwork, installed schema patchmail, version $present" \
	'the owner of a database installs without being a superuser'
is "$(install_into owned)" \
	"patchmaild: found the tables of Patchwork, schema patchmail is up to date, version $present" \
	'the owner of a database installs again'
PGUSER=postgres
dump fresh --exclude-table-data='*.*' >"$scratch/fresh"
dump owned --exclude-table-data='*.*' >"$scratch/owned"
sed 's/t_owner/postgres/g' "$scratch/owned" >"$scratch/renamed"
ok 'the same as for a superuser' cmp "$scratch/fresh" "$scratch/renamed"

patchwork_database lent
give_tables lent t_owner
sql lent 'CREATE SCHEMA patchmail AUTHORIZATION t_owner' 'CREATE SCHEMA _patchmail AUTHORIZATION t_owner' \
	'REVOKE CREATE ON SCHEMA public FROM PUBLIC'
sql lent 'GRANT CREATE ON SCHEMA public TO t_owner'
PGUSER=t_owner
is "$(install_into lent)" "patchmaild: found the tables of Patchwork, installed schema patchmail, version $present" \
	'an empty schema patchmail, made for a role that owns only the tables'

# Roles belong to the cluster.  These three are missing as long as they are called otherwise.
PGUSER=postgres
sql lent 'ALTER ROLE patchmail_reader RENAME TO t_reader' \
	'ALTER ROLE patchmail_monitor RENAME TO t_monitor' 'ALTER ROLE patchmail_admin RENAME TO t_admin'
PGUSER=t_owner
is "$(install_into lent)" "patchmaild: found the tables of Patchwork, schema patchmail is up to date, version $present\
; you may not make roles, so these are missing: patchmail_reader patchmail_monitor patchmail_admin" \
	'whoever may not make roles is told which are missing'
PGUSER=postgres
sql lent 'ALTER ROLE t_reader RENAME TO patchmail_reader' \
	'ALTER ROLE t_monitor RENAME TO patchmail_monitor' 'ALTER ROLE t_admin RENAME TO patchmail_admin'

# Patchwork's time zone -----------------------------------------------------------------------------------------

# What Patchwork stored, a patch for each date, which it hands over without a zone, in its own.
mail_in() { # DATABASE TIME_ZONE DATE...
	mail_database=$1 mail_zone=$2
	shift 2
	for date; do
		sql "$mail_database" "SET timezone = '$mail_zone'; INSERT INTO patchwork_person (email)
			VALUES ('$mail_zone $date');
			INSERT INTO patchwork_patch (msgid, date, headers, name, project_id, submitter_id, archived,
				state_id)
			SELECT '<$mail_zone $date>', '$date 12:00',
				to_char('$date'::date, '\"Date: \"DD Mon YYYY \"12:00:00 +0000\"'), '', 1,
				max(id), false, 1 FROM patchwork_person"
	done
}
zone_database() { # DATABASE TIME_ZONE DATE...
	patchwork_database "$1"
	sql "$1" 'CREATE TABLE django_migrations (id integer)' \
		"INSERT INTO patchwork_project SELECT *
			FROM jsonb_populate_record(NULL::patchwork_project, (SELECT jsonb_object_agg(attname,
			CASE attname WHEN 'id' THEN '1' WHEN 'linkname' THEN 'demo' ELSE 'f' END) FROM pg_attribute
			WHERE attrelid = 'patchwork_project'::regclass AND attnum > 0))"
	mail_in "$@"
}
zone_database canberra Australia/Canberra 2026-01-15 2026-02-15 2026-06-15 2026-07-15 2026-08-15
is "$(install_into canberra)" "WARNING:  patchmaild: no event shows whether Patchwork dates them in UTC \
or in local time, UTC is taken
HINT:  Newer releases of Patchwork have local time: SELECT patchmail.set_time_zone('Australia/Canberra', true)
patchmaild: found the tables of Patchwork, installed schema patchmail, version $present, time zone Australia/Canberra" \
	'the time zone of Patchwork is found by its mail'
dump canberra >"$scratch/first"
is "$(install_into canberra)" \
	"patchmaild: found the tables of Patchwork, schema patchmail is up to date, version $present, \
time zone Australia/Canberra" \
	'a second installation keeps the time zone'
dump canberra >"$scratch/second"
ok 'to the letter' cmp "$scratch/first" "$scratch/second"
zone_database winter Australia/Canberra 2026-06-15 2026-07-15 2026-08-15
refused 'mail of one time of the year' winter \
	"patchmaild: the time zone of Patchwork is 10:00:00 ahead of UTC, but 3 mails do not show which of $(
	sql canberra "SELECT count(*) FROM pg_timezone_names WHERE (name ~ '^[A-Z][A-Za-z]+/' OR name = 'UTC') AND
		timestamp '2026-06-15 12:00' AT TIME ZONE name = '2026-06-15 02:00Z'
			AND timestamp '2026-07-15 12:00' AT TIME ZONE name = '2026-07-15 02:00Z'
		AND timestamp '2026-08-15 12:00' AT TIME ZONE name = '2026-08-15 02:00Z'
	") it is, such as Australia/Canberra"
is "$(psql -X -v time_zone=Australia/Brisbane -d winter -f "$top_srcdir/sql/install.sql" 2>/dev/null)" \
	"patchmaild: found the tables of Patchwork, installed schema patchmail, version $present, \
time zone Australia/Brisbane" \
	'the zone may be given'
zone_database mixed Australia/Canberra 2026-01-15 2026-06-15
mail_in mixed UTC 2026-01-16 2026-06-16
refused 'mail that disagrees' mixed \
	"patchmaild: the dates of Patchwork's mail are of no one time zone: 4 mails differ from their headers by \
00:00:00 (2 of them), 10:00:00 (1 of them), 11:00:00 (1 of them)"
zone_database utc UTC 2026-01-15 2026-02-15 2026-06-15 2026-07-15 2026-08-15
is "$(install_into utc)" "patchmaild: found the tables of Patchwork, installed schema patchmail, version $present" \
	'in UTC nothing is said'
zone_database nothing UTC
is "$(install_into nothing)" "WARNING:  patchmaild: no mail shows the time zone of Patchwork, UTC is taken
HINT:  If TIME_ZONE is another one in its settings: SELECT patchmail.set_time_zone('ZONE')
patchmaild: found the tables of Patchwork, installed schema patchmail, version $present" \
	'without mail it is UTC, with a warning'

# Refusals ------------------------------------------------------------------------------------------------------

createdb empty
patchwork_database theirs
refused 'a stranger, empty database' empty \
	'patchmaild: role t_stranger may not make tables in schema public' t_stranger
refused 'a stranger, tables of another' theirs \
	'patchmaild: role t_stranger does not own the tables of Patchwork' t_stranger
refused 'a stranger, installed' fresh \
	'patchmaild: role t_stranger does not own the tables of Patchwork' t_stranger
patchwork_database nearly
give_tables nearly t_stranger
refused 'a stranger with the tables' nearly \
	'patchmaild: role t_stranger may not make schema patchmail in database nearly' t_stranger
sql nearly 'CREATE SCHEMA patchmail'
refused 'a stranger with the tables, schema of another' nearly \
	'patchmaild: role t_stranger does not own schema patchmail' t_stranger

createdb half_tables
sql half_tables 'CREATE TABLE public.auth_user (id serial PRIMARY KEY)'
refused 'only auth_user' half_tables \
	'patchmaild: half-made database: there is no patchwork_patch, but there is auth_user, auth_user_id_seq'

patchwork_database old
sql old 'ALTER TABLE public.patchwork_event DROP COLUMN patch_comment_id' 'DROP TABLE public.patchwork_patchtag'
missing='patchwork_event.patch_comment_id, patchwork_patchtag'
refused 'Patchwork before 0046' old \
	"patchmaild: half-made database or Patchwork older than 3.1: $missing missing"

patchwork_database half_schema
sql half_schema 'CREATE SCHEMA patchmail' 'CREATE TABLE patchmail.message ()'
refused 'a schema patchmail of unknown make' half_schema \
	'patchmaild: half-made database: schema patchmail is not empty, but has no table "installed"'

createdb lost
install_into lost >/dev/null
sql lost 'SET client_min_messages = error; DROP SCHEMA public CASCADE' 'CREATE SCHEMA public'
refused 'the tables of Patchwork were dropped' lost \
	'patchmaild: half-made database: schema patchmail is there, the tables of Patchwork are not'

createdb newer
install_into newer >/dev/null
sql newer 'INSERT INTO patchmail.installed (version) VALUES (99)'
refused 'a newer version' newer \
	"patchmaild: the database has version 99, newer than the version $present of these files"
sql newer 'DELETE FROM patchmail.installed'
refused 'no version' newer 'patchmaild: half-made database: patchmail.installed has no row'

createdb -T template0 -E LATIN1 --locale=C latin1
refused 'another encoding' latin1 'patchmaild: the database must be in UTF8, this one is in LATIN1'

# Upgrades ------------------------------------------------------------------------------------------------------

mkdir "$scratch/sql"
cp -R "$top_srcdir/sql/." "$scratch/sql"
chmod -R u+w "$scratch/sql"
set_version() { # VERSION
	sed "s/^\\\\set patchmail_version .*/\\\\set patchmail_version $1/" "$top_srcdir/sql/install.sql" \
		>"$scratch/sql/install.sql"
}
migration() { # VERSION: the file of the step to it
	printf '%s/sql/migrations/%04d.sql\n' "$scratch" "$1"
}
versions="SELECT string_agg(version::text, ' ' ORDER BY version) FROM patchmail.installed"

# From each version before: the first one, and what the steps make of it, with a function of that time.
sql postgres 'CREATE ROLE t_deliverer LOGIN'
createdb -T template0 never
install_into never >/dev/null
sql never "SELECT patchmail.add_deliverer('t_deliverer')" >/dev/null
dump never --exclude-table-data='*.*' >"$scratch/never"
for version in $(seq $((present - 1))); do
	database=upgraded_$version
	patchwork_database "$database"
	psql -Xq -v ON_ERROR_STOP=1 -d "$database" -f "$top_srcdir/tests/t/schema-1.sql"
	sql "$database" 'GRANT USAGE ON SCHEMA patchmail TO t_deliverer' 'GRANT EXECUTE ON FUNCTION
		patchmail.schema_version(), patchmail.store, patchmail.quarantine_append TO t_deliverer'
	for step in $(seq 2 "$version"); do
		psql -Xq -v ON_ERROR_STOP=1 -d "$database" -c "SET client_min_messages = warning" -f \
			"$(migration "$step")"
		sql "$database" "INSERT INTO patchmail.installed (version) VALUES ($step)"
		[ "$step" != 2 ] || sql "$database" "INSERT INTO patchmail.policy VALUES (1, true, false)" \
			"CREATE FUNCTION patchmail.set_policy(project text, relate boolean DEFAULT NULL,
				supersede boolean DEFAULT NULL) RETURNS patchmail.policy
				LANGUAGE sql AS 'SELECT NULL::patchmail.policy'"
	done
	is "$(install_into "$database")" \
		"patchmaild: found the tables of Patchwork, upgraded schema patchmail from version $version to \
$present" \
		"version $version is upgraded"
	dump "$database" --exclude-table-data='*.*' >"$scratch/upgraded"
	ok "version $version: to what a new installation is" diff "$scratch/never" "$scratch/upgraded"
	is "$(sql "$database" "SELECT kind || ' ' || concat(number, '/', total) FROM patchmail.message
		ORDER BY msgid")" \
		'cover 0/2
comment /' "version $version: a comment has no marker"
	is "$(sql "$database" "SELECT DISTINCT concat_ws(' ', verdict, verdict_reason, names)
		FROM patchmail.message")" \
		'none t' "version $version: nothing is known of who sent the mail that is there"
done
is "$(sql upgraded_2 'SELECT * FROM patchmail.policy')" \
	'1|t|f|ambiguous|quarantine|conflict|conflict|conflict|f|title||t' \
	'version 2: a policy asks for no more than before'

one=$((present + 1)) two=$((present + 2)) three=$((present + 3)) four=$((present + 4))
set_version "$two"
echo 'CREATE TABLE patchmail.later (a integer);' >"$(migration "$one")"
echo 'ALTER TABLE patchmail.later ADD COLUMN b integer;' >"$(migration "$two")"
is "$(install_into fresh "$scratch/sql")" \
	"patchmaild: found the tables of Patchwork, upgraded schema patchmail from version $present to $two" \
	'an upgrade over two versions'
is "$(sql fresh "$versions")" "$present $one $two" 'each is recorded'
is "$(sql fresh 'SELECT patchmail.schema_version()')" "$two" 'the last version is the present one'
is "$(sql fresh "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute
	WHERE attrelid = 'patchmail.later'::regclass AND attnum > 0")" 'a b' 'each is run, in its order'
is "$(sql fresh 'SELECT linkname FROM public.patchwork_project')" demo 'rows are kept'
dump fresh >"$scratch/first"
is "$(install_into fresh "$scratch/sql")" \
	"patchmaild: found the tables of Patchwork, schema patchmail is up to date, version $two" \
	'no migration is run twice'
dump fresh >"$scratch/second"
ok 'nothing has changed' cmp "$scratch/first" "$scratch/second"

createdb fresh_later
install_into fresh_later "$scratch/sql" >/dev/null
is "$(sql fresh_later "$versions")" "$two" 'a new installation runs no migration'

set_version "$four"
echo 'CREATE TABLE patchmail.third (a integer);' >"$(migration "$three")"
echo 'SELECT no_such_column FROM patchmail.third;' >"$(migration "$four")"
install_into fresh "$scratch/sql" >"$scratch/out"
ok 'a migration that fails' grep -q '^ERROR:  column "no_such_column" does not exist' "$scratch/out"
rm "$(migration "$four")"
install_into fresh "$scratch/sql" >"$scratch/out"
ok 'a migration that is missing' grep -q "$(basename "$(migration "$four")"): No such file or directory" "$scratch/out"
dump fresh >"$scratch/second"
ok 'leaves the database as it was' cmp "$scratch/first" "$scratch/second"

# Two at once ---------------------------------------------------------------------------------------------------

createdb twice
install_into twice >"$scratch/one" &
install_into twice >"$scratch/two"
wait
is "$(sort "$scratch/one" "$scratch/two")" \
	"patchmaild: found the tables of Patchwork, schema patchmail is up to date, version $present
patchmaild: made the tables of Patchwork, installed schema patchmail, version $present" \
	'two installations at once: one waits'

done_testing
