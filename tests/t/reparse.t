#!/bin/sh
# patchmaild reparse: mail that an older parser read differently becomes what it is by the present one.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
start_database

# Whoever delivers may do nothing else; whoever reparses may do what admins do.
sql 'CREATE ROLE deliverer LOGIN; CREATE ROLE boss LOGIN; CREATE ROLE looker LOGIN;
	GRANT patchmail_admin TO boss; GRANT patchmail_reader TO looker'

new_database() { # NAME [RAW]: what comes is kept as RAW says, "all" by default
	PGDATABASE=postgres
	fresh_database "$1"
	sql "SELECT patchmail.add_deliverer('deliverer')" >/dev/null
	printf '[database]\nconninfo=host=%s dbname=%s user=deliverer\n[archive]\nraw=%s\n' "$PGHOST" "$1" "${2:-all}" \
		>"$conf"
	database="host=$PGHOST dbname=$1 user=boss"
}
reparses() { # NAME CODE LAST-LINE [ARGUMENT...]: what differs is in $scratch/stdout then
	reparses_name=$1 reparses_code=$2 reparses_last=$3
	shift 3
	run -c "$conf" reparse --database "$database" "$@"
	is "$code $(tail -n 1 "$scratch/stdout")" "$reparses_code $reparses_last" "$reparses_name"
	sed -i '$d' "$scratch/stdout"
}
silent() { # NAME
	is "$(cat "$scratch/stdout" "$scratch/stderr")" '' "$1"
}

# The present parser's facts, changed by a filter of jq, with the mail's bytes: as an older parser would have read it.
store_as() { # FILE FILTER
	"$PATCHMAILD" parse "$1" | jq -c "$2" >"$scratch/facts"
	psql -XqAt -v ON_ERROR_STOP=1 -v facts="$(cat "$scratch/facts")" \
		-v raw="\\x$(od -An -v -tx1 "$1" | tr -d ' \n')" >"$scratch/outcome" <<-'END'
		SELECT outcome FROM patchmail.store(:'facts'::jsonb, :'raw'::bytea,
			'{"transport": "deliver", "archive": "all"}');
	END
}
as_it_is=.

# A thread of every kind ----------------------------------------------------------------------------------------------

mails=$scratch/thread
mkdir "$mails"
write_thread 1
write_thread 2
patch_mail lone '[PATCH] lone' >"$mails/lone"
{ header pull '[GIT PULL] changes' && printf '\n%s\n\n  %s\n\n%s\n' 'The following changes since commit 1234567:' \
	'a change' 'are available in the Git repository at:

  https://git.example.org/repo tags/one

for you to fetch changes up to 89abcde:'; } >"$mails/pull"
{ header latin '[PATCH] =?utf-8?q?=C3=A9t=C3=A9?=' 'Content-Type: text/plain; charset=utf-8' &&
	printf '\n\303\251t\303\251\n\nReviewed-by: Bob <bob@example.org>\n---\n' && diff_text; } >"$mails/latin"
reply_mail alone nowhere >"$mails/alone"
in_order() {
	(cd "$mails" && find . -type f | sort)
}

# What it should be: the present parser alone.
new_database right
for mail in $(in_order); do
	store_as "$mails/$mail" "$as_it_is"
done
state_of right >"$scratch/right"

# What an older one made of it.
new_database older
for mail in $(in_order); do
	case $mail in
	./1-c) filter='.content = "garbled" | .headers = "Subject: garbled"' ;;
	./1-p1) filter='.kind = "comment" | .diff = null | .hash = null | .subject.reply = true' ;;
	./1-p2) filter='.subject.number = null | .subject.total = null | .subject.prefixes = []' ;;
	./1-p3) filter='.diff = "garbled" | .hash = "0123456789012345678901234567890123456789"' ;;
	./1-r1) filter='.references = ["<t1-c@example.org>"]' ;;
	./1-r2) filter='.author = {"name": "Al", "email": "al@example.org"}' ;;
	./1-v2) filter='.subject.version = 1 | .references = []' ;;
	./2-c) filter='.kind = "comment" | .subject.number = null | .subject.total = null |
		.references = ["<x@example.org>"]' ;;
	./2-p1) filter='.date = "2026-02-12T06:59:47Z"' ;;
	./2-p3) filter='.subject.total = 4' ;;
	./2-r1) filter='.kind = "patch" | .diff = "x" | .hash = "0123456789012345678901234567890123456789"' ;;
	./pull) filter='.pull_url = null | .kind = "cover" | .subject.number = 0 | .subject.total = 1' ;;
	./latin) filter='.subject.title = "?t?" | .content = "?t?" | .author.name = "Al?ce"' ;;
	*) filter=$as_it_is ;;
	esac
	store_as "$mails/$mail" "$filter"
done
state_of older >"$scratch/before"
ok 'what it made is another state' test "$(cmp "$scratch/right" "$scratch/before" 2>&1 || :)" != ''
sql "UPDATE patchwork_patch SET state_id = 3, archived = true,
	delegate_id = (SELECT min(id) FROM auth_user) WHERE msgid = '<t1-p3@example.org>'" >/dev/null
state_of older >"$scratch/before"

reparses 'a dry run' 0 '22 mails: 13 would change, 0 left alone' --dry-run
cp "$scratch/stdout" "$scratch/dry"
state_of older >"$scratch/after"
ok 'changes nothing' diff "$scratch/before" "$scratch/after"
is "$(sql "SELECT count(*) FROM patchmail.audit WHERE function = 'reparse'")" 0 'and writes nothing down'
# One line for each value that differs
like "$(grep '^<t1-c@example.org> content: ' "$scratch/dry")" \
	'^<t1-c@example.org> content: line 1: garbled -> line 1: Three changes.$' 'says what differs, and how'
is "$(grep -c '^<t1-p1@example.org> kind: comment -> patch$' "$scratch/dry")" 1 'the kind'
is "$(grep '^<t1-p2@example.org> number: ' "$scratch/dry")" '<t1-p2@example.org> number: (none) -> 2' 'the number'
is "$(grep '^<t1-r2@example.org> author: ' "$scratch/dry")" \
	'<t1-r2@example.org> author: al@example.org -> alice@example.org' 'the author'
is "$(cut -d ' ' -f 1 "$scratch/dry" | sort -u | wc -l)" 13 'of each mail that would change'
is "$(grep -c 't1-r3\|t2-p2\|lone\|alone' "$scratch/dry")" 0 'and of no other'

reparses 'it is applied' 0 '22 mails: 13 changed, 0 left alone'
ok 'the lines are those of the dry run' diff "$scratch/dry" "$scratch/stdout"
state_of older >"$scratch/after"
ok 'all is as the present parser would have made it' diff "$scratch/right" "$scratch/after"
is "$(sql "SELECT state_id, archived, delegate_id IS NOT DISTINCT FROM (SELECT min(id) FROM auth_user),
	diff <> 'garbled' FROM patchwork_patch WHERE msgid = '<t1-p3@example.org>'")" \
	'3|t|t|t' 'what people changed stays'
is "$(sql "SELECT count(*), count(DISTINCT before->>'msgid'), bool_and(role = 'boss') FROM patchmail.audit
	WHERE function = 'reparse'")" '13|13|t' 'patchmail.audit says who did it'
reparses 'again' 0 '22 mails: 0 changed, 0 left alone'
silent 'nothing differs'

# Later mail, and the same mail again
patch_mail t1-p4 '[PATCH v3 1/1] later' 'In-Reply-To: <t1-p3@example.org>' >"$scratch/later"
deliver "$scratch/later"
accepted 'mail that comes later'
deliver "$mails/1-p1"
accepted 'a mail that was changed comes again'
is "$(sql "SELECT count(*) FROM patchmail.quarantine")" 0 'it is known, and not taken for another one'

# One project, one time -----------------------------------------------------------------------------------------------

sql "SELECT patchmail.add_project('second', 'Second', 'second.example.org', 'second@example.org')" >/dev/null
patch_mail s1 '[PATCH] of the second' | sed 's/demo.example.org/second.example.org/' >"$scratch/s1"
store_as "$scratch/s1" '.content = "garbled"'
sql "UPDATE patchwork_patch SET content = 'garbled' WHERE msgid = '<lone@example.org>'" \
	>/dev/null
reparses 'of one project' 0 '1 mail: 1 would change, 0 left alone' --project second --dry-run
is "$(cut -d ' ' -f 1-2 "$scratch/stdout")" '<s1@example.org> content:' 'only its mail is read'
reparses 'a project that there is not' 64 '0 mails: 0 changed, 0 left alone' --project third
like "$(cat "$scratch/stderr")" 'there is no project "third"' 'it says so'
sql "UPDATE patchmail.raw SET arrived = arrived - interval '3 days' WHERE msgid = '<lone@example.org>';
	UPDATE patchmail.message SET arrived = arrived - interval '3 days' WHERE msgid = '<lone@example.org>'" \
	>/dev/null
reparses 'since yesterday' 0 '23 mails: 1 would change, 0 left alone' --since "$(date -d yesterday +%F)" --dry-run
reparses 'since last week' 0 '24 mails: 2 would change, 0 left alone' --since "$(date -d '7 days ago' +%F)" --dry-run
reparses 'no date' 64 '0 mails: 0 changed, 0 left alone' --since sometime
reparses 'all of it' 0 '24 mails: 2 changed, 0 left alone'

# Who may -------------------------------------------------------------------------------------------------------------

for role in deliverer looker; do
	database="host=$PGHOST dbname=older user=$role"
	reparses "as $role" 77 '0 mails: 0 changed, 0 left alone'
	like "$(cat "$scratch/stderr")" 'permission denied .*patchmail_admin' 'it says whom to ask'
	reparses "as $role, from a file" 77 '0 mails: 0 changed, 0 left alone' "$mails/lone"
done
database="host=$PGHOST dbname=none user=boss"
reparses 'no database' 75 '0 mails: 0 changed, 0 left alone'
run -c "$conf" reparse --database
is "$code" 64 'an option without its value'

# From files ----------------------------------------------------------------------------------------------------------

# An archive of the list: no bytes are kept, and its copies have another header than what was delivered.
new_database files none
for mail in $(in_order); do
	"$PATCHMAILD" -c "$conf" deliver <"$mails/$mail"
	{ echo 'X-Archived: yes'; cat "$mails/$mail"; } >"$scratch/mail"
	mbox_mail "$scratch/mail"
done >"$scratch/list.mbox"
state_of files >"$scratch/right"
sql "UPDATE patchwork_patch SET content = 'garbled', diff = 'garbled' WHERE msgid = '<t1-p3@example.org>';
	UPDATE patchwork_cover SET content = 'garbled' WHERE msgid = '<t2-c@example.org>'" >/dev/null
reparses 'without bytes there is nothing to read' 0 '0 mails: 0 changed, 0 left alone'
reparses 'from an mbox' 0 '22 mails: 2 changed, 0 left alone' "$scratch/list.mbox"
is "$(cut -d ' ' -f 1-2 "$scratch/stdout" | sort)" '<t1-p3@example.org> content:
<t1-p3@example.org> diff:
<t2-c@example.org> content:' 'the header of a copy counts for nothing'
state_of files >"$scratch/after"
ok 'all is right again' diff "$scratch/right" "$scratch/after"
is "$(sql "SELECT count(*) FROM patchwork_patch WHERE headers LIKE '%X-Archived%' OR content = 'garbled'")" 0 \
	'the header is what was delivered'
reparses 'again' 0 '22 mails: 0 changed, 0 left alone' "$scratch/list.mbox"
silent 'nothing differs'
patch_mail lone '[PATCH] lone' 'X-Other: yes' | sed 's/alice@/eve@/; s/new/newer/' >"$scratch/forged"
patch_mail unknown '[PATCH] unknown' >"$scratch/unknown"
mkdir "$scratch/folder"
cp "$scratch/forged" "$scratch/unknown" "$scratch/folder"
reparses 'another mail with a Message-ID, and one that is not stored' 0 '2 mails: 0 changed, 2 left alone' \
	"$scratch/folder"
is "$(cat "$scratch/stdout")" '<lone@example.org> left alone: another mail with its Message-ID is stored
<unknown@example.org> left alone: it is not stored' 'are left alone'
is "$(sql "SELECT count(*) FROM patchwork_patch WHERE msgid = '<unknown@example.org>'")" 0 'and not stored'
reparses 'a file that is not there' 66 '1 mail: 0 changed, 0 left alone' "$scratch/nothing" "$mails/lone"

# Hostile mail among it -----------------------------------------------------------------------------------------------

new_database hostile
mkdir "$scratch/odd"
for i in nul nonsense number death size; do
	patch_mail "odd-$i" '[PATCH] odd' "X-Odd: $i" >"$scratch/odd/$i"
	patch_mail "good-$i" '[PATCH] good' >"$scratch/odd/good-$i"
done
{ patch_mail large '[PATCH] large'; head -c 3000000 /dev/zero | tr '\0' 'x' | fold -w 70; } >"$scratch/odd/large"
printf '%s\n' 'From: Eve <eve@example.org>' 'Subject: [PATCH] \033]0;x\007' 'Message-ID: <escape@example.org>' \
	'List-Id: <demo.example.org>' '' 'text' | sed "s/\\\\033/$(printf '\033')/; s/\\\\007/$(printf '\007')/" \
	>"$scratch/escape"
{ cat "$scratch/escape"; diff_text; } >"$scratch/odd/zescape"
run -c "$conf" import "$scratch/odd"
is "$code $(import_counts)" '0 12 mails: 12 stored' 'mail that the parser once understood'
sql "UPDATE patchwork_patch SET content = 'garbled' WHERE msgid LIKE '<good-%' OR msgid = '<large@example.org>';
	UPDATE patchwork_patch SET name = 'garbled' WHERE msgid = '<escape@example.org>';
	UPDATE patchmail.message SET name = 'garbled' WHERE msgid = '<escape@example.org>'" >/dev/null
built=$(dirname "$PATCHMAILD")
mkdir "$scratch/bin"
cp "$PATCHMAILD" "$scratch/bin/patchmaild"
cp "$built/patchmaild-archive" "$scratch/bin"
cp "$built/tests/unit/parser/odd_parser" "$scratch/bin/patchmaild-parser"
PATCHMAILD=$scratch/bin/patchmaild
printf '[patchmaild]\nmax_message_size=2M\n' >>"$conf"
reparses 'it does not keep the others from being read' 0 '12 mails: 6 changed, 5 left alone'
is "$(grep -c ' left alone: ' "$scratch/stdout")" 5 'each of them is named'
is "$(sql "SELECT count(*) FROM patchwork_patch WHERE content = 'garbled'")" 1 'the others are right'
is "$(sql "SELECT count(*) FROM patchwork_patch WHERE msgid LIKE '<odd-%'")" 5 'and it stays as it is'
is "$(LC_ALL=C grep -c "$(printf '[\001-\010\013-\037\177]')" "$scratch/stdout")" 0 \
	'what is printed does nothing to a terminal'
PATCHMAILD=$built/patchmaild

# Two thousand mails, stopped in the middle, while more comes ---------------------------------------------------------

new_database many
patch_mail many-NUMBER '[PATCH] change NUMBER' >"$scratch/mail"
mbox_mail "$scratch/mail" | awk -v RS='\001' '{
	for (i = 1; i <= 2000; i++) { text = $0; gsub(/NUMBER/, i, text); printf "%s", text }
}' >"$scratch/many"
run -c "$conf" import "$scratch/many"
is "$code $(import_counts)" '0 2000 mails: 2000 stored' 'two thousand mails'
state_of many >"$scratch/right"
garbled="SELECT count(*) FROM patchwork_patch WHERE content = 'garbled'"
sql "UPDATE patchwork_patch SET content = 'garbled'" >/dev/null
"$PATCHMAILD" -c "$conf" reparse --database "$database" >"$scratch/first" 2>&1 &
first=$!
ok 'it has begun' wait_for "SELECT ($garbled) < 1900"
kill -9 "$first"
wait "$first" 2>/dev/null || :
left=$(sql "$garbled")
ok "stopped in the middle: $left are left" test "$left" -gt 0
is "$(sql "SELECT count(*) FROM patchmail.audit WHERE function = 'reparse'")" "$((2000 - left))" \
	'what is done is done, and written down'
for i in $(seq 20); do
	patch_mail "meanwhile-$i" "[PATCH] meanwhile $i" >"$scratch/meanwhile"
	deliver "$scratch/meanwhile" || break
	[ "$code" = 0 ] || break
done >"$scratch/deliveries" 2>&1 &
deliveries=$!
/usr/bin/time -f %M -o "$scratch/peak" "$PATCHMAILD" -c "$conf" reparse --database "$database" >"$scratch/second" 2>&1
wait "$deliveries"
is "$(sql "$garbled")" 0 'the next run does the rest'
is "$(grep -c ' content: ' "$scratch/second")" "$left" 'and no more'
is "$(sql "SELECT count(*) FROM patchwork_patch WHERE msgid LIKE '<meanwhile-%'")" 20 'mail was delivered meanwhile'
sql "SELECT patchmail.discard_raw(array_agg(msgid)) FROM patchmail.raw WHERE msgid LIKE '<meanwhile-%'" >/dev/null
if grep -q __asan_init "$PATCHMAILD"; then
	skip 'it needs less memory than 96 MiB' 'built with sanitizers'
else
	ok "it needs less memory than 96 MiB: $(cat "$scratch/peak") KiB" test "$(cat "$scratch/peak")" -lt 98304
fi

done_testing
