# shellcheck shell=sh
# contrib/bench imap: patchmaild imap with a private Dovecot.  Sourced by contrib/bench.
# shellcheck disable=SC2154 # top, scratch and the rest are contrib/bench's

top_srcdir=$top PATCHMAILD=patchmaild
# shellcheck source=tests/t/imap.sh
. "$top/tests/t/imap.sh"
# shellcheck source=tests/t/dovecot.sh
. "$top/tests/t/dovecot.sh"

# A database of that name with the project of the mails, and a configuration for the account of that name.
begin_account() { # NAME LINE...
	PGDATABASE=postgres
	createdb -T empty "$1"
	PGDATABASE=$1
	configure_dovecot "$@"
}

fill_mailbox() { # USER FIRST LAST
	"$python" "$top/contrib/bench-imap.py" fill "$dovecot/mail/$1" "$2" "$3" "$scratch/templates"
	[ "$(id -u)" -ne 0 ] || chown -R nobody: "$dovecot/mail/$1"
	mailbox "$1" uids INBOX >/dev/null
}

seconds_of() { # COMMAND...
	/usr/bin/time -f %e -o "$scratch/seconds" "$@" >"$scratch/command.log" 2>&1 </dev/null ||
		fail "$(cat "$scratch/command.log")"
	tail -n 1 "$scratch/seconds"
}

stored() {
	sql 'SELECT count(*) FROM patchmail.message'
}

all_stored() { # MAILS
	[ "$(stored)" -ge "$1" ]
}

# The same mails by getmail, which starts `patchmaild deliver` for each.
write_getmail_conf() { # USER
	mkdir -p "$scratch/getmail"
	cat >"$scratch/getmail/getmailrc" <<-END
		[retriever]
		type = SimpleIMAPSSLRetriever
		server = localhost
		port = $imaps_port
		username = $1
		password_command = ("/bin/cat", "$scratch/password")
		ca_certs = $scratch/tls/ca.pem
		[destination]
		type = MDA_external
		path = $build/patchmaild
		arguments = ("-c", "$conf", "deliver")
		allow_root_commands = true
		[options]
		read_all = false
		delete = false
		delivered_to = false
		received = false
		verbose = 0
	END
}

# Commits that are durable, as they come, of mails that are there already.
bench_imap_rate() {
	say 'Mails a second, from the mailbox to the commit'
	begin_account rate
	fill_mailbox rate 1 2000
	seconds=$(seconds_of patchmaild -c "$conf" imap --once rate)
	rate=$(quotient "$(stored)" "$seconds")
	print_row "patchmaild imap, $(stored) mails" "$rate" /s
	print_row 'the yardstick: at least' 600 /s
	begin_account import
	seconds=$(seconds_of patchmaild -c "$conf" import "$dovecot/mail/rate")
	print_row 'patchmaild import, the same mails' "$(quotient "$(stored)" "$seconds")" /s
	begin_account getmail
	fill_mailbox getmail 1 300
	write_getmail_conf getmail
	seconds=$(seconds_of getmail --getmaildir "$scratch/getmail")
	getmail_rate=$(quotient "$(stored)" "$seconds")
	print_row "getmail and patchmaild deliver, $(stored) mails" "$getmail_rate" /s
	print_row 'ratio' "$(quotient "$rate" "$getmail_rate")" times
}

# Dovecot reports mail at once to a connection that it has put to sleep (contrib/dovecot/dovecot.conf says what it
# costs).
put_to_sleep() {
	cat >>"$dovecot/users.conf" <<-END
		imap_hibernate_timeout = 1s
		service imap {
		  unix_listener imap-master {
		    user = $internal
		  }
		}
	END
	doveadm -c "$dovecot/dovecot.conf" reload
	sleep 1
}

# From the server's answer to APPEND to the commit, of mails that come one by one.
bench_imap_latency() { # ACCOUNT WORDS
	say "From APPEND to the commit, with IDLE, $2"
	begin_account "$1"
	sed 's/^Message-ID: .*/Message-ID: <NUMBER>/; /^In-Reply-To:/d; /^References:/d' \
		"$top/contrib/demo-mails/02-patch-1.mail" \
		>"$scratch/template"
	start_service
	wait_until knows_mailbox INBOX || fail "$(cat "$scratch/service.log")"
	"$python" "$top/contrib/bench-imap.py" latency "$imap_port" "$1" "$scratch/password" "$scratch/template" 30 \
		>"$scratch/latencies"
	wait_until all_stored 30 || fail "$(cat "$scratch/service.log")"
	stop_service
	psql -Xq -c 'CREATE TABLE latency (msgid text, appended float8, reported float8)' \
		-c "\\copy latency FROM '$scratch/latencies'"
	psql -XqAt -F ' ' -c "
		SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY committed - appended) * 1000,
			percentile_cont(0.5) WITHIN GROUP (ORDER BY reported - appended) * 1000,
			percentile_cont(0.5) WITHIN GROUP (ORDER BY committed - reported) * 1000,
			max(committed - appended) * 1000
		  FROM latency JOIN LATERAL (
			SELECT extract(epoch FROM pg_xact_commit_timestamp(m.xmin))::float8 AS committed
			FROM patchmail.message m WHERE m.msgid = latency.msgid) c ON true" >"$scratch/medians"
	read -r whole reported ours longest <"$scratch/medians"
	print_row 'the whole: median' "$whole" ms
	print_row 'until Dovecot reports it to another client: median' "$reported" ms
	print_row 'the rest, which is ours: median' "$ours" ms
	print_row 'the yardstick: at most' 20 ms
	print_row 'the whole: longest' "$longest" ms
}

resident() { # PID...: in MiB, of all of them
	for resident_of; do
		cat "/proc/$resident_of/status"
	done | awk '$1 == "VmRSS:" { sum += $2 } END { print sum / 1024 }'
}

bench_imap_memory() { # MAILS
	say 'Resident memory of the service'
	begin_account memory
	fill_mailbox memory 1 "$1"
	start_service
	for mails in $(printf '%s\n' 1000 5000 "$1" | sort -nu); do
		[ "$mails" -le "$1" ] || break
		while ! all_stored "$mails"; do
			kill -0 "$service" 2>/dev/null || fail "$(cat "$scratch/service.log")"
			sleep 0.05
		done
		print_row "after $mails mails" "$(resident "$service")" MiB
		# shellcheck disable=SC2046 # a word each
		print_row '  and of its parsers' "$(resident $(pgrep -P "$service"))" MiB
	done
	print_row 'the most that the service had' "$(quotient "$(peak_memory)" 1024)" MiB
	stop_service
}

bench_imap() { # MAILS
	need_dovecot 'contrib/bench imap'
	psql -Xq -c 'ALTER SYSTEM SET track_commit_timestamp = on'
	restart_postgres
	start_dovecot
	mkdir "$scratch/templates"
	cp "$top"/contrib/demo-mails/0[1-4]*.mail "$top/contrib/demo-mails/07-patch-3.mail" "$scratch/templates"
	bench_imap_rate
	bench_imap_latency awake 'Dovecot as it comes'
	put_to_sleep
	bench_imap_latency asleep 'Dovecot with connections that sleep'
	bench_imap_memory "$1"
}
