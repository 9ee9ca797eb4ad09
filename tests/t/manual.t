#!/bin/sh
# patchmail(7) and patchmail-events(7): whatever admins may call or look at is in the first, and each example gives what
# stands there.
#
# An example is a literal display with a line that begins with "patchwork=# ": what follows is the statement, over more
# lines if they begin with "patchwork-# ", and then what psql prints of it.  Each display is a transaction of its own on
# the database that contrib/demo makes, with what tests/t/manual.sql adds, and tests/t/manual_events.sql for the second.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
page=$top_srcdir/daemon/patchmail.7
events=$top_srcdir/daemon/patchmail-events.7

# Writes each example of a page as DIRECTORY/N.sql, and what it should print as DIRECTORY/N.expected; its line as
# N.line.
extract() { # PAGE DIRECTORY
	mkdir "$2"
	sed 's/\\e/\\/g; s/\\-/-/g; s/\\&//g' "$1" | awk -v directory="$2" '
		/^\.Bd -literal/ { inside = 1; n++; line = NR; next }
		/^\.Ed/ { inside = 0 }
		!inside { next }
		/^patchwork[=-]# / {
			print line >(directory "/" n ".line")
			print substr($0, 13) >(directory "/" n ".sql")
		}
		{ print >(directory "/" n ".expected") }'
	# A display without a statement is no example.
	for expected in "$2"/*.expected; do
		[ -e "${expected%.expected}.sql" ] || rm "$expected"
	done
}

# What psql prints of the statements in FILE, each after its prompts.  Blanks at the ends of lines do not show in a
# page.
run() { # FILE
	{
		echo 'BEGIN;'
		prompt='patchwork=# '
		statement=
		while IFS= read -r line; do
			printf '%s\n' "$prompt$line" | sed "s/\\\\/\\\\\\\\/g; s/'/''/g; s/.*/\\\\echo '&'/"
			statement="$statement$line
"
			prompt='patchwork-# '
			case $line in *\; | *\\g*)
				printf '%s' "$statement"
				prompt='patchwork=# '
				statement=
				;;
			esac
		done <"$1"
		echo 'ROLLBACK;'
	} >"$scratch/script"
	psql -Xq -P pager=off -v SHOW_CONTEXT=never -f "$scratch/script" 2>&1 | sed 's/^psql:[^ ]* //; s/ *$//'
}

start_postgres
createdb patchwork
psql -Xq -d patchwork -f "$top_srcdir/sql/install.sql" >/dev/null
psql -Xq -d patchwork -c "SELECT patchmail.add_project('demo', 'The demo', 'patches.lists.example.org',
	'patches@lists.example.org')" >/dev/null
export PGDATABASE=patchwork
for mail in "$top_srcdir"/contrib/demo-mails/*.mail; do
	"$PATCHMAILD" deliver <"$mail"
done
psql -Xq -v ON_ERROR_STOP=1 -o /dev/null -f "$top_srcdir/tests/t/manual.sql"

try_examples() { # PAGE: all that are in it
	name=$(basename "$1")
	extract "$1" "$scratch/$name"
	for statements in "$scratch/$name"/*.sql; do
		example=${statements%.sql}
		run "$statements" >"$scratch/got"
		# psql ends what it prints of a query with an empty line.
		sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' "$scratch/got" >"$scratch/trimmed"
		is "$(cat "$scratch/trimmed")" "$(cat "$example.expected")" \
			"$name: the example at line $(head -n 1 "$example.line")"
	done
}
createdb -T patchwork events
try_examples "$page"
PGDATABASE=events
psql -Xq -v ON_ERROR_STOP=1 -o /dev/null -f "$top_srcdir/tests/t/manual_events.sql"
try_examples "$events"
is "$(sed -n 's/^\.It Cm \([a-z-]*\(created\|completed\|changed\|delegated\)\)$/\1/p' "$events" | sort | tr '\n' ' ')" \
	"$(psql -XAtq -c 'SELECT unnest(_patchmail.event_categories())' | sort | tr '\n' ' ')" \
	'patchmail-events(7) shows every category of events'

# Nothing is left out, and nothing is there that is gone.
sed -n 's/^\.It Fn patchmail\.\([a-z_]*\).*/\1/p; s/^\.It Vt patchmail\.\([a-z_]*\).*/\1/p' "$page" |
	sort -u >"$scratch/described"
psql -XAtq -c "
	SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'patchmail'::regnamespace
	UNION SELECT c.relname FROM pg_class c
	       WHERE c.relnamespace = 'patchmail'::regnamespace AND c.relkind IN ('v', 'm')
	UNION SELECT 'audit' ORDER BY 1" | sort -u >"$scratch/there"
is "$(comm -13 "$scratch/described" "$scratch/there")" '' 'patchmail(7) describes each function and view'
is "$(comm -23 "$scratch/described" "$scratch/there")" '' \
	'patchmail(7) describes no function and no view that is not there'

done_testing
