#!/bin/sh
# patchmaild imap: neither user nor password leaves the process before TLS is there and its certificate is verified;
# what is sent then is what the ways of logging in want.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
need_program openssl 'servers with TLS'
need_python 'servers with TLS'
start_database
fresh_database tls
make_certificates
printf '%s\n' 'pass "word" \ {7}' >"$scratch/password"
chmod 600 "$scratch/password"

# What is seen when all is well, in whatever form.
secret='LOGIN|AUTHENTICATE|somebody|word|'$(printf 'somebody' | base64)
record() { # SERVER: what it was sent
	tr -d '\r' <"$scratch/servers/$1.record"
}

# A line each: server, its behaviour; tls of the account, what it says.
cat >"$scratch/cases" <<'END'
wrong|honest,tls,wrong|implicit|TLS: .*does not match
self|honest,tls,self|implicit|TLS: .*issuer is unknown
expired|honest,tls,expired|implicit|TLS: .*expired
old|honest,old-tls,good|implicit|TLS: .*(unsupported version|protocol version|fatal alert)
wrong-s|honest,starttls,wrong|starttls|TLS: .*does not match
self-s|honest,starttls,self|starttls|TLS: .*issuer is unknown
expired-s|honest,starttls,expired|starttls|TLS: .*expired
stripped|without-starttls|starttls|STARTTLS: the server says
refused|refusing-starttls|starttls|STARTTLS: the server says not now
injected|injecting,starttls,good|starttls|STARTTLS: the server sent more before TLS began
injected-before|pre-authenticated,starttls,good|starttls|takes us for somebody without a login
garbage|garbage-for-tls,tls,good|implicit|TLS: 
garbage-s|garbage-for-tls,starttls,good|starttls|TLS: 
plain|plain-for-tls,tls,good|implicit|TLS: 
plain-s|plain-for-tls,starttls,good|starttls|TLS: 
silent|silent-for-tls,tls,good|implicit|TLS: .*timed out
silent-s|silent-for-tls,starttls,good|starttls|TLS: .*timed out
END
while IFS='|' read -r name behaviour _; do
	set -- "$@" "$name=$behaviour"
done <"$scratch/cases"
start_servers "$@" good=honest,tls,good good-s=honest,starttls,good clear=honest no-login=no-login \
	scram=scram-agreeing token=refusing-token,tls,good

configure_tls() { # SERVER TLS LINE...
	tls_name=$1 tls_mode=$2
	shift 2
	configure_server somebody "$tls_name" host=localhost "tls=$tls_mode" "ca_file=$scratch/tls/ca.pem" "$@"
}

# With a server that is as it should be they are seen, so the test can fail.
for name in good:implicit good-s:starttls; do
	configure_tls "${name%:*}" "${name#*:}"
	takes_all "tls=${name#*:}"
	is "$(record "${name%:*}" | grep -cE "$secret")" 1 'user and password are sent'
done
is "$(record good-s | head -n 2 | tail -n 1)" '1 STARTTLS' 'user and password are not sent before STARTTLS'

while IFS='|' read -r name _ tls said; do
	configure_tls "$name" "$tls"
	falls_short "$name, tls=$tls" "patchmaild: somebody: .*$said"
	is "$(record "$name" | grep -c connected)" 1 "$name: it was tried"
	is "$(record "$name" | grep -aicE "$secret" || :)" 0 "$name: neither user nor password is sent"
done <"$scratch/cases"
configure_tls clear implicit
falls_short 'tls=implicit, and there is no TLS' 'localhost: TLS: '
is "$(record clear | grep -aicE "$secret" || :)" 0 'neither user nor password is sent'

# Logging in, byte by byte --------------------------------------------------------------------------------------------

login_with() { # SERVER LINE...: what it is sent to log in is $sent
	login_name=$1
	shift
	: >"$scratch/servers/$login_name.record"
	configure_server somebody "$login_name" "$@"
	once
	sent=$(record "$login_name" | sed -n '/^2 /,/^3 /p' | sed '$d; s/^2 //')
}
login_with clear auth=plain
is "$code $sent" '0 LOGIN "somebody" "pass \"word\" \\ {7}"' 'auth=plain'
login_with no-login auth=plain
is "$code $(echo "$sent" | head -n 1)" '0 AUTHENTICATE PLAIN' 'auth=plain, and the server has no LOGIN'
is "$(echo "$sent" | tail -n 1 | base64 -d | tr '\0' '|')" '|somebody|pass "word" \ {7}' \
	'the same user and password'
login_with scram auth=scram
is "$code $(echo "$sent" | head -n 1)" '0 AUTHENTICATE SCRAM-SHA-256' 'auth=scram'
is "$(echo "$sent" | tail -n 1 | base64 -d | grep -c word || :)" 0 'the password is not sent'

# A server that refuses an access token does so with a challenge, which is answered by nothing; the next one is new.
echo 0 >"$scratch/tokens"
cat >"$scratch/next-token" <<'END'
#!/bin/sh
read -r n <"$1"
echo $((n + 1)) >"$1"
echo "ya29.token-$n"
END
chmod +x "$scratch/next-token"
for n in 0 1; do
	: >"$scratch/servers/token.record"
	configure_tls token implicit auth=xoauth2 "password_command=$scratch/next-token $scratch/tokens"
	sed -i '/^password_file/d' "$conf"
	falls_short "auth=xoauth2, token $n" 'the login: the server says the token has expired'
	record token | sed -n '/^2 /,/^3 /p' | sed '$d' >"$scratch/sent"
	is "$(sed -n 's/^2 AUTHENTICATE XOAUTH2 //p' "$scratch/sent" | base64 -d | od -An -c | tr -d ' \n')" \
		"user=somebody001auth=Bearerya29.token-${n}001001" 'the token goes with the first command'
	is "$(wc -l <"$scratch/sent") $(tail -n 1 "$scratch/sent")" '2 ' 'nothing is sent after the token'
done

done_testing
