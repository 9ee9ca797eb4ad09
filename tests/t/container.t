#!/bin/sh
# What tells a container engine whether patchmaild is well: contrib/packages/container/healthy.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/service.sh
. "$top_srcdir/tests/t/service.sh"
# shellcheck source=tests/t/lmtp.sh
. "$top_srcdir/tests/t/lmtp.sh"
need_python 'whether a container is well'
need_program perl 'whether a container is well'
start_database
fresh_database container
PATCHMAILD_SOCKET=$socket
export PATCHMAILD_SOCKET
healthy() { # ARGUMENT...: sets code; what it says is in $scratch/out
	code=0
	"$top_srcdir/contrib/packages/container/healthy" "$@" >"$scratch/out" 2>&1 </dev/null || code=$?
}

start_lmtp
healthy lmtp
is "$code $(cat "$scratch/out")" '0 ' 'a server of LMTP that answers is well'
stop_service
healthy lmtp
is "$code" 1 'one that is gone is not'
like "$(cat "$scratch/out")" "^$socket: No such file or directory$" 'and it is said why'
"$python" -c "
import socket, sys
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen()
print('there', flush=True)
while True:
    server.accept()[0].sendall(b'421 4.3.2 Too many clients\r\n')" "$socket" >"$scratch/there" &
at_end="kill $! 2>/dev/null || :; $at_end"
wait_until grep -q there "$scratch/there"
healthy lmtp
is "$code $(cat "$scratch/out")" '1 it does not greet' 'one that takes no client is not'
healthy imap lists
is "$code $(cat "$scratch/out")" '1 healthy: nothing follows the account lists' 'nor is an account that nothing follows'
healthy
is "$code" 1 'without a word of what it is about it fails'
done_testing
