#!/bin/sh
# Mails with authentication fields through `parse`: nobody's word counts if nobody is trusted, or if our host had no
# part in it; else there are so many verdicts of each kind, by who is trusted.
#
# Those of tests/authentication/mails are our own; their verdicts were worked out from patchmaild-authentication(7).
# Real mail, one of each shape of its fields, may be beside the project; of that there are only numbers here.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
mbox=$top_srcdir/../shared/conformance/nasty/one-message-per-auth-header-shape.mbox.xz

if ! command -v jq >/dev/null; then
	skip 'verdicts' 'no jq'
	done_testing
fi

# Prints how often there is each verdict, and after it the one on the author whom a list's address hides.
verdicts() { # SETTING...
	printf '%s\n' '[authentication]' "$@" >"$scratch/conf"
	"$PATCHMAILD" -c "$scratch/conf" parse "$mails"/* >"$scratch/facts" 2>"$scratch/stderr" ||
		cat "$scratch/stderr"
	jq -r '.authentication | .verdict + " " + (.original_verdict // "-")' "$scratch/facts" | LC_ALL=C sort |
		uniq -c |
		sed 's/^ *//'
}

# Our own ---------------------------------------------------------------------------------------------------------

mails=$top_srcdir/tests/authentication/mails
exchanger='trusted_authserv=mx.example.net'
host='list_authserv=lists.example.org'
sealer='arc_trusted_sealers=lists.example.org'
unheard='1 ambiguous -
8 none -
2 none claimed'
is "$(verdicts)" "$unheard" 'nobody is trusted'
is "$(verdicts "$exchanger" "$host" "$sealer" 'boundary=gate.example.net')" "$unheard" \
	'everybody is trusted, and the boundary never had the mail'
is "$(verdicts 'boundary=mx.example.net lists.example.org' 'position=path')" "$unheard" \
	'the boundary had the mail, and nobody is trusted'
# Above its topmost Received: exchanger-says-fail, two-words-of-one-host.
is "$(verdicts "$exchanger" 'boundary=mx.example.net')" '1 ambiguous -
1 conflict -
1 fail -
6 none -
2 none claimed' 'the exchanger is trusted'
# list-in-from-sealed is vouched for.
is "$(verdicts "$exchanger" 'boundary=mx.example.net' "$sealer")" '1 ambiguous -
1 conflict -
1 fail -
6 none -
1 none claimed
1 none pass' 'what the list has sealed is believed besides'
# list-host, above the topmost Received.
is "$(verdicts "$host" 'boundary=lists.example.org')" '1 ambiguous -
7 none -
2 none claimed
1 pass -' 'the host of a list is trusted in its last turn'
# And twice-through-the-list-host.
is "$(verdicts "$host" 'boundary=lists.example.org' 'position=path')" '1 ambiguous -
6 none -
2 none claimed
2 pass -' 'the host of a list is trusted on the path'
# Besides, exchanger-below-its-received and the forgery.  no-authserv-id and nobody-checked say nothing.
is "$(verdicts "$exchanger" "$host" 'position=any' "$sealer")" '1 ambiguous -
1 conflict -
1 fail -
2 none -
1 none claimed
1 none pass
4 pass -' 'both are trusted, anywhere'

# Real mail -------------------------------------------------------------------------------------------------------

have_real 'one mail of each shape of real fields' "$mbox" || done_testing
mails=$scratch/mails
mkdir "$mails"
xz -dc "$mbox" | awk -v folder="$mails" '
	/^From / { if (file) close(file); file = sprintf("%s/%04d", folder, ++count) }
	{ print > file }'
unheard='2 ambiguous -
765 none -
84 none claimed'
is "$(verdicts)" "$unheard" 'real mail: nobody is trusted'

# Everybody is whose id or signature is in a mail; and the id that is in most of them, that of a list's host.
jq -r '.authentication.fields[] | select(.name == "Authentication-Results") | .authserv_id // empty' "$scratch/facts" |
	grep -E '^[A-Za-z0-9.-]+$' >"$scratch/ids"
hosts=$(LC_ALL=C sort -u "$scratch/ids" | tr '\n' ' ')
list=$(LC_ALL=C sort "$scratch/ids" | uniq -c | sort -rn | sed -n '1s/.* //p')
sealers=$(cat "$mails"/* | grep -aoE '(^|[ 	;])d=[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+' | sed 's/.*=//' |
	LC_ALL=C sort -u | tr '\n' ' ')
is "$(echo "$hosts" | wc -w) $(echo "$sealers" | wc -w)" '55 215' 'real mail: ids and signers'

is "$(verdicts "trusted_authserv=$hosts" 'boundary=mx.example.org' "arc_trusted_sealers=$sealers" 'received_spf=yes')" \
	"$unheard" 'real mail: everybody is trusted, and none of the boundary had the mail'
is "$(verdicts "list_authserv=$hosts" 'boundary=mx.example.org' 'position=path' "arc_trusted_sealers=$sealers")" \
	"$unheard" 'real mail: on its path too'
is "$(verdicts "boundary=$hosts" 'position=path' "arc_trusted_sealers=$sealers")" "$unheard" \
	'real mail: the boundary had the mail, and nobody is trusted'
is "$(verdicts "list_authserv=$list" "boundary=$list")" '2 ambiguous -
761 none -
84 none claimed
4 pass -' 'real mail: the host of a list is trusted in its last turn'
is "$(verdicts "list_authserv=$list" "boundary=$list" 'position=path')" '2 ambiguous -
20 fail -
638 none -
84 none claimed
107 pass -' 'real mail: and on the path'
is "$(verdicts "list_authserv=$hosts" 'position=any' "arc_trusted_sealers=$sealers")" '2 ambiguous -
1 conflict -
50 fail -
458 none -
81 none claimed
1 none pass
256 pass -
2 pass claimed' 'real mail: everybody is trusted, anywhere'

done_testing
