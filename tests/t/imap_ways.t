#!/bin/sh
# The ways in to IMAP servers of every kind, and what is said of those that do not work; passwords from commands that
# misbehave; hosts in every spelling; lists that nobody has.  With servers of our own (imap_server.py).
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
need_program openssl 'servers with TLS'
need_python 'the ways in to IMAP servers'
start_database
fresh_database ways
make_certificates
echo secret >"$scratch/password"
chmod 600 "$scratch/password"

servers='id=needs-id first=needs-id-first no-id=refusing-id login=strict plain=strict-plain
	ir-plain=strict-plain-at-once token=token ir-token=token-at-once odd-token=token-odd-fault bearer=bearer
	asking=asking anonymous=anonymous moved=referring odd=odd-mechanisms scram=scram preauth=pre-authenticated
	pre-tls=pre-authenticated,starttls,good honest=honest
	secure=honest,tls,good six=ip-version6,tls,good'
for server in $servers; do
	three_mails "${server%%=*}"
done
# shellcheck disable=SC2086 # they are words
start_servers $servers

record() { # NAME: what it was sent, from the last connection on
	tr -d '\r' <"$scratch/servers/$1.record" | sed -n 'H; /^\[connected\]/h; ${ x; p; }'
}

# The account has that user and secret, of which the server knows alone.
knows() { # NAME USER SECRET
	printf '%s\n' "$2" "$3" >"$scratch/servers/$1.login"
	printf '%s\n' "$3" >"$scratch/secret"
	chmod 600 "$scratch/secret"
}

account_at() { # NAME LINE...: an account of its own name
	account_name=$1
	shift
	configure_server "$account_name" "$account_name" "$@"
}

comes_in() { # TEST NAME USER SECRET LINE...
	comes_test=$1 comes_name=$2 comes_user=$3
	knows "$2" "$3" "$4"
	shift 4
	sql "DELETE FROM patchmail.cursor WHERE account = '$comes_name'" >/dev/null
	account_at "$comes_name" "user=$comes_user" "password_file=$scratch/secret" "$@"
	once
	is "$code $(cat "$scratch/stderr")|$(taken "$comes_name-")" "0 |$comes_name-1 $comes_name-2 $comes_name-3" \
		"$comes_test"
}

# ID ------------------------------------------------------------------------------------------------------------------

account_at id
takes_all 'a server that opens no mailbox before ID'
is "$(taken id-)" 'id-1 id-2 id-3' 'its mails are taken'
like "$(record id | grep ' ID ' | uniq -f 1)" '^[0-9]+ ID \("name" "patchmaild" "version" "[0-9.]+[^" ]*"\)$' \
	'name and version are told, and no more'
account_at first
takes_all 'a server that wants ID before the login'
account_at no-id
takes_all 'a server that offers ID and refuses it'
account_at honest
takes_all 'a server without ID'
is "$(record honest | grep -c ' ID ' || :)" 0 'it is not told who we are'

# Passwords -----------------------------------------------------------------------------------------------------------

comes_in 'LOGIN' login lists secret
for text in 'two words' 'a"quote' 'back\slash' '\"' '"' '{5}' '(x) %*]' 'pässwörd' 'пароль"\x' ' leading' NIL; do
	comes_in "LOGIN: a password such as $text" login lists "$text"
	comes_in "AUTHENTICATE PLAIN: a password such as $text" plain lists "$text"
done
comes_in 'LOGIN: a user in other letters' login 'jürgen@example.org' secret
comes_in 'LOGIN: user and password in other letters' login 'jürgen@example.org' 'pässwörd'
comes_in 'LOGIN: a Windows domain' login 'CORP\tom' secret
comes_in 'AUTHENTICATE PLAIN: a Windows domain' plain 'CORP\tom' secret
comes_in 'AUTHENTICATE PLAIN: at once' ir-plain 'jürgen@example.org' 'pässwörd'
is "$(record ir-plain | grep -c '^[0-9]* AUTHENTICATE PLAIN [A-Za-z0-9+/=]*$')" 1 'the answer is in the same line'
comes_in 'AUTHENTICATE PLAIN: a password of 12,000 letters' ir-plain lists "$(head -c 12000 /dev/zero | tr '\0' x)"
is "$(record ir-plain | grep -c '^[0-9]* AUTHENTICATE PLAIN$')" 1 'a long answer waits until it is asked for'
is "$(grep -h 'to the letter' "$scratch/servers"/*.record || :)" '' 'every command was right to the letter'

printf '%s\n' wrong >"$scratch/secret"
account_at login user=lists "password_file=$scratch/secret"
falls_short 'a wrong password' \
	'^patchmaild: login: the login: the server says not you \(the user or the secret is wrong\)$'
is "$(record login | grep -c LOGIN)" 1 'it is tried once'
account_at moved
falls_short 'a referral' 'You are wanted elsewhere; it sends us to imap://user;AUTH=\*@other.example.org/'
account_at odd
falls_short 'no way that we know' 'does not offer AUTH=PLAIN, but AUTH=GSSAPI, AUTH=NTLM'
is "$(record odd | grep -c 'LOGIN\|AUTHENTICATE' || :)" 0 'nothing secret is sent'

# Tokens --------------------------------------------------------------------------------------------------------------

long=$(head -c 7500 /dev/urandom | base64 -w 0)
comes_in 'XOAUTH2 without SASL-IR' token lists@example.org a-token auth=xoauth2
comes_in 'XOAUTH2 with SASL-IR' ir-token lists@example.org a-token auth=xoauth2
comes_in 'XOAUTH2: 10,000 letters' token lists@example.org "$long" auth=xoauth2
comes_in 'XOAUTH2: 10,000 letters with SASL-IR' ir-token lists@example.org "$long" auth=xoauth2
comes_in 'OAUTHBEARER' bearer lists,and=more@example.org a-token auth=oauthbearer
comes_in 'OAUTHBEARER: 10,000 letters' bearer lists@example.org "$long" auth=oauthbearer
is "$(grep -h 'to the letter' "$scratch/servers"/*.record || :)" '' 'every token was right to the letter'

printf '%s\n' old-token >"$scratch/secret"
for name in token ir-token; do
	account_at "$name" "password_file=$scratch/secret" auth=xoauth2
	falls_short "$name: an old token" \
		'says SASL failed; it does not take the token, status 400, scope https://mail.example.org/$'
done
account_at bearer "password_file=$scratch/secret" auth=oauthbearer
falls_short 'OAUTHBEARER: an old token' 'SASL failed; it does not take the token, status invalid_token, scope mail$'
knows odd-token lists another
printf '%s\n' old-token >"$scratch/secret"
account_at odd-token "password_file=$scratch/secret" auth=xoauth2
falls_short 'a fault that is no JSON' 'the login: the server says SASL failed$'
account_at asking "password_file=$scratch/secret" auth=xoauth2
falls_short 'a server that asks without end' 'the login: the server says you have given up$'
is "$(record asking | grep -c '^\*$')" 1 'it gets no more than there is to say'
printf 'a token\n' >"$scratch/secret"
account_at token "password_file=$scratch/secret" auth=xoauth2
falls_short 'a token of two words' 'a token or its user with a blank or a control character'
printf '%s\n' a-token >"$scratch/secret"
account_at honest "password_file=$scratch/secret" auth=xoauth2
falls_short 'no XOAUTH2 there' 'the server does not offer AUTH=XOAUTH2, but LOGIN$'
account_at token "password_file=$scratch/secret" auth=oauthbearer
falls_short 'no OAUTHBEARER there' 'does not offer AUTH=OAUTHBEARER, but AUTH=XOAUTH2, AUTH=PLAIN and LOGIN$'
account_at honest auth=scram
falls_short 'no SCRAM there' 'does not offer AUTH=SCRAM-SHA-256, but LOGIN$'
account_at scram auth=scram
falls_short 'SCRAM that fails' 'the login: the server says not you$'
SASL_PATH=/nonexistent
export SASL_PATH
falls_short 'no SCRAM here' 'Cyrus SASL has no SCRAM-SHA-256 on this machine \(Debian: libsasl2-modules\)$'
unset SASL_PATH

# Without a secret ----------------------------------------------------------------------------------------------------

without_secret() { # NAME AUTH LINE...
	without_name=$1 without_auth=$2
	shift 2
	configure "$without_name" host=127.0.0.1 "port=$(port_of "$without_name")" tls=none command_timeout=1 \
		"auth=$without_auth" "$@"
}
without_secret anonymous anonymous
takes_all 'auth=anonymous'
is "$(taken anonymous-)" 'anonymous-1 anonymous-2 anonymous-3' 'its mails are taken'
without_secret honest anonymous
falls_short 'auth=anonymous where nobody may' 'does not offer AUTH=ANONYMOUS, but LOGIN$'
without_secret preauth preauth
takes_all 'auth=preauth'
is "$(record preauth | grep -c 'LOGIN\|AUTHENTICATE' || :)" 0 'there is no login'
account_at preauth
falls_short 'PREAUTH where a user was meant' \
	'the server takes us for somebody without a login \(PREAUTH\): auth=preauth'
without_secret honest preauth
falls_short 'auth=preauth where the server wants a login' 'the server wants a login, and auth=preauth has none'
account_at pre-tls tls=starttls "ca_file=$scratch/tls/ca.pem"
falls_short 'PREAUTH before STARTTLS' 'the server takes us for somebody without a login \(PREAUTH\), and without TLS'

# Hosts ---------------------------------------------------------------------------------------------------------------

for host in localhost LocalHost localhost. 127.0.0.1 '[127.0.0.1]' 127.1; do
	account_at secure tls=implicit "ca_file=$scratch/tls/ca.pem" "host=$host"
	takes_all "host=$host"
done
for host in ::1 '[::1]' 0:0::1; do
	account_at six tls=implicit "ca_file=$scratch/tls/ca.pem" "host=$host"
	takes_all "host=$host"
done
account_at secure tls=implicit "ca_file=$scratch/tls/ca.pem" host=bücher.invalid
falls_short 'a name in other letters' 'xn--bcher-kva\.invalid: Name or service not known'

# Commands that misbehave ---------------------------------------------------------------------------------------------

asks() { # COMMAND
	configure honest host=127.0.0.1 "port=$(port_of honest)" tls=none user=u command_timeout=1 \
		"password_command=/bin/sh -c '$1'"
}
takes_time() { # TEST PATTERN LEAST MOST: it falls short, in so many seconds
	began=$(date +%s)
	falls_short "$1" "$2"
	lasted=$(($(date +%s) - began))
	ok "$1: in time ($lasted s)" test "$lasted" -ge "$3" -a "$lasted" -le "$4"
}
asks 'echo secret; sleep 40 &'
began=$(date +%s)
takes_all 'a command that leaves a child with its output'
is "$([ $(($(date +%s) - began)) -le 10 ] && echo at once)" 'at once' 'its child is not waited for'
asks 'exec >&-; sleep 45'
takes_time 'a command that closes its output and goes on' 'it took longer than 30 seconds$' 28 36
asks 'while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done'
takes_time 'a command that prints without end' 'it is longer than 16384 bytes$' 0 5
asks 'echo gone >&2; exit 2'
once
like "$(tail -n 1 "$scratch/stderr")" 'it failed with exit status 2$' 'a command that fails'
is "$(head -n 1 "$scratch/stderr")" gone 'what it says is there'
mkfifo -m 600 "$scratch/fifo"
connections() {
	grep -c '^\[connected\]' "$scratch/servers/honest.record"
}
has_connected() {
	[ "$(connections)" -gt "$before" ]
}
for way in "password_command=/bin/sh -c 'exec >&-; sleep 40.71'" 'password_command=/bin/sleep 40.71' \
	"password_file=$scratch/fifo"; do
	configure honest host=127.0.0.1 "port=$(port_of honest)" tls=none user=u "$way"
	before=$(connections)
	start_service
	wait_until has_connected
	began=$(date +%s)
	stop_service
	is "$([ $(($(date +%s) - began)) -le 3 ] && echo at once)" 'at once' "SIGTERM: $way"
	is "$(pgrep -fx '(/bin/)?sleep 40\.71' || :)" '' "SIGTERM: nothing of it is left: $way"
done

# Lists that nobody has -----------------------------------------------------------------------------------------------

three_mails list
start_list() { # LIST-ID
	configure list host=127.0.0.1 "port=$(port_of honest)" tls=none user=list "password_file=$scratch/password" \
		command_timeout=1 "list_id=$1"
}
start_list demo.exmaple.org
sql "DELETE FROM patchmail.cursor" >/dev/null
falls_short 'list_id with a slip' \
	'list INBOX: no project has the list id "demo.exmaple.org" .*SELECT patchmail.add_project\('
is "$(grep -c 'exmaple' "$scratch/stderr") $(sql "SELECT count(*) FROM patchmail.cursor WHERE account = 'list'")" \
	'1 0' 'it is told once, and no mail is touched'
start_list Demo.Example.org
falls_short 'list_id in other letters' '\("demo.example.org" is there\)'
start_list demo.example.org
takes_all 'list_id, mended'
is "$(sql "SELECT last_uid FROM patchmail.cursor WHERE account = 'list'")" 3 'every mail is looked at'

mkdir "$scratch/archive"
patch_mail archived '[PATCH] of an archive' >"$scratch/archive/1"
printf 'From: a@example.org\nSubject: talk\n\ntalk\n' >"$scratch/archive/2"
run -c "$conf" import --list-id demo.exmaple.org "$scratch/archive"
is "$code $(cat "$scratch/stdout")" '75 ' 'import of a list that nobody has'
like "$(cat "$scratch/stderr")" '^patchmaild: no project has the list id "demo.exmaple.org" .*add_project\(' \
	'it says why, before any mail'
is "$(taken archived)" '' 'nothing is stored'
run -c "$conf" import --list-id demo.example.org "$scratch/archive"
is "$code $(taken archived)" '0 archived' 'the same with the list that is there'

# The configuration ---------------------------------------------------------------------------------------------------

account_at honest 'idle = no # never'
once
is "$code" 78 'a comment after a value: exit code'
like "$(cat "$scratch/stderr")" "$conf:[0-9]*: idle in \[imap honest\] has a comment after its value" 'and why'
account_at honest '[mailbox honest [Gmail]/All Mail]'
takes_all 'brackets and blanks in the name of a mailbox'
is "$(record honest | grep -c 'EXAMINE "\[Gmail\]/All Mail"$')" 1 'it is opened'

done_testing
