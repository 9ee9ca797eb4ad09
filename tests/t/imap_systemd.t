#!/bin/sh
# patchmaild imap reports to systemd what it does, and to the journal what became of each mail.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
# shellcheck source=tests/t/dovecot.sh
. "$top_srcdir/tests/t/dovecot.sh"
need_dovecot 'what is reported to systemd'
start_as_unit 'what is reported to systemd'
start_database
fresh_database units
start_dovecot
entry() { # MAIL-MESSAGE-ID: what the journal has of it, but for where in the program it comes from
	jq -c --arg id "$1" 'select(.MAIL_MESSAGE_ID == $id) |
		[.MESSAGE, .PRIORITY, .ACCOUNT, .MAILBOX, .UID, .PROJECT, .OUTCOME, .REASON]' "$scratch/journal"
}

# Telling systemd -----------------------------------------------------------------------------------------------------

start_proxy "$imap_port"
configure_dovecot unit tls=none host=127.0.0.1 "port=$proxy_port" '[patchmaild]' max_message_size=5000
start_service
ok 'it waits' wait_until reported '^STATUS=waiting for mail, 0 behind; 0 fetched, 0 stored, 0 waiting, 0 quarantined$'
is "$(head -n 1 "$scratch/notify")" READY=1 'that it is ready was reported to systemd first'
lives=$(count_lines WATCHDOG=1)
ok 'and again and again that it is alive' wait_until alive 8
is "$(grep -c '^[0-9]* IDLE' "$scratch/proxy.sent")|$(grep -c '^DONE' "$scratch/proxy.sent" || :)" '1|0' \
	'without disturbing IDLE'

{ patch_mail large '[PATCH] large' && head -c 9000 /dev/zero | tr '\0' x; } >"$scratch/mail.large"
reply_mail reply none >"$scratch/mail.reply"
patch_mail elsewhere '[PATCH] elsewhere' | sed 's/demo.example.org/nowhere.example.org/' >"$scratch/mail.elsewhere"
patch_mail patch '[PATCH] a change' >"$scratch/mail.patch"
mailbox unit append INBOX "$scratch/mail.patch" "$scratch/mail.reply" "$scratch/mail.elsewhere" "$scratch/mail.large" \
	"$scratch/mail.patch"
ok 'what it has done' wait_until reported \
	'^STATUS=waiting for mail, 0 behind; 5 fetched, 1 stored, 1 waiting, 1 quarantined$'
ok 'and while it did, how much was left' reported '^STATUS=taking mail of INBOX, [0-9]+ behind; '

kill -HUP "$service"
ok 'SIGHUP: that it reloads is reported to systemd' wait_until reported '^MONOTONIC_USEC=[0-9]+$'
ok 'and when it has' wait_until ready_again
stop_service
is "$code $(tail -n 1 "$scratch/notify")" '0 STOPPING=1' 'SIGTERM: that it stops is reported to systemd last'
is "$(cat "$scratch/service.log")" '' 'nothing is said besides'

# Telling the journal -------------------------------------------------------------------------------------------------

known='its Message-ID is known in project demo'
is "$(entry '<patch@example.org>')" '["unit INBOX UID 1: stored","6","unit","INBOX","1","demo","stored",""]
["unit INBOX UID 5: duplicate: '"$known"'","6","unit","INBOX","5","demo","duplicate","'"$known"'"]' \
	'each mail has an entry, with fields'
like "$(entry '<reply@example.org>')" '^\["unit INBOX UID 2: waiting.*","6","unit","INBOX","2","demo","waiting",' \
	'a reply that waits'
like "$(entry '<elsewhere@example.org>')" \
	'^\["unit INBOX UID 3: ignored: (.*)","6","unit","INBOX","3","","ignored","(.*)"\]$' \
	'a mail that is ignored belongs to no project'
like "$(entry '<large@example.org>')" \
	'^\["unit INBOX UID 4: quarantined: .*larger than 5000 bytes.*","4","unit","INBOX","4","","quarantined",'\
'"the message is larger than 5000 bytes.*"\]$' \
	'one that goes into quarantine is a warning'
is "$(jq -r .MESSAGE_ID "$scratch/journal" | sort -u)" \
	"$(sed -n 's/^-- //p' "$top_srcdir/systemd/patchmaild.catalog" | head -n 1)" \
	'the catalog explains them'

# What a terminal would obey, and a line that looks like a field.
escape=$(printf '\033')
patch_mail hostile '[PATCH] hostile' | sed \
	"s/^Message-ID: .*/Message-ID: <${escape}[2J\\n OUTCOME=stored@example.org>/" \
	>"$scratch/mail.hostile"
mailbox hostile append INBOX "$scratch/mail.hostile"
configure_dovecot hostile
once
is "$code" 0 'a hostile Message-ID'
is "$(jq -c 'select(.ACCOUNT == "hostile") | [.MAIL_MESSAGE_ID, .OUTCOME, .UID]' "$scratch/journal")" \
	'["<\\x1b[2J OUTCOME=stored@example.org>","stored","1"]' \
	'a hostile Message-ID is one field, without control characters'

done_testing
