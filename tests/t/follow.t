#!/bin/sh
# patchmaild follow reads a public-inbox archive as it grows, whoever brings the commits there: every mail once, new
# epochs too, rewritten history anew; whatever happens to the archive, the command, the database or the process.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/follow.sh
. "$top_srcdir/tests/t/follow.sh"
need_program git 'following an archive'

case ${PATCHMAILD_EFFORT-} in
long) kills=1000 ;;
*) kills=10 ;;
esac

start_database
fresh_database follow

says_nothing() { # NAME: the service ends at SIGTERM, and has said nothing
	stop_service
	is "$code $(cat "$scratch/service.log")" '0 ' "$1"
}

# As it grows ---------------------------------------------------------------------------------------------------------

configure grows interval=3600
first=$inbox/git/0.git second=$inbox/git/1.git
make_epoch "$first"
takes_all 'a repository without a commit'
commit_patches "$first" grows-1 grows-2 grows-3
takes_all '--once takes what is there'
is "$(taken grows-)" 'grows-1 grows-2 grows-3' 'in its order'
ok 'the marks are at the newest commits' has_read_all
takes_all 'and once more'
is "$(taken grows-)" 'grows-1 grows-2 grows-3' 'once'

start_service
waits() {
	sql "SELECT held_until > now() FROM patchmail.archives WHERE archive = '$archive'" | grep -q t
}
ok 'it follows the archive' wait_until waits
commit_patches "$first" grows-4
ok 'a commit is taken, though the interval is an hour' wait_until has_taken grows-4 grows-4
git -C "$first" pack-refs --all
commit_patches "$first" grows-5
ok 'so it is after the references were packed' wait_until has_taken grows-5 grows-5
make_epoch "$second"
commit_patches "$second" grows-6
ok 'a new epoch' wait_until has_taken grows-6 grows-6
commit_patches "$first" grows-7
commit_patches "$second" grows-8
ok 'both' wait_until has_taken grows-8 grows-8
ok 'both of them' wait_until has_taken grows-7 grows-7
commit "$second" d "$scratch/mail.grows-6"
commit_patches "$second" grows-9
ok 'what the archive deletes later' wait_until has_taken grows-9 grows-9
is "$(taken grows-6)" grows-6 'stays'

# Another process
run -c "$conf" follow --once grows
is "$code $(cat "$scratch/stderr")" \
	"75 patchmaild: grows: another process follows the archive grows: process $service of $(uname -n)" \
	'another one has to wait'
"$PATCHMAILD" -c "$conf" follow grows >"$scratch/second.log" 2>&1 &
other=$!
at_end="kill $other 2>/dev/null || :; $at_end"
ok 'so has a second service' wait_until grep -q 'another process follows the archive grows' "$scratch/second.log"
says_nothing 'it ends'
commit_patches "$second" grows-10
ok 'then the second one takes mail' wait_until has_taken grows-10 grows-10
service=$other
end_service KILL
start_service
commit_patches "$second" grows-11
ok 'after one that was killed nobody waits' wait_until has_taken grows-11 grows-11

# An admin wants all anew
sql "UPDATE patchmail.archive_mark SET moved = '2026-01-01Z'" >/dev/null
is "$(sql "SELECT patchmail.forget_archive('grows')")" 2 'an admin has it read anew'
commit_patches "$first" grows-12
read_anew() {
	[ "$(sql "SELECT count(*) FROM patchmail.archives WHERE archive = 'grows' AND moved > '2026-01-02Z'")" = 2 ]
}
ok 'both repositories are' wait_until read_anew
ok 'and what is new is taken' wait_until has_taken grows-12 grows-12
ok 'to the end' wait_until has_read_all
stop_service

# A mail that was deleted before anybody saw it, and one that needs no mark
commit_patches "$second" grows-13 grows-14
commit "$second" d "$scratch/mail.grows-13"
takes_all 'a mail that is deleted'
is "$(taken grows-13)$(taken grows-14)" grows-14 'is not taken, the next one is'

# Rewritten history
rewrite() { # REPOSITORY: its last commit becomes another one
	git -C "$1" update-ref refs/heads/master master~1
}
rewrite "$first"
commit_patches "$first" grows-15
once
like "$code $(cat "$scratch/stderr")" '^0 patchmaild: grows: .*/0.git: its history was rewritten: it is read anew' \
	'rewritten history is noticed'
is "$(taken grows-1 | wc -w) $(taken grows-15)" '6 grows-15' 'it is read anew, and what is known is known'
takes_all 'once'
start_service
ok 'while it is followed' wait_until waits
git -C "$first" update-ref refs/heads/master master~2
commit_patches "$first" grows-16
ok 'it is noticed too' wait_until has_taken grows-16 grows-16
stop_service
is "$code $(grep -c 'its history was rewritten' "$scratch/service.log")" '0 1' 'and that is said once'

# Where it is and is not ----------------------------------------------------------------------------------------------

configure moves interval=1
falls_short 'an archive that is not there' 'moves: .*/moves: '
mkdir "$inbox"
falls_short 'a folder without a repository' 'moves: .*/moves: there is no public-inbox repository'
start_service
ok 'the service says so' wait_until service_says 'moves: .*/moves: there is no public-inbox repository'
make_epoch "$inbox/git/0.git"
commit_patches "$inbox/git/0.git" moves-1
ok 'and waits for it' wait_until has_taken moves-1 moves-1
mkdir "$scratch/elsewhere"
cp -Rp "$inbox/." "$scratch/elsewhere"
commit_patches "$scratch/elsewhere/git/0.git" moves-2
sed -i "s|^path=.*|path=$scratch/elsewhere|" "$conf"
kill -HUP "$service"
ok 'SIGHUP: another path' wait_until has_taken moves-2 moves-2
ok 'a copy of the same is gone on with' sh -c '! grep "anew" "$1"' sh "$scratch/service.log"
sed -i 's|^interval=.*|interval=never|' "$conf"
kill -HUP "$service"
ok 'SIGHUP: a bad configuration' wait_until service_says 'moves: not reloaded: .*interval.* has to be'
commit_patches "$scratch/elsewhere/git/0.git" moves-3
ok 'is not used' wait_until has_taken moves-3 moves-3
stop_service
is "$code" 0 'it ends'
git init -q "$scratch/code"
git -C "$scratch/code" -c user.name=A -c user.email=a@example.org commit -q --allow-empty -m x
printf 'int x;\n' >"$scratch/code/x.c"
git -C "$scratch/code" add x.c
git -C "$scratch/code" -c user.name=A -c user.email=a@example.org commit -q -m x
configure code "path=$scratch/code"
falls_short 'a repository of something else' 'code: .*none of public-inbox'
run -c "$conf" follow nothing
is "$code" 78 'an archive that is not in the configuration'
like "$(cat "$scratch/stderr")" 'there is no \[archive nothing\]' 'is told'

# A repository that cannot be read
configure torn interval=1
make_epoch "$inbox/git/0.git" "$inbox/git/1.git"
commit_patches "$inbox/git/0.git" torn-1 torn-2
commit_patches "$inbox/git/1.git" torn-3
torn=$inbox/git/0.git/objects/$(git -C "$inbox/git/0.git" rev-parse master~1:m | sed 's|^..|&/|')
mv "$torn" "$scratch/object"
start_service
ok 'a torn repository' wait_until service_says 'torn: .*/0.git: '
ok 'the others are read' wait_until has_taken torn-3 torn-3
is "$(taken torn-1)$(taken torn-2)" '' 'nothing after the hole is taken'
mv "$scratch/object" "$torn"
ok 'when it is whole again it is gone on with' wait_until has_taken torn-2 torn-2
is "$(taken torn-1)" torn-1 'without a gap'
sleep 2
stop_service
is "$(grep -c '0.git: ' "$scratch/service.log")" 1 'it is said once'

# The command ---------------------------------------------------------------------------------------------------------

mkdir "$scratch/bin"
cat >"$scratch/bin/fetch" <<-END
	#!/bin/sh
	echo "\$PATCHMAILD_ARCHIVE" >>"$scratch/fetched"
	. "$scratch/bin/does"
END
chmod +x "$scratch/bin/fetch"
runs() { # TIMES: the command was run so often or more
	[ "$(wc -l <"$scratch/fetched")" -ge "$1" ]
}

configure mirror interval=1 "command=$scratch/bin/fetch"
make_epoch "$scratch/origin.git"
commit_patches "$scratch/origin.git" mirror-1
echo "git clone -q --mirror '$scratch/origin.git' '$inbox/git/0.git'" >"$scratch/bin/does"
takes_all '--once runs the command first'
is "$(taken mirror-)" mirror-1 'and takes what it brings'
echo "exec git -C '$inbox/git/0.git' fetch -q" >"$scratch/bin/does"
start_service
ok 'the command is run' wait_until runs 2
commit_patches "$scratch/origin.git" mirror-2
ok 'and again' wait_until has_taken mirror-2 mirror-2
printf '%s\n' 'echo "no route to the mirror" >&2' 'exit 3' >"$scratch/bin/does"
ok 'a command that fails' wait_until service_says 'mirror: the command ended by exit status 3: no route to the mirror$'
: >"$scratch/fetched"
ok 'is run again' wait_until runs 2
echo "exec git -C '$inbox/git/0.git' fetch -q" >"$scratch/bin/does"
commit_patches "$scratch/origin.git" mirror-3
ok 'until it works' wait_until has_taken mirror-3 mirror-3
stop_service
is "$code $(grep -c . "$scratch/service.log")" '0 1' 'its failure is said once'

echo 'sleep 600 & wait' >"$scratch/bin/does"
configure mirror interval=1 "command=$scratch/bin/fetch" command_timeout=1
start_service
ok 'a command that hangs is ended' wait_until service_says 'mirror: the command took longer than 1 seconds'
git -C "$inbox/git/0.git" fetch -q
stop_service
configure mirror interval=3600 "command=$scratch/bin/fetch"
: >"$scratch/fetched"
echo "echo \$\$ >'$scratch/pid'; exec sleep 600" >"$scratch/bin/does"
start_service
ok 'while a command runs' wait_until test -s "$scratch/pid"
commit_patches "$inbox/git/0.git" mirror-4
ok 'what comes is taken' wait_until has_taken mirror-4 mirror-4
stop_service
is "$code" 0 'it ends'
ok 'and with it the command' sh -c '! kill -0 "$(cat "$1")" 2>/dev/null' sh "$scratch/pid"
configure mirror interval=1 "command=$scratch/bin/nothing"
falls_short 'a command that is not there' 'mirror: .*/bin/nothing: No such file or directory'

# What cannot be stored -----------------------------------------------------------------------------------------------

# Mail 30 of 300 goes to quarantine, which does not work: nothing passes it, whatever batch it is in.
configure order interval=1 '[patchmaild]' timeout=10
make_epoch "$inbox/git/0.git"
{ header order-30 '[PATCH] quarantined' && printf 'X-Long: %s\n' "$(head -c 3000000 /dev/zero | tr '\0' x)" && echo; } \
	>"$scratch/mail.order-30"
ids=$(seq -f 'order-%g' 1 29) more=$(seq -f 'order-%g' 31 300)
# shellcheck disable=SC2086 # words
commit_patches "$inbox/git/0.git" $ids
commit "$inbox/git/0.git" m "$scratch/mail.order-30"
before=$(git -C "$inbox/git/0.git" rev-parse master~1)
# shellcheck disable=SC2086
commit_patches "$inbox/git/0.git" $more
sql "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no room''; END';
	CREATE TRIGGER refuse BEFORE INSERT ON patchmail.quarantine FOR EACH ROW EXECUTE FUNCTION refuse()"
falls_short 'a mail that cannot be stored' 'no room'
is "$(sql "SELECT split_part(mark, ' ', 1) FROM patchmail.archives WHERE archive = 'order'")" "$before" \
	'no mark passes it'
start_service
ok 'the service says so' wait_until service_says 'order .*: deferred: .*no room'
sql 'DROP TRIGGER refuse ON patchmail.quarantine'
ok 'and goes on when it can' wait_until has_taken order-300 order-300
ok 'to the end' wait_until has_read_all
stop_service
is "$(taken order- | wc -w) $(sql 'SELECT count(*) FROM patchmail.quarantine')" '299 1' 'every mail is taken once'

# The database is away
configure away interval=3600
sed -i 's/^conninfo=/connect_timeout=1\n&/' "$conf"
make_epoch "$inbox/git/0.git"
commit_patches "$inbox/git/0.git" away-1
start_service
ok 'it takes mail' wait_until has_taken away-1 away-1
pg_control -m immediate stop
commit_patches "$inbox/git/0.git" away-2
ok 'the database is away' wait_until service_says 'away: '
pg_control start
ok 'then what came is taken' wait_until has_taken away-2 away-2
stop_service
is "$code $(grep -vc 'away: ' "$scratch/service.log" || :)" '0 0' 'it ends'

# Killed --------------------------------------------------------------------------------------------------------------

configure killed interval=1
mails=$scratch/mails
mkdir "$mails"
for epoch in $(seq 0 19); do
	make_epoch "$inbox/git/$epoch.git"
	write_thread "$epoch"
	commit "$inbox/git/$epoch.git" m "$mails/$epoch-"*
done
fresh_database killed
configure killed interval=1
takes_all '20 epochs'
state_of killed >"$scratch/whole"
PGDATABASE=postgres
fresh_database again
configure killed interval=1
for kill in $(seq "$kills"); do
	start_service
	sleep "0.$(printf %03d $(($(od -An -N2 -tu2 /dev/urandom) % 400)))"
	end_service KILL
	# All over again, sooner or later.
	[ $((kill % 20)) -ne 0 ] || sql "SELECT patchmail.forget_archive('killed')" >/dev/null
done
takes_all "after $kills kills the rest is taken"
ok 'the marks are at the end' has_read_all
is "$(state_of again)" "$(cat "$scratch/whole")" 'nothing is missing, nothing is there twice'

done_testing
