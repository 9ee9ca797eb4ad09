#!/bin/sh
# Mail in quarantine, by the program: patchmail.release(), retry() and discard(), patchmaild retry.  What connects is a
# role that may do nothing but deliver.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
start_database
fresh_database held
sql 'CREATE ROLE deliverer LOGIN' >/dev/null
sql "SELECT patchmail.add_deliverer('deliverer')" >/dev/null
sql "SELECT patchmail.set_policy('demo', store => 'pass')" >/dev/null
printf '[database]\nconninfo=host=%s dbname=held user=deliverer\n' "$PGHOST" >"$conf"

retries() { # NAME EXPECTED-CODE EXPECTED-STDOUT [PATTERN of the one line on stderr]
	run -c "$conf" retry
	is "$code $(cat "$scratch/stdout")" "$2 $3" "$1"
	if [ $# -gt 3 ]; then like "$(cat "$scratch/stderr")" "$4" "$1: one line"; else is "$(cat "$scratch/stderr")" \
		'' "$1: no more is said"; fi
}
id_of() { # MAIL
	sql "SELECT id FROM patchmail.quarantine WHERE msgid = '<$1@example.org>' ORDER BY id DESC LIMIT 1"
}
left() {
	sql "SELECT string_agg(msgid, ' ' ORDER BY id) FROM patchmail.quarantine"
}

for i in 1 2 3; do
	patch_mail "held-$i" "[PATCH] change $i" >"$scratch/mail-$i"
	deliver "$scratch/mail-$i"
	accepted "mail $i"
done
is "$(sql 'SELECT string_agg(concat_ws(chr(32), projects, verdict, subject), chr(10) ORDER BY id)
	FROM patchmail.quarantined')" \
	'demo none [PATCH] change 1
demo none [PATCH] change 2
demo none [PATCH] change 3' 'are held by the policy'
retries 'what nobody marked is left alone' 0 '0 mails'
sql "SELECT patchmail.release($(id_of held-2)), patchmail.retry($(id_of held-3))" >/dev/null
retries 'one is released, one is tried again' 0 '2 mails: 1 stored, 1 quarantined' \
	"$(id_of held-3): quarantined: policy of project demo"
is "$(sql 'SELECT msgid, content FROM patchwork_patch')" '<held-2@example.org>|It changes a line.
---' 'the one that was released is stored'
is "$(left)" '<held-1@example.org> <held-3@example.org>' 'a mail that is stored leaves the quarantine'
retries 'nothing is done twice' 0 '0 mails'
deliver "$scratch/mail-1"
is "$(sql "SELECT attempts FROM patchmail.quarantine WHERE msgid = '<held-1@example.org>'")" 2 \
	'what comes again is held again'
is "$(sql "SELECT msgid FROM patchmail.discard($(id_of held-1))")" '<held-1@example.org>' 'one is thrown away'
sql "SELECT patchmail.set_policy('demo', store => 'ambiguous')" >/dev/null
sql "SELECT patchmail.retry($(id_of held-3))" >/dev/null
retries 'after policy asks for less' 0 '1 mail: 1 stored'
is "$(left)" '' 'nothing is left'

# Whoever connects as a deliverer cannot mark, nor read what is not marked.
printf 'no mail' >"$scratch/odd"
deliver "$scratch/odd"
id=$(sql 'SELECT id FROM patchmail.quarantine')
for call in "release($id)" "retry($id)" "discard($id)" "release_where('')" "retry_where('')" "discard_where('')" \
	"quarantine_show($id)"; do
	like "$(PGUSER=deliverer psql -XqAt -c "SELECT patchmail.$call" 2>&1)" 'permission denied for function' \
		"a deliverer may not ${call%%(*}()"
done
is "$(PGUSER=deliverer psql -XqAt -c 'SELECT m.id, m.raw FROM patchmail.next_marked(0, 1000) m')" '|' \
	'a deliverer sees no mail that nobody marked'

# What cannot be parsed stays; the list and its settings are those of the mail's source.
sql "SELECT patchmail.release($id)" >/dev/null
retries 'what is no mail' 0 '1 mail: 1 quarantined' "^patchmaild: $id: quarantined: "
is "$(sql 'SELECT attempts, mark FROM patchmail.quarantine')" '2|' 'stays, and its mark is gone'
sql "SELECT patchmail.discard($id)" >/dev/null
patch_mail listless '[PATCH] without a list' | sed '/^List-Id/d' >"$scratch/listless"
sql "SELECT patchmail.set_policy('demo', store => 'pass')" >/dev/null
deliver "$scratch/listless" --list-id demo.example.org
is "$(sql 'SELECT projects FROM patchmail.quarantined')" demo 'the project is that of the list by which it came'
sql "SELECT patchmail.release($(id_of listless))" >/dev/null
retries 'by the list that the deliverer named' 0 '1 mail: 1 stored'

# Too large, until the configuration says otherwise
cp "$conf" "$scratch/large.conf"
printf '[patchmaild]\nmax_message_size=2K\n' >>"$conf"
{ patch_mail big '[PATCH] big'; head -c 3000 /dev/zero | tr '\0' 'x' | fold -w 70 | sed 's/^/ /'; } >"$scratch/big"
deliver "$scratch/big"
id=$(sql 'SELECT id FROM patchmail.quarantine')
sql "SELECT patchmail.release($id)" >/dev/null
retries 'a mail over the limit' 0 '0 mails' "^patchmaild: $id: it is larger than 2048 bytes"
conf=$scratch/large.conf
sql "SELECT patchmail.release($id)" >/dev/null
retries 'with a higher limit' 0 '1 mail: 1 stored'
is "$(left)" '' 'it is stored, whatever pieces it was kept in'

# Two mails with one Message-ID
patch_mail twice '[PATCH] first' >"$scratch/first"
patch_mail twice '[PATCH] second' | sed 's/alice@/bob@/; s/new/newer/' >"$scratch/second"
sql "SELECT patchmail.set_policy('demo', store => 'ambiguous')" >/dev/null
deliver "$scratch/first"
deliver "$scratch/second"
sql "SELECT patchmail.release($(id_of twice))" >/dev/null
retries 'a mail whose Message-ID another one has' 0 '1 mail: 1 stored'
is "$(sql "SELECT name FROM patchwork_patch WHERE msgid = '<twice@example.org>'")" second 'takes its place'
is "$(sql "SELECT outcome FROM patchmail.release($(id_of twice))")" stored \
	'the other one comes back without being read again'
is "$(sql "SELECT name FROM patchwork_patch WHERE msgid = '<twice@example.org>'")" first 'as it was'
sql "SELECT patchmail.discard($(id_of twice))" >/dev/null

# What came from a mailbox is not taken from there again.
sql "SELECT patchmail.set_policy('demo', store => 'pass')" >/dev/null
patch_mail boxed '[PATCH] boxed' >"$scratch/boxed"
deliver "$scratch/boxed"
sql "UPDATE patchmail.quarantine SET source = '{\"transport\": \"imap\", \"account\": \"a\", \"mailbox\": \"INBOX\",
	\"uidvalidity\": 1, \"uid\": 5}'" >/dev/null
sql "SELECT patchmail.release($(id_of boxed))" >/dev/null
retries 'a mail from a mailbox' 0 '1 mail: 1 stored'
is "$(sql 'SELECT count(*) FROM patchmail.cursor')" 0 'leaves the mailbox alone'

# The site's fault: it stops, and the mark stays.
patch_mail again '[PATCH] again' >"$scratch/again"
deliver "$scratch/again"
sql "SELECT patchmail.release($(id_of again))" >/dev/null
sql 'ALTER TABLE public.patchwork_patch ADD CONSTRAINT never CHECK (false) NOT VALID'
retries 'the site is at fault' 75 '1 mail: 1 deferred' \
	"^patchmaild: $(id_of again): deferred: .*; stopped here, repeat it"
sql 'ALTER TABLE public.patchwork_patch DROP CONSTRAINT never'
retries 'when it is mended' 0 '1 mail: 1 stored'
is "$(left)" '' 'nothing is left in the end'
pg_control stop
retries 'no database' 75 '0 mails' 'cannot be reached'
run -c "$conf" retry 17
is "$code" 64 'it takes no ids'

done_testing
