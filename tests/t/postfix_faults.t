#!/bin/sh
# Whatever happens to the database, to patchmaild or to its configuration while a real Postfix delivers: no mail is sent
# back, none stays in the queue once it is over, and the database is the one that an import of the same mails makes.
#
# Of the mails of each fault some come before it and are on their way when it is made, the others while it lasts.
# With PATCHMAILD_EFFORT=long there are 1,000 of each fault, and pipe(8) alone has a turn of its own.
# FAULTS='frozen crowded' tries these faults of the database alone.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/service.sh
. "$top_srcdir/tests/t/service.sh"
# shellcheck source=tests/t/faults.sh
. "$top_srcdir/tests/t/faults.sh"
# shellcheck source=tests/t/postfix.sh
. "$top_srcdir/tests/t/postfix.sh"
need_postfix 'faults while Postfix delivers'

case ${PATCHMAILD_EFFORT-} in
long) threads=111 patience=600 kills=50 turns='pipe handed+spawn+listen' ;;
*) threads=3 patience=90 kills=7 turns='pipe+handed+spawn+listen' ;;
esac

# Mails ---------------------------------------------------------------------------------------------------------------

mails=$scratch/mails
mkdir "$mails"
for thread in $(seq "$threads"); do
	write_thread "$thread"
done
# For a disk that is full: small mails may find room on it.
{
	header large '[PATCH] large'
	printf '\nIt adds lines.\n---\ndiff --git a/file b/file\n--- a/file\n+++ b/file\n@@ -0,0 +1,4000 @@\n'
	yes "+$(printf '%048d' 0)" | head -n 4000
} >"$mails/large"
count=$(find "$mails" -type f | wc -l)

start_database
fresh_database imported
ok 'import' "$PATCHMAILD" -c "$conf" import "$mails"
state_of imported >"$scratch/imported"

# Postfix -------------------------------------------------------------------------------------------------------------

PGDATABASE=postgres
fresh_database faults
printf '%s\n' 'connect_timeout=1' '[patchmaild]' 'timeout=2' >>"$conf"
{ cat "$conf" && printf '[lmtp]\nsocket=%s\n' "$scratch/run/lmtp"; } >"$conf.handed"
protect "$conf" "$conf.handed"
configure_postfix
add_samples
# pipe(8) to a patchmaild that hands its mail on to the one that listens.
sed -n '/^patchmaild .*pipe$/,/argv=/p' "$etc/master.cf" |
	sed -e 's/^patchmaild /handed /' -e "s|-c $conf|&.handed|" >"$scratch/handed.cf"
cat "$scratch/handed.cf" >>"$etc/master.cf"
echo 'handed_destination_recipient_limit = 1' >>"$etc/main.cf"
cat >>"$etc/transport" <<END
pipe@lists.example.org patchmaild:
handed@lists.example.org handed:
spawn@lists.example.org patchmaild-lmtp:unix:private/patchmaild-spawn
listen@lists.example.org patchmaild-lmtp:unix:$scratch/run/lmtp
END
postmap "$etc/transport"
start_postfix
prepare_faults
start_listener

# An empty database in the place of the one before.
renew() {
	PGDATABASE=postgres
	dropdb --force faults
	if can_fault disk-full; then
		createdb -T template -D small --strategy=file_copy faults
	else
		createdb -T template --strategy=file_copy faults
	fi
	PGDATABASE=faults
	sql "SELECT patchmail.add_project('demo', 'Demo', 'demo.example.org', 'demo@example.org')" >/dev/null
}

# The mails in a random order, in two halves.  The large one comes last.
lay_out() {
	find "$mails" -type f ! -name large | shuf >"$scratch/order"
	head -n $((count / 2)) "$scratch/order" >"$scratch/first"
	tail -n +$((count / 2 + 1)) "$scratch/order" >"$scratch/second"
	echo "$mails/large" >>"$scratch/second"
}

# By each way of $ways in turn.
send_half() { # FILE
	way_number=0
	for way in $ways; do
		way_number=$((way_number + 1))
		# shellcheck disable=SC2046 # files
		set -- "$1" $(awk -v n="$way_number" -v ways="$(echo "$ways" | wc -w)" 'NR % ways == n % ways' "$1")
		half=$1
		shift
		[ $# -eq 0 ] || send_to "$way@lists.example.org" "$@"
		set -- "$half"
	done
}

deferrals() { # WAY
	grep -c "to=<$1@.*status=deferred" "$postfix/log" || :
}
note_deferrals() {
	for way in $ways; do
		deferrals "$way" >"$scratch/deferred-$way"
	done
}
one_more_deferred() { # by each way
	for way in $ways; do
		[ "$(deferrals "$way")" -gt "$(cat "$scratch/deferred-$way")" ] || {
			echo "none by $way"
			return 1
		}
	done
}

all_deferred() {
	wait_until one_more_deferred || one_more_deferred
}

# What every turn ends with.
comes_out_right() { # NAME
	ok "$1: the queue is empty in the end" drain "$patience"
	state_of faults >"$scratch/state"
	ok "$1: the same database as by import" diff "$scratch/imported" "$scratch/state"
	is "$(sql 'SELECT count(*), count(DISTINCT msgid) FROM patchmail.message') $(bounces)" "$count|$count 0" \
		"$1: each mail is stored once, and none is sent back"
}

begin_turn() {
	renew
	lay_out
	note_deferrals
}

# The database --------------------------------------------------------------------------------------------------------

# What lasts until it is mended defers mail.
lasts() { # FAULT
	case $1 in
	restarted | backends | reinstalled) return 1 ;;
	esac
}

faulty_turn() { # FAULT
	begin_turn
	send_half "$scratch/first" &
	first_half=$!
	make_fault "$1"
	wait "$first_half"
	send_half "$scratch/second"
	! lasts "$1" || ok "$turn, $1: mail is deferred" all_deferred
	mend_fault "$1"
	comes_out_right "$turn, $1"
}

# patchmaild ----------------------------------------------------------------------------------------------------------

# Kills one of its processes after the other, parsers too, until the file $scratch/enough is there; prints how many.
kill_at_random() {
	"$python" -IS - "$scratch/programs/" "$scratch/enough" <<-'END'
		import os, random, signal, sys, time
		kills = 0
		def ours(pid):
		    try:
		        return os.readlink("/proc/%d/exe" % pid).startswith(sys.argv[1])
		    except OSError:
		        return False
		while not os.path.exists(sys.argv[2]):
		    pids = [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if ours(pid)]
		    if pids:
		        try:
		            os.kill(random.choice(pids), signal.SIGKILL)
		            kills += 1
		        except ProcessLookupError:
		            pass
		    time.sleep(random.uniform(0, 0.1))
		print(kills)
	END
}

killing_turn() {
	begin_turn
	rm -f "$scratch/enough"
	kill_at_random >"$scratch/kills" &
	killer=$!
	send_half "$scratch/first"
	send_half "$scratch/second"
	for _ in $(seq 10); do
		run_queue
		sleep 0.2
	done
	: >"$scratch/enough"
	wait "$killer"
	ok "$turn, patchmaild killed at random: at least $kills times" test "$(cat "$scratch/kills")" -ge "$kills"
	comes_out_right "$turn, patchmaild killed at random"
}

# Its configuration ---------------------------------------------------------------------------------------------------

break_configuration() { # HOW
	case $1 in
	'a key that is none') echo 'nonsense=1' | tee -a "$conf" "$conf.handed" >/dev/null ;;
	'another database') sed -i 's/dbname=[^ ]*/dbname=nowhere/' "$conf" "$conf.handed" ;;
	'not to be read') chmod 0 "$conf" "$conf.handed" ;;
	gone) rm "$conf" "$conf.handed" ;;
	esac
}

mend_configuration() {
	cp "$scratch/good.conf" "$conf"
	cp "$scratch/good.conf.handed" "$conf.handed"
	protect "$conf" "$conf.handed"
}

misconfigured_turn() {
	begin_turn
	cp "$conf" "$scratch/good.conf"
	cp "$conf.handed" "$scratch/good.conf.handed"
	part=0
	for how in 'a key that is none' 'another database' 'not to be read' gone; do
		part=$((part + 1))
		cat "$scratch/first" "$scratch/second" | awk -v part=$part 'NR % 4 == part % 4' >"$scratch/part"
		note_deferrals
		break_configuration "$how"
		# Who runs has read it already.
		signal_programs TERM
		send_half "$scratch/part"
		ok "$turn, configuration $how: mail is deferred" all_deferred
		mend_configuration
		run_queue
	done
	comes_out_right "$turn, configuration broken and mended"
}

# Postfix itself ------------------------------------------------------------------------------------------------------

aborted_turn() {
	begin_turn
	send_half "$scratch/first"
	postfix_do abort
	wait_until sh -c "! postfix -c '$etc' status" || fail 'Postfix does not end'
	postfix_do start
	wait_until port_answers
	send_half "$scratch/second"
	comes_out_right "$turn, Postfix aborted"
}

for turn in $turns; do
	ways=$(echo "$turn" | tr '+' ' ')
	for fault in ${FAULTS:-$faults}; do
		if can_fault "$fault"; then
			faulty_turn "$fault"
		else
			skip "$turn, $fault" 'not possible here'
		fi
	done
	killing_turn
	misconfigured_turn
	aborted_turn
done

done_testing
