#!/bin/sh
# patchmaild: help and version.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"

run --version
is "$code $(cat "$scratch/stderr")" '0 ' '--version'
like "$(cat "$scratch/stdout")" '^patchmaild [0-9]+\.[0-9]+' 'prints name and number'

run --help
is "$code $(cat "$scratch/stderr")" '0 ' '--help'
for command in deliver explain import parse rehash reparse retry; do
	ok "names $command" grep -q "^  $command " "$scratch/stdout"
	run "$command" --help
	is "$code $(cat "$scratch/stderr")" '0 ' "$command --help"
	like "$(head -n 1 "$scratch/stdout")" "^usage: patchmaild .*$command( |\$)" "$command --help: how it is called"
	ok "$command --help: no line over 120 columns" test "$(wc -L <"$scratch/stdout")" -le 120
	run --help
done

# Help and version want nothing: no configuration, no database, no input.
run -c "$scratch/missing" --help
is "$code" 0 '--help without a configuration'
run -c "$scratch/missing" deliver --help
is "$code" 0 'deliver --help without a configuration'

done_testing
