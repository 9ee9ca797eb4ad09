#!/bin/sh
# The mailboxes of contrib/dovecot and contrib/oauth2: with a real Dovecot, they are as they say.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
# shellcheck source=tests/t/dovecot.sh
. "$top_srcdir/tests/t/dovecot.sh"
need_dovecot 'the examples of mailboxes'
need_program curl 'the examples of mailboxes'
need_program jq 'the examples of mailboxes'
start_database
fresh_database examples

# The example, in a Dovecot that has what one has anyway.
prepare_dovecot
printf '%s\n' 'keep it secret' >"$scratch/password"
printf 'lists:%s:::::::\n' "$(doveadm -c "$dovecot/dovecot.conf" pw -s SCRAM-SHA-256 -p 'keep it secret')" \
	>"$dovecot/lists.passwd"
example='dovecot-2.4.conf'
! is_dovecot_2_3 || example=dovecot.conf
sed "s|/etc/dovecot/|$dovecot/|" "$top_srcdir/contrib/dovecot/$example" >"$dovecot/users.conf"
launch_dovecot

example() { # FOLDER ACCOUNT LINE...: $conf is its patchmaild.conf, with the lines in the account's group
	example=$top_srcdir/contrib/$1/patchmaild.conf account=$2 conf=$scratch/$2.conf
	shift 2
	{ sed "s|^conninfo=.*|conninfo=host=$PGHOST dbname=$PGDATABASE user=postgres|" "$example" &&
		printf '%s\n' "$@"; } |
		last_of_each_key >"$conf"
}

example dovecot lists "port=$imap_port" "password_file=$scratch/password"
send lists INBOX lists-1
takes_all 'contrib/dovecot'
is "$(taken lists-)|$(mailbox lists list INBOX)|$(mailbox lists list Done)" 'lists-1||1 - lists-1' \
	'mail is taken, and moved'

start_token_server
cat >"$scratch/work.oauth2" <<-END
	token_url=http://127.0.0.1:$token_port/token
	client_id=mail
	client_secret=a "secret" \\
	refresh_token=keep & carry
END
is "$("$top_srcdir/contrib/oauth2/xoauth2-token" "$scratch/work.oauth2")" examples-is-welcome \
	'contrib/oauth2: a token for a refresh token'
example oauth2 work host=localhost "port=$imaps_port" "ca_file=$scratch/tls/ca.pem" user=examples \
	"password_command=$top_srcdir/contrib/oauth2/xoauth2-token $scratch/work.oauth2" mailbox=INBOX
"$python" - "$imaps_port" "$scratch/tls/ca.pem" "$(patch_mail work-1 '[PATCH] at work')" <<-'END'
	import imaplib, ssl, sys
	context = ssl.create_default_context(cafile=sys.argv[2])
	server = imaplib.IMAP4_SSL("localhost", int(sys.argv[1]), ssl_context=context)
	server.authenticate("XOAUTH2", lambda _: b"user=examples\1auth=Bearer examples-is-welcome\1\1")
	server.append("INBOX", None, None, sys.argv[3].replace("\n", "\r\n").encode())
END
takes_all 'contrib/oauth2'
is "$(taken work-)" work-1 'mail is taken'
sed -i 's/^refresh_token=.*/refresh_token=revoked/' "$scratch/work.oauth2"
once
is "$code" 75 'a refresh token that is revoked'
like "$(tail -n 1 "$scratch/stderr")" 'xoauth2-token: it failed' 'the service says so'
like "$(grep '^xoauth2-token' "$scratch/stderr")" 'the provider gave no answer' 'the command says why it has no token'

done_testing
