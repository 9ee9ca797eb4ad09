#!/bin/sh
# patchmaild-setup: from a server with nothing in it to the first mail, by peer authentication where we are root; again,
# which changes nothing; and what it refuses.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
start_postgres
chmod 755 "$scratch/postgres"
# Programs and SQL where every user may read them.
mkdir "$scratch/bin"
for program in patchmaild patchmaild-parser; do
	install -m 755 "$(dirname "$(readlink -f "$PATCHMAILD")")/$program" "$scratch/bin/$program"
done
cp -r "$top_srcdir/sql" "$scratch/sql"
sed "s|@pkgdatadir@|/nowhere|" "$top_srcdir/sql/patchmaild-setup.in" >"$scratch/bin/patchmaild-setup"
chmod -R a+rX "$scratch/sql" "$scratch/bin"
PATCHMAILD=$scratch/bin/patchmaild

# The role has the name of a user of the system if there are others than we.
if [ "$(id -u)" -eq 0 ]; then
	role=nobody
	printf 'local all all peer\n' >"$scratch/postgres/data/pg_hba.conf"
	as_postgres "$postgres_bin/pg_ctl" -s -D "$scratch/postgres/data" reload
	unset PGUSER
	as() { # USER COMMAND...
		user=$1
		shift
		(cd / && runuser -u "$user" -- "$@")
	}
else
	role=$(id -un)
	as() {
		shift
		"$@"
	}
fi
unset PGDATABASE
setup() { # [ARGUMENT]...: sets code; what it says is in $scratch/out
	code=0
	sh "$scratch/bin/patchmaild-setup" "$@" >"$scratch/out" 2>&1 </dev/null || code=$?
}
ask() { # DATABASE SQL
	as postgres psql -XqAt -d "$1" -c "$2"
}

setup -s "$scratch/sql" -r "$role" patches
is "$code $(sed '/^patchmaild: /d; /psql -c/,$d' "$scratch/out")" "0 made database patches
made role $role
role $role may deliver mail
There is no project yet.  For each list one, with short name, name, List-Id and address, as the owner:" \
	'it makes a database and a role, and says what is next'
ok 'it says which version is installed' grep -qx \
	"patchmaild: made the tables of Patchwork, installed schema patchmail, version $present" "$scratch/out"
is "$(ask patches "SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = '$role'")" f \
	'the role can do nothing else'
is "$(ask patches "SELECT count(*) FROM patchmail.excess_rights('$role')")" 0 'and has no other right'

eval "$(sed -n '/^  psql -c/,$s/^  psql -c/as postgres psql -Xq -c/; /psql -Xq/,$p' "$scratch/out")" >/dev/null
is "$(ask patches 'SELECT linkname FROM patchwork_project')" demo 'what it says makes a project'

printf '[database]\nconninfo=%s\n' "host=$PGHOST dbname=patches user=$role" >"$scratch/setup.conf"
chmod 644 "$scratch/setup.conf"
as "$role" "$PATCHMAILD" -c "$scratch/setup.conf" deliver <"$top_srcdir/contrib/demo-mails/02-patch-1.mail"
is "$(ask patches 'SELECT count(*) FROM patchwork_patch')" 1 'the user of that name delivers a mail'

setup -s "$scratch/sql" -r "$role" patches
is "$code $(sed 's/.*\(schema patchmail is\)/\1/' "$scratch/out")" "0 schema patchmail is up to date, version $present
role $role may deliver mail" 'again: it changes nothing'

setup -s "$scratch/sql" -r 'it is "odd"' -z Europe/Berlin 'other patches'
is "$code $(grep -c 'time zone Europe/Berlin' "$scratch/out")" '0 1' 'the time zone is handed on, and names may be odd'

# What it refuses ------------------------------------------------------------------------------------------------------

setup
is "$code $(cat "$scratch/out")" \
	'1 patchmaild-setup: /nowhere/sql/install.sql is not there; -s names the folder that has it' 'no SQL files'
setup one two
is "$code $(head -n 1 "$scratch/out")" \
	'64 usage: patchmaild-setup [-r ROLE] [-s FOLDER] [-z TIME-ZONE] [DATABASE]' 'two databases'
PGHOST=$scratch/nowhere setup -s "$scratch/sql" -r "$role"
is "$code $(tail -n 1 "$scratch/out")" \
	'1 patchmaild-setup: there is no PostgreSQL that we may ask; say where and as whom by PGHOST and PGUSER' \
	'no server'
ask postgres 'CREATE DATABASE strange' >/dev/null
ask strange 'CREATE SCHEMA patchmail; CREATE TABLE patchmail.installed (version int)' >/dev/null
setup -s "$scratch/sql" -r "$role" strange
is "$((code != 0)) $(grep -c 'may deliver' "$scratch/out" || :)" '1 0' \
	'a database that install.sql refuses is said, and nothing is claimed'

done_testing
