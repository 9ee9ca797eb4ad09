#!/bin/sh
# The recipes of patchmaild-authentication(7): what the page prints is what the program says of these configurations and
# headers, and none of them believes a forgery.  Needs no database.
#
# In the page's source a comment `.\" recipe KIND` stands before each block; KIND is configuration, header or verdict.
# A header is tried with the last configuration before it.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
page=$top_srcdir/daemon/patchmaild-authentication.7
PGHOST=$scratch/no-server
export PGHOST

# The blocks of the page, as files: CASE.configuration, CASE.header, CASE.verdict, CASE.title.
mkdir "$scratch/recipes"
awk -v folder="$scratch/recipes/" '
	/^\.Ss/ { title = substr($0, 5) }
	/^\.\\" recipe/ { kind = $3; next }
	/^\.Bd/ && kind { inside = 1; text = ""; next }
	/^\.Ed/ && inside {
		block[kind] = text
		if (kind == "verdict") {
			number++
			for (name in block) {
				file = sprintf("%s%02d.%s", folder, number, name)
				printf "%s", block[name] >file
				close(file)
			}
			print title >(folder sprintf("%02d.title", number))
			delete block["header"]
		}
		inside = 0
		kind = ""
		next
	}
	inside { gsub(/\\e/, "\\"); gsub(/\\&/, ""); text = text $0 "\n" }
' "$page"

# Lines that begin with a blank continue the one before.
unfold() {
	awk '/^[ \t]/ { sub(/^[ \t]+/, ""); line = line " " $0; next }
		NR > 1 { print line }
		{ line = $0 }
		END { print line }'
}

# The verdicts of the mail with the header on standard input, by $configuration.
verdicts_of() {
	{ cat && printf 'Subject: [PATCH] a change\n\nIt changes a line.\n---\n' && diff_text; } >"$scratch/mail"
	run -c "$configuration" explain "$scratch/mail"
	[ "$code" -eq 0 ] || cat "$scratch/stderr"
	grep '^Verdict' "$scratch/stdout"
}

# Forgeries: the header on standard input, with another author's name in the place of the right one
# ---------------------

forge_from() {
	unfold | sed 's/^From: .*/From: Mallory <mallory@example.com>/'
}

# Not in From, but where the author stands whom a list took out of From.
forge_original() {
	unfold | sed -E '/^(Reply-To|X-Original-From|X-Original-Sender):/s/alice@example\.org/mallory@example.com/'
}

# The ids that a key of the configuration names, a line each.
ids_of() { # KEY
	sed -nE "s/^$1=//p" "$configuration" | tr ' ' '\n' | sed 's/:.*//'
}

# What a checker of ours writes that copies what the sender chose, at the place where it writes: on top, and with its
# id.
copied_field() { # TEXT
	for id in $(ids_of trusted_authserv); do
		printf 'Authentication-Results: %s; %s\n' "$id" "$1"
	done
}

# The address in MAIL FROM, in a comment, and an identity of a signature: each forges what Mallory wants to be said.
forged_words='dmarc=pass header.from=example.com; dkim=pass header.d=example.com'
quoted_comment="spf=none (envelope-from=\"a); $forged_words; x=pass (b\"@example.edu; receiver=x)"
bare_comment="spf=none (envelope-from=a); $forged_words; x=pass (b@example.edu; receiver=x)"
identity="dkim=pass (2048-bit key) header.d=example.edu header.i=a; $forged_words; x=pass y.z=@example.edu header.s=s"
odd_signature='DKIM-Signature: v=1; d=example.edu; s=s; i=a=3B=20dmarc=3Dpass...@example.edu; b=YQ=='

# A mail of hers with nothing of her own right in it: the author's fields speak of somebody else.
try_copies() {
	plain=$(printf '%s\n' "$from" | grep -vE '^(Authentication-Results|ARC-)')
	not_passed "$(printf '%s\n%s\n' "$(copied_field "$quoted_comment")" "$plain" | verdicts_of | head -n 1)" \
		"$title: MAIL FROM, copied into a comment"
	not_passed "$(printf '%s\n%s\n%s\n' "$(copied_field "$identity")" "$plain" "$odd_signature" | verdicts_of |
		head -n 1)" \
		"$title: the identity of a signature, copied"
	grep -q '^trusted_authserv=.*:' "$configuration" || return 0
	not_passed "$(printf '%s\n%s\n' "$(copied_field "$bare_comment")" "$plain" | verdicts_of | head -n 1)" \
		"$title: MAIL FROM, copied without its quotes by a checker of any of the ids"
}

# What a forger puts below all that: the fields that tell of the author (all: those of the way too), made to tell of
# his.  Where position=any promises so, the exchanger has taken out the fields with an id that is believed.
forged_copy() { # all|results [kept]
	unfold <"$header" | grep -v '^From: ' | sed 's/example\.org/example.com/g' |
		if [ "$1" = all ]; then cat; else grep -E '^(Authentication-Results|ARC-[A-Za-z-]+|Received-SPF):'; fi |
		if [ "${2-}" = kept ] || ! grep -qx 'position=any' "$configuration"; then
			cat
		else
			ids=$(ids_of '(trusted|list)_authserv' | sed 's/\./[.]/g' | paste -sd '|' -)
			grep -vE "^Authentication-Results: *($ids)[ ;]"
		fi || :
}

not_passed() { # LINE NAME
	like "$1" '^Verdict[a-z ]*: (none|claimed|conflict|fail|ambiguous): ' "$2"
}

# What a forger gets out of a recipe: never a pass.
try_forgeries() {
	from=$(forge_from <"$header")
	not_passed "$(printf '%s\n' "$from" | verdicts_of | head -n 1)" "$title: another From"
	for what in results all; do
		not_passed "$(printf '%s\n%s\n' "$from" "$(forged_copy "$what")" | verdicts_of | head -n 1)" \
			"$title: another From, forged copies of $what below"
	done
	[ -z "$(ids_of trusted_authserv)" ] || try_copies
	if grep -q '^Verdict on that one' "$verdict"; then
		original=$(forge_original <"$header")
		not_passed "$(printf '%s\n%s\n' "$original" "$(forged_copy results)" | verdicts_of | sed -n 2p)" \
			"$title: another author behind From"
	fi
	if grep -qx 'position=any' "$configuration" && grep -q '^Verdict: pass: mx.* of example\.org$' "$verdict"; then
		alone=$(printf '%s\n' "$from" | grep -v '^Authentication-Results')
		like "$(printf '%s\n%s\n' "$alone" "$(forged_copy results kept)" | verdicts_of | head -n 1)" \
			'^Verdict: pass: mx.* of example\.com$' \
			"$title: position=any needs an exchanger that removes forgeries"
	fi
}

tried=0
for verdict in "$scratch"/recipes/*.verdict; do
	configuration=${verdict%.verdict}.configuration
	header=${verdict%.verdict}.header
	title="$(basename "$verdict" .verdict) $(cat "${verdict%.verdict}.title")"
	is "$(verdicts_of <"$header")" "$(unfold <"$verdict")" "$title"
	try_forgeries
	tried=$((tried + 1))
done

# Nothing that looks like a recipe was left out.
count_blocks() { # PATTERN: blocks of the page with a line like that
	awk -v pattern="$1" '
		/^\.Bd/ { found = 0 }
		$0 ~ pattern { found = 1 }
		/^\.Ed/ { count += found; found = 0 }
		END { print count + 0 }' "$page"
}
is "$(count_blocks '^Verdict')" "$tried" 'every verdict of the page was tried'
is "$(count_blocks '^From: ')" "$tried" 'and every header'
is "$(count_blocks '^[[](authentication|list )')" "$(grep -cx '\.\\" recipe configuration' "$page")" \
	'and every configuration'
awk '/^\.Sh/ { inside = $2 == "RECIPES" } /^\.Ss/ && inside { print substr($0, 5) }' "$page" >"$scratch/sections"
cat "$scratch"/recipes/*.title | uniq >"$scratch/titles"
ok 'every section of the recipes has one' cmp "$scratch/sections" "$scratch/titles"
ok 'there are a dozen and more' test "$tried" -ge 12

done_testing
