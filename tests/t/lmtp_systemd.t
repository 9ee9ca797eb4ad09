#!/bin/sh
# patchmaild lmtp --listen reports to systemd what it does, and to the journal what became of each mail.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/service.sh
. "$top_srcdir/tests/t/service.sh"
# shellcheck source=tests/t/lmtp.sh
. "$top_srcdir/tests/t/lmtp.sh"
start_as_unit 'what lmtp reports to systemd'
start_database
fresh_database units
printf '[recipients]\nlisted@example.org=demo.example.org\n' >>"$conf"
entry() { # MAIL-MESSAGE-ID: what the journal has of it
	jq -c --arg id "$1" 'select(.MAIL_MESSAGE_ID == $id) |
		[.MESSAGE, .PRIORITY, .SENDER, .LIST_ID, .PROJECT, .OUTCOME, .REASON]' "$scratch/journal"
}

start_lmtp
ok 'that it is ready is reported to systemd' wait_until reported '^READY=1$'
lives=$(count_lines WATCHDOG=1)
ok 'and again and again that it is alive' wait_until alive 8

{
	printf '%s\n' 'LHLO x' 'MAIL FROM:<alice@example.org>' 'RCPT TO:<demo@example.org>' DATA
	patch_mail one '[PATCH] one'
	printf '%s\n' . 'MAIL FROM:<>' 'RCPT TO:<listed@example.org>' DATA
	patch_mail two '[PATCH] two' | sed '/^List-Id/d'
	printf '%s\n' . 'MAIL FROM:<"\"x OUTCOME=stored"@example.org>' 'RCPT TO:<demo@example.org>' DATA
	patch_mail one '[PATCH] one'
	printf '%s\n' . QUIT
} | client talk >/dev/null
ok 'what it has done' wait_until reported '^STATUS=0 clients; 3 mails: 2 stored, 1 duplicate$'
is "$(entry '<one@example.org>')" \
	'["lmtp from=<alice@example.org>: stored","6","alice@example.org","","demo","stored",""]
["lmtp from=<\"x OUTCOME=stored@example.org>: duplicate: its Message-ID is known in project demo","6",'\
'"\"x OUTCOME=stored@example.org","","demo","duplicate","its Message-ID is known in project demo"]' \
	'each mail has an entry, with fields'
is "$(entry '<two@example.org>')" \
	'["lmtp from=<> list=demo.example.org: stored","6","","demo.example.org","demo","stored",""]' \
	'and the list that its recipient stands for'
is "$(jq -r .MESSAGE_ID "$scratch/journal" | sort -u)" \
	"$(sed -n 's/^-- //p' "$top_srcdir/systemd/patchmaild.catalog" | sed -n 4p)" 'the catalog explains them'

kill -HUP "$service"
ok 'SIGHUP: that it reloads is reported to systemd' wait_until reported '^MONOTONIC_USEC=[0-9]+$'
ok 'and when it has' wait_until ready_again
ok 'and it goes on' lmtp_answers
stop_service
is "$code" 0 'SIGTERM: it ends'
ok 'that it stops is reported to systemd' reported '^STOPPING=1$'
is "$(cat "$scratch/service.log")" '' 'nothing is said besides'

done_testing
