#!/bin/sh
# patchmaild imap asks for many mails by one command: whatever order a server gives them in, and whatever it leaves out,
# each is taken once; a mail over which it dies or that it refuses holds up none of the others; a server that wants to
# be left alone is left alone; and a process that ends in the middle has neither lost a mail nor deleted one that is
# not stored.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
# shellcheck source=tests/t/dovecot.sh
. "$top_srcdir/tests/t/dovecot.sh"
need_dovecot 'mailboxes with many mails'
start_database
fresh_database many

# Twelve mails for each server: <NAME-01@example.org> and so on.
all='01 02 03 04 05 06 07 08 09 10 11 12'
set -- dying-over-two bye-over-two unreadable-two dying-ahead dying-over-few backwards twice sparse besides one-by-one \
	vanishing refusing-throttled refusing-limit refusing-overquota refusing-contact refusing-unavailable \
	refusing-serverbug refusing-inuse refusing-noperm refusing-without-code
servers_of_all=
for name; do
	mkdir -p "$scratch/servers/$name"
	for n in $all; do
		patch_mail "$name-$n" "[PATCH] of $name, number $n" >"$scratch/servers/$name/$n"
	done
	servers_of_all="$servers_of_all $name=$name"
done
cp -r "$scratch/servers/dying-over-two" "$scratch/servers/followed"
sed -i 's/dying-over-two/followed/' "$scratch"/servers/followed/*
echo 'the secret' >"$scratch/password"
chmod 600 "$scratch/password"
# shellcheck disable=SC2086 # words
start_servers $servers_of_all followed=dying-over-two honest=anybody

of_server() { # the numbers of the account's mails that are taken, in their order
	sql "SELECT coalesce(string_agg(substr(m.msgid, length('$account') + 3, 2), ' ' ORDER BY m.msgid), '')
		FROM patchmail.message m WHERE m.msgid LIKE '<$account-__@%'"
}
commands() { # PATTERN: how many the server got
	grep -cE "$1" "$scratch/servers/$server_name.record" || :
}

# In any order --------------------------------------------------------------------------------------------------------

for name in backwards twice sparse besides one-by-one; do
	configure_server "$name" "$name"
	takes_all "$name"
	is "$(of_server)|$(standing)" "$all|INBOX 12 0 0" "$name: each mail is taken"
	is "$(sql "SELECT count(*) FROM patchwork_patch p WHERE p.msgid LIKE '<$name-%' AND p.diff LIKE '%+new_'")" 12 \
		"$name: whole"
done
configure_server backwards backwards
is "$(commands 'FETCH .*BODY.PEEK\[\]')" 4 'twelve mails are asked for by four commands: 1, 2, 4, and the rest'
configure_server one-by-one one-by-one
ok 'a server that takes no sets is asked for sets no more' test "$(commands 'FETCH .*BODY.PEEK\[\]')" -le 15

configure_server vanishing vanishing
takes_all 'mails that are gone'
is "$(of_server)|$(standing)" '01 03 04 06 07 08 09 10 11 12|INBOX 12 0 0' \
	'the others are taken, and the gone forgotten'

# One mail ------------------------------------------------------------------------------------------------------------

# It costs at most so many connections until all the others are there.
is_left_out() { # NAME RUNS TAKEN LEFT-OUT
	configure_server "$1" "$1" attempts=2 poll_interval=1
	: >"$scratch/said"
	for _ in $(seq "$2"); do
		once
		cat "$scratch/stderr" >>"$scratch/said"
		[ "$(of_server)" != "$3" ] || break
	done
	is "$(of_server)" "$3" "$1: the others are taken within $2 connections"
	for _ in $(seq $(($4 * 2))); do
		sql "UPDATE patchmail.deferred_uid SET last_try = last_try - interval '2 seconds'"
		once
		cat "$scratch/stderr" >>"$scratch/said"
	done
	is "$(grep -c 'deferred: UID FETCH: .*from now on it is tried once an hour$' "$scratch/said")" "$4" \
		"$1: that is said, once"
	falls_short "$1: then" "^patchmaild: $1 INBOX: $4 deferred, to be tried again later\$"
	connections=$(commands connected)
	sql "UPDATE patchmail.deferred_uid SET last_try = last_try - interval '1 hour'"
	once
	is "$(commands connected) $code" "$((connections + 1)) 75" "$1: it is tried after an hour"
	sql "UPDATE patchmail.deferred_uid SET last_try = last_try - interval '1 hour'"
	configure_server "$1" honest attempts=2 poll_interval=1
	takes_all "$1: when the server works again, it"
	is "$(of_server)|$(standing)" "$all|INBOX 12 0 0" "$1: is taken"
}
but_two='01 03 04 05 06 07 08 09 10 11 12'
is_left_out dying-over-two 2 "$but_two" 1
is_left_out bye-over-two 2 "$but_two" 1
is_left_out unreadable-two 2 "$but_two" 1
is_left_out dying-ahead 4 '01 02 03 04 05 06 08 09 10 11 12' 1
is_left_out dying-over-few 7 '01 02 07 08 09 10 11 12' 4

# The service does so by itself.
configure_server followed followed attempts=2 poll_interval=1
start_service
ok 'the service takes the others' wait_until stands 'INBOX 12 1 0'
ok 'and leaves the one out' wait_until grep -q 'from now on it is tried once an hour' "$scratch/service.log"
sleep 3
ok 'that costs few connections' test "$(commands connected)" -le 4
stop_service
is "$(of_server)" "$but_two" 'the others are there'

# A mail that this side cannot keep: the folder for what does not fit into memory is not there.
mkdir "$scratch/servers/large"
for n in 01 02 03; do
	patch_mail "large-$n" "[PATCH] large $n" >"$scratch/servers/large/$n"
done
awk 'BEGIN { for (n = 0; n < 40000; n++) print "This mail is over a megabyte in size, and has many lines." }' \
	>>"$scratch/servers/large/02"
configure_server large honest poll_interval=1
export CACHE_DIRECTORY="$scratch/not-there"
falls_short 'a mail that cannot be kept' 'UID FETCH|the mail could not be kept'
once
is "$(of_server)" '01 03' 'the others are taken'
unset CACHE_DIRECTORY
sql "UPDATE patchmail.deferred_uid SET last_try = last_try - interval '2 seconds'"
takes_all 'when there is room'
is "$(of_server)" '01 02 03' 'it is taken as well'

# What is not a mail's trouble ----------------------------------------------------------------------------------------

# So many commands for mails at most, and so many that are noted.
ends_at() { # NAME COMMANDS PATTERN NOTED
	configure_server "$1" "$1"
	once
	is "$code" 75 "$1: exit code 75"
	like "$(tail -n 1 "$scratch/stderr")" "^patchmaild: $1: UID FETCH: .*$3" "$1: and says why"
	ok "$1: few are asked for" test "$(commands 'FETCH|NOOP')" -le "$2"
	ok "$1: few are noted" test "$(sql "SELECT count(*) FROM patchmail.deferred_uid d
		WHERE d.account = '$1' AND d.attempts > 0")" -le "$4"
	sql "UPDATE patchmail.deferred_uid SET last_try = last_try - interval '1 day'"
	configure_server "$1" honest
	takes_all "$1: when the server works again, all"
	is "$(of_server)|$(standing)" "$all|INBOX 12 0 0" "$1: are taken"
}
ends_at refusing-throttled 3 'Account exceeded command or bandwidth limits' 0
ends_at refusing-limit 3 'too much' 0
ends_at refusing-overquota 1 'Account exceeded command or bandwidth limits' 0
ends_at refusing-contact 3 'this account is looked at' 0
ends_at refusing-unavailable 7 'the storage is away.*one mail after the other' 2
ends_at refusing-serverbug 7 'Internal error.*one mail after the other' 2
ends_at refusing-inuse 7 'somebody repairs the mailbox.*one mail after the other' 2
ends_at refusing-noperm 7 'you may not read.*one mail after the other' 2
ends_at refusing-without-code 9 'there it is, but not for you.*one mail after the other' 3

# Many ----------------------------------------------------------------------------------------------------------------

case ${PATCHMAILD_EFFORT-} in
long) many=3000 kills=60 ;;
*) many=600 kills=8 ;;
esac

start_dovecot
# A mailbox of so many mails: <USER-N@example.org>.
fill() { # USER MAILS
	mkdir -p "$dovecot/mail/$1/new" "$dovecot/mail/$1/cur" "$dovecot/mail/$1/tmp"
	patch_mail "$1-NUMBER" '[PATCH] number NUMBER' >"$scratch/template"
	awk -v folder="$dovecot/mail/$1/new" -v mails="$2" '{ lines[NR] = $0 } END {
		for (n = 1; n <= mails; n++) {
			file = sprintf("%s/%06d.fill", folder, n)
			for (i = 1; i <= NR; i++) {
				line = lines[i]
				gsub(/NUMBER/, n, line)
				print line >file
			}
			close(file)
		}
	}' "$scratch/template"
	[ "$(id -u)" -ne 0 ] || chown -R nobody: "$dovecot/mail/$1"
}
left_in_inbox() {
	mailbox "$account" uids INBOX | wc -w
}
stored_mails() {
	sql "SELECT count(*) FROM patchmail.message m WHERE m.msgid LIKE '<$account-%'"
}
stored_some() {
	[ "$(stored_mails)" -gt 20 ]
}

# Killed at any moment: what is deleted is stored.
fill deleted "$many"
configure_dovecot deleted after=delete
lost=0 early=0
for n in $(seq "$kills"); do
	start_service
	sleep "$(printf '0.%03d' $((100 + n * 37 % 200)))"
	end_service KILL
	left=$(left_in_inbox)
	stored=$(stored_mails)
	[ $((left + stored)) -ge "$many" ] || lost=$((lost + 1))
	[ "$left" -eq 0 ] || early=$((early + 1))
	[ "$left" -gt 0 ] || break
done
is "$lost" 0 'killed while many are on their way: what is deleted is stored'
ok 'killed before it was done' test "$early" -gt 1
once
is "$code $(stored_mails) $(left_in_inbox)" "0 $many 0" 'the rest is taken, and all are deleted'
is "$(sql "SELECT deferred, unsettled FROM patchmail.imap WHERE account = 'deleted'")" '0|0' 'nothing is left over'

# SIGTERM: what is committed is committed, the rest is fetched again, and no mail is blamed.
fill ended "$many"
configure_dovecot ended after=seen
start_service
ok 'some are taken' wait_until stored_some
began=$(date +%s%N)
stop_service
milliseconds=$((($(date +%s%N) - began) / 1000000))
is "$code" 0 'it ends in the middle'
ok 'within two seconds' test "$milliseconds" -le 2000
is "$(sql "SELECT count(*) FROM patchmail.deferred_uid d
	WHERE d.account = 'ended' AND (d.attempts > 0 OR d.asked)")" 0 \
	'no mail is blamed'
once
is "$code $(stored_mails)" "0 $many" 'all are taken'
is "$(mailbox ended list INBOX | grep -c '\\Seen')" "$many" 'and flagged'

# A lease that is lost in the middle: the other one takes all, and nothing is taken twice.
fill leased "$many"
configure_dovecot leased after=seen
start_service
ok 'some are taken' wait_until stored_some
sql "UPDATE patchmail.cursor SET holder = 'another', held_until = now() - interval '1 second' WHERE account = 'leased'"
ok 'who has lost the account goes on only when it is free' wait_until sh -c '
	test "$(psql -XqAt -c "SELECT count(*) FROM patchmail.message WHERE starts_with(msgid, \$\$<leased-\$\$)")" \
		-eq "$1"' sh "$many"
stop_service
is "$(sql "SELECT count(*), count(DISTINCT msgid) FROM patchwork_patch WHERE msgid LIKE '<leased-%'")" "$many|$many" \
	'each once'

done_testing
