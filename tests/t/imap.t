#!/bin/sh
# patchmaild imap with a real Dovecot: which mail is taken, of which mailboxes, and what is done with it then.
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
sql "SELECT patchmail.add_project('other', 'Other', 'other.example.org', 'other@example.org')" >/dev/null
start_dovecot

# Taking --------------------------------------------------------------------------------------------------------------

configure_dovecot first
takes_all 'an empty mailbox'
is "$(standing)" 'INBOX 0 0 0' 'it is known'
send first INBOX first-1 first-2
takes_all 'two mails'
is "$(taken first-)" 'first-1 first-2' 'they are stored, in order'
is "$(mailbox first list INBOX)" '1 - first-1
2 - first-2' 'mails are left as they were'
takes_all 'nothing new'
is "$(standing)" 'INBOX 2 0 0' 'the cursor is after them'
send first INBOX first-3
takes_all 'one more'
is "$(taken first-)" 'first-1 first-2 first-3' 'it alone is taken'
is "$(sql "SELECT count(*) FROM patchwork_patch WHERE msgid LIKE '<first-%'
	AND content = E'It changes a line.\n---'")" 3 \
	'the lines end as they do elsewhere'

run -c "$conf" imap
is "$code $(cat "$scratch/stderr")" '64 patchmaild: imap needs an account' 'no account'
run -c "$conf" imap first second
is "$code $(cat "$scratch/stderr")" '64 patchmaild: imap needs an account: second' 'two accounts'
run -c "$conf" imap --list-id first
is "$code $(cat "$scratch/stderr")" '64 patchmaild: bad option of imap: --list-id' 'an option of other commands'
run -c "$conf" imap --bad first
is "$code $(cat "$scratch/stderr")" '64 patchmaild: bad option of imap: --bad' 'a bad option'
run -c "$conf" imap --help
is "$code $(head -n 1 "$scratch/stdout")" '0 usage: patchmaild -c FILE imap [--once] ACCOUNT' 'help'
run -c "$conf" imap --once nobody
is "$code" 78 'an account that is not there'
like "$(cat "$scratch/stderr")" 'there is no \[imap nobody\]' 'an account that is not there is named'
configure_dovecot first nonsense=1
run -c "$conf" imap --once first
is "$code" 78 'a bad configuration'
like "$(cat "$scratch/stderr")" 'unknown key nonsense in \[imap first\]' 'it says what is wrong with the configuration'
run -c "$scratch/no-such.conf" imap --once first
is "$code" 78 'no configuration'

# Mailboxes -----------------------------------------------------------------------------------------------------------

strange='Übergröße & "日本" 😀'
mailbox boxes create Lists
mailbox boxes create Lists.other
mailbox boxes create "$strange"
send boxes INBOX boxes-1
send boxes Lists.other boxes-2
send boxes "$strange" boxes-3
configure_dovecot boxes '[mailbox boxes Lists.other]' list_id=other.example.org "[mailbox boxes $strange]"
takes_all 'only mailboxes that are named'
is "$(taken boxes-)" 'boxes-3 boxes-2' 'are taken'
is "$(project_of boxes-2) $(project_of boxes-3)" 'other demo' 'one belongs to a list, whatever the headers say'
is "$(standing)" "Lists.other 1 0 0
$strange 1 0 0" 'each has a cursor'
configure_dovecot boxes mailbox=INBOX '[mailbox boxes Lists.other]' list_id=other.example.org
send boxes Lists.other boxes-4
takes_all 'mailbox=INBOX besides'
is "$(taken boxes-) $(project_of boxes-1) $(project_of boxes-4)" 'boxes-3 boxes-2 boxes-4 boxes-1 demo other' \
	'the mail of INBOX is taken besides'
configure_dovecot boxes "mailbox=$strange" list_id=other.example.org
send boxes "$strange" boxes-5
takes_all 'list_id of the only mailbox'
is "$(project_of boxes-5)" other 'counts'
configure_dovecot boxes mailbox=INBOX '[mailbox boxes nowhere]' '[mailbox boxes Lists.other]'
send boxes INBOX boxes-6
send boxes Lists.other boxes-7
falls_short 'a mailbox that is not there' \
	"boxes nowhere: SELECT: the server says .*doesn't exist|boxes nowhere: EXAMINE: the server says .*doesn't exist"
is "$(taken boxes-6) $(taken boxes-7)" 'boxes-6 boxes-7' 'does not hold up the others'

# What becomes of the mail --------------------------------------------------------------------------------------------

acts() { # USER LINE...: two mails of which one is ignored; $flags is the mailbox afterwards
	acts_user=$1
	shift
	patch_mail "$acts_user-2" '[PATCH] elsewhere' | sed 's/demo.example.org/nowhere.example.org/' \
		>"$scratch/mail.ignored"
	patch_mail "$acts_user-1" '[PATCH] here' >"$scratch/mail.taken"
	mailbox "$acts_user" append INBOX "$scratch/mail.taken" "$scratch/mail.ignored"
	configure_dovecot "$acts_user" "$@"
	takes_all "$*"
	flags=$(mailbox "$acts_user" list INBOX)
	is "$(standing)" 'INBOX 2 0 0' "$*: nothing is left to be done"
}
acts nothing after=nothing
is "$flags" '1 - nothing-1
2 - nothing-2' 'it changes nothing'
acts seen after=seen
is "$flags" '1 \Seen seen-1
2 \Seen seen-2' 'both are marked as read'
acts flag after=flag 'flag=\Flagged'
is "$flags" '1 \Flagged flag-1
2 \Flagged flag-2' 'both are flagged'
acts keyword after=flag 'flag=$InPatchwork'
is "$flags" '1 $InPatchwork keyword-1
2 $InPatchwork keyword-2' 'both have the keyword'
acts delete after=delete
is "$flags" '2 - delete-2' 'the one that is stored is gone; of the other one there is no copy'
# In another mailbox than the one from which Dovecot's MOVE comes, and without MOVE.
for host in 127.0.0.1 127.0.0.2; do
	name=move${host##*.}
	mailbox "$name" create "$strange"
	acts "$name" "host=$host" after=move "folder=$strange"
	is "$flags" '' 'both are gone'
	is "$(mailbox "$name" list "$strange")" "1 - $name-1
2 - $name-2" 'both mails are in the other mailbox'
done
send delete INBOX delete-3 delete-4
mailbox delete flag INBOX '\Deleted' 3
configure_dovecot delete after=seen
send delete INBOX delete-5
takes_all 'what somebody else has marked'
is "$(mailbox delete list INBOX)" '2 - delete-2
3 \Deleted,\Seen delete-3
4 \Seen delete-4
5 \Seen delete-5' 'stays'

# What the server refuses is done later.
configure_dovecot later after=move folder=Done
send later INBOX later-1 later-2
once
is "$code" 75 'the folder is not there'
like "$(head -n 1 "$scratch/stderr")" \
	"later INBOX UID 1: UID MOVE: the server says .*doesn't exist.*; it will be tried again" \
	'a refused MOVE is reported once'
is "$(taken later-)|$(standing)" 'later-1 later-2|INBOX 2 0 2' 'the mails are taken, and still to be moved'
mailbox later create Done
send later INBOX later-3
takes_all 'now it is'
is "$(mailbox later list INBOX)|$(standing)" '|INBOX 3 0 0' 'all mails are moved at last'
is "$(mailbox later list Done)" '1 - later-1
2 - later-2
3 - later-3' 'once each'
is "$(taken later-)" 'later-1 later-2 later-3' 'all mails were taken once'
configure_dovecot alone host=127.0.0.3 after=delete
send alone INBOX alone-1
falls_short 'no UIDPLUS' 'alone INBOX UID 1: the server has no UIDPLUS'
is "$(taken alone-)|$(standing)|$(mailbox alone list INBOX)" 'alone-1|INBOX 1 0 1|1 - alone-1' \
	'it is taken, and not deleted'
mailbox alone expunge INBOX 1
configure_dovecot alone after=delete
once
like "$code $(cat "$scratch/stderr")" '^0 .*alone INBOX: it is that of alone at localhost now, and was that of' \
	'it is gone meanwhile, and the server has another name'
is "$(standing)" 'INBOX 0 0 0' 'nothing is left to be done'

# Which mail ----------------------------------------------------------------------------------------------------------

for day in 09-Feb-2026 10-Feb-2026 11-Feb-2026; do
	patch_mail "since-${day%%-*}" "[PATCH] of $day" >"$scratch/mail.since"
	mailbox since append-at "$day" INBOX "$scratch/mail.since"
done
configure_dovecot since since=2026-02-10
takes_all 'since=2026-02-10'
is "$(taken since-)" 'since-10 since-11' 'what arrived on that day and later is taken'

send holes INBOX holes-1 holes-2 holes-3 holes-4 holes-5
mailbox holes expunge INBOX 1 3 5
configure_dovecot holes
takes_all 'mails that are gone'
is "$(taken holes-)|$(standing)" 'holes-2 holes-4|INBOX 4 0 0' 'the others are taken'
send holes INBOX holes-6
takes_all 'a mail that comes after mails that are gone is taken'
is "$(taken holes-)|$(standing)" 'holes-2 holes-4 holes-6|INBOX 6 0 0' 'as well'

# While the first mail is being stored the others go.
send going INBOX going-1 going-2 going-3
hold_up going-1 1
configure_dovecot going after=seen
"$PATCHMAILD" -c "$conf" imap --once going >"$scratch/going.log" 2>&1 &
going=$!
ok 'a mail is being stored' wait_until is_held_up
mailbox going expunge INBOX 2
mailbox going flag INBOX '\Answered' 1 3
code=0
wait "$going" || code=$?
is "$code $(cat "$scratch/going.log")" '0 ' 'a mail is removed, and others are flagged, by somebody else meanwhile'
is "$(taken going-)|$(standing)" 'going-1 going-2 going-3|INBOX 3 0 0' 'what was read before is taken'
is "$(mailbox going list INBOX)" '1 \Answered,\Seen going-1
3 \Answered,\Seen going-3' 'what was there is flagged'
let_through

mailbox again create Box
configure_dovecot again mailbox=Box after=seen
send again Box again-1 again-2
takes_all 'a mailbox'
mailbox again remove Box
mailbox again create Box
send again Box again-1 again-3
once
is "$code" 0 'another mailbox of that name'
like "$(cat "$scratch/stderr")" 'again Box: its UIDVALIDITY has changed to [0-9]+; it is read anew' \
	'a changed UIDVALIDITY is reported'
is "$(taken again-)|$(standing)" 'again-1 again-2 again-3|Box 2 0 0' 'what is known is not taken twice'
is "$(mailbox again list Box)" '1 \Seen again-1
2 \Seen again-3' 'mail that is known is flagged'

# Deferred ------------------------------------------------------------------------------------------------------------

make_due() {
	sql "UPDATE patchmail.deferred_uid SET last_try = last_try - interval '2 hours'"
}
configure_dovecot defer attempts=2 after=seen
raise_for defer-2 53100 'no room'
send defer INBOX defer-1 defer-2 defer-3
falls_short 'a mail that is deferred' 'defer INBOX UID 2: deferred: .*53100.*no room'
is "$(taken defer-)|$(standing)" 'defer-1 defer-3|INBOX 3 1 0' 'it waits, and the others are taken'
is "$(mailbox defer list INBOX)" '1 \Seen defer-1
2 - defer-2
3 \Seen defer-3' 'it stays as it is'
is "$(sql "SELECT uid, attempts, reason LIKE '%no room%' FROM patchmail.deferred_uid WHERE account = 'defer'")" \
	'2|1|t' \
	'it is known how often it was tried, and why'
let_through
falls_short 'it is not tried again at once' 'defer INBOX: 1 deferred, to be tried again later'
make_due
takes_all 'a mail that is deferred is tried again later'
is "$(taken defer-)|$(standing)" 'defer-1 defer-3 defer-2|INBOX 3 0 0' 'it is taken'
is "$(mailbox defer list INBOX | grep -c Seen)" 3 'a mail that was deferred is flagged at last'

raise_for defer-4 53100 'no room'
send defer INBOX defer-4 defer-5
for try in 1 2 3 4; do
	make_due
	falls_short "try $try, and the fault is the site's" 'defer INBOX UID 4: deferred: '
done
is "$(sql 'SELECT count(*) FROM patchmail.quarantine')|$(mailbox defer list INBOX | grep -c Seen)" '0|4' \
	'it stays where it is'
let_through
make_due
takes_all 'until that is mended'
is "$(taken defer-4)|$(standing)|$(mailbox defer list INBOX | grep -c Seen)" 'defer-4|INBOX 5 0 0|5' \
	'a mail is taken once the fault is mended'
raise_for defer-6 53100 'no room'
send defer INBOX defer-6
falls_short 'another one' 'defer INBOX UID 6: deferred: '
mailbox defer expunge INBOX 6
let_through
make_due
takes_all 'it is gone meanwhile'
is "$(taken defer-6)|$(standing)" '|INBOX 6 0 0' 'a deferred mail that is gone is forgotten'

done_testing
