#!/bin/sh
# patchmaild notify: what a receiver answers is bounded in bytes and time, does no harm, and a status counts as soon as
# it is there; nothing is sent in clear text where TLS is asked for, nor to somebody else than the receiver.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/hook.sh
. "$top_srcdir/tests/t/hook.sh"
need_program openssl 'receivers with TLS'
need_python 'hostile receivers'
start_database
fresh_database hostile
patch_mail first '[PATCH] first' >"$scratch/first"
deliver "$scratch/first"
make_certificates

# What it is told becomes of one event, with `timeout=2` or what is said; what the log says is in $scratch/stderr.
deliver_one() { # HOOK URL [LINE...]
	deliver_name=$1 deliver_url=$2
	shift 2
	configure "$deliver_name" "url=$deliver_url" timeout=2 "$@"
	[ "$(sql "SELECT count(*) FROM patchmail.hook WHERE name = '$hook'")" -eq 1 ] || once
	happen 1
	once
}

# Answers -------------------------------------------------------------------------------------------------------------

# A line each: what a receiver does; exit code of --once, and what the log says.
cat >"$scratch/cases" <<'END'
flood-header|0|
flood-line|75|failed: 
flood-body 200|0|
flood-body 500|75|failed: HTTP 500 OK: x+$
flood-body 404|75|refused: HTTP 404 OK: x+$
flood-1xx|75|failed: 
garbage|75|failed: 
close|75|failed: 
close-in-header|75|failed: 
close-in-body|0|
silent|75|failed: .*timed out
drip|75|failed: .*timed out
status 204|0|
status 299|0|
status 600|75|failed: HTTP 600
status 999|75|failed: HTTP 999
status 099|75|failed: 
status 20000|75|failed: 
END
start_receivers hostile
peak=0
while IFS='|' read -r behaviour expected said; do
	sql 'DELETE FROM patchmail.hook' >/dev/null
	# shellcheck disable=SC2086 # words
	behave hostile $behaviour
	before=$(date +%s)
	deliver_one hostile "http://127.0.0.1:$(port_of hostile)/"
	is "$code" "$expected" "$behaviour: exit code $expected"
	if [ -n "$said" ]; then
		like "$(cat "$scratch/stderr")" "^patchmaild: hook hostile event $events: $said" \
			"$behaviour: it says so"
	else
		is "$(cat "$scratch/stderr")" '' "$behaviour: nothing is wrong"
	fi
	ok "$behaviour: in time" test "$(($(date +%s) - before))" -le 4
done <"$scratch/cases"
behave hostile flood-body 500
configure_url hostile timeout=2
start_service
happen 1
ok 'floods, again and again' wait_until service_says 'failed: HTTP 500'
for _ in $(seq 20); do
	let_time_pass
	sleep 0.05
done
peak=$(peak_memory)
if grep -q __asan_init "$(dirname "$PATCHMAILD")/patchmaild-notify"; then
	skip 'need little memory' 'built with sanitizers'
else
	ok 'need little memory' test "$peak" -lt 32768
fi
stop_service
is "$code" 0 'it ends'

behave hostile take-and-close
deliver_one closing "http://127.0.0.1:$(port_of hostile)/"
happen 5
once
is "$code $(cat "$scratch/stderr")" '0 ' 'a receiver that closes each connection gets all'

# The wire ------------------------------------------------------------------------------------------------------------

kill "$receivers"
start_receivers good,tls,good wrong,tls,wrong expired,tls,expired self,tls,self old,old-tls,good plain
for name in good wrong expired self old plain; do
	: >"$scratch/hooks/$name.got"
done
ca="tls_ca_file=$scratch/tls/ca.pem"
printf '%s\n' 'the secret' >"$scratch/secret"
chmod 600 "$scratch/secret"
cp "$scratch/secret" "$scratch/hooks/secrets"
deliver_one tls "https://localhost:$(port_of good)/" "$ca" "secret_file=$scratch/secret"
is "$code $(cat "$scratch/stderr") $(cut -d ' ' -f 1,2 "$scratch/hooks/good.got")" "0  $events good" \
	'TLS: a receiver whose certificate is good'
while IFS='|' read -r name url said; do
	deliver_one "tls-$name" "$url" "$ca" "secret_file=$scratch/secret"
	like "$code $(cat "$scratch/stderr")" "^75 patchmaild: hook tls-$name event $events: failed: $said" "TLS: $name"
done <<END
wrong|https://localhost:$(port_of wrong)/|.*(does not match|subject name)
expired|https://localhost:$(port_of expired)/|.*certificate
self|https://localhost:$(port_of self)/|.*certificate
old|https://localhost:$(port_of old)/|
plain|https://localhost:$(port_of plain)/|
END
is "$(cat "$scratch/hooks/wrong.got" "$scratch/hooks/expired.got" "$scratch/hooks/self.got" "$scratch/hooks/old.got" \
	"$scratch/hooks/plain.got")" '' 'nothing is sent to any of them'
deliver_one system "https://localhost:$(port_of good)/"
like "$(cat "$scratch/stderr")" 'failed: .*certificate' 'without tls_ca_file only the authorities of the system count'
deliver_one other "https://localhost:$(port_of good)/" "tls_ca_file=$scratch/tls/self.pem"
like "$(cat "$scratch/stderr")" 'failed: .*certificate' 'with it only those in it do'

# Clear text, and where it may go: an address of this machine that is none of the loopback ones.
address=$(hostname -I 2>/dev/null | tr ' ' '\n' | grep -m 1 '^[0-9.]*$' || :)
if [ -z "$address" ]; then
	skip 'clear text to another machine' 'this machine has no other address'
else
	deliver_one clear "http://$address:9/"
	like "$code $(cat "$scratch/stderr")" \
		"^75 .*failed: the receiver is another machine: http:// is for this one only, unless cleartext=yes" \
		'clear text goes to this machine alone'
	deliver_one open "http://$address:9/" cleartext=yes
	like "$code $(cat "$scratch/stderr")" '^75 .*failed: .*connect' 'unless the configuration says so'
fi
http_proxy=http://127.0.0.1:$(port_of plain)
export http_proxy
deliver_one proxied "http://127.0.0.2:9/"
like "$code $(cat "$scratch/stderr")" '^75 .*failed: .*connect' 'no proxy is asked'
is "$(cat "$scratch/hooks/plain.got")" '' 'really none'

# What is secret stays so.
deliver_one login "http://somebody:pass-word@127.0.0.1:$(port_of plain)/"
is "$code $(cat "$scratch/stderr")" '0 ' 'a URL with a password'
ok 'which the receiver gets' grep -q "^Authorization: Basic $(printf 'somebody:pass-word' | base64)" \
	"$scratch/hooks/plain.heads"
deliver_one login2 'http://somebody:pass-word@127.0.0.1:9/' "secret_file=$scratch/secret"
like "$(cat "$scratch/stderr")" 'failed: ' 'where nobody is'
is "$(grep -c 'pass-word\|the secret' "$scratch/stderr" || :)" 0 'the log has neither password nor secret'
is "$(sql "SELECT count(*) FROM patchmail.hook h WHERE h::text ~ 'pass-word|the secret'")" 0 'nor has the database'

done_testing
