#!/bin/sh
# patchmaild deliver: whatever is wrong around it, the mail is deferred with one line, and the next delivery works.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/faults.sh
. "$top_srcdir/tests/t/faults.sh"
start_database
fresh_database main
printf '[patchmaild]\ntimeout=30\n' >>"$conf"
work_conf=$conf
number=0

# A new mail in $scratch/mail, with the Message-ID <mail-$number@example.org>.
new_mail() {
	number=$((number + 1))
	patch_mail "mail-$number" "[PATCH] change $number" >"$scratch/mail"
}

# The mail that was deferred is stored when it comes again.
works_again() { # NAME
	conf=$work_conf
	deliver "$scratch/mail"
	accepted "$1: the next delivery works"
	is "$(sql "SELECT count(*) FROM patchwork_patch WHERE msgid = '<mail-$number@example.org>'")" 1 \
		"$1: and leaves one row"
}

# The connection ------------------------------------------------------------------------------------------------------

new_mail
pg_control stop
deliver "$scratch/mail"
deferred 'the database is away' 'cannot be reached.*No such file or directory'
pg_control start
works_again 'the database is back'

new_mail
conf=$scratch/nowhere.conf
printf '[database]\nconninfo=host=127.0.0.1 port=1 dbname=main user=postgres\n' >"$conf"
deliver "$scratch/mail"
deferred 'nobody listens' 'cannot be reached.*Connection refused'
works_again 'nobody listens'

new_mail
if command -v python3 >/dev/null; then
	# A server that takes the connection and never says a word.
	mkdir "$scratch/silent"
	python3 - "$scratch/silent/.s.PGSQL.5432" <<-'END' &
		import socket, sys, time
		server = socket.socket(socket.AF_UNIX)
		server.bind(sys.argv[1])
		server.listen()
		time.sleep(60)
	END
	silent=$!
	at_end="kill $silent 2>/dev/null; $at_end"
	while [ ! -S "$scratch/silent/.s.PGSQL.5432" ]; do sleep 0.1; done
	conf=$scratch/silent.conf
	printf '[database]\nconninfo=host=%s dbname=main user=postgres\nconnect_timeout=1\n' "$scratch/silent" >"$conf"
	deliver "$scratch/mail"
	deferred 'a server that says nothing' 'cannot be reached in time'
	kill "$silent"
	works_again 'a server that says nothing'
else
	skip 'a server that says nothing' 'no python3'
fi

new_mail
sql 'CREATE ROLE limited LOGIN SUPERUSER; ALTER ROLE limited NOSUPERUSER CONNECTION LIMIT 0' >/dev/null
conf=$scratch/limited.conf
printf '[database]\nconninfo=host=%s dbname=main user=limited\n' "$PGHOST" >"$conf"
deliver "$scratch/mail"
deferred 'too many connections' 'too many connections for role'
works_again 'too many connections'

new_mail
cp "$scratch/postgres/data/pg_hba.conf" "$scratch/pg_hba.conf"
echo 'local main all reject' | cat - "$scratch/pg_hba.conf" >"$scratch/postgres/data/pg_hba.conf"
pg_control reload
sleep 0.5
deliver "$scratch/mail"
deferred 'the server refuses' 'pg_hba.conf rejects connection'
cat "$scratch/pg_hba.conf" >"$scratch/postgres/data/pg_hba.conf"
pg_control reload
sleep 0.5
works_again 'the server refuses'

new_mail
conf=$scratch/missing.conf
printf '[database]\nconninfo=host=%s dbname=missing user=postgres\n' "$PGHOST" >"$conf"
deliver "$scratch/mail"
deferred 'no such database' 'database "missing" does not exist'
works_again 'no such database'

# The database --------------------------------------------------------------------------------------------------------

new_mail
createdb bare
conf=$scratch/bare.conf
printf '[database]\nconninfo=host=%s dbname=bare user=postgres\n' "$PGHOST" >"$conf"
deliver "$scratch/mail"
deferred 'no schema' 'database bare; as its owner: psql -f [^ ]*/patchmaild/sql/install.sql bare$'
works_again 'no schema'

new_mail
createdb -T template version
# shellcheck disable=SC2016 # $$ is SQL's
psql -Xq -d version -c 'CREATE OR REPLACE FUNCTION patchmail.schema_version()
	RETURNS integer LANGUAGE sql AS $$SELECT 99$$'
conf=$scratch/version.conf
printf '[database]\nconninfo=host=%s dbname=version user=postgres\n' "$PGHOST" >"$conf"
deliver "$scratch/mail"
deferred 'another version of the schema' "version 99, this program needs version $present"
works_again 'another version of the schema'

new_mail
createdb -T template0 -E LATIN1 --locale=C latin
conf=$scratch/latin.conf
printf '[database]\nconninfo=host=%s dbname=latin user=postgres\n' "$PGHOST" >"$conf"
deliver "$scratch/mail"
deferred 'a database that is not in UTF-8' 'encoding of the database is LATIN1'
works_again 'a database that is not in UTF-8'

new_mail
conf=$scratch/stranger.conf
sql 'CREATE ROLE stranger LOGIN' >/dev/null
printf '[database]\nconninfo=host=%s dbname=main user=stranger\n' "$PGHOST" >"$conf"
deliver "$scratch/mail"
deferred 'a role without rights' 'permission denied'
works_again 'a role without rights'

new_mail
sql 'ALTER DATABASE main SET default_transaction_read_only = on'
deliver "$scratch/mail"
deferred 'a read-only database' '25006.*read-only transaction'
psql -Xq -d template -c 'ALTER DATABASE main RESET default_transaction_read_only'
works_again 'a read-only database'

# What the statement runs into ----------------------------------------------------------------------------------------

raise_on_patch() { # SQLSTATE [TRIGGER-OPTIONS]: every new patch fails with it
	sql "CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS
		\$\$ BEGIN RAISE EXCEPTION E'it fails\nbadly' USING ERRCODE = '$1'; END \$\$;
		CREATE $2 TRIGGER fail AFTER INSERT ON public.patchwork_patch $3
			FOR EACH ROW EXECUTE FUNCTION public.fail()"
}
heal() {
	sql 'SET client_min_messages = error; DROP FUNCTION public.fail CASCADE'
}

new_mail
raise_on_patch 53100 '' ''
deliver "$scratch/mail"
deferred 'an error for want of room' '53100\): it fails$'
heal
works_again 'an error for want of room'

new_mail
raise_on_patch 58030 'CONSTRAINT' 'DEFERRABLE INITIALLY DEFERRED'
deliver "$scratch/mail"
deferred 'an error while it commits' '58030'
heal
works_again 'an error while it commits'

new_mail
raise_on_patch 40P01 '' ''
deliver "$scratch/mail"
deferred 'deadlocks without end' '40P01'
heal
works_again 'deadlocks without end'

# A failure that is gone at the third try: the sequence is not rolled back.
for state in 40001 40P01; do
	new_mail
	sql "CREATE SEQUENCE public.tries; CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS
		\$\$ BEGIN IF nextval('public.tries') < 3 THEN RAISE 'again' USING ERRCODE = '$state'; END IF;
			RETURN NEW; END \$\$;
		CREATE TRIGGER fail AFTER INSERT ON public.patchwork_patch FOR EACH ROW EXECUTE FUNCTION public.fail()"
	deliver "$scratch/mail"
	accepted "$state goes away when it is tried again"
	is "$(sql 'SELECT last_value FROM public.tries')" 3 "$state: tried three times"
	heal
	sql 'DROP SEQUENCE public.tries'
done

new_mail
sql "CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS
	\$\$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(10); RETURN NEW; END \$\$;
	CREATE TRIGGER fail AFTER INSERT ON public.patchwork_patch FOR EACH ROW EXECUTE FUNCTION public.fail()"
deliver "$scratch/mail"
deferred 'the connection is lost each time' '57P01'
heal
works_again 'the connection is lost each time'

# Whatever fails is the site's fault, of each class that there is; no mail is put aside for it.
while read -r state; do
	new_mail
	raise_on_patch "$state" '' ''
	deliver "$scratch/mail"
	is "$code $(cat "$scratch/stdout")" '75 ' "$state in a trigger of the site: exit code 75, nothing on stdout"
	like "$(cat "$scratch/stderr")" '^4\.3\.0 the database (failed \(.....\): it fails|did not answer in time)' \
		"$state: one line"
	heal
done <<END
03000
08006
0A000
21000
22003
23502
23503
23505
23514
24000
25000
26000
28000
2B000
2F002
38000
39000
42501
42703
44000
53200
54000
55000
57P04
58000
F0000
HV000
P0001
XX000
END
works_again 'an error of each class'
for state in 22003 23505 54000 P0001; do
	new_mail
	raise_on_patch "$state" CONSTRAINT 'DEFERRABLE INITIALLY DEFERRED'
	deliver "$scratch/mail"
	deferred "$state while it commits" "$state\\): it fails\$"
	heal
	works_again "$state while it commits"
done
is "$(sql 'SELECT count(*) FROM patchmail.quarantine')" 0 'none of these mails is in quarantine'

# Facts that no database can hold never get as far as patchmail.store(): what says so of them is asked for itself.
new_mail
createdb -T template facts
PGDATABASE=facts
sql "SELECT patchmail.add_project('demo', 'Demo', 'demo.example.org', 'demo@example.org')" >/dev/null
raise_on_patch 22P05 CONSTRAINT 'DEFERRABLE INITIALLY DEFERRED'
sql "CREATE OR REPLACE FUNCTION patchmail.facts_fault(facts text) RETURNS text LANGUAGE sql AS 'SELECT ''too odd'''"
conf=$scratch/facts.conf
printf '[database]\nconninfo=host=%s dbname=facts user=postgres\n' "$PGHOST" >"$conf"
deliver "$scratch/mail"
accepted 'a mail that no database can hold'
is "$(sql 'SELECT reason FROM patchmail.quarantine')" 'the database cannot hold it: too odd' \
	'a mail that no database can hold is in quarantine, with the reason'
PGDATABASE=main
works_again 'a mail that no database can hold'

# After a restore, or a logical replication: sequences are behind the rows.
for i in 1 2 3; do
	new_mail
	sql "SELECT setval('public.patchwork_submission_id_seq', 1)" >/dev/null
	deliver "$scratch/mail"
	deferred "a sequence that is behind the rows, mail $i" \
		"sequence public.patchwork_submission_id_seq is behind the rows of \
public.patchwork_patch: SELECT setval\\('public.patchwork_submission_id_seq', \
\\(SELECT max\\(id\\) FROM public.patchwork_patch\\)\\)\$"
done
sql "$(sed 's/.*: SELECT/SELECT/' "$scratch/stderr")" >/dev/null
works_again 'a sequence that was behind the rows'

# A column of a newer Patchwork; a constraint of the site's own.
new_mail
sql 'ALTER TABLE public.patchwork_patch ADD fresh integer; UPDATE public.patchwork_patch SET fresh = 1;
	ALTER TABLE public.patchwork_patch ALTER fresh SET NOT NULL'
deliver "$scratch/mail"
deferred 'a column that nobody fills' \
	'"fresh" .*; patchmaild does not fill it: give it a default, or install a version that does$'
sql 'ALTER TABLE public.patchwork_patch ALTER fresh SET DEFAULT 1'
works_again 'a column that nobody fills'
new_mail
sql "ALTER TABLE public.patchwork_patch DROP COLUMN fresh;
	ALTER TABLE public.patchwork_patch ADD CONSTRAINT polite CHECK (name LIKE '%please%') NOT VALID"
deliver "$scratch/mail"
deferred 'a constraint of the site' '"polite"; it is none of Patchwork.s: it has to allow what comes with mail$'
sql 'ALTER TABLE public.patchwork_patch DROP CONSTRAINT polite'
works_again 'a constraint of the site'

# The same person, entered by somebody whose transaction goes on.
new_mail
sed 's/alice@/new@/' "$scratch/mail" >"$scratch/new" && mv "$scratch/new" "$scratch/mail"
psql -Xq -c "BEGIN; INSERT INTO public.patchwork_person (email, name) VALUES ('new@example.org', 'New')" \
	-c 'SELECT pg_sleep(2)' -c COMMIT >/dev/null &
inserter=$!
wait_for "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(2)%' AND application_name = 'psql'
	AND pid <> pg_backend_pid()"
deliver "$scratch/mail"
accepted 'a person whom somebody else enters at that moment'
wait "$inserter"
is "$(sql "SELECT count(*) FROM patchwork_patch p JOIN patchwork_person a ON a.id = p.submitter_id
	WHERE p.msgid = '<mail-$number@example.org>' AND a.email = 'new@example.org'")" 1 \
		'the patch is that person'\''s'

# Another isolation is no reason to defer: the transaction says its own.
for level in 'repeatable read' serializable; do
	new_mail
	sql "ALTER DATABASE main SET default_transaction_isolation = '$level'"
	works_again "default_transaction_isolation = '$level'"
	raise_on_patch P0001 '' ''
	new_mail
	deliver "$scratch/mail"
	deferred "an error under $level" 'P0001\): it fails'
	heal
	raise_on_patch 23514 CONSTRAINT 'DEFERRABLE INITIALLY DEFERRED'
	deliver "$scratch/mail"
	deferred "an error while it commits under $level" '23514\): it fails'
	heal
	works_again "an error under $level"
done
psql -Xq -d template -c 'ALTER DATABASE main RESET default_transaction_isolation'

# A statement's time, an idle transaction's, a lock's, as the site sets them
for setting in statement_timeout lock_timeout; do
	new_mail
	sql "ALTER DATABASE main SET $setting = '300ms'"
	sql "CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS
		\$\$ BEGIN IF '$setting' = 'lock_timeout' THEN LOCK public.auth_user; ELSE PERFORM pg_sleep(5); END IF;
			RETURN NEW; END \$\$;
		CREATE TRIGGER fail AFTER INSERT ON public.patchwork_patch FOR EACH ROW EXECUTE FUNCTION public.fail()"
	psql -Xq -c 'BEGIN; LOCK public.auth_user; SELECT pg_sleep(3)' >/dev/null 2>&1 &
	holder=$!
	wait_for "SELECT count(*) > 0 FROM pg_locks WHERE relation = 'public.auth_user'::regclass AND granted"
	sed 's/^timeout=.*/timeout=2/' "$work_conf" >"$scratch/short.conf"
	conf=$scratch/short.conf
	deliver "$scratch/mail"
	deferred "$setting" 'statement timeout|somebody holds a lock|did not answer in time'
	psql -Xq -d template -c "ALTER DATABASE main RESET $setting"
	wait "$holder" || :
	heal
	works_again "$setting"
done

# A real full disk.
new_mail
mkdir "$scratch/small"
if mount_small "$scratch/small" 512k; then
	sql "CREATE TABLESPACE small LOCATION '$scratch/small'"
	sql 'ALTER TABLE public.patchwork_patch SET TABLESPACE small'
	{ cat "$scratch/mail"; head -c 1000000 /dev/urandom | base64 | sed 's/^/+/'; } >"$scratch/large"
	sed '/^@@/,$d' "$scratch/large" >"$scratch/full"
	{ echo '@@ -0,0 +1,17545 @@'; sed -n '/^+new/,$p' "$scratch/large" | sed 1d; } >>"$scratch/full"
	deliver "$scratch/full"
	deferred 'the disk is full' '53100.*No space left on device'
	sql 'ALTER TABLE public.patchwork_patch SET TABLESPACE pg_default; DROP TABLESPACE small' >/dev/null 2>&1 || {
		sql 'ALTER TABLE public.patchwork_patch SET TABLESPACE pg_default'
		sql 'DROP TABLESPACE small'
	}
	works_again 'the disk is full'
else
	skip 'the disk is full' 'no tmpfs can be mounted here; "an error for want of room" has the same SQLSTATE'
fi

# Blocked -------------------------------------------------------------------------------------------------------------

stuck="SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'patchmaild' AND wait_event_type = 'Lock'"

new_mail
conf=$scratch/hasty.conf
sed 's/^timeout=.*/timeout=2/' "$work_conf" >"$conf"
hold_lock
before=$(date +%s)
deliver "$scratch/mail"
after=$(date +%s)
deferred 'a locked table' 'did not answer in time'
ok 'a locked table: within the deadline' test "$((after - before))" -le 4
ok 'a locked table: nobody waits for it any more' wait_for \
	"SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'patchmaild'"
let_lock_go
is "$(sql "SELECT count(*) FROM patchwork_patch WHERE msgid = '<mail-$number@example.org>'")" 0 \
	'a locked table: nothing is stored meanwhile'
works_again 'a locked table'

# Mail that is ignored is counted; nobody waits for whoever counts the same at that moment.
new_mail
sed 's/demo.example.org/nowhere.example.org/' "$scratch/mail" >"$scratch/nowhere"
deliver "$scratch/nowhere"
accepted 'mail of no project'
psql -Xq -c BEGIN -c "SELECT _patchmail.note_ignored('{\"list_ids\": [{\"id\": \"nowhere.example.org\"}]}', '{}',
	'no project has its list id')" -c 'SELECT pg_sleep(20)' >/dev/null 2>&1 &
counter=$!
wait_for "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%' AND pid <> pg_backend_pid()"
conf=$work_conf
before=$(date +%s)
deliver "$scratch/nowhere"
after=$(date +%s)
accepted 'while another one is counted'
ok 'while another one is counted: at once' test "$((after - before))" -le 5
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%'
	AND pid <> pg_backend_pid()" >/dev/null
wait "$counter" || :
is "$(sql 'SELECT list_id, reason, mails FROM patchmail.ignored')" 'nowhere.example.org|no project has its list id|2' \
	'both are counted'

# A list that only the configuration, or an option, names.
new_mail
conf=$work_conf
deliver "$scratch/mail" --list-id demo.exmaple.org
deferred 'a list id with a slip' \
	'no project has the list id "demo.exmaple.org" that the configuration or --list-id gives; mend it'
works_again 'a list id with a slip'

# The standby that has to have every mail is away: what waits for it is deferred, however often it comes; and so is the
# mail that is there already, since no standby has it.
new_mail
conf=$scratch/hasty.conf
sql "ALTER SYSTEM SET synchronous_standby_names = 'nobody'"
pg_control reload
wait_for "SELECT current_setting('synchronous_standby_names') = 'nobody'"
for n in 1 2; do
	before=$(date +%s)
	deliver "$scratch/mail"
	after=$(date +%s)
	deferred "the standby is away, time $n" 'did not answer in time'
	ok "the standby is away, time $n: within the deadline" test "$((after - before))" -le 8
done
sql 'ALTER SYSTEM RESET synchronous_standby_names'
pg_control reload
wait_for "SELECT current_setting('synchronous_standby_names') = ''"
works_again 'the standby is away'

# Standard input that does not end, and one that drips.
new_mail
conf=$scratch/hasty.conf
mkfifo "$scratch/endless"
sleep 60 >"$scratch/endless" &
writer=$!
at_end="kill $writer 2>/dev/null; $at_end"
deliver "$scratch/endless"
deferred 'input that does not end' 'was not read in time'
kill "$writer"
works_again 'input that does not end'
new_mail
conf=$scratch/hasty.conf
{ cat "$scratch/mail" && while sleep 0.2; do printf x; done; } >"$scratch/endless" 2>/dev/null &
writer=$!
before=$(date +%s)
deliver "$scratch/endless"
after=$(date +%s)
deferred 'input that drips' 'was not read in time'
ok 'input that drips: within the deadline' test "$((after - before))" -le 4
kill "$writer" 2>/dev/null || :
works_again 'input that drips'

new_mail
code=0
"$PATCHMAILD" -c "$conf" deliver <&- >"$scratch/stdout" 2>"$scratch/stderr" || code=$?
deferred 'no standard input' 'cannot be read'
works_again 'no standard input'

for how in fast immediate; do
	new_mail
	hold_lock
	deliver "$scratch/mail" &
	delivery=$!
	ok "restarted in the middle of the call ($how): it is in the middle" wait_for "$stuck"
	pg_control stop -m "$how"
	let_lock_go
	wait "$delivery" || :
	deferred_file=$scratch/stderr
	like "$(cat "$deferred_file")" '^4\.3\.0 the database ' "stopped in the middle of the call ($how): one line"
	is "$(cat "$scratch/stdout")" '' "stopped in the middle of the call ($how): nothing on stdout"
	pg_control start
	is "$(sql "SELECT count(*) FROM patchwork_patch WHERE msgid = '<mail-$number@example.org>'")" 0 \
		"stopped in the middle of the call ($how): nothing is stored"
	works_again "stopped in the middle of the call ($how)"
done

# Several at once, and a database that goes away and comes back under them: nothing is lost.
for i in $(seq 12); do
	patch_mail "crowd-$i" "[PATCH] crowd $i" >"$scratch/crowd-$i"
done
crowd() { # delivers each until it is accepted; other codes than 0 and 75 are noted
	for i in $(seq "$1" "$2"); do
		for _ in $(seq 100); do
			result=0
			"$PATCHMAILD" -c "$conf" deliver <"$scratch/crowd-$i" >>"$scratch/crowd.out" \
				2>>"$scratch/crowd.err" || result=$?
			[ "$result" -ne 0 ] || break
			[ "$result" -eq 75 ] || echo "$result" >>"$scratch/crowd.codes"
			sleep 0.1
		done
	done
}
: >"$scratch/crowd.codes"
: >"$scratch/crowd.out"
crowd 1 4 &
one=$!
crowd 5 8 &
two=$!
crowd 9 12 &
three=$!
sleep 0.2
pg_control restart -m immediate
wait "$one" "$two" "$three"
is "$(sql "SELECT count(*) FROM patchwork_patch WHERE msgid LIKE '<crowd-%'")" 12 \
	'a crowd over a restart: all are there'
is "$(cat "$scratch/crowd.codes" "$scratch/crowd.out")" '' 'a crowd over a restart: no code but 0 and 75'
is "$(grep -v '^4\.3\.0 ' "$scratch/crowd.err" || :)" '' 'a crowd over a restart: no line but 4.3.0'

# Configuration and options -------------------------------------------------------------------------------------------

bad_config() { # NAME TEXT PATTERN
	conf=$scratch/bad.conf
	printf '%s\n' "$2" >"$conf"
	deliver "$scratch/mail"
	deferred "bad configuration, $1" "$3"
}
new_mail
bad_config 'an unknown group' '[databse]' 'bad.conf:1: unknown group \[databse\]: perhaps \[database\]$'
bad_config 'an unknown key' '[database]
conninf=x' 'bad.conf:2: unknown key conninf in \[database\]: perhaps conninfo$'
bad_config 'a group that is there twice' '[database]
connect_timeout=3
[patchmaild]
# and once more
 [database]
conninfo=host=elsewhere' 'bad.conf:5: \[database\] stands at line 1 already$'
bad_config 'a key that is there twice' '[database]
connect_timeout=3

connect_timeout = 4' 'bad.conf:4: connect_timeout in \[database\] stands at line 2 already$'
bad_config 'an unknown key of a list' '[list demo.example.org]
boundry=mx.example.net' 'bad.conf:2: unknown key boundry in \[list demo.example.org\]: perhaps boundary$'
bad_config 'an unknown key of an account' '[imap a]
host=x
user=y
password=secret' 'bad.conf:4: unknown key password in \[imap a\]$'
bad_config 'an unknown key of a mailbox' '[mailbox a Lists]
after=seen
[imap a]
host=h
user=u
password_file=/p' 'bad.conf:2: unknown key after in \[mailbox a Lists\]$'
bad_config 'a line of another form' '[database]
secret word' 'bad.conf:2: neither \[group\] nor key=value'
bad_config 'a key before every group' '# a comment

conninfo=secret' 'bad.conf:3: a key before the first \[group\]$'
bad_config 'a bad value' '[patchmaild]
timeout=soon' 'timeout in \[patchmaild\] has to be seconds'
bad_config 'a limit over what is possible' '[patchmaild]
max_message_size=1G' 'max_message_size in \[patchmaild\] is over'
bad_config 'no key file' 'From: a@example.org' 'bad.conf:1: neither \[group\] nor key=value'
bad_config 'a bad connection string' '[database]
conninfo=password=secret hush' 'bad.conf:2: conninfo in \[database\] .* connection string: its word 2 has'
ok 'a bad connection string: it is not repeated' sh -c "! grep -q 'secret\|hush' '$scratch/stderr'"
conf=$scratch/does-not-exist
deliver "$scratch/mail"
deferred 'no such configuration' 'configuration cannot be read'
works_again 'bad configuration'

new_mail
bad_option() { # PATTERN OPTION...: of deliver
	bad_option_says=$1
	shift
	deliver "$scratch/mail" "$@"
	deferred "a bad option, $*" "$bad_option_says\$"
}
bad_option 'bad option of deliver: --no-such-option' --no-such-option
bad_option 'bad option of deliver: -x' -x
bad_option 'bad option of deliver: -c; it stands before the command' -c "$conf"
bad_option 'bad option of deliver: --once' --once
bad_option 'option of deliver without its value: --list-id' --list-id
bad_option 'option without its value: --list-id needs a list id' --list-id=
bad_option 'option given twice: --list-id' --list-id a.example.org --list-id=b.example.org
bad_option 'option of deliver that takes no value: --help' --help=yes
bad_option 'deliver takes no arguments: x' -- x
deliver "$scratch/mail" --
accepted 'nothing but the end of the options'
new_mail
deliver "$scratch/mail" argument
deferred 'an argument' 'deliver takes no arguments: argument'
run -c "$conf" delivr <"$scratch/mail"
deferred 'a mistyped command' 'unknown command: delivr'
run --cnf "$conf" deliver <"$scratch/mail"
deferred 'a mistyped option before the command' 'bad option: --cnf'
run -c
deferred 'an option without its value' 'option without its value: -c$'
run --config
deferred 'a long option without its value' 'option without its value: --config$'
run -c '' deliver <"$scratch/mail"
deferred 'an option whose value is empty' 'option without its value: -c needs a file$'
run -c "$conf" -c "$conf" deliver <"$scratch/mail"
deferred 'an option that is given twice' 'option given twice: -c$'
run --version=2
deferred 'an option with a value that it does not take' 'option that takes no value: --version$'
run
deferred 'no command' 'no command'
works_again 'bad options'

done_testing
