#!/bin/sh
# Every fault of the database (tests/t/faults.sh) while mail comes by deliver, import and imap: it is kept while the
# fault lasts, within its time, and taken when the fault is mended; in the end the database is the one that a single
# process makes.  With PATCHMAILD_EFFORT=long all of them, else those that no other test has.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
# shellcheck source=tests/t/faults.sh
. "$top_srcdir/tests/t/faults.sh"
[ "${PATCHMAILD_EFFORT-}" = long ] || faults='killed read-only crowded upgraded disk-full wal-full'
# shellcheck source=tests/t/streams.sh
. "$top_srcdir/tests/t/streams.sh"
need_python 'faults of the database'

# Those that last: mail that comes then is deferred.
lasts() { # FAULT
	case $1 in
	restarted | backends | reinstalled) return 1 ;;
	esac
}

reason_of() { # FAULT: what deliver says then
	case $1 in
	stopped | killed) echo 'cannot be reached' ;;
	frozen) echo 'cannot be reached in time' ;;
	read-only) echo '25006' ;;
	crowded) echo 'too many clients' ;;
	locked) echo 'somebody holds a lock' ;;
	unreplicated) echo 'did not answer in time' ;;
	upgraded) echo 'version 99, this program needs' ;;
	disk-full) echo '53100' ;;
	wal-full) echo 'cannot be reached|the database failed|did not answer' ;;
	esac
}

# A mail that comes now: one of the streams, and where the disk is full a large one, since a small one may find room.
mail_for() { # FAULT PORTION
	[ "$1" = disk-full ] || {
		cat "$(head -n 1 "$scratch/portion-$2-here.list")"
		return
	}
	header large '[PATCH] a large change'
	printf '\nIt adds lines.\n---\ndiff --git a/file b/file\n--- a/file\n+++ b/file\n@@ -0,0 +1,6000 @@\n'
	head -c 400000 /dev/urandom | base64 -w 70 | head -n 6000 | sed 's/^/+/'
}

while_it_lasts() { # FAULT PORTION
	lasts "$1" || return 0
	mail_for "$1" "$2" >"$scratch/mail"
	conf=$mail_conf
	deliver "$scratch/mail"
	deferred "$1: mail that comes then" "$(reason_of "$1")"
}

start_database
fresh_database single
# shellcheck disable=SC2086 # words
write_portions $faults
prepare_faults
conninfo="host=$PGHOST dbname=main user=postgres"
start_streams "$conninfo" "$conninfo"
portion=0
for fault in $faults; do
	portion=$((portion + 1))
	start_portion "$portion"
	ok "$fault: some mails come" wait_until in_ledger $(($(mails_until $((portion - 1))) + 5))
	if can_fault "$fault"; then
		make_fault "$fault"
		while_it_lasts "$fault" "$portion"
		mend_fault "$fault"
	else
		skip "$fault" 'a disk of its own needs root'
	fi
	end_portion "$portion" "$fault"
done
end_streams
done_testing
