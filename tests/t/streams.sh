# shellcheck shell=sh
# Mail in streams, for tests of what happens to the database meanwhile; sourced after tests/t/imap.sh and
# tests/t/faults.sh.  Two mail hosts deliver, one imports an mbox, and each follows a mailbox.  The mail comes in
# portions, one a round; in the end the database has to be the one that a single process makes of all of them.
#
#   write_portions ROUND...    the portions, and what a single process makes of them in $PGDATABASE; then there is a
#                              database "main" for the streams
#   start_streams CONNINFO CONNINFO [CONNINFO]
#                              the services, and $mail_conf and $mail_conf_there: how each host connects, and
#                              the service of the first one, if that is another way
#   start_portion NUMBER       in the background
#   end_portion NUMBER NAME    waits until it is taken
#   end_streams                all is as it should be
# shellcheck disable=SC2034,SC2154 # the tests use it; scratch and the rest are of tests/t/lib.sh

threads=${threads:-1} # of nine mails each, in a portion of each stream
stream_timeout=5      # seconds, of patchmaild
stream_longest=20     # seconds that one delivery may last: that, the ten of its alarm, and a slow machine

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

# Repeats a command until it ends with 0, as Postfix does and as an admin repeats an import; notes how it ended each
# time and after how many seconds.
cat >"$scratch/repeat" <<'END'
#!/bin/sh
# INPUT COMMAND...
input=$1
shift
for tries in $(seq 300); do
	[ -e "$input" ] || exit 1
	began=$(date +%s)
	status=0
	"$@" <"$input" >"$0.out.$$" 2>"$0.err.$$" || status=$?
	echo "$(($(date +%s) - began)) $status" >>"$0.ends"
	[ "$status" -ne 0 ] || exit 0
	sleep 0.2
done
exit 1
END
chmod +x "$scratch/repeat"

# Portions ------------------------------------------------------------------------------------------------------------

write_portion() { # NUMBER
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

# So that there is a middle of the stream, mail takes its time.
slow_down() {
	sql "CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS \$\$
			BEGIN PERFORM pg_sleep(0.03); RETURN NEW; END \$\$;
		CREATE TRIGGER slow AFTER INSERT ON patchmail.message FOR EACH ROW EXECUTE FUNCTION public.slow()"
}

write_portions() { # ROUND...
	portion=0
	for _; do
		portion=$((portion + 1))
		write_portion "$portion"
	done
	# shellcheck disable=SC2046 # files
	ok 'a single process takes all mails' "$PATCHMAILD" -c "$conf" import $(cat "$scratch"/portion-*.list)
	state_of "$PGDATABASE" >"$scratch/single"
	single=$PGDATABASE
	PGDATABASE=postgres
	fresh_database main
	dropdb "$single"
	slow_down
}

start_portion() { # NUMBER
	for kind in box other; do
		uid=$(($1 + 10))000  # the server counts them in the order of their names
		shuf "$scratch/portion-$1-$kind.list" | while read -r mail; do
			uid=$((uid + 1))
			cp "$mail" "$scratch/arriving"
			mv "$scratch/arriving" "$scratch/servers/$kind/$uid"
		done
	done
	shuf "$scratch/portion-$1-here.list" |
		xargs -P 2 -I '{}' "$scratch/repeat" '{}' "$PATCHMAILD" -c "$mail_conf" deliver &
	here=$!
	shuf "$scratch/portion-$1-there.list" |
		xargs -P 2 -I '{}' "$scratch/repeat" '{}' "$PATCHMAILD_THERE" -c "$mail_conf_there" deliver &
	there=$!
	"$scratch/repeat" /dev/null "$PATCHMAILD_THERE" -c "$mail_conf_there" import "$scratch/portion-$1.mbox" &
	importing=$!
}

mails_until() { # NUMBER: what there is with that portion
	echo $(($1 * threads * 9 * 5))
}

in_ledger() { # MAILS
	[ "$(sql 'SELECT count(*) FROM patchmail.message')" -ge "$1" ]
}

end_portion() { # NUMBER NAME
	code=0
	for stream in "$here" "$there" "$importing"; do
		wait "$stream" || code=$?
	done
	is "$code" 0 "$2: what is delivered and imported is taken in the end"
	# A service waits longer from failure to failure.
	wait_until in_ledger "$(mails_until "$1")" || wait_until in_ledger "$(mails_until "$1")" || :
	ok "$2: so is what is in the mailboxes" wait_until in_ledger "$(mails_until "$1")"
}

# The services, and the end -------------------------------------------------------------------------------------------

follow() { # ACCOUNT CONNINFO PROGRAM
	configure_server "$1" "$1" poll_interval=1 idle=no
	sed -i "s|^conninfo=.*|conninfo=$2\nconnect_timeout=4|" "$conf"
	printf '[patchmaild]\ntimeout=%s\n' "$stream_timeout" >>"$conf"
	"$3" -c "$conf" imap "$1" >"$scratch/$1.log" 2>&1 &
	at_end="kill $! 2>/dev/null || :; $at_end"
}

write_conf() { # CONNINFO
	printf '%s\n' '[database]' "conninfo=$1" connect_timeout=4 '[patchmaild]' "timeout=$stream_timeout"
}

start_streams() { # CONNINFO CONNINFO [CONNINFO]
	mail_conf=$scratch/here.conf
	mail_conf_there=$scratch/there.conf
	write_conf "$1" >"$mail_conf"
	write_conf "$2" >"$mail_conf_there"
	echo 'the secret' >"$scratch/password"
	chmod 600 "$scratch/password"
	mkdir -p "$scratch/servers/box" "$scratch/servers/other"
	start_servers box=rereading other=rereading
	follow box "${3:-$1}" "$PATCHMAILD"
	box=$!
	follow other "$2" "$PATCHMAILD_THERE"
	other=$!
}

end_streams() {
	for account in box other; do
		eval "kill \$$account"
		code=0
		eval "wait \$$account" || code=$?
		is "$code $(sent_to "$account" '\[connected\]')" '0 1' \
			"the service that follows $account never left its server, and ends with 0"
	done
	is "$(awk '$2 != 0 && $2 != 75' "$scratch/repeat.ends")" '' \
		'no delivery and no import ended with another code than 0 and 75'
	ok 'some were deferred' grep -q ' 75$' "$scratch/repeat.ends"
	is "$(awk -v most="$stream_longest" '$1 > most' "$scratch/repeat.ends")" '' \
		"none lasted longer than $stream_longest seconds"
	is "$(sql 'SELECT count(*) FROM patchmail.quarantine')" 0 'no mail is in quarantine'
	is "$(sql 'SELECT msgid FROM patchmail.message GROUP BY msgid HAVING count(*) > 1')" '' \
		'no mail is in the ledger twice'
	state_of main >"$scratch/state"
	ok 'the database is the one that a single process makes' diff "$scratch/single" "$scratch/state"
}
