#!/bin/sh
# patchmaild imap, and what does not work: the reason that a server gives decides what is tried next and when; what
# brings nothing new is done ever more seldom; a fault of the site is no fault of a mail; and the server is not left
# because of the database.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
need_python 'servers that refuse'
echo 'the secret' >"$scratch/password"
chmod 600 "$scratch/password"
start_database
fresh_database imap
for name in unconnected select search login gone renew news idle site alone database wrong expired many unhurried; do
	three_mails "$name"
done
sed -i 's/demo.example.org/elsewhere.example.org/' "$scratch/servers/renew/2"
start_servers listing=listing unconnected=not-connected select=select-later search=search-later login=login-later \
	gone=gone-while-open \
	renew=new-each-time news=news-without-end idle=refusing-idle site=rereading alone=rereading database=rereading \
	wrong=login-wrong expired=login-expired many=login-too-many unhurried=unhurried
says() { # PATTERN
	service_says "$1"
}
log_lines() {
	wc -l <"$scratch/service.log"
}

# A connection that is of no use --------------------------------------------------------------------------------------

for name in unconnected select search login; do
	configure_server "$name" "$name"
	start_service
	ok "$name: with a new connection mail is taken" wait_until has_taken "$name-" "$name-1 $name-2 $name-3"
	is "$(sent_to "$name" '\[connected\]') $(log_lines)" '2 1' "$name: the second one, and that is said once"
	stop_service
done
configure_server gone gone poll_interval=1 idle=no
start_service
ok 'a mailbox that is removed: its mail was taken' wait_until has_taken gone- 'gone-1 gone-2 gone-3'
ok 'that it is gone is said' wait_until says 'gone INBOX: EXAMINE: the server says it was removed'
sleep 2
is "$(sent_to gone '\[connected\]') $(log_lines)" '1 1' 'once, and no new connection is made for it'
stop_service

# A login that is refused ---------------------------------------------------------------------------------------------

for name in wrong expired many; do
	configure_server "$name" "$name" poll_interval=1
	start_service
	ok "$name: it is refused" wait_until says "$name: the login: the server says no"
	sleep 4
	is "$(sent_to "$name" '\[connected\]')" 1 "$name: it is not tried again soon"
	cp "$scratch/service.log" "$scratch/$name.log"
	stop_service
done
like "$(cat "$scratch/expired.log")" 'the secret is no longer valid' 'what the code means is said'
like "$(cat "$scratch/wrong.log")" 'the user or the secret is wrong' 'and what is wrong'

# Again and again -----------------------------------------------------------------------------------------------------

configure_server renew renew poll_interval=2
start_service
ok 'a mailbox that is another one each time: its mail is taken' wait_until has_taken renew- 'renew-1 renew-3'
sleep 8
ok 'it is not read without a pause' test "$(sent_to renew EXAMINE)" -le 6
stop_service
configure_server news news
start_service
ok 'a server that always has news: mail is taken' wait_until has_taken news- 'news-1 news-2 news-3'
ok 'that nothing is new is said' wait_until says 'news: again and again the server tells of news, and no mail is new'
sleep 6
ok 'it is not asked without a pause' test "$(sent_to news EXAMINE)" -le 12
is "$(log_lines)" 1 'and nothing else is said'
stop_service
configure_server idle idle poll_interval=1
start_service
ok 'a server that refuses IDLE: mail is taken' wait_until has_taken idle- 'idle-1 idle-2 idle-3'
sleep 3
is "$(sent_to idle IDLE) $(log_lines)" '1 1' 'it is asked for that once, and that is said once'
ok 'and looked at again' test "$(sent_to idle EXAMINE)" -ge 3
stop_service

# In a circle: refused where the configuration shows it.
for lines in 'folder=INBOX' 'folder=inbox' 'mailbox=Lists folder=Lists' 'mailbox=INBOX folder=InBox'; do
	# shellcheck disable=SC2086 # a line a word
	configure_server circle news after=move $lines
	once
	is "$code" 78 "after=move $lines: refused"
	like "$(cat "$scratch/stderr")" '\[imap circle\] moves mail into .*, which it follows' "after=move $lines: why"
done
configure_server circle news after=move folder=inbox mailbox=Lists
once
is "$code" 0 'into a mailbox that it does not follow it may'
configure_server circled listing 'mailbox=Lists.*' after=move folder=Lists.3
once
is "$(sql "SELECT count(*), count(*) FILTER (WHERE mailbox = 'Lists.3') FROM patchmail.cursor
	WHERE account = 'circled'")" '10|0' 'a pattern does not follow the mailbox that mail is moved to'

# A fault of the site -------------------------------------------------------------------------------------------------

for n in $(seq 4 30); do
	patch_mail "site-$n" "[PATCH] number $n" >"$scratch/servers/site/$(printf 'x%02d' "$n")"
done
for state in 42703 P0001 42501 53100 25006 23514; do
	fresh_database "site-$state"
	: >"$scratch/servers/site.record"
	sql "CREATE FUNCTION public.trouble() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN
		RAISE 'trouble with the site' USING ERRCODE = '$state'; END \$\$;
		CREATE TRIGGER trouble AFTER INSERT ON public.patchwork_patch
			FOR EACH ROW EXECUTE FUNCTION public.trouble()"
	configure_server site site after=delete attempts=2 poll_interval=1
	for round in 1 2 3; do
		once
		is "$code" 75 "$state, round $round: 75"
	done
	is "$(sql 'SELECT count(*) FROM patchmail.quarantine')|$(sent_to site 'STORE|EXPUNGE')|$(taken site-)" '0|0|' \
		"$state: nothing is quarantined or deleted"
	ok "$state: few are asked for" test "$(sent_to site 'BODY.PEEK\[\]')" -le 20
	is "$(grep -c 'deferred: ' "$scratch/stderr") $(grep -c 'mail cannot be stored' "$scratch/stderr")" '1 1' \
		"$state: why is said once"
	start_service
	ok "$state: the service says it" wait_until says 'mail cannot be stored: .*trouble with the site'
	sleep 3
	ok "$state: once" test "$(grep -c 'trouble with the site' "$scratch/service.log")" -le 2
	let_through
	ok "$state: what is mended is noticed" wait_until sh -c '
		test "$(psql -XqAt -c "SELECT count(*) FROM patchmail.message")" -eq 30'
	is "$(sent_to site '\[connected\]')" 4 "$state: each round, and the service, has one connection"
	is "$(grep -c 'answer cannot be read' "$scratch/service.log")" 0 "$state: each is left as it should be"
	stop_service
done

# A mail that fails alone keeps out no other.
PGDATABASE=imap
raise_for alone-2 P0001 'trouble with one'
configure_server alone alone poll_interval=1
start_service
ok 'a mail that fails alone keeps out no other' wait_until has_taken alone- 'alone-1 alone-3'
patch_mail alone-4 '[PATCH] number 4' >"$scratch/servers/alone/4"
ok 'and none that comes later' wait_until has_taken alone- 'alone-1 alone-3 alone-4'
sleep 2
is "$(log_lines)" 1 'that is said once'
let_through
ok 'it is taken when that is mended' wait_until has_taken alone- 'alone-1 alone-3 alone-4 alone-2'
stop_service

# In the middle of what the server was asked for.
for n in $(seq 4 40); do
	patch_mail "unhurried-$n" "[PATCH] number $n" >"$scratch/servers/unhurried/$(printf 'x%02d' "$n")"
done
sql "CREATE FUNCTION public.trouble() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN
	IF (SELECT count(*) > 16 FROM public.patchwork_patch p WHERE p.msgid LIKE '<unhurried-%') THEN
		RAISE 'trouble in the middle'; END IF; RETURN NEW; END \$\$;
	CREATE TRIGGER trouble AFTER INSERT ON public.patchwork_patch
		FOR EACH ROW EXECUTE FUNCTION public.trouble()"
configure_server unhurried unhurried poll_interval=1
start_service
ok 'trouble in the middle of an answer is noticed' wait_until says 'mail cannot be stored: .*trouble in the middle'
let_through
ok 'and gone when it is mended' wait_until sh -c 'test "$(psql -XqAt -c "SELECT count(*) FROM patchmail.message
	WHERE msgid LIKE '"'<unhurried-%'"'")" -eq 40'
is "$(sent_to unhurried '\[connected\]')" 1 'the rest of the answer is read: the connection serves again'
stop_service

# The database goes ---------------------------------------------------------------------------------------------------

sql "ALTER ROLE postgres SET idle_session_timeout = '500ms'"
configure_server database database poll_interval=2 idle=no
start_service
ok 'idle connections are closed: mail is taken' wait_until has_taken database- 'database-1 database-2 database-3'
sleep 5
patch_mail database-4 '[PATCH] number 4' >"$scratch/servers/database/4"
ok 'so is what comes later' wait_until has_taken database-4 database-4
is "$(sent_to database '\[connected\]') $(log_lines)" '1 0' 'over one connection to the server, and nothing is said'
sql 'ALTER ROLE postgres RESET idle_session_timeout'
pg_control -m immediate stop
sleep 3
pg_control start
patch_mail database-5 '[PATCH] number 5' >"$scratch/servers/database/5"
ok 'the database stops and starts: mail is taken' wait_until has_taken database-5 database-5
is "$(sent_to database '\[connected\]')" 1 'over the same connection to the server'
sql "CREATE OR REPLACE FUNCTION patchmail.schema_version() RETURNS integer LANGUAGE sql AS 'SELECT 99'"
patch_mail database-6 '[PATCH] number 6' >"$scratch/servers/database/6"
ok 'another schema under the service: it says what to do' wait_until says \
	'version 99, this program needs version [0-9]*: install the program of that version, and restart it'
is "$(taken database-6)" '' 'and nothing is stored in it'
stop_service

done_testing
