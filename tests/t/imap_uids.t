#!/bin/sh
# patchmaild imap takes all mail whatever a server says of its numbers: UIDs that begin again or appear late, a wrong
# UIDNEXT or none, a wrong EXISTS, no UIDVALIDITY; and that for few commands.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
need_python 'servers with wrong numbers'
echo 'the secret' >"$scratch/password"
chmod 600 "$scratch/password"
start_database
fresh_database imap
for name in again other late low exists none vast gap; do
	three_mails "$name"
done
start_servers again=rereading other=rereading late=late-two low=low-uidnext exists=nothing-exists none=no-numbers \
	vast=vast gap=vast-with-gap

# Mails NAME-FIRST to NAME-LAST are the only ones of a server.
replace_mails() { # SERVER NAME FIRST LAST
	rm -f "$scratch/servers/$1"/*
	for n in $(seq "$3" "$4"); do
		patch_mail "$2-$n" "[PATCH] of $2, number $n" >"$scratch/servers/$1/$n"
	done
}
warns() { # NAME PATTERN
	once
	is "$code $(wc -l <"$scratch/stderr")" '0 1' "$1: exit code 0 and a line"
	like "$(cat "$scratch/stderr")" "$2" "$1: and says why"
}

# UIDs that begin again -----------------------------------------------------------------------------------------------

anew='its UIDs have begun anew, though its UIDVALIDITY has not changed; it is read anew, known mails are left alone'
configure_server again again
takes_all 'three mails'
replace_mails again fewer 1 2
warns 'fewer mails at the same UIDs' "again INBOX: $anew"
is "$(taken fewer-)" 'fewer-1 fewer-2' 'they are taken'
takes_all 'and then it is quiet'
replace_mails again more 1 5
warns 'more mails, so that UIDNEXT is higher than it was' "again INBOX: $anew"
is "$(taken more-)" 'more-1 more-2 more-3 more-4 more-5' 'more mails at the same UIDs are taken'
rm "$scratch/servers/again/5"
patch_mail more-6 '[PATCH] number 6' >"$scratch/servers/again/5"
warns 'another mail at the last UID' "again INBOX: $anew"
is "$(taken more-6)" more-6 'that mail is taken'
is "$(sent_to again 'FETCH [0-9]+ .*HEADER')" 8 'a mail is asked for its name at most twice a run'

# Another server ------------------------------------------------------------------------------------------------------

configure_server moved other
takes_all 'three mails of a server'
sed -i 's/^host=.*/host=localhost/' "$conf"
takes_all 'the same server by another name: nothing is read anew'
replace_mails other elsewhere 1 4
sed -i 's/^user=.*/user=somebody/' "$conf"
warns 'another user' 'moved INBOX: it is that of somebody at localhost now, and was that of moved at localhost'
is "$(taken elsewhere-)" 'elsewhere-1 elsewhere-2 elsewhere-3 elsewhere-4' 'all of his mails are taken'

# Mail that appears late ----------------------------------------------------------------------------------------------

configure_server late late poll_interval=1
start_service
ok 'a mail that appears after one with a higher UID is taken' wait_until has_taken late- 'late-1 late-3 late-2'
is "$(sent_to late '\[connected\]')" 1 'over the same connection'
stop_service
is "$code $(cat "$scratch/service.log")" '0 ' 'and nothing is said of it'

# Hints that are wrong ------------------------------------------------------------------------------------------------

for name in low exists none; do
	configure_server "$name" "$name"
	takes_all "$name: the first time"
	is "$(taken "$name-")" "$name-1 $name-2 $name-3" "$name: all is taken"
	patch_mail "$name-4" "[PATCH] of $name, number 4" >"$scratch/servers/$name/4"
	takes_all "$name: again"
	is "$(taken "$name-4") $(standing)" "$name-4 INBOX 4 0 0" "$name: the mail that came since is taken"
	ok "$name: no mail is fetched twice" test "$(sent_to "$name" 'FETCH [0-9:,]+ .*BODY.PEEK\[\]')" -le 4
done

# Many mails ----------------------------------------------------------------------------------------------------------

# As if all up to a UID had been taken.
trusts() { # UID
	sql "INSERT INTO patchmail.cursor (account, mailbox, uidvalidity, last_uid, trusted_uid)
		VALUES ('$account', 'INBOX', 77, $1, $1)"
}
configure_server vast vast
trusts 25000
takes_all 'no UIDNEXT, 25,000 mails'
ok 'no UIDNEXT: few searches' test "$(sent_to vast SEARCH)" -le 4
configure_server gap gap
trusts 24998
takes_all 'the last UIDs are near 2^32'
is "$(taken gap-)|$(standing)" 'gap-1 gap-2|INBOX 4294967294 0 0' 'mails far from the others are taken'
ok 'UIDs with gaps: few searches' test "$(sent_to gap SEARCH)" -le 24

done_testing
