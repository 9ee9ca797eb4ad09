#!/bin/sh
# patchmaild deliver: nothing that a library prints reaches the caller, who would put it into a bounce.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
start_database
fresh_database main

# libpq warns of such a file, though the server asks for no password.
echo '*:*:*:*:the secret' >"$scratch/passfile"
chmod 644 "$scratch/passfile"
PGPASSFILE=$scratch/passfile
export PGPASSFILE
patch_mail one '[PATCH] a change' >"$scratch/mail"
deliver "$scratch/mail"
accepted 'a file of passwords that others can read'
sql "SELECT patchmail.set_policy('demo', store => 'pass', otherwise => 'refuse')" >/dev/null
patch_mail two '[PATCH] a change' >"$scratch/mail"
deliver "$scratch/mail"
is "$code $(cat "$scratch/stdout")" '77 ' 'the same, and a mail that is refused'
like "$(cat "$scratch/stderr")" '^5\.7\.1 ' 'with the reason alone'
sql 'DELETE FROM patchmail.policy'

# Where the password is missed, the reason is told, and what libpq only warned of.
sql "CREATE ROLE secretive LOGIN PASSWORD 'the secret'; SELECT patchmail.add_deliverer('secretive')" >/dev/null
cp "$scratch/postgres/data/pg_hba.conf" "$scratch/pg_hba.conf"
echo 'local main secretive scram-sha-256' | cat - "$scratch/pg_hba.conf" >"$scratch/postgres/data/pg_hba.conf"
pg_control reload
sleep 0.5
conf=$scratch/secretive.conf
printf '[database]\nconninfo=host=%s dbname=main user=secretive\n' "$PGHOST" >"$conf"
deliver "$scratch/mail"
deferred 'a password that is needed' \
	"no password supplied; $scratch/passfile is passed over, since others can read it \\(chmod 600\\)$"
chmod 600 "$scratch/passfile"
deliver "$scratch/mail"
accepted 'with the right mode it is found'
unset PGPASSFILE

# GLib prints what is meant for those who debug, on standard output too; libc what it finds wrong with its memory.
conf=$scratch/main.conf
for setting in G_MESSAGES_DEBUG=all G_DEBUG=gc-friendly MALLOC_CHECK_=1; do
	patch_mail "by-$setting" '[PATCH] a change' >"$scratch/mail"
	code=0
	env "$setting" "$PATCHMAILD" -c "$conf" deliver <"$scratch/mail" >"$scratch/stdout" 2>"$scratch/stderr" ||
		code=$?
	accepted "$setting"
done

# Standard output and error that are closed, or full.
patch_mail closed '[PATCH] a change' >"$scratch/mail"
code=0
"$PATCHMAILD" -c "$conf" deliver <"$scratch/mail" >&- 2>&- || code=$?
is "$code" 0 'without standard output and error'
is "$(sql "SELECT count(*) FROM patchwork_patch WHERE msgid = '<closed@example.org>'")" 1 'it is stored'
code=0
"$PATCHMAILD" -c "$scratch/missing" deliver <"$scratch/mail" >/dev/full 2>/dev/full || code=$?
is "$code" 75 'a line that cannot be written changes nothing'

# The alarm is what ends a process that nothing else does, and says so.
if [ -e /proc/self/stat ]; then
	mkfifo "$scratch/input"
	"$PATCHMAILD" -c "$conf" deliver <"$scratch/input" >"$scratch/stdout" 2>"$scratch/stderr" &
	program=$!
	exec 9>"$scratch/input"
	sleep 1
	kill -ALRM "$program"
	code=0
	wait "$program" || code=$?
	exec 9>&-
	deferred 'an alarm' 'the time limit has passed, and something does not answer$'
fi

done_testing
