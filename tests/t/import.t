#!/bin/sh
# patchmaild import: mbox, Maildir, folder; repeated; stopped.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
start_database
fresh_database import

imports() { # NAME EXPECTED-CODE EXPECTED-STDOUT ARGUMENT...
	imports_name=$1 imports_code=$2 imports_stdout=$3
	shift 3
	run -c "$conf" import "$@"
	is "$code $(cat "$scratch/stdout")" "$imports_code $imports_stdout" "$imports_name"
}

# An mbox with quoted lines, a mail of no known list, and an mbox's usual empty line behind each.
mbox_mail() { # MAIL-FILE
	echo 'From list@example.org Tue Feb 10 06:59:47 2026'
	sed 's/^>*From />&/' "$1"
	echo
}
for i in 1 2 3; do
	{ header "mbox-$i" "[PATCH $i/3] part $i" && printf '\nFrom here on it is prose.\n>From there too.\n---\n' &&
		diff_text; } \
		>"$scratch/mail-$i"
	mbox_mail "$scratch/mail-$i"
done >"$scratch/mbox"
patch_mail other '[PATCH] elsewhere' | sed 's/demo.example.org/other.example.org/' >"$scratch/other"
mbox_mail "$scratch/other" >>"$scratch/mbox"

elsewhere='
  1 ignored: no project has its list id: other.example.org'
imports 'an mbox' 0 "4 mails: 3 stored, 1 ignored$elsewhere" "$scratch/mbox"
is "$(cat "$scratch/stderr")" '' 'an mbox: nothing on stderr'
is "$(sql "SELECT count(DISTINCT series_id), string_agg(number::text, ' ' ORDER BY number) FROM patchwork_patch")" \
	'1|1 2 3' 'an mbox: a series'
is "$(sql "SELECT content FROM patchwork_patch WHERE number = 1")" 'From here on it is prose.
>From there too.
---' 'an mbox: quoting is undone'
imports 'the same again' 0 "4 mails: 3 duplicate, 1 ignored$elsewhere" "$scratch/mbox"
imports 'with --list-id' 0 '4 mails: 1 stored, 3 duplicate' --list-id demo.example.org "$scratch/mbox"

patch_mail single '[PATCH] one mail in a file' >"$scratch/single"
imports 'a file that is one mail' 0 '1 mail: 1 stored' "$scratch/single"
: >"$scratch/nothing"
imports 'an empty mbox' 0 '0 mails' "$scratch/nothing"

maildir=$scratch/maildir
mkdir -p "$maildir/new" "$maildir/cur" "$maildir/tmp"
patch_mail md-1 '[PATCH] in new' >"$maildir/new/1700000002.host"
patch_mail md-2 '[PATCH] in cur' >"$maildir/cur/1700000001.host:2,S"
patch_mail md-3 '[PATCH] in tmp' >"$maildir/tmp/1700000000.host"
patch_mail md-4 '[PATCH] hidden' >"$maildir/new/.hidden"
imports 'a Maildir' 0 '2 mails: 2 stored' "$maildir"
is "$(sql "SELECT string_agg(msgid, ' ' ORDER BY id) FROM patchwork_patch WHERE msgid LIKE '<md-%'")" \
	'<md-2@example.org> <md-1@example.org>' 'a Maildir: in the order of delivery'

folder=$scratch/folder
mkdir -p "$folder/deeper"
for i in 1 2 10; do
	patch_mail "folder-$i" "[PATCH] file $i" >"$folder/$i.eml"
done
patch_mail deeper '[PATCH] deeper' >"$folder/deeper/1.eml"
mkfifo "$folder/pipe"
echo 'no mail' >"$folder/3.txt"
imports 'a folder' 0 '4 mails: 3 stored, 1 quarantined' "$folder"
like "$(cat "$scratch/stderr")" "^patchmaild: $folder/3.txt: quarantined: " \
	'a folder: what went into quarantine is told'
is "$(sql "SELECT string_agg(msgid, ' ' ORDER BY id) FROM patchwork_patch WHERE msgid LIKE '<folder-%'")" \
	'<folder-1@example.org> <folder-2@example.org> <folder-10@example.org>' 'a folder: in the order of the names'
is "$(sql "SELECT source->>'transport', source->>'position' FROM patchmail.quarantine")" "import|$folder/3.txt" \
	'a folder: the quarantine knows where it came from'
is "$(sql 'SELECT list_id, reason, mails, last_msgid FROM patchmail.ignored')" \
	'other.example.org|no project has its list id|2|<other@example.org>' \
	'what is ignored is counted in the database too'
imports 'everything again' 0 "11 mails: 9 duplicate, 1 ignored, 1 quarantined$elsewhere" \
	"$scratch/mbox" "$scratch/single" "$maildir" "$folder"

# Why mails are ignored: the most frequent reason first, no more than twenty of them, and nothing of a mail reaches the
# terminal.
{
	for i in 1 2 3; do
		patch_mail "hint-$i" '[PATCH] hint' 'X-Patchwork-Hint: ignore' >"$scratch/stray"
		mbox_mail "$scratch/stray"
	done
	for i in $(seq 1 25); do
		patch_mail "stray-$i" '[PATCH] stray' | sed "s/demo.example.org/list-$i.example.org/" >"$scratch/stray"
		mbox_mail "$scratch/stray"
	done
	patch_mail evil '[PATCH] evil' | sed "s/demo.example.org/a$(printf '\033')[2J/" >"$scratch/stray"
	mbox_mail "$scratch/stray"
} >"$scratch/strays"
run -c "$conf" import "$scratch/strays"
is "$code $(head -n 3 "$scratch/stdout")" '0 29 mails: 29 ignored
  7 ignored: other reasons
  3 ignored: X-Patchwork-Hint says ignore' 'many reasons: the most frequent first'
is "$(grep -c ' 1 ignored: no project has its list id: list-' "$scratch/stdout")" 19 'many reasons: no more than twenty'
run -c "$conf" import "$scratch/stray"
like "$(tail -n 1 "$scratch/stdout")" 'its list id: a\\x1b\[2J$' 'a list id that does something to terminals'

# Oversized in an mbox: the mails around it are whole.
printf '[database]\nconninfo=host=%s dbname=import user=postgres\n[patchmaild]\nmax_message_size=3M\n' "$PGHOST" \
	>"$scratch/small.conf"
default_conf=$conf
conf=$scratch/small.conf
{ patch_mail big '[PATCH] big' && head -c 5000000 /dev/zero | tr '\0' '\n' | sed 's/^/From/'; } >"$scratch/big"
patch_mail after '[PATCH] behind the big one' >"$scratch/after"
{ mbox_mail "$scratch/single"; mbox_mail "$scratch/big"; mbox_mail "$scratch/after"; } >"$scratch/mbox-big"
imports 'an mbox with a mail over the limit' 0 '3 mails: 1 stored, 1 duplicate, 1 quarantined' "$scratch/mbox-big"
is "$(sql "SELECT encode(sha256(patchmail.quarantine_raw(id)), 'hex') FROM patchmail.quarantine
	WHERE msgid = '<big@example.org>'")" "$(sha256sum <"$scratch/big" | cut -d ' ' -f 1)" 'it is kept whole'
conf=$default_conf

# Stopped -------------------------------------------------------------------------------------------------------------

for i in 1 2 3; do
	patch_mail "stop-$i" "[PATCH] stop $i" >"$scratch/stop-$i"
	mbox_mail "$scratch/stop-$i"
done >"$scratch/mbox-stop"
offset=$(grep -b '^From ' "$scratch/mbox-stop" | sed -n '2s/:.*//p')
sql "CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN
	IF NEW.msgid = '<stop-2@example.org>' THEN RAISE 'no room' USING ERRCODE = '53100'; END IF; RETURN NEW;
		END \$\$;
	CREATE TRIGGER fail AFTER INSERT ON public.patchwork_patch FOR EACH ROW EXECUTE FUNCTION public.fail()"
imports 'stops at a mail that is deferred' 75 '2 mails: 1 stored, 1 deferred' "$scratch/mbox-stop" "$folder"
like "$(cat "$scratch/stderr")" "^patchmaild: $scratch/mbox-stop:$offset: deferred: .*53100.*no room" \
	'and says where and why'
sql 'SET client_min_messages = error; DROP FUNCTION public.fail CASCADE'
imports 'goes on when it is repeated' 0 '3 mails: 2 stored, 1 duplicate' "$scratch/mbox-stop"

pg_control stop
imports 'without a database' 75 '1 mail: 1 deferred' "$scratch/mbox-stop"
like "$(cat "$scratch/stderr")" "mbox-stop:0: deferred: the database cannot be reached" 'and says so'
pg_control start

# The connection goes while it runs: it is made anew.
sql "CREATE SEQUENCE public.tries; CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN
	IF nextval('public.tries') = 2 THEN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(10);
		END IF;
	RETURN NEW; END \$\$;
	CREATE TRIGGER fail AFTER INSERT ON public.patchwork_patch FOR EACH ROW EXECUTE FUNCTION public.fail()"
for i in 1 2 3; do
	patch_mail "lost-$i" "[PATCH] lost $i" >"$scratch/lost-$i"
	mbox_mail "$scratch/lost-$i"
done >"$scratch/mbox-lost"
imports 'a connection that is lost once' 0 '3 mails: 3 stored' "$scratch/mbox-lost"

# What cannot be read -------------------------------------------------------------------------------------------------

imports 'no such file, and one that is there' 66 '3 mails: 3 duplicate' "$scratch/no-such-file" "$scratch/mbox-stop"
like "$(cat "$scratch/stderr")" "^patchmaild: $scratch/no-such-file: cannot be read: No such file" 'and says which'
run -c "$conf" import
is "$code" 64 'no path: bad usage'
run -c "$conf" import --bad "$scratch/mbox"
is "$code $(cat "$scratch/stderr")" '64 patchmaild: bad option of import: --bad' 'a bad option'
run -c "$scratch/no-such.conf" import "$scratch/mbox"
is "$code" 75 'no configuration: to be repeated'

done_testing
