#!/bin/sh
# patchmaild doctor: where all is well it says so and ends with 0; of each fault that is planted it says what it is, how
# bad, and what to do, and after that has been done all is well again.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
need_python 'doctor'
# A server that a site may have: what it commits stays.
start_postgres -c wal_level=replica
createdb template
psql -Xq -v ON_ERROR_STOP=1 -d template -f "$top_srcdir/sql/install.sql" >"$scratch/install.log" 2>&1 ||
	fail "$(cat "$scratch/install.log")"
fresh_database site
sql 'CREATE ROLE patchmaild LOGIN; CREATE ROLE stranger LOGIN' >/dev/null
sql "SELECT patchmail.add_deliverer('patchmaild')" >/dev/null

site_conf() { # LINE...: $conf is a configuration for the site, with these lines
	conf=$scratch/site.conf
	printf '%s\n' '[database]' "conninfo=host=$PGHOST dbname=site user=patchmaild" "$@" >"$conf"
	chmod 644 "$conf"
}
doctor() {
	run -c "$conf" doctor "$@"
}

planted=0
# The last run found a fault: its line, and what to do in the line after it or, if REMEDY is empty, in that line itself.
found() { # LEVEL SUBJECT PATTERN REMEDY NAME
	planted=$((planted + 1))
	case $1 in
	warning) found_code=1 ;;
	failure) found_code=2 ;;
	esac
	found_line=$(grep -E -e "^$1 +$2: $3" "$scratch/stdout" | head -n 1)
	if [ -z "$found_line" ]; then
		is "$(cat "$scratch/stdout" "$scratch/stderr")" "$1 $2: $3" "$5"
		return
	fi
	is "$code $(cat "$scratch/stderr")" "$found_code " "$5: the exit code says how bad it is"
	[ -z "$4" ] || like "$(grep -A 1 -xF -e "$found_line" "$scratch/stdout" | sed -n 2p)" "^ +-> .*$4" \
		"$5: it is named, with what to do"
}
well() { # NAME
	doctor
	is "$code $(grep -v '^ok ' "$scratch/stdout" | sed 's/, [0-9]* ok$//')" \
		'0 patchmaild ok: 0 failures, 0 warnings' "$1"
}

# The first hour ------------------------------------------------------------------------------------------------------

site_conf
doctor
found warning mail 'none has come yet' 'deliver one by hand: patchmaild -c FILE deliver -v' 'no mail has come'
patch_mail first '[PATCH] a change' >"$scratch/mail"
deliver "$scratch/mail" -v
is "$code $(cat "$scratch/stdout")" '0 stored: patch <first@example.org> in demo' 'deliver -v says what became of it'
well 'a mail came: all is well'
is "$(grep -cE '^ok +(configuration|server|role|projects|policies|time zone|mail|quarantine|parser|sandbox): ' \
	"$scratch/stdout")" 10 'a line for each thing that was looked at'
is "$(sql 'SELECT count(*) FROM patchmail.message')" 1 'and nothing of it is stored'

# As JSON.
doctor --json
is "$code $(jq -r '.level, (.findings | length), (.findings[0] | .level, .subject, .remedy)' "$scratch/stdout" |
	tr '\n' ' ')" '0 ok 10 ok configuration null ' '--json: the same as one object'
is "$(wc -l <"$scratch/stdout")" 1 '--json: one line'

# Usage, as monitoring has it.
doctor --bad
is "$code $(cat "$scratch/stdout" "$scratch/stderr")" '3 patchmaild: bad option of doctor: --bad' \
	'a bad option: 3, unknown'
doctor more
is "$code" 3 'an argument: 3'
run doctor --help
is "$code $(head -n 1 "$scratch/stdout")" '0 usage: patchmaild [-c FILE] doctor [--json]' 'its help'
if [ -w /dev/full ]; then
	code=0
	"$PATCHMAILD" -c "$conf" doctor >/dev/full 2>"$scratch/stderr" || code=$?
	is "$code" 3 'what cannot be printed: 3'
fi

# The configuration ---------------------------------------------------------------------------------------------------

conf=$scratch/missing.conf
doctor
found failure configuration "$scratch/missing.conf: the configuration cannot be read: No such" \
	'contrib/patchmaild.conf.sample' 'a configuration that is missing'
site_conf '[patchmaild]' 'timeuot=3'
doctor
found failure configuration "$conf:4: unknown key timeuot in \[patchmaild\]: perhaps timeout" 'mend that line' \
	'a key that is mistyped'
printf '[database]\nconninfo=hsot=/tmp dbname=site\n' >"$conf"
doctor
found failure configuration "$conf:2: conninfo .*: hsot is no keyword of libpq: perhaps host" 'mend that line' \
	'a word of conninfo that is mistyped'
printf '%s\n' '[database]' "conninfo=host=$PGHOST dbname=site user=patchmaild password=secret" >"$conf"
doctor
found warning configuration "everybody may read $conf, and a password is in it" "chmod .*$conf" \
	'a password that everybody may read'
ok 'it is not repeated' sh -c "! grep -q secret '$scratch/stdout'"
chmod 640 "$conf"
well 'a password that few may read is fine'
site_conf
chmod 666 "$conf"
doctor
found failure configuration "everybody may change $conf" 'chmod' 'a configuration that everybody may change'

# The connection ------------------------------------------------------------------------------------------------------

printf '[database]\nconninfo=host=%s dbname=site user=patchmaild\n' "$scratch" >"$conf"
chmod 644 "$conf"
doctor
found failure database 'the database cannot be reached: .* failed: No such file or directory; on Debian pg_lsclusters' \
	'' \
	'no server'
ok 'the parser is looked at all the same' grep -q '^ok *parser: ' "$scratch/stdout"
site_conf
sed -i 's/dbname=site/dbname=sites/' "$conf"
doctor
found failure database '.*database "sites" does not exist; .*: createdb sites' '' 'no such database'
site_conf
sed -i 's/user=patchmaild/user=patchmaidl/' "$conf"
doctor
found failure database '.*role "patchmaidl" does not exist; .*: createuser patchmaidl' '' 'no such role'
sql 'CREATE ROLE "locked" LOGIN' >/dev/null
{
	printf '%s\n' 'local all stranger peer' 'local all locked scram-sha-256'
	cat "$scratch/postgres/data/pg_hba.conf"
} >"$scratch/hba"
cat "$scratch/hba" >"$scratch/postgres/data/pg_hba.conf"
pg_control reload
site_conf
sed -i 's/user=patchmaild/user=stranger/' "$conf"
peer_refuses() {
	doctor
	grep -q 'Peer authentication failed' "$scratch/stdout"
}
ok 'the server asks whose the process is' wait_until peer_refuses
found failure database \
	".*Peer authentication failed .*; this process is of the user $(id -un): run it as the user stranger" \
	'' 'a role of another name than the user'
site_conf
sed -i 's/user=patchmaild/user=locked password=wrong/' "$conf"
chmod 600 "$conf"
doctor
found failure database '.*password authentication failed .*\\password locked' '' 'a password that is wrong'

# The schema and the role ---------------------------------------------------------------------------------------------

site_conf
createdb bare
sed -i 's/dbname=site/dbname=bare/' "$conf"
doctor
found failure database \
	"patchmaild's schema is not in the database bare; as its owner: psql -f /[^ ]*/sql/install.sql bare$" \
	'' 'a database without the schema'
site_conf
restore_version() {
	sql "CREATE OR REPLACE FUNCTION patchmail.schema_version() RETURNS integer LANGUAGE sql IMMUTABLE
		AS 'SELECT $1'"
}
restore_version 3
doctor
found failure database \
	'the schema in the database site is version 3, .* as its owner, .*: psql -f /[^ ]*/install.sql site$' \
	'' 'a schema that is older than the program'
restore_version 99
doctor
found failure database '.* is version 99, .*: install the program of that version' '' 'a schema that is newer'
restore_version "$present"
sql "UPDATE patchmail.installed SET version = version - 1 WHERE version = $present"
doctor
found failure schema "the functions are of version $present, the tables of version" 'run install.sql again' \
	'functions of another version than the tables'
sql "UPDATE patchmail.installed SET version = version + 1 WHERE version = $present - 1"
well 'the schema is whole'

sql 'CREATE ROLE nobody_yet LOGIN' >/dev/null
sed -i 's/user=patchmaild/user=nobody_yet/' "$conf"
doctor
found failure database ".*permission denied.*; as the owner of the schema: psql -c \"SELECT patchmail.add_deliverer\(" \
	'' 'a role that may not deliver'
site_conf '[notify ci]' 'command=/bin/true'
doctor
found failure role 'role patchmaild may not tell hooks' "add_notifier\('patchmaild'\)" 'a role that may not notify'
ok 'a hook that nobody serves is a warning' sh -c "
	grep -A 1 '^warning *hook ci: nobody has served it yet' '$scratch/stdout' |
	grep -q ' -> systemctl enable --now patchmaild-notify@ci'"
site_conf
sed -i 's/user=patchmaild/user=postgres/' "$conf"
doctor
found warning role 'role postgres may do more than it needs: it is a superuser' 'CREATE ROLE patchmaild LOGIN' \
	'a superuser who delivers'
site_conf

# What mail needs there -----------------------------------------------------------------------------------------------

# A fault that a statement makes and another one mends.
plant() { # STATEMENT LEVEL SUBJECT PATTERN REMEDY NAME CURE
	sql "$1" >/dev/null
	doctor
	found "$2" "$3" "$4" "$5" "$6"
	sql "$7" >/dev/null
	well "$6: mended"
}
createdb empty -T template
sed -i 's/dbname=site/dbname=empty/' "$conf"
PGDATABASE=empty sql "SELECT patchmail.add_deliverer('patchmaild')" >/dev/null
doctor
found failure projects 'there is none, so all mail is ignored' 'patchmail.add_project' 'no project'
site_conf
plant "UPDATE patchwork_project SET listid = '<demo.example.org>'" failure projects \
	'project demo has the list id "<demo.example.org>", which no mail can have' 'look up List-Id in a mail' \
	'a list id in angle brackets' "SELECT patchmail.project_update('demo', '{\"list_id\": \"demo.example.org\"}')"
plant "UPDATE patchwork_state SET ordering = ordering + 100" failure states 'there is no state with ordering 0' \
	'patchmail.add_state' 'no state for new patches' 'UPDATE patchwork_state SET ordering = ordering - 100'
plant "INSERT INTO patchwork_tag (name, pattern, abbrev, show_column) VALUES ('Bad-tag', '^Bad(', 'B', true)" \
	failure patterns '.* not valid, .*: it is that of tag Bad-tag' 'mend it' \
	'a pattern that is no regular expression' \
	"DELETE FROM patchwork_tag WHERE name = 'Bad-tag'"
plant "SELECT patchmail.set_policy('demo', store => 'pass')" failure policies \
	'project demo stores mail with the verdict pass alone, .* held in quarantine' 'trusted_authserv .*set_policy' \
	'a policy that no mail can meet' "SELECT patchmail.set_policy('demo', store => 'ambiguous')"
sql "SELECT patchmail.set_policy('demo', store => 'pass')" >/dev/null
site_conf '[authentication]' 'trusted_authserv=mx.example.net' 'boundary=mx.example.net'
well 'the same policy is fine if somebody is believed'
sql "SELECT patchmail.set_policy('demo', store => 'ambiguous')" >/dev/null
site_conf '[recipients]' 'list@example.org=typo.example.org' '[list other.example.org]' 'position=any'
doctor
found failure lists 'no project has the list id "typo.example.org" .* SELECT patchmail.add_project' '' \
	'a list in the configuration that no project has'
ok 'a list that is only believed is a warning' \
	grep -qE '^warning +lists: \[list other.example.org\] says who is believed' "$scratch/stdout"
site_conf
patch_mail elsewhere '[PATCH] elsewhere' | sed 's/demo.example.org/unknown.example.org/' >"$scratch/elsewhere"
deliver "$scratch/elsewhere"
doctor
found warning lists '1 mails of 1 lists that no project has .* "unknown.example.org"' \
	"unknown_lists.*add_project\('LINKNAME', 'NAME', 'unknown.example.org'" 'mail of a list that no project has'
sql 'DELETE FROM patchmail.ignored_mail'

# Patchwork's own mail shows the time zone: three of it, dated as in Sydney.
sql "INSERT INTO patchwork_person (email, name) VALUES ('p@example.org', 'P');
	INSERT INTO patchwork_patch (msgid, date, headers, project_id, submitter_id, name, archived, state_id)
	SELECT format('<zone%s@example.org>', n),
		('2026-02-10 0' || n || ':00:00')::timestamp AT TIME ZONE 'Australia/Sydney',
		format('Date: Tue, 10 Feb 2026 0%s:00:00 +0000', n), j.id, p.id, 'x', false, s.id
	FROM generate_series(1, 3) n, patchwork_project j, patchwork_person p, patchwork_state s
	WHERE p.email = 'p@example.org' AND s.ordering = 0" >/dev/null
doctor
found failure 'time zone' 'it is set to UTC, but of 3 mails that Patchwork stored itself 3 are dated by another one' \
	'set_time_zone' 'another time zone than Patchwork has'
sql "SELECT patchmail.set_time_zone('Australia/Sydney', false)" >/dev/null 2>&1
well 'another time zone: mended'
sql "DELETE FROM patchwork_patch WHERE msgid LIKE '<zone%'; SELECT patchmail.set_time_zone('UTC')" >/dev/null 2>&1

# The last hour, and what goes on beside it ---------------------------------------------------------------------------

echo 'no mail' >"$scratch/broken"
deliver "$scratch/broken"
doctor
found warning quarantine '1 mails came into it in the last hour; the last one: ' 'patchmail.quarantined' \
	'mail that went to quarantine'
sql "UPDATE patchmail.quarantine SET last_try = last_try - interval '2 hours'" >/dev/null
well 'what went there earlier is told, and is no fault'
ok 'how much is there' grep -qE '^ok +quarantine: none in the last hour; 1 in all' "$scratch/stdout"
plant "INSERT INTO patchmail.overdue (sha256, seconds, newest) VALUES ('x', 60, 1)" warning mail \
	'1 mails were not stored in time' 'pg_stat_activity' 'mail that takes too long' 'DELETE FROM patchmail.overdue'
plant "SELECT setval(pg_get_serial_sequence('patchwork_patch', 'id'), 1, false)" failure schema \
	'sequence [^ ]* is at .*no mail is stored' 'repair' 'a sequence that is behind' \
	"SELECT count(*) FROM patchmail.repair(kinds => '{sequence-behind}')"
plant 'ALTER TABLE patchwork_event DISABLE TRIGGER patchmail_event' failure schema \
	'the trigger patchmail_event .* is off' 'repair' 'a trigger that is off' \
	"SELECT count(*) FROM patchmail.repair(kinds => '{trigger-off}')"
plant 'ALTER DATABASE site SET default_transaction_read_only = on' failure server 'transactions are read-only' \
	'ALTER DATABASE site RESET' 'a database that takes no writes' \
	'SET transaction_read_only = off; ALTER DATABASE site RESET default_transaction_read_only'
plant 'ALTER DATABASE site SET synchronous_commit = off' warning server 'synchronous_commit is off' 'RESET' \
	'commits that a power cut takes' 'ALTER DATABASE site RESET synchronous_commit'
sql "ALTER SYSTEM SET synchronous_standby_names = 'nobody'"
pg_control reload
waits_for_standby() {
	doctor
	grep -q standby "$scratch/stdout"
}
ok 'commits wait for a standby' wait_until waits_for_standby
found failure server 'commits wait for a standby that is not there' 'ALTER SYSTEM RESET synchronous_standby_names' \
	'a standby that is missing'
sql 'ALTER SYSTEM RESET synchronous_standby_names'
pg_control reload
is_well() {
	doctor
	[ "$code" -eq 0 ]
}
ok 'a standby that is missing: mended' wait_until is_well
month=$(sql "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM')")
plant "DROP TABLE patchmail.raw_$month" warning housekeeping 'it has not run lately' \
	'patchmaild-daily.timer' 'a house that nobody keeps' \
	'SELECT count(*) FROM patchmail.housekeeping()'

# The parser ----------------------------------------------------------------------------------------------------------

mkdir "$scratch/bin"
build=$(dirname "$PATCHMAILD")
cp "$build/patchmaild" "$build/patchmaild-doctor" "$scratch/bin"
real=$PATCHMAILD
PATCHMAILD=$scratch/bin/patchmaild
printf '#!/bin/sh\nexit 1\n' >"$scratch/bin/patchmaild-parser"
chmod 755 "$scratch/bin/patchmaild-parser"
doctor
found failure parser "$scratch/bin/patchmaild-parser: ." 'install the program anew' 'a parser that does not work'
PATCHMAILD=$real

# IMAP accounts -------------------------------------------------------------------------------------------------------

echo 'the secret' >"$scratch/password"
chmod 600 "$scratch/password"
mkdir -p "$scratch/servers/honest"
cp "$scratch/mail" "$scratch/servers/honest/1"
start_servers honest=inbox-only wrong=login-wrong closed=not-connected
imap_conf() { # SERVER LINE...
	imap_server=$1
	shift
	site_conf '[imap work]' host=127.0.0.1 "port=$(port_of "$imap_server")" tls=none user=work \
		"password_file=$scratch/password" "$@"
}
imap_conf wrong
doctor
found failure 'account work' 'no login at 127.0.0.1: .*the user or the secret is wrong' "see \[imap work\] at $conf:3" \
	'a login that is refused'
imap_conf honest mailbox=Elsewhere
doctor
found failure 'account work' 'the mailbox Elsewhere cannot be opened: ' "see \[imap work\] at $conf:3" \
	'a mailbox that is not there'
imap_conf honest
chmod 644 "$scratch/password"
doctor
found failure 'account work' 'no login at 127.0.0.1: .*password' "see \[imap work\]" 'a secret that others can read'
chmod 600 "$scratch/password"
sed -i 's/^port=.*/port=1/' "$conf"
doctor
found failure 'account work' 'no connection to 127.0.0.1: ' "see \[imap work\]" 'a server that is not there'
imap_conf honest
doctor
found warning 'account work' 'nobody has followed it yet' 'systemctl enable --now patchmaild-imap@work' \
	'an account that nobody follows'
run -c "$conf" imap --once work
is "$code" 0 'the account is followed once'
well 'an account that can be used is fine'
is "$(grep -ac 'STORE\|SELECT' "$scratch/servers/honest.record")" 0 'the doctor itself only looked (EXAMINE)'

# Hooks and the socket ------------------------------------------------------------------------------------------------

sql "SELECT patchmail.add_notifier('patchmaild', anyway => true)" >/dev/null 2>&1
site_conf '[notify ci]' "command=$scratch/no-such-command"
run -c "$conf" doctor
found failure 'hook ci' 'its command .*no-such-command cannot be run: No such file' "see \[notify ci\] at $conf:3" \
	'a command that is not there'
echo 'whsec_c2VjcmV0c2VjcmV0c2VjcmV0' >"$scratch/hook-secret"
chmod 644 "$scratch/hook-secret"
site_conf '[notify ci]' 'url=https://ci.example.org/' "secret_file=$scratch/hook-secret"
doctor
found failure 'hook ci' '.*hook-secret' "see \[notify ci\]" "a hook's secret that others can read"
site_conf '[notify ci]' 'command=/bin/false'
run -c "$conf" notify --once ci
sql "UPDATE patchmail.hook SET position = 0, head = NULL, attempts = 3, reason = 'it ended with 1'" >/dev/null
doctor
found warning 'hook ci' 'its receiver failed 3 times: it ended with 1' 'mend the receiver' 'a receiver that fails'
sql 'UPDATE patchmail.hook SET attempts = 0, reason = NULL;
	SELECT patchmail.hook_remove(name) FROM patchmail.hook' >/dev/null
sql "SELECT patchmail.remove_notifier('patchmaild'); SELECT patchmail.add_deliverer('patchmaild')" >/dev/null
site_conf '[lmtp]' "socket=$scratch/lmtp.socket"
doctor
found warning lmtp "no patchmaild lmtp answers at $scratch/lmtp.socket: No such file" \
	'systemctl enable --now patchmaild-lmtp.socket' 'no server at the socket'
"$PATCHMAILD" -c "$conf" lmtp --listen "$scratch/lmtp.socket" >"$scratch/lmtp.log" 2>&1 &
lmtp=$!
at_end="kill $lmtp 2>/dev/null || :; $at_end"
ok 'a server at the socket is fine' wait_until is_well
kill "$lmtp"

# What hostile mail put there cannot do anything to a terminal.
site_conf
sql "INSERT INTO patchmail.quarantine (reason, size, source, facts) VALUES (E'\\x1b[2Jevil\\nok  line', 0, '{}', '{}')"
doctor
ok 'what is printed has no control characters' sh -c "! tr -d '\\012' <'$scratch/stdout' | grep -q '[[:cntrl:]]'"
is "$(grep -c '^ok  line' "$scratch/stdout")" 0 'and no line that a mail made'

# From psql, without the program, by those who may.
is "$(sql "SELECT bool_and(level IN ('ok', 'warning', 'failure') AND finding <> '') FROM patchmail.doctor()")" t \
	'psql asks the same'
is "$(sql "SET ROLE patchmail_monitor; SELECT count(*) > 5 FROM patchmail.doctor()")" t 'a monitor may ask'
like "$(sql "SET ROLE patchmail_reader; SELECT count(*) > 5 FROM patchmail.doctor()" 2>&1 | head -n 1)" \
	'permission denied' 'a reader may not'
ok "at least 20 faults were planted: $planted" test "$planted" -ge 20

done_testing
