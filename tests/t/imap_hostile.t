#!/bin/sh
# patchmaild imap with servers that break down, lie and attack: it ends, or goes on, within its limits of time and
# memory, stores nothing that is no mail, and loses none: an honest server afterwards gives all that was not taken.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
need_python 'servers that are not honest'
start_database
fresh_database hostile
echo 'the secret' >"$scratch/password"
chmod 600 "$scratch/password"

most_memory=65536  # KiB
most_time=15000    # milliseconds
if grep -q __asan_init "$(dirname "$PATCHMAILD")/patchmaild-imap"; then
	most_memory=1000000 most_time=60000
	# libetpan forgets what it has read when an answer is not what it should be.
	echo 'leak:libetpan.so' >"$scratch/leaks"
	LSAN_OPTIONS=suppressions=$scratch/leaks:print_suppressions=0
	export LSAN_OPTIONS
fi

# All of them ---------------------------------------------------------------------------------------------------------

# A line each: behaviour; exit code, mails taken, what is said first; settings of the account; the mails that are there in
# the end, if not all.
cat >"$scratch/cases" <<'END'
honest|0|1 2 3|nothing
endless-greeting|75||the greeting: the server sends more than it was asked for
endless-line|75||UID SEARCH: the server's answer cannot be read: \* SEARCH F
endless-numbers|75||UID SEARCH: the server sends more than it was asked for
endless-lines|75||UID SEARCH: the server sends more than it was asked for
endless-line-in-fetch|75||UID FETCH: the server sends more than it was asked for
endless-flags-in-fetch|75||UID FETCH: the server sends more than it was asked for
endless-string|75||UID FETCH: the server sends more than it was asked for
literal-in-search|75||UID SEARCH: the server's answer cannot be read
literal-in-flags|75||EXAMINE: the server sends more than it was asked for
literal-too-long|75||UID FETCH: the server did not answer in time
literal-too-short|75||UID FETCH: the server's answer cannot be read
dying-in-literal|75||UID FETCH: the server closed the connection
dripping-literal|75||UID FETCH: the server did not answer in time
deep|75||UID FETCH: the server sends more than it was asked for
garbage|75||CAPABILITY: the server's answer cannot be read: 
garbage-greeting|75||the greeting: the server's answer cannot be read
garbage-in-fetch|75||UID FETCH: the server
broken-greeting|0|1 2 3|nothing
no-capabilities|0|1 2 3|nothing
pre-authenticated|75||the server takes us for somebody without a login
good-bye|75||the greeting: the server says not now
silent|75||the greeting: the server did not answer in time
silent-in-fetch|75||UID FETCH: the server did not answer in time
bye-and-silent|75||UID FETCH: the server did not answer in time
not-reading|75||CAPABILITY: the server did not answer in time
other-tag|75||UID SEARCH: the server's answer cannot be read: nonsense OK done
other-uid|75||UID FETCH: the server sent something else than the mail
no-uid|75||UID FETCH: the server sent something else than the mail
two-mails|75||UID FETCH: the server sent something else than the mail
two-bodies|75||UID FETCH: the server sent something else than the mail
header|75||INBOX UID 1: deferred: UID FETCH: the server gives nothing of the mail
no-uidvalidity|0|1 2 3|nothing
search-nonsense|0|1 2|nothing
many-exist|0|1 2 3|nothing
backwards-search|0|1 2 3|nothing
no-uidnext|0|1 2 3|nothing
huge-uids|0|1 2 3|nothing
talkative|0|1 2 3|nothing
quoting|0|1 2 3|nothing
nil|75||INBOX UID 1: deferred: UID FETCH: the server gives nothing of the mail
empty|75||INBOX UID 1: deferred: UID FETCH: the server gives nothing of the mail
refusing-one|75|2 3|INBOX UID 1: deferred: UID FETCH: the server says Internal error
refusing-gone|0|2 3|nothing
refusing-actions|75|1 2 3|INBOX UID 1: UID STORE: the server says you may not; it will be tried again|after=seen
bad-actions|75|1 2 3|INBOX UID 1: UID STORE: the server says I do not know that flag; it will be tried again|after=seen
refusing-token|75||the login: the server says the token has expired|auth=xoauth2
slow|0|1 2 3|nothing
bye-at-1|75||CAPABILITY: the server closed the connection: at once$
bye-at-2|75||the login: the server closed the connection
bye-at-3|75||CAPABILITY: the server closed the connection
bye-at-4|75||EXAMINE: the server closed the connection
bye-at-5|75||UID SEARCH: the server closed the connection
bye-at-6|75||UID FETCH: the server closed the connection
bye-at-7|75|1|UID FETCH: the server closed the connection
bye-at-8|0|1 2 3|nothing
bye-at-9|0|1 2 3|nothing
END
# A gigabyte of literal, on the disk, is borne.
[ "${PATCHMAILD_EFFORT-}" != long ] || cat >>"$scratch/cases" <<'END'
flooded-literal|75||UID FETCH: the server sends more than it was asked for
literal-over-all|75||UID FETCH: the server's answer cannot be read
END

while IFS='|' read -r name _ _ _ setting _; do
	three_mails "$name"
	set -- "$@" "$name=$name"
done <"$scratch/cases"
for name in idle-silent idle-refused renewing withheld; do
	three_mails "$name"
done
start_servers "$@" honest-then=anybody idle-silent=idle-without-answer idle-refused=refusing-idle \
	renewing=new-each-time \
	hanging=silent withheld=refusing-one

# One account and its server.  What comes of it goes into $scratch/NAME.*.
cat >"$scratch/meet" <<-'END'
	#!/bin/sh
	# SCRATCH PROGRAM NAME
	began=$(date +%s%N)
	code=0
	/usr/bin/time -q -f %M -o "$1/$3.peak" "$2" -c "$1/$3.conf" imap --once "$3" >"$1/$3.said" 2>&1 || code=$?
	echo $((($(date +%s%N) - began) / 1000000)) >"$1/$3.time"
	echo "$code" >"$1/$3.code"
END
chmod +x "$scratch/meet"
# What comes of each account goes into $scratch/NAME.*, and the mails that are taken then into $scratch/taken.
meet_all() { # NAME...
	printf '%s\n' "$@" | xargs -P 6 -n 1 "$scratch/meet" "$scratch" "$PATCHMAILD"
	sql "SELECT regexp_replace(m.msgid, '^<(.*)-(.)@.*', '\1 \2') FROM patchmail.message m ORDER BY m.msgid" \
		>"$scratch/taken"
}
within_limits() { # NAME
	read -r time <"$scratch/$1.time"
	peak=$(tail -n 1 "$scratch/$1.peak")
	echo "$time ms, $peak KiB"
	[ "$time" -le "$most_time" ] && [ "$peak" -le "$most_memory" ]
}
taken_of() { # NAME
	sed -n "s/^$1 //p" "$scratch/taken" | paste -s -d ' '
}

echo a-token >"$scratch/token"
chmod 600 "$scratch/token"
# The slow one begins first.
set -- dripping-literal
while IFS='|' read -r name _ _ _ setting _; do
	configure_server "$name" "$name" ${setting:+"$setting"}
	[ "$name" != refusing-token ] || sed -i "s|^\(password_file *= *\).*|\1$scratch/token|" "$conf"
	[ "$name" = dripping-literal ] || set -- "$@" "$name"
done <"$scratch/cases"

# Services go on with what they can, and end at SIGTERM.  They run beside the others.
for name in idle-silent idle-refused renewing hanging; do
	seconds=1
	[ "$name" != hanging ] || seconds=60
	configure_server "$name" "$name" "command_timeout=$seconds"
	"$PATCHMAILD" -c "$conf" imap "$name" >"$scratch/$name.said" 2>&1 &
	at_end="kill $! 2>/dev/null || :; $at_end"
	echo $! >"$scratch/$name.pid"
done
began=$(date +%s)
meet_all "$@"
lines_of() { # NAME PATTERN: how many the server got
	grep -cE "$2" "$scratch/servers/$1.record" || :
}
ok 'IDLE that is not answered is reported' wait_until grep -q 'IDLE: the server did not answer in time' \
	"$scratch/idle-silent.said"
ok 'IDLE that is refused is reported' wait_until grep -q "IDLE: the server's answer cannot be read" \
	"$scratch/idle-refused.said"
seconds=$(($(date +%s) - began))
# 1, 2, 4 seconds and so on, give or take a half.
for name in idle-silent idle-refused; do
	ok "$name: it is tried, ever less often" test "$(lines_of "$name" connected)" -le $((seconds / 2 + 4))
done
ok 'a new UIDVALIDITY each time: it is not read without a pause' test "$(lines_of renewing EXAMINE)" -le 4
for name in idle-silent idle-refused renewing hanging; do
	read -r service <"$scratch/$name.pid"
	[ "$name" = hanging ] || is "$(taken "$name-")" "$name-1 $name-2 $name-3" "$name: mail is taken"
	ok "$name: in little memory" test "$(peak_memory)" -le "$most_memory"
	began=$(date +%s)
	stop_service
	is "$code" 0 "$name: it ends"
	ok "$name: in time" test $(($(date +%s) - began)) -le 10
done

while IFS='|' read -r name code taken said _; do
	got=$(cat "$scratch/$name.code")
	is "$got $(taken_of "$name")" "$code $taken" "$name: $code${taken:+, and $taken taken}"
	like "$(head -n 1 "$scratch/$name.said" | grep . || echo nothing)" "$said" "$name: what it says"
	ok "$name: in time and in little memory" within_limits "$name"
done <"$scratch/cases"

# A mail that the server does not hand over is asked for less often in time.
configure_server withheld withheld attempts=2 poll_interval=1
wait_a_little() {
	sql "UPDATE patchmail.deferred_uid SET last_try = last_try - interval '2 seconds'"
}
falls_short 'a mail that is withheld' 'UID 1: deferred: UID FETCH: the server says Internal error$'
wait_a_little
falls_short 'for the last time in a row' 'UID 1: deferred: .* Internal error; from now on it is tried once an hour$'
wait_a_little
falls_short 'then' 'withheld INBOX: 1 deferred, to be tried again later'

# Afterwards an honest server has the same mails.
sql "UPDATE patchmail.deferred_uid SET last_try = last_try - interval '1 day'"
set --
while IFS='|' read -r name code taken _; do
	[ "$code $taken" != '0 1 2 3' ] || continue
	configure_server "$name" honest-then
	set -- "$@" "$name"
done <"$scratch/cases"
meet_all "$@"
while IFS='|' read -r name code taken _ _ all; do
	[ "$code $taken" != '0 1 2 3' ] || continue
	is "$(cat "$scratch/$name.code") $(taken_of "$name")" "0 ${all:-1 2 3}" "$name: nothing is lost"
done <"$scratch/cases"
is "$(sql "SELECT count(*) FROM patchmail.quarantine")" 0 'nothing that came is in quarantine'
is "$(sql "SELECT count(*) FROM patchmail.message WHERE msgid !~ '^<[a-z0-9-]+-[123]@example.org>$'")" 0 \
	'no other mail is in the ledger'
is "$(sql "SELECT count(*) FROM patchwork_patch WHERE content <> E'It changes a line.\n---'
	OR diff NOT LIKE E'%+new\n'")" 0 \
	'the mails are whole'

done_testing
