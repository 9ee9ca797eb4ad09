#!/bin/sh
# patchmaild import: mbox, Maildir, folder; repeated; stopped.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
start_database
fresh_database import

summary() { # what import printed at its end
	grep -v "^$scratch/" "$scratch/stdout" || :
}
kinds() { # what import said of its paths before it began
	sed -n "s|^$scratch/||p" "$scratch/stdout"
}

imports() { # NAME EXPECTED-CODE EXPECTED-STDOUT ARGUMENT...
	imports_name=$1 imports_code=$2 imports_stdout=$3
	shift 3
	# What these mails are of is long ago.
	run -c "$conf" import --history "$@"
	is "$code $(summary)" "$imports_code $imports_stdout" "$imports_name"
}

# An mbox with quoted lines, and a mail of no known list.
for i in 1 2 3; do
	{ header "mbox-$i" "[PATCH $i/3] part $i" && printf '\nFrom here on it is prose.\n>From there too.\n---\n' &&
		diff_text; } \
		>"$scratch/mail-$i"
	mbox_mail "$scratch/mail-$i"
done >"$scratch/mbox"
patch_mail other '[PATCH] elsewhere' | sed 's/demo.example.org/other.example.org/' >"$scratch/other"
mbox_mail "$scratch/other" >>"$scratch/mbox"

known() { # NUMBER
	printf '\n  %s duplicate: its Message-ID is known in project demo' "$1"
}
elsewhere='
  1 ignored: no project has list id other.example.org; patchmail.add_project() makes one'
imports 'an mbox' 0 "4 mails: 3 stored, 1 ignored$elsewhere" "$scratch/mbox"
is "$(cat "$scratch/stderr")" '' 'an mbox: nothing on stderr'
is "$(sql "SELECT count(DISTINCT series_id), string_agg(number::text, ' ' ORDER BY number) FROM patchwork_patch")" \
	'1|1 2 3' 'an mbox: a series'
is "$(sql "SELECT content FROM patchwork_patch WHERE number = 1")" 'From here on it is prose.
>From there too.
---' 'an mbox: quoting is undone'
is "$(kinds)" 'mbox: an mbox' 'an mbox: import says what it is'
imports 'the same again' 0 "4 mails: 3 duplicate, 1 ignored$(known 3)$elsewhere" --again "$scratch/mbox"
imports 'with --list-id' 0 "4 mails: 1 stored, 3 duplicate$(known 3)" --list-id demo.example.org "$scratch/mbox"

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
echo 'no mail' >"$maildir/cur/1700000003.host:2,"
broken='
  1 quarantined: the mail does not begin with a header field'
imports 'a Maildir' 0 "3 mails: 2 stored, 1 quarantined$broken" "$maildir"
like "$(cat "$scratch/stderr")" "^patchmaild: $maildir/cur/1700000003.host:2,: quarantined: " \
	'a Maildir: what went into quarantine is reported'
is "$(sql "SELECT source->>'transport', source->>'position' FROM patchmail.quarantine")" \
	"history|$maildir/cur/1700000003.host:2," 'a Maildir: the quarantine knows where it came from'
is "$(sql "SELECT string_agg(msgid, ' ' ORDER BY id) FROM patchwork_patch WHERE msgid LIKE '<md-%'")" \
	'<md-2@example.org> <md-1@example.org>' 'a Maildir: in the order of delivery'

folder=$scratch/folder
mkdir -p "$folder/deeper"
for i in 1 2 10; do
	patch_mail "folder-$i" "[PATCH] file $i" >"$folder/$i.eml"
done
patch_mail deeper '[PATCH] deeper' >"$folder/deeper/1.eml"
echo 'no mail' >"$folder/3.txt"
imports 'a folder with something that is no mail' 65 '' "$scratch/mbox" "$folder"
like "$(cat "$scratch/stderr")" "^patchmaild: $folder/3.txt is no mail: it does not begin with header fields" \
	'import says what is none'
is "$(sql "SELECT count(*) FROM patchwork_patch WHERE msgid LIKE '<folder-%'")" 0 'and stores nothing'
mkfifo "$folder/pipe"
imports 'a folder with a pipe' 65 '' "$folder"
rm "$folder/pipe"
{ header lost '[PATCH] without a patch' && printf '\nIt is gone.\n'; } >"$folder/3.txt"
broken='
  1 quarantined: by its subject it is a patch, and there is neither diff nor pull request in it'
imports 'a folder' 0 "5 mails: 4 stored, 1 quarantined$broken" "$folder"
like "$(cat "$scratch/stderr")" "^patchmaild: $folder/3.txt: quarantined: " \
	'a folder: what went into quarantine is reported'
is "$(sql "SELECT string_agg(msgid, ' ' ORDER BY id) FROM patchwork_patch WHERE msgid LIKE '<folder-%'")" \
	'<folder-1@example.org> <folder-2@example.org> <folder-10@example.org>' 'a folder: in the order of the names'
is "$(sql 'SELECT list_id, reason, mails, last_msgid FROM patchmail.ignored')" \
	'other.example.org|no project has its list id|2|<other@example.org>' \
	'what is ignored is counted in the database too'
broken="$broken
  1 quarantined: the mail does not begin with a header field"
imports 'everything again' 0 "13 mails: 10 duplicate, 1 ignored, 2 quarantined$(known 10)$elsewhere$broken" \
	--again "$scratch/mbox" "$scratch/single" "$maildir" "$folder"

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
run -c "$conf" import --history "$scratch/strays"
is "$code $(summary | head -n 2)" '67 29 mails: 29 ignored
  3 ignored: X-Patchwork-Hint says ignore' 'many reasons: the most frequent first; all are ignored'
is "$(tail -n 1 "$scratch/stdout")" '  7 ignored: other reasons' 'many reasons: the rest is last'
is "$(grep -c ' 1 ignored: no project has list id list-' "$scratch/stdout")" 19 'many reasons: no more than twenty'
run -c "$conf" import --history "$scratch/stray"
like "$(tail -n 1 "$scratch/stdout")" 'list id a\\x1b\[2J;' 'a list id that does something to terminals'

# Oversized in an mbox: the mails around it are whole.
printf '[database]\nconninfo=host=%s dbname=import user=postgres\n[patchmaild]\nmax_message_size=3M\n' "$PGHOST" \
	>"$scratch/small.conf"
default_conf=$conf
conf=$scratch/small.conf
{ patch_mail big '[PATCH] big' && head -c 5000000 /dev/zero | tr '\0' '\n' | sed 's/^/From/'; } >"$scratch/big"
patch_mail after '[PATCH] after the big one' >"$scratch/after"
{ mbox_mail "$scratch/single"; mbox_mail "$scratch/big"; mbox_mail "$scratch/after"; } >"$scratch/mbox-big"
imports 'an mbox with a mail over the limit' 0 "3 mails: 1 stored, 1 duplicate, 1 quarantined$(known 1)
  1 quarantined: the message is larger than 3145728 bytes (max_message_size)" "$scratch/mbox-big"
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
	IF NEW.msgid = '<stop-2@example.org>' THEN RAISE 'no room' USING ERRCODE = '53100'; END IF;
		RETURN NEW; END \$\$;
	CREATE TRIGGER fail AFTER INSERT ON public.patchwork_patch FOR EACH ROW EXECUTE FUNCTION public.fail()"
imports 'stops at a mail that is deferred' 75 "2 mails: 1 stored, 1 deferred
  1 deferred: the database failed (53100): no room, says function public.fail()" "$scratch/mbox-stop" "$folder"
like "$(cat "$scratch/stderr")" "^patchmaild: $scratch/mbox-stop:$offset: deferred: .*53100.*no room" \
	'import says where and why it ended'
sql 'SET client_min_messages = error; DROP FUNCTION public.fail CASCADE'
# The third one may have been stored with the first.
run -c "$conf" import --history "$scratch/mbox-stop"
like "$code $(import_counts)" '^0 2 mails: ' 'goes on when it is repeated, after the first'
is "$(sql "SELECT count(*) FROM patchwork_patch WHERE msgid LIKE '<stop-%'")" 3 'and takes the rest'

pg_control stop
imports 'without a database' 75 '' "$scratch/mbox-stop"
like "$(cat "$scratch/stderr")" "^patchmaild: the database cannot be reached" \
	'import says that the database is away'
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

# Who is told, and of what --------------------------------------------------------------------------------------------

told() { # what readers of events are given after those that were there
	sql "SELECT string_agg(DISTINCT a.event->>'category', ' ') FROM patchmail.events_after($cursor) a"
}
cursor=$(sql 'SELECT patchmail.events_cursor()')
patch_mail past-1 '[PATCH] of the past' >"$scratch/past-1"
imports '--history' 0 '1 mail: 1 stored' "$scratch/past-1"
is "$(cat "$scratch/stderr")" '' '--history: nothing to warn of'
is "$(told)" '' '--history: nobody is told'
is "$(sql "SELECT DISTINCT date_trunc('second', e.date)
	FROM patchwork_event e JOIN patchwork_patch p ON p.id = e.patch_id WHERE p.msgid = '<past-1@example.org>'")" \
	'2026-02-10 06:59:47+00' '--history: its events have its date'
for i in 1 2; do
	patch_mail "old-$i" "[PATCH] old $i" >"$scratch/mail"
	mbox_mail "$scratch/mail"
done >"$scratch/old"
run -c "$conf" import "$scratch/old"
is "$code $(cat "$scratch/stderr")" "0 patchmaild: $scratch/old:0: this mail is of 2026-02-10; hooks, CI and \
whoever reads events are told of it as of new mail: import --history tells nobody" \
	'without it, import warns of old mail, once'
is "$(told)" 'patch-completed patch-created series-completed series-created' 'without it, they are told'
patch_mail young '[PATCH] young' | sed "s/^Date: .*/Date: $(date -R)/" >"$scratch/young"
run -c "$conf" import "$scratch/young"
is "$code $(cat "$scratch/stderr")" '0 ' 'import does not warn of young mail'

# --since, --dry-run --------------------------------------------------------------------------------------------------

for day in 01 02 03; do
	patch_mail "day-$day" "[PATCH] day $day" | sed "s/^Date: .*/Date: Sun, $day Mar 2026 12:00:00 +0000/" \
		>"$scratch/mail"
	mbox_mail "$scratch/mail"
done >"$scratch/days"
cat "$scratch/mbox" >>"$scratch/days"
reply_mail answer day-03 >"$scratch/mail"
mbox_mail "$scratch/mail" >>"$scratch/days"
reply_mail lonely nowhere >"$scratch/mail"
mbox_mail "$scratch/mail" >>"$scratch/days"
mbox_mail "$scratch/mail" >>"$scratch/days"
foreseen="10 mails: 4 stored, 4 duplicate, 1 waiting, 1 ignored (a dry run: nothing is stored)
  3 duplicate: its Message-ID is known in project demo
  1 duplicate: it comes a second time
  1 waiting: what it answers has not come yet$elsewhere"
dump() {
	pg_dump --data-only import | grep -v '^.\(un\)\?restrict '
}
before=$(dump)
imports '--dry-run foresees the outcomes' 0 "$foreseen" --dry-run "$scratch/days"
is "$(dump)" "$before" '--dry-run changes nothing, no sequence either'
imports '--since leaves out what is older' 0 '10 mails: 2 stored, 8 ignored
  8 ignored: it is older than 2026-03-02' --since 2026-03-02 "$scratch/days"
imports '--since, and nothing is left: no failure' 0 '10 mails: 10 ignored
  10 ignored: it is older than 2026-04-01T00:00:00Z' --since 2026-04-01T00:00:00Z "$scratch/days"
run -c "$conf" import --since yesterday "$scratch/days"
is "$code $(cat "$scratch/stderr")" '64 patchmaild: import --since: no date: yesterday' '--since with no date'

# Progress ------------------------------------------------------------------------------------------------------------

# The first batch takes so long that it is time to show something when it is over.
if command -v script >/dev/null; then
	sql "CREATE FUNCTION public.dawdle() RETURNS trigger LANGUAGE plpgsql AS \$\$
		BEGIN IF NEW.msgid = '<bar-1@example.org>' THEN PERFORM pg_sleep(0.5); END IF; RETURN NEW; END \$\$;
		CREATE TRIGGER dawdle AFTER INSERT ON public.patchwork_patch FOR EACH ROW
			EXECUTE FUNCTION public.dawdle()"
	for i in 1 2; do
		patch_mail "bar-$i" "[PATCH] bar $i" >"$scratch/mail"
		mbox_mail "$scratch/mail"
	done >"$scratch/bar"
	script -qec "'$PATCHMAILD' -c '$conf' import --history '$scratch/bar'" "$scratch/typescript" \
		</dev/null >/dev/null
	like "$(tr '\r' '\n' <"$scratch/typescript" | grep -a '%' | head -n 1)" \
		'\[#*-*\] [0-9]+ %  1 mail .* 1 stored$' \
		'on a terminal a bar shows how far it is'
	like "$(tr '\r' '\n' <"$scratch/typescript" | grep -a 'mails:')" '^.\[K2 mails: 2 stored$' \
		'and makes room for the end'
	sql 'SET client_min_messages = error; DROP FUNCTION public.dawdle CASCADE'
else
	skip 'on a terminal a bar shows how far it is' 'no script(1)'
fi

# What cannot be read -------------------------------------------------------------------------------------------------

imports 'no such file, and one that is there' 66 "3 mails: 3 duplicate$(known 3)" --again "$scratch/no-such-file" \
	"$scratch/mbox-stop"
like "$(cat "$scratch/stderr")" "^patchmaild: $scratch/no-such-file: cannot be read: No such file" \
	'import says which file is missing'
run -c "$conf" import
is "$code" 64 'no path: bad usage'
run -c "$conf" import --bad "$scratch/mbox"
is "$code $(cat "$scratch/stderr")" '64 patchmaild: bad option of import: --bad' 'a bad option'
run -c "$scratch/no-such.conf" import "$scratch/mbox"
is "$code" 75 'no configuration: to be repeated'

done_testing
