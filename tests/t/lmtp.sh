# shellcheck shell=sh
# What the tests of `patchmaild lmtp` share; sourced after tests/t/lib.sh and service.sh: the server at $socket, its
# clients.
# shellcheck disable=SC2034,SC2154 # the tests use it; scratch and the rest are of tests/t/lib.sh

socket=$scratch/lmtp.socket

# With $conf; $service is its process.
start_lmtp() {
	"$PATCHMAILD" -c "$conf" lmtp --listen "$socket" >"$scratch/service.log" 2>&1 &
	service=$!
	at_end="kill -KILL $service 2>/dev/null || :; $at_end"
	wait_until lmtp_answers || fail "$(cat "$scratch/service.log")"
}
lmtp_answers() {
	client talk </dev/null | grep -q '^220 '
}

client() { # COMMAND...: as in tests/t/lmtp.py
	"$python" -IS "$top_srcdir/tests/t/lmtp.py" "$socket" "$@"
}

# What a client says with these lines, and hears, without the greeting and the reply to LHLO.
say() { # LINE...
	printf '%s\n' 'LHLO client.example.org' "$@" | client talk | sed '1,/^250 SIZE/d'
}

# The mails that are in the ledger and not in a list of Message-IDs, then those that are in the list alone.
differences() { # FILE
	sql 'SELECT msgid FROM patchmail.message ORDER BY msgid' | LC_ALL=C sort >"$scratch/ledger"
	LC_ALL=C sort "$1" | LC_ALL=C comm -3 "$scratch/ledger" -
}
