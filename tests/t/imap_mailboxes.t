#!/bin/sh
# Patterns of mailboxes in place of names: with a real Dovecot, and with servers that list what no server should.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
# shellcheck source=tests/t/dovecot.sh
. "$top_srcdir/tests/t/dovecot.sh"
need_dovecot 'following the mailboxes that match a pattern'
start_database
fresh_database imap
sql "SELECT patchmail.add_project('other', 'Other', 'other.example.org', 'other@example.org')" >/dev/null
start_dovecot

create() { # USER MAILBOX...
	create_user=$1
	shift
	for create_mailbox; do
		mailbox "$create_user" create "$create_mailbox"
	done
}
mailboxes() { # those that are known of the account, in one line
	standing | sed 's/ [0-9]* [0-9]* [0-9]*$//' | paste -s -d ' '
}

# Dovecot -------------------------------------------------------------------------------------------------------------

create numbered Lists.0 Lists.1 Other
send numbered Lists.0 numbered-0
send numbered Lists.1 numbered-1
send numbered Other numbered-other
configure_dovecot numbered 'mailbox=Lists*'
takes_all 'a pattern, which a name matches that only holds others'
is "$(taken numbered-)" 'numbered-0 numbered-1' 'the mailboxes that match are read, the lower number first'
is "$(standing | paste -s -d ' ')" 'Lists.0 1 0 0 Lists.1 1 0 0' 'and no other one'
create numbered Lists.2.a
send numbered Lists.2.a numbered-2
configure_dovecot numbered 'mailbox=Lists.%'
takes_all 'a pattern with %'
is "$(taken numbered-2)" '' 'it does not go deeper'
configure_dovecot numbered 'mailbox=*.%.a'
takes_all 'wildcards at the front'
is "$(taken numbered-2)" numbered-2 'they match what is deeper'
configure_dovecot numbered 'mailbox="Lists.*"'
falls_short 'a name with a wildcard, in quotation marks' '^patchmaild: numbered Lists\.\*: EXAMINE: the server says '

create utf8 Entwürfe.ä Entwürfe.ö
send utf8 Entwürfe.ä utf8-1
send utf8 Entwürfe.ö utf8-2
configure_dovecot utf8 'mailbox=Entwürfe.*'
takes_all 'a pattern that is not in ASCII'
is "$(mailboxes)" 'Entwürfe.ä Entwürfe.ö' 'names are known in UTF-8'

# Lists of their own --------------------------------------------------------------------------------------------------

create own Lists.0 Lists.1 Lists.2
for n in 0 1 2; do
	header "own-$n" '[PATCH] of no list' | grep -v List-Id >"$scratch/own-$n"
	{ echo && diff_text; } >>"$scratch/own-$n"
	mailbox own append "Lists.$n" "$scratch/own-$n"
done
configure_dovecot own 'mailbox=Lists.*' list_id=demo.example.org '[mailbox own Lists.1]' list_id=other.example.org \
	'[mailbox own Lists.%]' list_id=other.example.org
takes_all 'a mailbox that two patterns match, and one that is named too'
is "$(project_of own-0) $(project_of own-2)" 'demo demo' 'a pattern gives its mailboxes its list, the first one counts'
is "$(project_of own-1)" other 'a mailbox that is named has its own list'

# New ones, and those that go -----------------------------------------------------------------------------------------

create rolling Lists.9 Lists.10
configure_dovecot rolling 'mailbox=Lists.*' poll_interval=3600
start_service
ok 'it begins' wait_until knows_mailbox Lists.10
wait_until knows_mailbox Lists.9
send rolling Lists.10 rolling-10
ok 'the highest number has IDLE' wait_until has_taken rolling- rolling-10
stop_service
is "$code $(cat "$scratch/service.log")" '0 ' 'that is nothing to report'
configure_dovecot rolling 'mailbox=Lists.*' poll_interval=1
start_service
is_waiting() {
	knows_mailbox Lists.10 && [ "$(sql "SELECT count(*) FROM patchmail.cursor
		WHERE account = 'rolling' AND held_until > clock_timestamp()")" -eq 2 ]
}
ok 'it follows both' wait_until is_waiting
create rolling Lists.11
send rolling Lists.11 rolling-11
ok 'a mailbox that is made is followed without a restart' wait_until has_taken rolling-11 rolling-11
ok 'which is reported' grep -q '^patchmaild: rolling Lists.11: followed from now on$' "$scratch/service.log"
mailbox rolling remove Lists.9
ok 'and so is one that goes' wait_until grep -q '^patchmaild: rolling Lists.9: this mailbox is gone$' \
	"$scratch/service.log"
send rolling Lists.11 rolling-12
ok 'the others go on' wait_until has_taken rolling-12 rolling-12
for n in 10 11; do
	mailbox rolling remove "Lists.$n"
done
ok 'if all go it says that nothing matches' wait_until grep -q 'rolling Lists.\*: matches no mailbox' \
	"$scratch/service.log"
sleep 3
is "$(grep -c 'matches no mailbox' "$scratch/service.log")" 1 'once'
create rolling Lists.12
send rolling Lists.12 rolling-13
ok 'and goes on when there is one again' wait_until has_taken rolling-13 rolling-13
stop_service
# Dovecot ends the connection when the mailbox that is open goes.
is "$(grep -v -e 'from now on$' -e 'is gone$' -e 'matches no mailbox$' -e 'the server closed the connection' \
	"$scratch/service.log" || :)" '' \
	'nothing else was said'

# Odd answers ---------------------------------------------------------------------------------------------------------

start_servers odd=listing-odd inbox=listing-inbox nothing=listing-nothing refused=listing-refused bad=listing-bad \
	many=listing-many million=listing-million endless=listing-endless literal=listing-literal \
	new=listing-new-each-time hundreds=listing-hundreds ten=listing
for name in odd refused new ten hundreds; do
	three_mails "$name"
done
examined() { # NAME: what it was asked to open
	tr -d '\r' <"$scratch/servers/$1.record" | sed -n 's/^[0-9]* EXAMINE //p' | tr -d '"'
}

configure_server odd odd 'mailbox=Lists.*'
once
is "$code $(cat "$scratch/stderr")" "0 patchmaild: odd Lists.*: 5 names of mailboxes are left out: $(
)too long, no text in UTF-8, or not such" 'names that cannot be are left out, and reported'
is "$(mailboxes)" 'Lists.A & B Lists.in quotes Lists.literal Lists.plain Lists.ä Lists.ö' \
	'what can be opened is followed, each once'
is "$(examined odd | sort | paste -s -d '|')" \
	'Lists.&AOQ-|Lists.A & B|Lists.in quotes|Lists.literal|Lists.plain|Lists.ö' \
	'by the name that the server gives'
configure_server inbox inbox 'mailbox=inbox.*' '[mailbox inbox Inbox]' '[mailbox inbox inbox.1]'
takes_all 'INBOX, written in many ways'
is "$(mailboxes)" 'Inbox inbox.0 inbox.1' 'is known as the configuration writes it'

configure_server nothing nothing 'mailbox=Lists.*'
falls_short 'a pattern that matches nothing' '^patchmaild: nothing Lists\.\*: matches no mailbox$'
configure_server refused refused 'mailbox=Lists.*' '[mailbox refused Named]'
falls_short 'LIST is refused' '^patchmaild: refused Lists\.\*: LIST: the server says you may not$'
is "$(mailboxes) $(taken refused-)" 'Named refused-1 refused-2 refused-3' 'what is named is followed nevertheless'
configure_server bad bad 'mailbox=Lists.*'
falls_short 'LIST is bad' '^patchmaild: bad Lists\.\*: LIST: the server says no such command$'
configure_server many many 'mailbox=Lists.*' command_timeout=30
once
is "$code $(cat "$scratch/stderr")" '0 patchmaild: many Lists.*: matches 6000 mailboxes; 5000 are followed' \
	'more mailboxes than can be followed'
is "$(examined many | wc -l) $(examined many | sed -n '1p;$p' | paste -s -d ' ')" '5000 Lists.1000 Lists.5999' \
	'those with the highest numbers are'
for name in million endless literal; do
	configure_server "$name" "$name" 'mailbox=Lists.*' command_timeout=10
	falls_short "LIST without end: $name" \
		"^patchmaild: $name: LIST: the server('s answer cannot be read|\
 sends more than it was asked for)"
done
configure_server new new 'mailbox=Lists.*'
once
is "$code $(examined new | paste -s -d ' ')" '0 Lists.1 Lists.2' 'if there are others each time, two looks are a round'

# Hundreds ------------------------------------------------------------------------------------------------------------

configure_server hundreds hundreds 'mailbox=Lists.*' poll_interval=3600 command_timeout=10
start_service
ok 'all of hundreds of mailboxes are opened' wait_until sh -c 'test "$(grep -ac EXAMINE "$1")" -ge 300' sh \
	"$scratch/servers/hundreds.record"
ok 'mail of the last one is taken' wait_until has_taken hundreds- 'hundreds-1 hundreds-2 hundreds-3'
ok 'and it waits' wait_until sh -c 'tail -n 1 "$1" | grep -aq IDLE' sh "$scratch/servers/hundreds.record"
before=$(examined hundreds | wc -l)
patch_mail hundreds-4 '[PATCH] that comes' >"$scratch/servers/hundreds/4"
ok 'mail that IDLE tells of is taken' wait_until has_taken hundreds-4 hundreds-4
stop_service
is "$(examined hundreds | tail -n "+$((before + 1))" | sort -u)" Lists.299 'without a look at the other mailboxes'

configure_server ten ten 'mailbox=Lists.*'
takes_all 'numbers with one digit and with two'
is "$(examined ten | paste -s -d ' ')" "$(seq -f 'Lists.%g' -s ' ' 0 10)" 'are read in their order'

done_testing
