#!/bin/sh
# The lines of contrib/postfix and README with a real Postfix: each way that they name delivers, what they say of
# aliases holds, and what their settings are there for happens without them.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/service.sh
. "$top_srcdir/tests/t/service.sh"
# shellcheck source=tests/t/postfix.sh
. "$top_srcdir/tests/t/postfix.sh"
need_postfix 'the recipes for Postfix'

start_database
fresh_database recipes
configure_postfix
protect "$conf"
add_samples
sample=$top_srcdir/contrib/postfix
# The lines of the table, also those that are a choice.
lines_to() { # TRANSPORT
	localize "$sample/transport" | sed -n "s|^#*\(patches@[^ ]*  *$1\)|\1|p"
}
lines_to patchmaild: >>"$etc/transport"
MAIL_CONFIG=$etc
export MAIL_CONFIG
postmap "$etc/transport"
is "$(postconf 2>&1 >/dev/null; postconf -M 2>&1 >/dev/null)" '' 'Postfix knows each setting of the samples'
start_postfix
cp -R "$etc" "$scratch/before"

# Waits until the log has one more line about this address.
await() { # ADDRESS STATUS FILE
	before=$(grep -c "to=<$1>" "$postfix/log" || :)
	send_to "$1" "$3"
	wait_until sh -c "test \"\$(grep -c 'to=<$1>' '$postfix/log')\" -gt $before" || :
	like "$(grep "to=<$1>" "$postfix/log" | tail -n 1)" "$2" "$4"
}
header_of() { # ID
	sql "SELECT headers FROM patchwork_patch WHERE msgid = '<$1@example.org>'"
}
stored() { # ID: how many of it
	sql "SELECT count(*) FROM patchwork_patch WHERE msgid = '<$1@example.org>'"
}

# pipe(8) -------------------------------------------------------------------------------------------------------------

address=patches@lists.example.org
patch_mail pipe '[PATCH] by pipe' >"$scratch/mail"
await $address 'relay=patchmaild,.*status=sent' "$scratch/mail" 'pipe(8) delivers'
like "$(header_of pipe | head -n 1)" '^Return-Path: <alice@example.org>$' 'with the sender of the envelope'

# A mail with a Delivered-To of the address is no loop.
patch_mail again '[PATCH] again' "Delivered-To: $address" >"$scratch/mail"
await $address 'status=sent' "$scratch/mail" 'a mail that was delivered to the address before is taken'
is "$(stored pipe) $(stored again)" '1 1' 'both are stored'
sed 's/flags=RX/flags=DRX/' "$etc/master.cf" >"$scratch/master.cf"
cp "$scratch/master.cf" "$etc/master.cf"
postfix_do reload
patch_mail loop '[PATCH] again' "Delivered-To: $address" >"$scratch/mail"
await $address 'status=bounced \(mail forwarding loop' "$scratch/mail" 'with the flag D Postfix sends it back'
cp "$scratch/before/master.cf" "$etc/master.cf"
postfix_do reload

# LMTP ----------------------------------------------------------------------------------------------------------------

# A line that is too long for SMTP, which Postfix breaks if it is let.
long_line() { # ID: a patch with one
	patch_mail "$1" '[PATCH] a long line' | sed 's/^@@ -1 +1 @@/@@ -1 +1,2 @@/'
	printf '+%03000d\n' 0
}
unbroken() { # ID
	sql "SELECT position(E'\\n+' || repeat('0', 3000) IN diff) > 0 FROM patchwork_patch
		WHERE msgid = '<$1@example.org>'"
}
change_way() { # TRANSPORT
	sed -i "/^$address /d" "$etc/transport"
	lines_to "$1" >>"$etc/transport"
	postmap "$etc/transport"
	postfix_do reload
}

start_listener
is "$(stat -c '%U %G %a' "$scratch/run/lmtp")" 'postgres postfix 660' "only patchmaild and Postfix may connect"
for way in unix:/ unix:private/; do
	change_way "patchmaild-lmtp:$way"
	id=lmtp-$(echo "$way" | tr -cd '[:lower:]')
	long_line "$id" >"$scratch/mail"
	await $address "relay=[^ ]*(run/lmtp|private/patchmaild-spawn)[]],.*status=sent .250 2\.0\.0 stored" \
		"$scratch/mail" "LMTP to $way delivers"
	is "$(unbroken "$id")" t 'and leaves long lines as they are'
done
postconf -P patchmaild-lmtp/unix/lmtp_line_length_limit=998
postfix_do reload
long_line broken >"$scratch/mail"
await $address 'status=sent' "$scratch/mail" 'Postfix with its own line_length_limit delivers'
is "$(unbroken broken)" f 'a broken patch'
cp "$scratch/before/master.cf" "$etc/master.cf"
change_way patchmaild:
long_line whole >"$scratch/mail"
await $address 'relay=patchmaild,.*status=sent' "$scratch/mail" 'pipe(8) has no such limit'
is "$(unbroken whole)" t 'and leaves long lines as they are'

# Aliases -------------------------------------------------------------------------------------------------------------

echo "patchwork: \"|$program -c $conf deliver\"" >"$etc/aliases"
postalias "$etc/aliases"
postconf -e mydestination=mx.example.org "alias_maps=hash:$etc/aliases"
# shellcheck disable=SC2016
postconf -e 'local_recipient_maps=$alias_maps'
postfix_do reload
patch_mail alias '[PATCH] by alias' >"$scratch/mail"
await patchwork@mx.example.org 'relay=local.*dsn=4\.3\.0, status=deferred .*Permission denied' "$scratch/mail" \
	'an alias of root is no way: nobody cannot read the configuration, and the mail waits'

# The commands of README, as root types them.  The alias stays, the transport table comes first.
awk '/^From parsemail.sh/ { inside = 1 } inside && /^And back|And back:$/ { print "#" } /^Who really/ { exit }
	inside && /^    / { print }' "$top_srcdir/README" >"$scratch/readme"
localize "$scratch/readme" | sed '/^#/,$d' >"$scratch/there"
localize "$scratch/readme" | sed '1,/^#/d' >"$scratch/back"
is "$(wc -l <"$scratch/there") $(wc -l <"$scratch/back")" '6 4' 'README has commands to patchmaild and back'
# Not those of the samples, which are there already.
postconf -MX patchmaild/unix
postconf -X patchmaild_destination_recipient_limit patchmaild_destination_concurrency_limit patchmaild_time_limit
ok 'to patchmaild' sh -eu "$scratch/there"
service_of() { # FOLDER
	postconf -c "$1" -M patchmaild/unix | tr -s ' '
}
is "$(service_of "$etc")" "$(service_of "$scratch/before")" 'with the service that contrib/postfix has'
ok 'what waited is delivered' drain 20
is "$(stored alias)" 1 'and stored'
like "$(grep 'to=<patchwork@mx' "$postfix/log" | tail -n 1)" 'relay=patchmaild,.*status=sent' 'by pipe(8)'
ok 'and back' sh -eu "$scratch/back"
patch_mail back '[PATCH] back' >"$scratch/mail"
await patchwork@mx.example.org 'relay=local' "$scratch/mail" 'the alias is used as before'

# The commands that contrib/postfix/aliases has, as root types them.
localize "$sample/aliases" | sed -e '/^#/d' -e 's/^patches:/patchwork:/' >"$scratch/aliases"
localize "$sample/aliases" | sed -n 's/^#     //p' | sed "s| aliases | $scratch/aliases |" >"$scratch/commands"
: >"$etc/aliases"
postalias "$etc/aliases"
ok 'the commands for a table of its own' sh -eu "$scratch/commands"
is "$(wc -l <"$scratch/commands")" 4 'are four'
postfix_do reload
ok 'what waited is delivered by an alias of patchmaild' drain 20
like "$(grep 'to=<patchwork@mx' "$postfix/log" | tail -n 1)" 'relay=local.*status=sent' 'by local(8)'
is "$(stored back)" 1 'and stored'
pg_control stop
patch_mail waits '[PATCH] without a database' >"$scratch/mail"
await patchwork@mx.example.org 'relay=local.*dsn=4\.3\.0, status=deferred .*the database cannot be reached' \
	"$scratch/mail" 'without a database local(8) keeps the mail, with the reason'
pg_control start
ok 'and delivers it then' drain 20
is "$(stored waits)" 1 'once'

is "$(bounces)" 1 'nothing has come back but the loop that was made'

done_testing
