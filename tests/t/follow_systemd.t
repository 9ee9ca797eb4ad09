#!/bin/sh
# patchmaild follow reports to systemd what it does, and to the journal what became of each mail.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/follow.sh
. "$top_srcdir/tests/t/follow.sh"
need_program git 'what is reported to systemd'
start_as_unit 'what is reported to systemd'
start_database
fresh_database units
entry() { # MAIL-MESSAGE-ID: what the journal has of it, but for where in the program it comes from
	jq -c --arg id "$1" 'select(.MAIL_MESSAGE_ID == $id) |
		[.MESSAGE, .PRIORITY, .ARCHIVE, .POSITION, .PROJECT, .OUTCOME, .REASON]' "$scratch/journal" |
		sed "s|$scratch|SCRATCH|g; s|[0-9a-f]\{40\}|COMMIT|g"
}

# Telling systemd -----------------------------------------------------------------------------------------------------

configure unit interval=3600 '[patchmaild]' max_message_size=5000
make_epoch "$inbox/git/0.git"
start_service
ok 'it waits' wait_until reported '^STATUS=waiting for mail; 0 fetched, 0 stored, 0 waiting, 0 quarantined$'
is "$(head -n 1 "$scratch/notify")" READY=1 'that it is ready was reported to systemd first'
lives=$(count_lines WATCHDOG=1)
ok 'and again and again that it is alive' wait_until alive 8

{ patch_mail large '[PATCH] large' && head -c 9000 /dev/zero | tr '\0' x; } >"$scratch/mail.large"
reply_mail reply none >"$scratch/mail.reply"
patch_mail elsewhere '[PATCH] elsewhere' | sed 's/demo.example.org/nowhere.example.org/' >"$scratch/mail.elsewhere"
patch_mail patch '[PATCH] a change' >"$scratch/mail.patch"
commit "$inbox/git/0.git" m "$scratch/mail.patch" "$scratch/mail.reply" "$scratch/mail.elsewhere" \
	"$scratch/mail.large" "$scratch/mail.patch"
ok 'what it has done' wait_until reported \
	'^STATUS=waiting for mail; 5 fetched, 1 stored, 1 waiting, 1 quarantined$'
ok 'and while it did, of which repository' reported '^STATUS=taking mail of git/0.git; '

sql "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no room''; END';
	CREATE TRIGGER refuse BEFORE INSERT ON public.patchwork_patch FOR EACH ROW EXECUTE FUNCTION refuse()"
commit_patches "$inbox/git/0.git" late
ok 'why mail cannot be stored' wait_until reported '^STATUS=mail cannot be stored: .*no room'
sql 'DROP TRIGGER refuse ON public.patchwork_patch'
ok 'and that it can again' wait_until reported '^STATUS=waiting for mail; [0-9]+ fetched, 2 stored, '

kill -HUP "$service"
ok 'SIGHUP: that it reloads is reported to systemd' wait_until reported '^MONOTONIC_USEC=[0-9]+$'
ok 'and when it has' wait_until ready_again
stop_service
is "$code $(tail -n 1 "$scratch/notify")" '0 STOPPING=1' 'SIGTERM: that it stops is reported to systemd last'
is "$(cat "$scratch/service.log")" '' 'nothing is said besides'

# A command, and a git, that take longer than systemd waits for a sign of life
configure slow interval=3600 "command=$scratch/sleep" '[patchmaild]' max_message_size=5000
printf '#!/bin/sh\nexec sleep 600\n' >"$scratch/sleep"
chmod +x "$scratch/sleep"
make_epoch "$inbox/git/0.git"
start_service
lives=$(count_lines WATCHDOG=1)
ok 'while a command runs it is alive' wait_until alive 8
stop_service

# Telling the journal -------------------------------------------------------------------------------------------------

known='its Message-ID is known in project demo'
where=SCRATCH/unit/git/0.git:COMMIT
is "$(entry '<patch@example.org>')" \
	"[\"unit $where: stored\",\"6\",\"unit\",\"$where\",\"demo\",\"stored\",\"\"]
[\"unit $where: duplicate: $known\",\"6\",\"unit\",\"$where\",\"demo\",\"duplicate\",\"$known\"]" \
	'each mail has an entry, with fields'
like "$(entry '<reply@example.org>')" "^\\[\"unit $where: waiting.*\",\"6\",\"unit\",\"$where\",\"demo\",\"waiting\"," \
	'a reply that waits'
like "$(entry '<elsewhere@example.org>')" \
	"^\\[\"unit $where: ignored: .*\",\"6\",\"unit\",\"$where\",\"\",\"ignored\"," \
	'a mail that is ignored belongs to no project'
like "$(entry '<large@example.org>')" \
	"^\\[\"unit $where: quarantined: .*larger than 5000 bytes.*\",\"4\",\"unit\",\"$where\",\"\",\"quarantined\"," \
	'one that goes into quarantine is a warning'
like "$(entry '' | grep '"deferred"')" "^\\[\"unit $where: deferred: .*no room.*\",\"4\",\"unit\",\"$where\"," \
	'one that is deferred is a warning too, once'
id=$(jq -r 'select(.OUTCOME == "stored") | .MESSAGE_ID' "$scratch/journal" | sort -u)
ok 'the catalog explains them' grep -qx -e "-- $id" "$top_srcdir/systemd/patchmaild.catalog"

done_testing
