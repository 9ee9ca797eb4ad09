# shellcheck shell=sh
# What the tests of services share; sourced after tests/t/lib.sh: programs that are needed, waiting, certificates, the
# service itself.
# shellcheck disable=SC2034,SC2154 # the tests use it; scratch and the rest are of tests/t/lib.sh

# Says "skipped" and ends the test if a program that it needs is not there.
need_program() { # PROGRAM NAME
	if ! command -v "$1" >/dev/null; then
		skip "$2" "no $1"
		done_testing
	fi
}

need_python() { # NAME
	need_program python3 "$1"
	# If python3 is a script that looks for one, that takes longer than what is done here.
	python=$(python3 -c 'import sys; print(sys.executable)')
}

# Waits until a command succeeds; 20 seconds at most.
free_ports() { # N: so many ports of loopback addresses that nobody listens on
	"$python" - "$1" <<-'END'
		import socket, sys
		sockets = [socket.socket() for _ in range(int(sys.argv[1]))]
		for one in sockets:
		    one.bind(("127.0.0.1", 0))
		print(*[one.getsockname()[1] for one in sockets])
	END
}

wait_until() { # COMMAND...
	for _ in $(seq 400); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.05
	done
	return 1
}

# Of two lines for one key of a group only the last one.
last_of_each_key() {
	awk '{ line[NR] = $0 }
		/^\[/ { group = $0; next }
		{ key = group "\n" $0; sub(/=[^\n]*$/, "", key); if (key in at) delete line[at[key]]; at[key] = NR }
		END { for (i = 1; i <= NR; i++) if (i in line) print line[i] }'
}

# The service, $service, whose words go to $scratch/service.log ------------------------------------------------------

# Its exit code is $code.
end_service() { # SIGNAL
	code=
	[ -n "$service" ] || return 0
	kill -s "$1" "$service" 2>/dev/null || :
	code=0
	wait "$service" 2>/dev/null || code=$?
	service=
}
stop_service() {
	end_service TERM
}
service=

service_says() { # PATTERN
	grep -qE -e "$1" "$scratch/service.log"
}

peak_memory() { # the largest that the service's own process has been, in KiB
	awk '$1 == "VmHWM:" { print $2 }' "/proc/$service/status"
}

# What it takes; once() runs it with --once ---------------------------------------------------------------------------

# It ends with 0 and says nothing.
takes_all() { # NAME
	once
	is "$code $(cat "$scratch/stdout" "$scratch/stderr")" '0 ' "$1"
}

# It ends with 75 and one line, which a pattern matches.
falls_short() { # NAME PATTERN
	once
	is "$code $(cat "$scratch/stdout")" '75 ' "$1: exit code 75"
	like "$(cat "$scratch/stderr")" "$2" "$1: and says why"
}

# The mails in the ledger whose Message-ID begins so, in the order in which they came, without what all have.
taken() { # PREFIX
	sql "SELECT coalesce(string_agg(trim('<>' FROM split_part(m.msgid, '@', 1)), ' ' ORDER BY m.id), '')
	       FROM patchmail.message m WHERE m.msgid LIKE '<$1%'"
}

has_taken() { # PREFIX EXPECTED
	[ "$(taken "$1")" = "$2" ]
}

# Certificates -------------------------------------------------------------------------------------------------------

date_of() { # as date(1) reads it; as openssl takes it
	date -u -d "$1" +%y%m%d%H%M%SZ
}

# With the extensions that RFC 5280 demands, which Python looks for from 3.13 on.
# $scratch/tls/NAME.pem and NAME.key for all that is tested; ca.pem has signed good, wrong and expired.
make_certificates() {
	mkdir "$scratch/tls"
	(
		cd "$scratch/tls"
		mkdir new
		: >index
		echo 01 >serial
		cat >config <<-END
			[ca]
			default_ca = here
			[here]
			database = index
			serial = serial
			new_certs_dir = new
			certificate = ca.pem
			private_key = ca.key
			default_md = sha256
			policy = any
			copy_extensions = copy
			x509_extensions = leaf
			unique_subject = no
			[any]
			commonName = supplied
			[leaf]
			authorityKeyIdentifier = keyid
			subjectKeyIdentifier = hash
		END
		key='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'
		# shellcheck disable=SC2086 # words
		openssl req -x509 $key -keyout ca.key -out ca.pem -days 30 -subj '/CN=The authority of a test' \
			-addext keyUsage=critical,keyCertSign,cRLSign
		here=subjectAltName=DNS:localhost,IP:::1
		for last in 1 2 3 4 6; do
			here=$here,IP:127.0.0.$last
		done
		# shellcheck disable=SC2086
		openssl req -x509 $key -keyout self.key -out self.pem -days 30 -subj /CN=localhost -addext "$here"
		for name in good wrong expired; do
			names=$here
			[ "$name" != wrong ] || names='subjectAltName=DNS:other.example.org,IP:127.0.0.99'
			# shellcheck disable=SC2086
			openssl req $key -keyout "$name.key" -out "$name.csr" -subj "/CN=$name" -addext "$names"
			dates="-startdate $(date_of '2 days ago') -enddate $(date_of '2 days')"
			[ "$name" != expired ] ||
				dates="-startdate $(date_of '9 days ago') -enddate $(date_of yesterday)"
			# shellcheck disable=SC2086
			openssl ca -batch -config config $dates -in "$name.csr" -out "$name.pem" -notext
		done
	) >"$scratch/openssl.log" 2>&1 || fail "$(cat "$scratch/openssl.log")"
}

# systemd and the journal ---------------------------------------------------------------------------------------------

# Is it built with libsystemd?
has_libsystemd() {
	grep -q 'libsystemd\.so' "$(dirname "$(readlink -f "$PATCHMAILD")")/patchmaild-lmtp"
}

# From now on the program runs as it does in a unit; what it reports is in $scratch/notify and, as JSON, in
# $scratch/journal.  Ends the test if that cannot be had.
start_as_unit() { # NAME
	need_program jq "$1"
	need_python "$1"
	if ! has_libsystemd; then
		skip "$1" 'built without libsystemd'
		done_testing
	fi
	# The journal's socket has a fixed place: the service sees another /run than we do.
	namespace='unshare -m'
	[ "$(id -u)" -eq 0 ] || namespace='unshare -rm'
	mkdir -p "$scratch/run/systemd/journal"
	if ! $namespace mount --bind "$scratch/run" /run 2>/dev/null; then
		skip "$1" 'no mount namespace can be had'
		done_testing
	fi
	cat >"$scratch/as-a-unit" <<-END
		#!/bin/sh
		NOTIFY_SOCKET=$scratch/notify.socket JOURNAL_STREAM=1:2 WATCHDOG_USEC=400000
		export NOTIFY_SOCKET JOURNAL_STREAM WATCHDOG_USEC
		exec $namespace sh -c 'mount --bind "$scratch/run" /run && exec "\$@"' sh "$PATCHMAILD" "\$@"
	END
	chmod +x "$scratch/as-a-unit"
	"$python" -IS "$top_srcdir/tests/t/systemd.py" "$scratch/notify.socket" "$scratch/run/systemd/journal/socket" \
		"$scratch" >"$scratch/systemd" 2>&1 &
	at_end="kill $!; $at_end"
	wait_until grep -q ready "$scratch/systemd" || fail "$(cat "$scratch/systemd")"
	PATCHMAILD=$scratch/as-a-unit
}

reported() { # PATTERN: has that been reported to systemd?
	grep -qE -e "$1" "$scratch/notify"
}
count_lines() { # LINE
	grep -cx -e "$1" "$scratch/notify" || :
}
alive() { # MORE: signs of life than $lives
	[ "$(count_lines WATCHDOG=1)" -ge $((lives + $1)) ]
}
ready_again() {
	[ "$(sed -n '/^RELOADING=1$/,$p' "$scratch/notify" | grep -cx READY=1)" -eq 1 ]
}
