#!/bin/sh
# A mail that cannot be stored within its time by its own fault ends in quarantine; what is anybody else's fault does
# not count against it.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
start_database
fresh_database main
printf '[patchmaild]\ntimeout=2\n' >>"$conf"

# Ten seconds are much for a mail; the test has no time for that.
sql "DO \$\$ BEGIN EXECUTE replace(pg_get_functiondef('patchmail.overdue'::regproc),
	'least_seconds CONSTANT integer := 10', 'least_seconds CONSTANT integer := 1'); END \$\$"
# Patches of one name take for ever.
sql "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS \$\$
	BEGIN IF NEW.name LIKE '%dawdle%' THEN PERFORM pg_sleep(60); END IF; RETURN NEW; END \$\$"
sql "CREATE TRIGGER dawdle BEFORE INSERT ON patchwork_patch FOR EACH ROW EXECUTE FUNCTION dawdle()"

others=0
other_mail() { # something else is stored
	others=$((others + 1))
	patch_mail "other-$others" "[PATCH] other $others" >"$scratch/other"
	deliver "$scratch/other"
	accepted "other mail $others is stored meanwhile"
}
attempts() {
	sql "SELECT coalesce(sum(attempts), 0) FROM patchmail.overdue"
}

# By its own fault ----------------------------------------------------------------------------------------------------

patch_mail slow '[PATCH] dawdle' >"$scratch/slow"
deliver "$scratch/slow"
deferred 'it takes too long' 'storing it takes longer than [12] seconds .project demo'
is "$(attempts)" 1 'the first time is noted'
deliver "$scratch/slow"
deferred 'again, and nothing else was stored meanwhile' 'storing it takes longer'
is "$(attempts)" 1 'a second time without other mail between does not count'
other_mail
deliver "$scratch/slow"
deferred 'a second time' 'storing it takes longer'
is "$(attempts)" 2 'a second time after other mail counts'
other_mail
deliver "$scratch/slow"
accepted 'the third time'
like "$(sql 'SELECT reason FROM patchmail.quarantine')" '^storing it takes longer than [12] seconds .project demo.$' \
	'it is in quarantine, with the reason'
is "$(sql "SELECT source FROM patchmail.quarantine")" '{"transport": "deliver"}' \
	'the quarantine knows where the mail came from'
is "$(sql "SELECT patchmail.quarantine_raw(id) = '\\x$(od -An -v -tx1 "$scratch/slow" | tr -d ' \n')'
	FROM patchmail.quarantine")" t \
	'with all its bytes'
is "$(attempts)" 0 'a mail in quarantine is no longer counted as overdue'

# Not by its own fault ------------------------------------------------------------------------------------------------

hold() { # STATEMENT: in a transaction that stays open until let_go
	mkfifo "$scratch/hold"
	psql -Xq <"$scratch/hold" >/dev/null 2>&1 &
	holder=$!
	exec 9>"$scratch/hold"
	echo "BEGIN; $1; SELECT pg_advisory_xact_lock(42);" >&9
	wait_for "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 42"
}
let_go() {
	exec 9>&-
	wait "$holder" || :
	rm "$scratch/hold"
}

patch_mail blocked '[PATCH] it waits for others' >"$scratch/blocked"
hold "SELECT pg_advisory_xact_lock(hashtext('patchmail.project'), 1)"
for n in 1 2 3 4; do
	deliver "$scratch/blocked"
	deferred "the project's lock is held, $n" 'did not answer in time: somebody holds a lock'
done
let_go
hold 'LOCK TABLE patchwork_patch'
deliver "$scratch/blocked"
deferred 'a table is locked' 'did not answer in time: somebody holds a lock'
let_go
is "$(attempts)" 0 'a mail that waited for a lock is not counted'
deliver "$scratch/blocked"
accepted 'it is stored when nobody does'
is "$(sql "SELECT count(*) FROM patchwork_patch WHERE msgid = '<blocked@example.org>'")" 1 'once'

# One that did take too long, and then does not.
patch_mail once '[PATCH] dawdle once' >"$scratch/once"
deliver "$scratch/once"
deferred 'it takes too long' 'storing it takes longer'
sql 'ALTER TABLE patchwork_patch DISABLE TRIGGER dawdle'
deliver "$scratch/once"
accepted 'a mail that was overdue is stored once that is mended'
sql 'ALTER TABLE patchwork_patch ENABLE TRIGGER dawdle'
deliver "$scratch/slow"
deferred 'when another one takes too long' 'storing it takes longer'
is "$(attempts)" 1 'what was noted of the one before is forgotten'

# An admin's pattern that runs away with a mail -----------------------------------------------------------------------

sql "SELECT patchmail.add_project('picky', 'Picky', 'picky.example.org', 'picky@example.org',
	'\] (a*)(a*)(a*)(a*)\1\2\3\4b')" >/dev/null
patch_mail picky "[PATCH] $(printf '%0401d' 0 | tr 0 a)b" | sed 's/demo.example.org/picky.example.org/' \
	>"$scratch/picky"
for n in 1 2 3; do
	deliver "$scratch/picky"
	picky=$code
	patch_mail "quick-$n" '[PATCH] aab' | sed 's/demo.example.org/picky.example.org/' >"$scratch/quick"
	deliver "$scratch/quick"
	accepted "other mail of the list is stored, $n"
	[ "$picky" -ne 0 ] || break
done
is "$picky" 0 'a mail on which the pattern runs away is stored, at the third try at the latest'
is "$(sql "SELECT kind, name FROM patchmail.runaway_patterns")" 'subject_match|picky' \
	'without the pattern, which is named'
is "$(sql "SELECT count(*) FROM patchmail.quarantine WHERE reason LIKE '%(project picky)'")" 0 \
	'it is not the mail that is put into quarantine'

# A standby that has to confirm each commit is away: the mails are there, and nobody may say so -----------------------

waiting() { # ID: delivered once more
	patch_mail "$1" "[PATCH] $1" >"$scratch/waiting"
	deliver "$scratch/waiting"
	deferred "$1 while the standby is away" 'commits wait for a standby .synchronous_standby_names., and it is away'
}
put_aside=$(sql 'SELECT count(*) FROM patchmail.quarantine')
before=$(attempts)
sql "ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (nobody)'"
pg_control reload
wait_for "SELECT current_setting('synchronous_standby_names') <> ''"
for n in 1 2 3 4; do
	waiting unconfirmed
	[ "$n" -eq 4 ] || waiting "unconfirmed-$n"
done
is "$(attempts)" "$before" 'that a commit waits for a standby is not counted'
is "$(sql 'SELECT count(*) FROM patchmail.quarantine')" "$put_aside" 'and nothing is quarantined for it'
sql 'ALTER SYSTEM RESET synchronous_standby_names'
pg_control reload
wait_for "SELECT current_setting('synchronous_standby_names') = ''"
deliver "$scratch/waiting"
accepted 'without a standby it is taken'

# The role has a limit of its own -------------------------------------------------------------------------------------

sql "ALTER ROLE postgres SET statement_timeout = '1500ms'"
patch_mail limited '[PATCH] dawdle at the limit of the role' >"$scratch/limited"
deliver "$scratch/limited"
deferred 'the server itself ends the statement' 'storing it takes longer than 1 seconds'
sql "ALTER ROLE postgres RESET statement_timeout"
done_testing
