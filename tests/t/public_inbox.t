#!/bin/sh
# patchmaild imap with a real public-inbox-imapd, whose mailboxes have so few mails here that they roll over.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
# shellcheck source=tests/t/dovecot.sh
. "$top_srcdir/tests/t/dovecot.sh"
for program in public-inbox-imapd public-inbox-init public-inbox-mda openssl; do
	need_program "$program" 'following a public inbox'
done
need_python 'following a public inbox'
start_database
fresh_database imap

# The inbox -----------------------------------------------------------------------------------------------------------

HOME=$scratch/home
PI_CONFIG=$HOME/config
export HOME PI_CONFIG
mkdir "$HOME"
public-inbox-init -V2 --newsgroup=inbox.example.demo demo "$HOME/demo" http://example.org/demo demo@example.org \
	>"$scratch/init.log" 2>&1 || fail "$(cat "$scratch/init.log")"
git config -f "$PI_CONFIG" publicinboxmda.spamcheck none

archive() { # NUMBER...: a patch for each
	for archive_number; do
		patch_mail "pi-$archive_number" "[PATCH] number $archive_number" 'To: demo@example.org' |
			ORIGINAL_RECIPIENT=demo@example.org public-inbox-mda --no-precheck >"$scratch/mda.log" 2>&1 ||
			fail "$(cat "$scratch/mda.log")"
	done
}

# The number of mails in a mailbox is a constant: in this copy it is 3 in place of 50,000.
installed=$(perl -MPublicInbox::IMAP -e 'print $INC{"PublicInbox/IMAP.pm"}' 2>/dev/null) ||
	fail 'public-inbox has no PublicInbox/IMAP.pm'
mkdir -p "$HOME/lib/PublicInbox"
sed 's/^sub UID_SLICE () { 50_000 }/sub UID_SLICE () { 3 }/' "$installed" >"$HOME/lib/PublicInbox/IMAP.pm"
ok 'the number of mails in a mailbox can be changed' grep -q '^sub UID_SLICE () { 3 }' "$HOME/lib/PublicInbox/IMAP.pm"

archive 1 2
make_certificates
ports=$(free_ports 2)
port=${ports% *} tls_port=${ports#* }
perl -I"$HOME/lib" "$(command -v public-inbox-imapd)" -W0 -l "imap://127.0.0.1:$port" \
	-l "imaps://127.0.0.1:$tls_port/?cert=$scratch/tls/good.pem,key=$scratch/tls/good.key" \
	>"$scratch/imapd.log" 2>&1 &
at_end="kill $! 2>/dev/null || :; $at_end"
wait_until "$python" -c "import socket; socket.create_connection(('127.0.0.1', $port))" ||
	fail "$(cat "$scratch/imapd.log")"
echo anonymous >"$scratch/password"
chmod 600 "$scratch/password"

configure_inbox() { # ACCOUNT LINE...
	inbox_account=$1
	shift
	configure "$inbox_account" host=127.0.0.1 "port=$port" tls=none user=anonymous \
		"password_file=$scratch/password" "$@"
}

# Once ----------------------------------------------------------------------------------------------------------------

configure_inbox once 'mailbox=inbox.example.demo.*'
takes_all 'any login is let in, and what is there is taken'
is "$(taken pi-)" 'pi-1 pi-2' 'from the one mailbox that there is'
is "$(standing)" 'inbox.example.demo.0 2 0 0' 'which is known by the name in the configuration'
configure_inbox all 'mailbox=*'
takes_all 'mailboxes that only hold others are no failure'
is "$(standing | grep -v ' 0 0 0$')" 'INBOX.example.demo.0 2 0 0' 'nor is anything taken from them'
configure_inbox since 'mailbox=inbox.example.demo.*' since=2020-01-01
takes_all 'since= is understood'
is "$(standing)" 'inbox.example.demo.0 2 0 0' 'and finds what came after that'
configure_inbox later 'mailbox=inbox.example.demo.*' since=2999-01-01
takes_all 'since= a day that is to come'
is "$(standing)" 'inbox.example.demo.0 0 0 0' 'finds nothing'
configure_inbox tls 'mailbox=inbox.example.demo.*' host=localhost "port=$tls_port" tls=implicit \
	"ca_file=$scratch/tls/ca.pem"
takes_all 'with TLS'
is "$(standing)" 'inbox.example.demo.0 2 0 0' 'the same is there'
configure_inbox missing 'mailbox=inbox.example.nobody.*'
falls_short 'an inbox that is not there' '^patchmaild: missing inbox\.example\.nobody\.\*: matches no mailbox$'
configure_inbox seen 'mailbox=inbox.example.demo.*' after=seen
once
is "$code" 75 'it is only for reading: after= cannot be done'
like "$(head -n 1 "$scratch/stderr")" '^patchmaild: seen ' 'and that is reported'

# Rolling over --------------------------------------------------------------------------------------------------------

configure_inbox rolling 'mailbox=inbox.example.demo.*' poll_interval=2
start_service
ok 'a service begins' wait_until knows_mailbox inbox.example.demo.0
archive 3
ok 'mail that comes is taken' wait_until has_taken pi-3 pi-3
archive 4
ok 'so is the first one of the next mailbox, without a restart' wait_until has_taken pi-4 pi-4
archive 5 6 7
ok 'and of the one after that' wait_until has_taken pi- 'pi-1 pi-2 pi-3 pi-4 pi-5 pi-6 pi-7'
ok 'the cursors stand at their last mails' wait_until stands "inbox.example.demo.0 3 0 0
inbox.example.demo.1 6 0 0
inbox.example.demo.2 7 0 0"
stop_service
is "$code $(cat "$scratch/service.log")" "0 patchmaild: rolling inbox.example.demo.1: followed from now on
patchmaild: rolling inbox.example.demo.2: followed from now on" 'only the new mailboxes are reported'
configure_inbox idle 'mailbox=inbox.example.demo.*' poll_interval=3600
start_service
ok 'another service reads all mailboxes' wait_until stands "inbox.example.demo.0 3 0 0
inbox.example.demo.1 6 0 0
inbox.example.demo.2 7 0 0"
ok 'and waits' wait_until grep -q IDLE "$scratch/imapd.log"
sleep 1
archive 8
ok 'IDLE tells of mail in the newest one' wait_until has_taken pi-8 pi-8
stop_service

done_testing
