#!/bin/sh
# patchmaild imap with a real Dovecot: the way to it, and every way to log in.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
# shellcheck source=tests/t/dovecot.sh
. "$top_srcdir/tests/t/dovecot.sh"
need_dovecot 'following a mailbox of Dovecot'
start_database
fresh_database imap
start_dovecot

# The way there -------------------------------------------------------------------------------------------------------

reaches() { # NAME LINE...: with these settings a mail of the account "way" is taken
	reaches_name=$1
	shift
	way=$((way + 1))
	send way INBOX "way-$way"
	configure_dovecot way "$@"
	# That it is the same server nobody says.
	sql 'UPDATE patchmail.cursor SET server = NULL'
	once
	is "$code $(cat "$scratch/stderr")|$(taken "way-$way")" "0 |way-$way" "$reaches_name"
}
refuses() { # NAME PATTERN LINE...: with these settings there is no login
	refuses_name=$1 refuses_pattern=$2
	shift 2
	configure_dovecot nobody "$@"
	falls_short "$refuses_name" "$refuses_pattern"
	is "$(grep -c 'user=<nobody>' "$dovecot/log" || :)" 0 "$refuses_name: no login is tried"
}
way=0
reaches 'TLS from the first byte' tls=implicit
reaches 'to an address' host=127.0.0.1
reaches 'STARTTLS' tls=starttls "port=$imap_port"
reaches 'no TLS' tls=none "port=$imap_port" host=127.0.0.1
reaches 'no TLS, by name' tls=none "port=$imap_port"
refuses 'no TLS to another machine' '192\.0\.2\.1 is another machine: tls=none is for this one only' \
	tls=none "port=$imap_port" host=192.0.2.1
refuses 'a self-signed certificate' '127\.0\.0\.4: TLS: .*issuer is unknown' host=127.0.0.4
refuses 'the certificate of another host' '127\.0\.0\.5: TLS: .*does not match' host=127.0.0.5
refuses 'a certificate that has expired' '127\.0\.0\.6: TLS: .*expired' host=127.0.0.6
refuses 'STARTTLS with the certificate of another host' '127\.0\.0\.5: TLS: .*does not match' \
	tls=starttls "port=$imap_port" host=127.0.0.5
configure_dovecot nobody
sed -i '/^ca_file/d' "$conf"
falls_short 'an authority that the system does not trust' 'localhost: TLS: .*issuer is unknown'
refuses 'an authority that is not there' 'no certificate authority: /nonexistent' ca_file=/nonexistent
refuses 'a file that is no authority' 'no certificate authority: /dev/null' ca_file=/dev/null
refuses 'a host that is not there' 'no-such-host\.invalid: ' host=no-such-host.invalid
refuses 'a port where nobody listens' "localhost port $token_port: Connection refused" "port=$token_port"

# Logging in ----------------------------------------------------------------------------------------------------------

reaches 'auth=plain' auth=plain
reaches 'auth=scram' auth=scram
configure_dovecot other user=way
takes_all 'as another user than the account is named'

printf '%s\n' 'another password' >"$scratch/wrong"
chmod 600 "$scratch/wrong"
for auth in plain scram; do
	configure_dovecot way "auth=$auth" "password_file=$scratch/wrong"
	falls_short "auth=$auth: a wrong password" 'the login: the server says .*Authentication failed'
done
is "$(grep -c 'another password' "$scratch/stderr" || :)" 0 'the wrong password is not in the message'

cp "$scratch/password" "$scratch/secret"
chmod 644 "$scratch/secret"
refuses 'a password that all can read' "$scratch/secret: others can read or change it" "password_file=$scratch/secret"
chmod 620 "$scratch/secret"
refuses 'a password that the group can change' "$scratch/secret: others can read or change it" \
	"password_file=$scratch/secret"
chmod 640 "$scratch/secret"
reaches 'a password that the group can read' "password_file=$scratch/secret"
refuses 'no password' "$scratch/none: No such file" "password_file=$scratch/none"
: >"$scratch/none"
chmod 600 "$scratch/none"
refuses 'an empty password' 'the secret is empty' "password_file=$scratch/none"

other_secret() { # KEY=VALUE: in place of password_file
	configure_dovecot way "$1"
	sed -i '/^password_file/d' "$conf"
}
other_secret "password_command=/bin/sh -c 'echo asked >>$scratch/asked; cat \"\$1\"' sh \"$scratch/password\""
takes_all 'password_command'
other_secret 'password_command=/bin/sh -c "echo secret; exit 3"'
falls_short 'a command that fails' '/bin/sh: it failed with exit status 3'
other_secret password_command=/nonexistent/program
falls_short 'a command that is not there' '/nonexistent/program: No such file'
other_secret credential=imap
falls_short 'a credential without a service manager' 'credential imap: the service manager hands over none'
mkdir "$scratch/credentials"
cp "$scratch/password" "$scratch/credentials/imap"
chmod 400 "$scratch/credentials/imap"
CREDENTIALS_DIRECTORY=$scratch/credentials
export CREDENTIALS_DIRECTORY
takes_all 'a credential'
unset CREDENTIALS_DIRECTORY

# A token is asked for anew for each login.
start_token_server
: >"$scratch/asked"
other_secret "password_command=/bin/sh -c 'echo asked >>$scratch/asked; cat \"\$1\"' sh \"$scratch/token\""
echo auth=xoauth2 >>"$conf"
echo way-has-expired >"$scratch/token"
falls_short 'auth=xoauth2: an old token' 'the login: the server says '
send way INBOX way-token
echo way-is-welcome >"$scratch/token"
takes_all 'auth=xoauth2'
is "$(taken way-token) $(wc -l <"$scratch/asked")" 'way-token 2' 'it is asked for anew'
echo first-is-welcome >"$scratch/token"
falls_short 'auth=xoauth2: the token of another user' 'the login: the server says '

done_testing
