#!/bin/sh
# patchmaild parse: facts as JSON lines, without a database.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
PGHOST=$scratch/no-server
export PGHOST

patch_mail one '[PATCH v2 1/2] first' >"$scratch/one"
patch_mail two '[PATCH v2 2/2] second' >"$scratch/two"
: >"$scratch/empty"
echo 'no mail' >"$scratch/none"

run parse "$scratch/one" "$scratch/two"
is "$code $(cat "$scratch/stderr")" '0 ' 'two files'
is "$(wc -l <"$scratch/stdout")" 2 'two lines'
like "$(sed -n 1p "$scratch/stdout")" '^\{"facts":1,"size":[0-9]+,.*"kind":"patch","message_id":"<one@example.org>"' \
	'the first'
like "$(sed -n 2p "$scratch/stdout")" '"message_id":"<two@example.org>".*"version":2,"number":2,"total":2' 'the second'
if command -v jq >/dev/null; then
	ok 'both are JSON' jq -e . "$scratch/stdout"
	is "$(jq -r .sha256 "$scratch/stdout")" "$(sha256sum <"$scratch/one" | cut -d ' ' -f 1)
$(sha256sum <"$scratch/two" | cut -d ' ' -f 1)" 'with the hashes of the mails'
else
	skip 'both are JSON' 'no jq'
	skip 'with the hashes of the mails' 'no jq'
fi

run parse - <"$scratch/one"
like "$(cat "$scratch/stdout")" '"message_id":"<one@example.org>"' 'standard input'
run parse "$scratch/none"
is "$code" 0 'what is no mail is no failure'
like "$(cat "$scratch/stdout")" '^\{"facts":1,"size":8,.*"rejected":"' 'its facts say so'
run parse "$scratch/empty"
like "$(cat "$scratch/stdout")" '"size":0,.*"rejected":"empty input"' 'an empty file'
run parse "$scratch/none" "$scratch/missing" "$scratch/one"
is "$code $(wc -l <"$scratch/stdout")" '66 2' 'a file that is missing: the others are parsed'
like "$(cat "$scratch/stderr")" "^patchmaild: $scratch/missing: cannot be read: No such file" \
	'the file that is missing is named'
# Of the configuration it uses who is believed, and no more.
{ printf 'Authentication-Results: mx.example.net; dkim=pass header.d=example.org\n' &&
	printf 'Received: from lists.example.org by mx.example.net; Tue, 10 Feb 2026 06:59:49 +0000\n' &&
	cat "$scratch/one"; } >"$scratch/told"
printf '%s\n' '[database]' 'conninfo=host=/nowhere' '[authentication]' 'trusted_authserv=mx.example.net' \
	'boundary=mx.example.net' >"$scratch/conf"
run parse "$scratch/told"
like "$(cat "$scratch/stdout")" '"authentication":\{"verdict":"none",' 'nobody is believed without a configuration'
run -c "$scratch/conf" parse "$scratch/told"
is "$code $(cat "$scratch/stderr")" '0 ' 'a configuration'
like "$(cat "$scratch/stdout")" \
	'"authentication":\{"verdict":"pass","reason":"mx.example.net says dkim=pass of example.org"' \
	'says who is believed'
sed -i '/^boundary/d' "$scratch/conf"
run -c "$scratch/conf" parse "$scratch/told"
is "$code $(cat "$scratch/stdout")" '75 ' 'a bad configuration'
like "$(cat "$scratch/stderr")" "^patchmaild: $scratch/conf:3: .authentication. trusts somebody and has neither " \
	'it is said why'

run parse
is "$code" 64 'no file: bad usage'
run parse --bad
is "$code $(cat "$scratch/stderr")" '64 patchmaild: bad option of parse: --bad' 'a bad option'
if [ -w /dev/full ]; then
	code=0
	"$PATCHMAILD" parse "$scratch/one" >/dev/full 2>"$scratch/stderr" || code=$?
	is "$code" 74 'output that cannot be written'
else
	skip 'output that cannot be written' 'no /dev/full'
fi

done_testing
