# shellcheck shell=sh
# A Postfix of a test's own, in $scratch/postfix, on a port of 127.0.0.1, which ends with the test; sourced after
# tests/t/lib.sh and tests/t/service.sh.  configure_postfix writes main.cf and master.cf into $etc; the test adds its
# lines, puts the addresses into $etc/transport, and calls start_postfix.
# shellcheck disable=SC2034,SC2154 # the tests use it; scratch and the rest are of tests/t/lib.sh
PATH=$PATH:/usr/sbin

# Says "skipped" and ends the test if there cannot be one.  $program is a patchmaild that other users may run, with its
# helpers beside it.
need_postfix() { # NAME
	missing=
	[ "$(id -u)" -eq 0 ] || missing='not root'
	command -v postfix >/dev/null || missing='no Postfix'
	# It runs as another user, who cannot write the counts, which gives a line on stderr.
	! grep -q __gcov_ "$PATCHMAILD" || missing='built for coverage'
	if [ -n "$missing" ]; then
		skip "$1" "$missing"
		done_testing
	fi
	need_python "$1"
	mkdir "$scratch/programs"
	for file in patchmaild patchmaild-parser patchmaild-lmtp; do
		install -m 755 "$(dirname "$(readlink -f "$PATCHMAILD")")/$file" "$scratch/programs/$file"
	done
	program=$scratch/programs/patchmaild
}

# It takes mail for lists.example.org from this machine, sends it by the table $etc/transport, and tries again after a
# minute or when it is asked to.
configure_postfix() {
	port=$(free_ports 1)
	postfix=$scratch/postfix
	etc=$postfix/etc
	mkdir -p "$etc" "$postfix/queue" "$postfix/data"
	chown postfix: "$postfix/data"
	# Who sends the mails of the tests hears nothing.
	echo 'example.org discard:' >"$etc/transport"
	cat >"$etc/main.cf" <<-END
		compatibility_level = 3.6
		queue_directory = $postfix/queue
		data_directory = $postfix/data
		multi_instance_enable = yes
		multi_instance_name = postfix-patchmaild-test
		maillog_file = $postfix/log
		maillog_file_prefixes = $scratch
		inet_interfaces = 127.0.0.1
		inet_protocols = ipv4
		myhostname = mx.example.org
		mydestination =
		relay_domains = lists.example.org
		relay_recipient_maps =
		local_recipient_maps =
		smtpd_client_connection_count_limit = 0
		mynetworks = 127.0.0.0/8
		local_header_rewrite_clients =
		alias_maps =
		alias_database =
		smtpd_recipient_restrictions = permit_mynetworks, reject
		transport_maps = texthash:$etc/transport
		minimal_backoff_time = 60s
	END
	cat >"$etc/master.cf" <<-END
		127.0.0.1:$port inet n - n - - smtpd
		pickup unix n - n 60 1 pickup
		cleanup unix n - n - 0 cleanup
		qmgr unix n - n 300 1 qmgr
		rewrite unix - - n - - trivial-rewrite
		bounce unix - - n - 0 bounce
		defer unix - - n - 0 bounce
		trace unix - - n - 0 bounce
		error unix - - n - - error
		retry unix - - n - - error
		flush unix n - n 1000? 0 flush
		showq unix n - n - - showq
		discard unix - - n - - discard
		anvil unix - - n - 1 anvil
		proxymap unix - - n - - proxymap
		postlog unix-dgram n - n - 1 postlogd
		local unix - n n - - local
		scache unix - - n - 1 scache
	END
}

# The lines of contrib/postfix, with this test's places in those of an installed patchmaild's, whose user is postgres.
localize() { # FILE
	sed -e "s|/usr/local/sbin/patchmaild|$program|g" -e "s|/usr/local/etc/patchmaild.conf|$conf|g" \
		-e "s|/etc/postfix/|$etc/|g" -e "s|/etc/aliases|$etc/aliases|g" \
		-e "s|/run/patchmaild/lmtp|$scratch/run/lmtp|g" -e 's|user=patchmaild|user=postgres|g' \
		-e 's|\( -[og]\) patchmaild|\1 postgres|g' "$1"
}
add_samples() {
	sed -i '/^transport_maps/d' "$etc/main.cf"
	localize "$top_srcdir/contrib/postfix/main.cf" >>"$etc/main.cf"
	localize "$top_srcdir/contrib/postfix/master.cf" >>"$etc/master.cf"
}
# Only patchmaild reads its configuration.
protect() { # FILE...
	chmod 640 "$@"
	chgrp postgres "$@"
}

# patchmaild lmtp with $conf at $scratch/run/lmtp, as systemd runs it with contrib/postfix/patchmaild-lmtp.conf: as its
# user with Postfix's group and its own, and again if it ends.
start_listener() {
	mkdir -p "$scratch/run"
	chown postgres: "$scratch/run"
	while :; do
		(cd / && exec setpriv --reuid=postgres --regid=postfix --groups=postgres \
			"$program" -c "$conf" lmtp --listen "$scratch/run/lmtp") >>"$scratch/listener.log" 2>&1 || :
		sleep 0.1
	done &
	listener_keeper=$!
	at_end="stop_listener; $at_end"
	wait_until test -S "$scratch/run/lmtp" || fail "$(cat "$scratch/listener.log")"
}
stop_listener() {
	[ -n "$listener_keeper" ] || return 0
	kill "$listener_keeper"
	wait "$listener_keeper" 2>/dev/null || :
	listener_keeper=
	signal_programs TERM
}
listener_keeper=

# The processes of patchmaild that run here, but for its helpers.
signal_programs() { # SIGNAL
	for process in /proc/[0-9]*; do
		case $(readlink "$process/exe" 2>/dev/null || :) in
		"$program" | "$program-lmtp") kill -s "$1" "${process##*/}" 2>/dev/null || : ;;
		esac
	done
}

postfix_do() { # COMMAND...: on this instance alone
	postfix -c "$etc" "$@" >"$scratch/postfix.out" 2>&1
}

port_answers() {
	"$python" -c "import socket; socket.create_connection(('127.0.0.1', $port))"
}

start_postfix() {
	at_end="postfix_do stop || :; $at_end"
	postfix_do start || fail "$(cat "$scratch/postfix.out" "$postfix/log" 2>&1 || :)"
	wait_until port_answers || fail "$(cat "$postfix/log")"
}

# By SMTP, in this order, over one connection.  A file may be named more than once.
send_to() { # RECIPIENT FILE...
	"$python" -IS - "$port" "$@" <<-'END'
		import smtplib, sys
		server = smtplib.SMTP("127.0.0.1", int(sys.argv[1]), timeout=60)
		for path in sys.argv[3:]:
		    with open(path, "rb") as mail:
		        server.sendmail("alice@example.org", sys.argv[2], mail.read())
		server.quit()
	END
}

queued() {
	postqueue -c "$etc" -j | wc -l
}

nothing_queued() {
	[ "$(queued)" -eq 0 ]
}

# What is deferred is tried at once.
run_queue() {
	postqueue -c "$etc" -f
}

# Runs it until nothing is left.
drain() { # SECONDS
	drained_by=$(($(date +%s) + $1))
	while ! nothing_queued; do
		if [ "$(date +%s)" -ge "$drained_by" ]; then
			postqueue -c "$etc" -p
			tail -n 20 "$scratch/listener.log" "$postfix/log" || :
			return 1
		fi
		run_queue
		# Each look at a long queue takes time from the deliveries.
		[ "$(queued)" -lt 100 ] || sleep 3
		sleep 0.2
	done
}

log_says() { # PATTERN: now, or soon
	wait_until grep -qE -e "$1" "$postfix/log" || {
		tail -n 20 "$postfix/log"
		return 1
	}
}

# How many mails were sent back.
bounces() {
	grep -cE 'status=(bounced|expired|undeliverable)' "$postfix/log" || :
}
