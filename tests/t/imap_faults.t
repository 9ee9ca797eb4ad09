#!/bin/sh
# patchmaild imap takes every mail once: however often the connection breaks, wherever, whatever happens to the
# database, and whenever the process is killed, in the end the database is the one that an import of the same mails
# makes, and every mail has been moved, once.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
# shellcheck source=tests/t/dovecot.sh
. "$top_srcdir/tests/t/dovecot.sh"
# shellcheck source=contrib/conformance-lib.sh
. "$top_srcdir/contrib/conformance-lib.sh"
need_dovecot 'a mailbox of Dovecot over a bad network'

case ${PATCHMAILD_EFFORT-} in
long) threads=12 step=13 kills=200 ;;
*) threads=2 step=250 kills=15 ;;
esac

start_database
start_dovecot
mails=$scratch/mails
mkdir "$mails"
for thread in $(seq "$threads"); do
	write_thread "$thread"
done
count=$(find "$mails" -type f | wc -l)
ids=$(sed -n 's/^Message-ID: <\(.*\)@example.org>$/\1/p' "$mails"/* | sort)

fresh_database imported
ok 'import' "$PATCHMAILD" -c "$conf" import "$mails"
state_of imported >"$scratch/imported"

# An account of that name with a database of its own, which moves what it has taken.
begin() { # NAME LINE...
	begin_name=$1
	shift
	PGDATABASE=postgres
	fresh_database "$begin_name"
	mailbox "$begin_name" create Done
	configure_dovecot "$begin_name" after=move folder=Done command_timeout=5 attempts=1000 "$@"
}

append_all() { # the mails, in any order
	find "$mails" -type f | shuf | xargs "$python" -IS "$top_srcdir/tests/t/mailbox.py" "$imap_port" "$account" \
		"$scratch/password" append INBOX
}

# What is left is taken, and then all is as it should be.
comes_out_right() { # NAME
	right_name=$1
	plan
	for _ in $(seq 50); do
		once
		[ "$code" -ne 0 ] || break
		sleep 0.1
	done
	is "$code $(cat "$scratch/stderr")" '0 ' "$right_name: what is left is taken"
	state_of "$account" >"$scratch/state"
	ok "$right_name: the same database as by import" diff "$scratch/imported" "$scratch/state"
	is "$(sql "SELECT unsettled, deferred FROM patchmail.imap")" '0|0' "$right_name: nothing is left to be done"
	is "$(mailbox "$account" uids INBOX)" '' "$right_name: every mail is moved"
	is "$(mailbox "$account" list Done | sed 's/.* //' | sort)" "$ids" "$right_name: once"
}

# Runs it with each of these plans for the proxy until one run has taken all that is there.
endure() { # NAME WORD NUMBER...
	endure_name=$1 endure_word=$2
	shift 2
	others=0 broken=0
	for endure_number; do
		plan "$endure_word" "$endure_number"
		once
		case $code in
		0) ;;
		75) broken=$((broken + 1)) ;;
		*) others=$((others + 1)) ;;
		esac
	done
	is "$others" 0 "$endure_name: no run ends otherwise than with 0 or 75"
	ok "$endure_name: the connection did break" test "$broken" -gt 0
}

# The network ---------------------------------------------------------------------------------------------------------

start_proxy "$imap_port"
begin cut tls=none host=127.0.0.1 "port=$proxy_port"
append_all
# The first mail comes after about 1,900 bytes, and goes after 150 that we send.
# shellcheck disable=SC2046 # numbers
endure 'broken off by the server' cut-in $(seq 1 "$step" 4000)
# shellcheck disable=SC2046
endure 'broken off after our words' cut-out $(seq 1 $((step / 7)) 400)
comes_out_right 'broken off'

begin dripping tls=starttls "port=$proxy_port"
append_all
plan drip 1
takes_all 'byte by byte, with TLS'
comes_out_right 'byte by byte'

begin bad "port=$proxy_port" tls=starttls
append_all
# shellcheck disable=SC2046
endure 'pieces that come twice, with TLS' repeat $(seq 1 "$((step * 5))" 8000)
plan delay 30
once
is "$code" 0 'pieces that come late'
comes_out_right 'twice and late'

# The database --------------------------------------------------------------------------------------------------------

begin database
start_service
for file in $(find "$mails" -type f | shuf); do
	mailbox database append INBOX "$file"
done &
appending=$!
for how in fast immediate; do
	sleep 0.5
	pg_control -m "$how" stop
	sleep 0.2
	pg_control start
done
wait "$appending"
ok 'the database goes, and comes back' wait_until sh -c '
	test "$(psql -XqAt -c "SELECT count(*) FROM patchmail.message")" -eq "$1"' sh "$count"
stop_service
is "$code" 0 'it goes on'
comes_out_right 'without a database'

# The process ---------------------------------------------------------------------------------------------------------

random_below() { # MILLISECONDS: as seconds
	od -An -N2 -tu2 /dev/urandom | awk -v n="$1" '{ printf "%.3f", $1 / 65536 * n / 1000 }'
}

begin killed
mailbox killed append INBOX "$mails/1-c"
began=$(date +%s%N)
once
milliseconds=$((($(date +%s%N) - began) / 1000000))
least=$((milliseconds / 10))
find "$mails" -type f ! -name 1-c | shuf >"$scratch/order"
unfinished=0
appended=1
for kill in $(seq "$kills"); do
	# Some mails more for each: what there is at the end is enough for the last ones.
	portion=$(awk -v kills="$kills" -v kill="$kill" 'int(NR * kills / '"$count"') + 1 == kill' "$scratch/order")
	# shellcheck disable=SC2086 # files
	set -- $portion
	[ $# -eq 0 ] || mailbox killed append INBOX "$@"
	appended=$((appended + $#))
	start_service
	sleep "$(random_below "$milliseconds")"
	end_service KILL
	# Most are to come before it is done, however fast the machine is just now.
	if [ "$(sql 'SELECT count(*) FROM patchmail.message')" -eq "$appended" ]; then
		[ "$milliseconds" -le "$least" ] || milliseconds=$((milliseconds * 3 / 4))
	else
		milliseconds=$((milliseconds * 11 / 10))
		unfinished=$((unfinished + 1))
	fi
done
ok 'killed before it was done' test "$unfinished" -gt $((kills / 5))
comes_out_right 'killed'

# Mail of lists -------------------------------------------------------------------------------------------------------

# What a mailbox with the mails of a folder gives, in a random order, is what an import of them gives.
same_as_by_import() { # NAME TEMPLATE FOLDER
	find "$3" -type f | sort >"$scratch/list-order"
	count=$(wc -l <"$scratch/list-order")
	sort -R "$scratch/list-order" >"$scratch/list-shuffled"
	PGDATABASE=postgres
	createdb -T "$2" "$1-imported"
	createdb -T "$2" "$1"
	export PGDATABASE="$1-imported"
	# shellcheck disable=SC2046 # files
	ok "$1: import" "$PATCHMAILD" import $(cat "$scratch/list-order")
	state_of "$1-imported" >"$scratch/imported"
	PGDATABASE=$1
	mailbox "$1" create Done
	configure_dovecot "$1" after=move folder=Done
	start_service
	xargs "$python" -IS "$top_srcdir/tests/t/mailbox.py" "$imap_port" "$1" "$scratch/password" append INBOX \
		<"$scratch/list-shuffled"
	ok "$1: all are taken" wait_until sh -c '
		test "$(psql -XqAt -F " " -c "SELECT last_uid, unsettled, (SELECT count(*) FROM patchmail.deferred_uid)
			FROM patchmail.imap")" = "$1 0 0"' sh \
			"$count"
	stop_service
	state_of "$1" >"$scratch/state"
	ok "$1: the same database as by import" diff "$scratch/imported" "$scratch/state"
	is "$(mailbox "$1" uids Done | wc -w)" "$count" "$1: all are moved"
}

# The mails of an mbox, the first so many of them, each in a file of the folder.
split_mbox() { # MBOX FOLDER MAILS
	"$python" - "$1" "$2/$(basename "$1" .mbox)" "$3" <<-'END'
		import itertools, mailbox, sys
		for n, mail in enumerate(itertools.islice(mailbox.mbox(sys.argv[1]), int(sys.argv[3]))):
		    text = mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\0", b"")
		    with open("%s-%05d.eml" % (sys.argv[2], n), "wb") as file:
		        file.write(text)
	END
}

mkdir "$scratch/our-mails" "$scratch/list-mails"
for mbox in "$top_srcdir"/tests/threads/*.mbox; do
	split_mbox "$mbox" "$scratch/our-mails" 400
done
fresh_database patches
sql "SELECT patchmail.add_project('patches', 'Patches', 'patches.lists.example.org', 'patches@lists.example.org')" \
	>/dev/null
same_as_by_import threads patches "$scratch/our-mails"

if [ "${PATCHMAILD_EFFORT-}" != long ]; then
	skip 'the mail of whole lists' 'only with PATCHMAILD_EFFORT=long'
	done_testing
fi
have_real 'the mail of whole lists' "$data/lists" || done_testing
for mbox in "$data"/lists/*.mbox.xz; do
	name=$(basename "$mbox" .mbox.xz)
	xz -dc "$mbox" >"$scratch/$name.mbox"
	split_mbox "$scratch/$name.mbox" "$scratch/list-mails" 400
	rm "$scratch/$name.mbox"
done
PGDATABASE=postgres
make_template
same_as_by_import lists conformance "$scratch/list-mails"

done_testing
