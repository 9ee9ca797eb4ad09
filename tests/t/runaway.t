#!/bin/sh
# A subject_match that runs away on a hostile mail is stopped well before the time for the mail is over: the mail is
# stored at the first attempt, the pattern is named, and other mail is not held up.  In a batch too.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
start_database
fresh_database main
printf '[patchmaild]\ntimeout=12\n' >>"$conf"
slow() { # NUMBER: one that takes for ever where many letters stand before "xyz"
	printf '%s' "(.+)(.+)(.+)(.+)\\4\\3\\2\\1x.z|$1"
}
hostile="$(printf 'ab%.0s' $(seq 200))xyz"
named() {
	sql "SELECT string_agg(concat_ws(' ', kind, name, msgid), ', ') FROM patchmail.runaway_patterns"
}
sql "SELECT patchmail.add_project('picky', 'Picky', 'demo.example.org', 'picky@example.org', '$(slow 1)')" >/dev/null

patch_mail one "[PATCH] $hostile" >"$scratch/one"
deliver "$scratch/one"
accepted 'a mail on which a pattern runs away'
is "$(named)" 'subject_match picky <one@example.org>' 'the pattern is named'
is "$(sql 'SELECT count(*) FROM patchmail.overdue')" 0 'its time was not over'
patch_mail two "[PATCH] $hostile" >"$scratch/two"
deliver "$scratch/two"
accepted 'the next one'
sql "UPDATE patchwork_project SET subject_match = '$(slow 2)' WHERE linkname = 'picky'"
for id in three four; do
	patch_mail $id "[PATCH] $hostile" >"$scratch/$id"
	mbox_mail "$scratch/$id"
done >"$scratch/mbox"
patch_mail five '[PATCH] five' >"$scratch/five"
mbox_mail "$scratch/five" >>"$scratch/mbox"
run -c "$conf" import --history "$scratch/mbox"
is "$code $(cat "$scratch/stderr")" '0 ' 'an import of such mails'
like "$(named)" '^subject_match picky <(three|four)@example.org>$' 'and the other pattern is named'
is "$(sql 'SELECT count(*) FROM patchwork_patch')" 5 'all mails are stored'
# Another one than the patterns takes long: the mail has all of its time.
sql "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(5); RETURN NEW; END'
	; CREATE TRIGGER dawdle BEFORE INSERT ON patchwork_patch FOR EACH ROW EXECUTE FUNCTION dawdle()"
patch_mail six '[PATCH] six' >"$scratch/six"
sed -i 's/^timeout=.*/timeout=14/' "$conf"
deliver "$scratch/six"
accepted 'a mail that takes more than a third of its time'

done_testing
