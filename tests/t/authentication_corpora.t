#!/bin/sh
# Real mail, one of each shape of its authentication fields, through `parse`: nobody's word counts where nobody is
# trusted, or where our host had no part in it; and where a list's host is trusted, so many verdicts.  Only numbers are
# told here.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"

mbox=$top_srcdir/../shared/conformance/nasty/one-message-per-auth-header-shape.mbox.xz
if [ ! -f "$mbox" ]; then
	skip 'real mail' "no $mbox"
	done_testing
fi
for program in jq xz; do
	if ! command -v "$program" >/dev/null; then
		skip 'real mail' "no $program"
		done_testing
	fi
done
mkdir "$scratch/mails"
xz -dc "$mbox" | awk -v folder="$scratch/mails" '
	/^From / { if (file) close(file); file = sprintf("%s/%04d", folder, ++count) }
	{ print > file }'

# Prints how often there is each verdict, and behind it that on the author whom a list's address hides.
verdicts() { # SETTING...
	printf '%s\n' '[authentication]' "$@" >"$scratch/conf"
	"$PATCHMAILD" -c "$scratch/conf" parse "$scratch"/mails/* >"$scratch/facts" 2>"$scratch/stderr" ||
		cat "$scratch/stderr"
	jq -r '.authentication | .verdict + " " + (.original_verdict // "-")' "$scratch/facts" | LC_ALL=C sort |
		uniq -c |
		sed 's/^ *//'
}

unheard='2 ambiguous -
765 none -
84 none claimed'
is "$(verdicts)" "$unheard" 'nobody is trusted'

# Everybody is whose id or signature is in a mail; and the id that is in most of them, that of a list's host.
jq -r '.authentication.fields[] | select(.name == "Authentication-Results") | .authserv_id // empty' "$scratch/facts" |
	grep -E '^[A-Za-z0-9.-]+$' >"$scratch/ids"
hosts=$(LC_ALL=C sort -u "$scratch/ids" | tr '\n' ' ')
list=$(LC_ALL=C sort "$scratch/ids" | uniq -c | sort -rn | sed -n '1s/.* //p')
sealers=$(cat "$scratch"/mails/* | grep -aoE '(^|[ 	;])d=[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+' | sed 's/.*=//' |
	LC_ALL=C sort -u |
	tr '\n' ' ')
is "$(echo "$hosts" | wc -w) $(echo "$sealers" | wc -w)" '55 215' 'ids and signers'

is "$(verdicts "trusted_authserv=$hosts" 'boundary=mx.example.org' "arc_trusted_sealers=$sealers" 'received_spf=yes')" \
	"$unheard" 'everybody is trusted, and none of the boundary had the mail'
is "$(verdicts "list_authserv=$hosts" 'boundary=mx.example.org' 'position=path' "arc_trusted_sealers=$sealers")" \
	"$unheard" 'on its path too'
is "$(verdicts "boundary=$hosts" 'position=path' "arc_trusted_sealers=$sealers")" "$unheard" \
	'the boundary had the mail, and nobody is trusted'
is "$(verdicts "list_authserv=$list" "boundary=$list")" '2 ambiguous -
761 none -
84 none claimed
4 pass -' 'the host of a list is trusted in its last turn'
is "$(verdicts "list_authserv=$list" "boundary=$list" 'position=path')" '2 ambiguous -
20 fail -
638 none -
84 none claimed
107 pass -' 'and on the path'
is "$(verdicts "list_authserv=$hosts" 'position=any' "arc_trusted_sealers=$sealers")" '2 ambiguous -
1 conflict -
50 fail -
458 none -
81 none claimed
1 none pass
256 pass -
2 pass claimed' 'everybody is trusted, anywhere'

done_testing
