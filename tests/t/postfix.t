#!/bin/sh
# A real Postfix of its own, with pipe(8): mail by SMTP becomes a row; without the database it stays in the queue, and
# becomes a row when the database is back; nothing bounces.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/service.sh
. "$top_srcdir/tests/t/service.sh"
# shellcheck source=tests/t/postfix.sh
. "$top_srcdir/tests/t/postfix.sh"
need_postfix 'delivery by Postfix'

start_database
fresh_database postfix
chmod 644 "$conf"
configure_postfix
echo 'patchmaild_destination_recipient_limit = 1' >>"$etc/main.cf"
cat >>"$etc/master.cf" <<END
patchmaild unix - n n - 4 pipe
  flags=DRhu user=postgres argv=$program -c $conf deliver --list-id \${user}.example.org
END
echo 'lists.example.org patchmaild:' >>"$etc/transport"
start_postfix

# Delivered -----------------------------------------------------------------------------------------------------------

patch_mail smtp-1 '[PATCH] by SMTP' >"$scratch/mail"
ok 'Postfix takes a mail' send_to demo@lists.example.org "$scratch/mail"
ok 'it becomes a row' wait_for "SELECT count(*) = 1 FROM patchwork_patch WHERE msgid = '<smtp-1@example.org>'"
ok 'Postfix knows that it is delivered' log_says \
	'relay=patchmaild.*dsn=2\.0\.0, status=sent \(delivered via patchmaild service\)'
ok 'and forgets it' wait_until nothing_queued

# Deferred ------------------------------------------------------------------------------------------------------------

pg_control stop
patch_mail smtp-2 '[PATCH] without a database' >"$scratch/mail"
ok 'Postfix takes a mail while the database is away' send_to demo@lists.example.org "$scratch/mail"
ok 'it is deferred' log_says \
	'dsn=4\.3\.0, status=deferred \(the database cannot be reached|dsn=4\.3\.0, status=deferred .*cannot be reached'
ok 'it is in the queue' test "$(queued)" -eq 1
ok 'with the reason' sh -c "postqueue -c '$etc' -p | grep -q 'the database cannot be reached'"

pg_control start
ok 'the queue is run' run_queue
ok 'it becomes a row' wait_for "SELECT count(*) = 1 FROM patchwork_patch WHERE msgid = '<smtp-2@example.org>'"
ok 'and the queue is empty' wait_until nothing_queued

# A broken configuration is no reason to bounce either.
cp "$conf" "$scratch/good.conf"
echo 'nonsense=1' >>"$conf"
patch_mail smtp-3 '[PATCH] with a broken configuration' >"$scratch/mail"
ok 'Postfix takes a mail while the configuration is broken' send_to demo@lists.example.org "$scratch/mail"
ok 'it is deferred' log_says 'dsn=4\.3\.0, status=deferred .*unknown key nonsense'
cat "$scratch/good.conf" >"$conf"
run_queue
ok 'it becomes a row when that is mended' wait_for \
	"SELECT count(*) = 1 FROM patchwork_patch WHERE msgid = '<smtp-3@example.org>'"
ok 'and the queue is empty' wait_until nothing_queued

# What cannot be read is kept here, and not sent back.
head -c 3000 /dev/urandom | base64 >"$scratch/mail"
ok 'Postfix takes what is hardly a mail' send_to demo@lists.example.org "$scratch/mail"
ok 'it is in quarantine' wait_for 'SELECT count(*) = 1 FROM patchmail.quarantine'
ok 'and the queue is empty' wait_until nothing_queued

is "$(bounces)" 0 'nothing bounced'
is "$(sql 'SELECT count(*) FROM patchwork_patch')" 3 'no mail came twice'

done_testing
