#!/bin/sh
# Two PostgreSQL servers with synchronous streaming replication, and a conninfo that names both.  While two mail hosts
# deliver, import and follow mailboxes, the primary freezes, dies, or stops taking writes under connections that stand,
# and the standby is promoted: mail goes on there by itself, what was acknowledged is there, and in the end the database
# is the one that a single process makes of the same mails.  The same through PgBouncer.
# PATCHMAILD_EFFORT=long has more mail, and more of all that.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
# shellcheck source=tests/t/faults.sh
. "$top_srcdir/tests/t/faults.sh"
PATH=$PATH:/usr/sbin
need_python 'a database that fails over'
case ${PATCHMAILD_EFFORT-} in
long) threads=5 rounds='freeze switch kill freeze switch kill kill freeze' ;;
*) threads=1 rounds='freeze switch kill' ;;
esac
longest=15 # seconds that a delivery may last, of which 5 are its time

# Two servers ---------------------------------------------------------------------------------------------------------

server_control() { # SERVER ACTION [OPTION...]
	server_folder=$scratch/$1
	shift
	as_postgres "$postgres_bin/pg_ctl" -w -s -D "$server_folder/data" -l "$server_folder/log" "$@" \
		>"$scratch/pg_ctl.log" 2>&1 || fail "$(cat "$scratch/pg_ctl.log")"
}

end_server() { # SERVER: as if its machine was gone
	end_processes=$(server_processes "$scratch/$1/data" | tr '\n' ' ')
	# shellcheck disable=SC2086 # words
	kill -KILL $end_processes 2>/dev/null || :
	wait_until no_processes "$scratch/$1/data"
	rm -rf "${scratch:?}/$1"
}
at_end="end_server postgres; end_server two; $at_end"

at() { # SERVER STATEMENT
	psql -XqAt -v ON_ERROR_STOP=1 -h "$scratch/$1" -c "$2"
}

# A new standby of the other server, without which that commits nothing from then on.
start_standby() { # SERVER PRIMARY
	mkdir -m 700 "$scratch/$1"
	[ "$(id -u)" -ne 0 ] || chown postgres: "$scratch/$1"
	as_postgres "$postgres_bin/pg_basebackup" -D "$scratch/$1/data" -R -c fast --no-sync -h "$scratch/$2" \
		-U postgres >"$scratch/basebackup.log" 2>&1 || fail "$(cat "$scratch/basebackup.log")"
	printf '%s\n' "unix_socket_directories = '$scratch/$1'" 'cluster_name = standby' \
		>>"$scratch/$1/data/postgresql.conf"
	# Settings of the primary that are not the standby's.
	printf '%s\n' "synchronous_standby_names = ''" 'default_transaction_read_only = off' \
		>>"$scratch/$1/data/postgresql.auto.conf"
	server_control "$1" start
	at "$2" "ALTER SYSTEM SET synchronous_standby_names = 'standby'"
	server_control "$2" reload
	PGHOST=$scratch/$2 wait_for "SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'" ||
		fail "$1 does not follow $2"
}

promote() { # SERVER
	server_control "$1" promote
	PGHOST=$scratch/$1
}

# Mail, a portion a round: to be delivered by two hosts, imported, and in a mailbox for each host ----------------------

# Another host: its processes have another name.
PATCHMAILD_THERE=$PATCHMAILD
if [ "$(id -u)" -eq 0 ] && unshare -u true 2>/dev/null; then
	PATCHMAILD_THERE=$scratch/there
	cat >"$PATCHMAILD_THERE" <<-END
		#!/bin/sh
		exec unshare -u sh -c 'echo there.example.org >/proc/sys/kernel/hostname && exec "\$@"' sh \
			"$PATCHMAILD" "\$@"
	END
	chmod +x "$PATCHMAILD_THERE"
else
	skip 'a host of another name' 'not root'
fi

# Repeats a command until it ends with 0, as Postfix does and as an admin repeats an import; notes ends that are neither
# that nor 75, and the longest that one took.
cat >"$scratch/repeat" <<'END'
#!/bin/sh
# INPUT COMMAND...
input=$1
shift
for tries in $(seq 200); do
	began=$(date +%s)
	status=0
	"$@" <"$input" >"$0.out.$$" 2>"$0.err.$$" || status=$?
	echo "$(($(date +%s) - began)) $status" >>"$0.ends"
	cat "$0.err.$$" >>"$0.words"
	[ "$status" -ne 0 ] || exit 0
	sleep 0.1
done
exit 1
END
chmod +x "$scratch/repeat"

write_portion() { # ROUND
	for kind in here there import box other; do
		mails=$scratch/portion-$1-$kind
		mkdir "$mails"
		for thread in $(seq "$threads"); do
			write_thread "$1-$kind-$thread"
		done
		find "$mails" -type f | sort >"$mails.list"
	done
	while read -r mail; do
		mbox_mail "$mail"
	done <"$scratch/portion-$1-import.list" >"$scratch/portion-$1.mbox"
}

start_portion() { # ROUND
	for kind in box other; do
		shuf "$scratch/portion-$1-$kind.list" | while read -r mail; do
			uid=$((${uid:-$1000} + 1))
			cp "$mail" "$scratch/arriving"
			mv "$scratch/arriving" "$scratch/servers/$kind/$uid"
		done
	done
	shuf "$scratch/portion-$1-here.list" |
		xargs -P 2 -I '{}' "$scratch/repeat" '{}' "$PATCHMAILD" -c "$mail_conf" deliver &
	here=$!
	shuf "$scratch/portion-$1-there.list" |
		xargs -P 2 -I '{}' "$scratch/repeat" '{}' "$PATCHMAILD_THERE" -c "$mail_conf" deliver &
	there=$!
	"$scratch/repeat" /dev/null "$PATCHMAILD_THERE" -c "$mail_conf" import "$scratch/portion-$1.mbox" &
	importing=$!
}

mails_until() { # ROUND: what there is then
	echo $(($1 * threads * 9 * 5))
}

in_ledger() { # MAILS
	[ "$(sql 'SELECT count(*) FROM patchmail.message')" -ge "$1" ]
}

# Each round, and what holds after it ---------------------------------------------------------------------------------

fail_over() { # HOW FROM TO
	case $1 in
	freeze)
		frozen=$(server_processes "$scratch/$2/data" | tr '\n' ' ')
		# shellcheck disable=SC2086 # words
		kill -STOP $frozen
		;;
	kill)
		# shellcheck disable=SC2046 # words
		kill -KILL $(server_processes "$scratch/$2/data")
		;;
	switch)
		at "$2" "ALTER SYSTEM SET default_transaction_read_only = on"
		server_control "$2" reload
		;;
	esac
}

one_round() { # NUMBER HOW FROM TO
	start_portion "$1"
	ok "round $1, $2: some mails come" wait_until in_ledger $(($(mails_until $(($1 - 1))) + 5))
	fail_over "$2" "$3" "$4"
	ok "round $1, $2: the rest is not there" test \
		"$(at "$4" 'SELECT count(*) FROM patchmail.message')" -lt "$(mails_until "$1")"
	patch_mail "lost-$1" '[PATCH] while nobody takes writes' >"$scratch/mail"
	conf=$mail_conf
	deliver "$scratch/mail"
	is "$code $(grep -c '^4\.3\.0 the database ' "$scratch/stderr")" '75 1' \
		"round $1, $2: mail is deferred while no server takes writes"
	promote "$4"
	code=0
	wait "$here" || code=$?
	wait "$there" || code=$?
	wait "$importing" || code=$?
	is "$code" 0 "round $1, $2: what is delivered and imported is taken in the end"
	ok "round $1, $2: so is what is in the mailboxes" wait_until in_ledger "$(mails_until "$1")"
	thaw
}

another_standby() { # SERVER PRIMARY
	end_server "$1"
	start_standby "$1" "$2"
}

start_database
fresh_database single
round=0
for _ in $rounds; do
	round=$((round + 1))
	write_portion "$round"
done
# shellcheck disable=SC2046 # files
ok 'one process takes all mails' "$PATCHMAILD" -c "$conf" import $(cat "$scratch"/portion-*.list)
state_of single >"$scratch/single"

PGDATABASE=postgres
fresh_database main
# So that what fails does so in mid-stream.
sql "CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS \$\$
		BEGIN PERFORM pg_sleep(0.03); RETURN NEW; END \$\$;
	CREATE TRIGGER slow AFTER INSERT ON patchmail.message FOR EACH ROW EXECUTE FUNCTION public.slow()"
start_standby two postgres
both="host=$scratch/postgres,$scratch/two dbname=main user=postgres target_session_attrs=read-write"
mail_conf=$scratch/both.conf
printf '%s\n' '[database]' "conninfo=$both" connect_timeout=4 '[patchmaild]' timeout=5 >"$mail_conf"

echo 'the secret' >"$scratch/password"
chmod 600 "$scratch/password"
mkdir -p "$scratch/servers/box" "$scratch/servers/other"
start_servers box=rereading other=rereading
follow() { # ACCOUNT PROGRAM
	configure_server "$1" "$1" poll_interval=1 idle=no
	sed -i "s|^conninfo=.*|conninfo=$both\nconnect_timeout=4|" "$conf"
	printf '[patchmaild]\ntimeout=5\n' >>"$conf"
	"$2" -c "$conf" imap "$1" >"$scratch/$1.log" 2>&1 &
	at_end="kill $! 2>/dev/null || :; $at_end"
}
follow box "$PATCHMAILD"
box=$!
follow other "$PATCHMAILD_THERE"
other=$!

primary=postgres standby=two round=0
for how in $rounds; do
	round=$((round + 1))
	[ "$round" -eq 1 ] || another_standby "$standby" "$primary"
	one_round "$round" "$how" "$primary" "$standby"
	was=$primary primary=$standby standby=$was
done

for service in "$box" "$other"; do
	kill "$service"
	code=0
	wait "$service" || code=$?
	is "$code" 0 'a service ends in order'
done
service=
is "$(sent_to box '\[connected\]') $(sent_to other '\[connected\]')" '1 1' 'no service left its IMAP server'
is "$(awk '$2 != 0 && $2 != 75' "$scratch/repeat.ends")" '' 'no delivery and no import ended with another code than 0 and 75'
ok 'some were deferred' grep -q ' 75$' "$scratch/repeat.ends"
is "$(awk -v most="$longest" '$1 > most' "$scratch/repeat.ends")" '' "none lasted longer than $longest seconds"
is "$(sql 'SELECT count(*) FROM patchmail.quarantine')" 0 'no mail is in quarantine'
is "$(sql "SELECT count(*) FROM (SELECT FROM patchmail.message GROUP BY msgid HAVING count(*) > 1) twice")" 0 \
	'no mail is in the ledger twice'
state_of main >"$scratch/state"
ok 'the database is the one that a single process makes' diff "$scratch/single" "$scratch/state"
cat "$scratch/box.log" "$scratch/other.log" | sort | uniq -c | sed 's/^/# /' | head -n 20
done_testing
