#!/bin/sh
# patchmaild explain: what a mail is, who is believed about its sender, in words; exit codes; and what the policies of
# projects allow and what would become of the mail, from a database.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
server=${PGHOST-}
PGHOST=$scratch/no-server
export PGHOST

# Without a database --------------------------------------------------------------------------------------------------

# The configuration of a corpus case; then its mail is explained.
explain_case() { # NAME [OPTION...]
	case_name=$top_srcdir/tests/corpus/authentication-$1
	shift
	run -c "$case_name.conf" explain "$@" "$case_name.mail"
}

said() { # LINE NAME: it is a line of what the last run said
	ok "$2" grep -qxF -e "$1" "$scratch/stdout"
}

explain_case own-exchanger
is "$code $(cat "$scratch/stderr")" '0 ' 'a mail, and no database: exit code 0'
is "$(head -n 11 "$scratch/stdout")" 'Message-ID: <own-exchanger@example.org>
Kind: patch
List: demo.example.org, by List-Id
Author: Alice Example <alice@example.org>
Fields, by their number in the header:
    1 Authentication-Results of mx.example.net: believed: its authserv-id is trusted, and so is its place
        dmarc=pass of example.org, the author'\''s domain
    2 Authentication-Results of mx.example.net: believed: its authserv-id is trusted, and so is its place
        dkim=pass of example.org, the author'\''s domain
        dkim-atps=neutral; does not count: its method is not looked at
Verdict: pass: mx.example.net says dmarc=pass of example.org' 'what is said of it'
like "$(sed -n '12,$p' "$scratch/stdout")" '^Projects: cannot be asked for: .' \
	'explain says that projects cannot be asked for'

run explain "$case_name.mail"
is "$code" 0 'without a configuration'
said 'Verdict: none: nobody who is trusted says anything of example.org' 'nobody is believed'
said '    1 Authentication-Results of mx.example.net: not believed: no setting names its authserv-id' \
	'explain says why a field is not believed'

explain_case arc-for-a-rewritten-from
said 'Author where From is the list'\''s: Alice Example <alice@example.org>' 'the author whom a list took out of From'
said 'Verdict on that one: pass: ARC set 1, sealed by lists.project.example, says dkim=pass of example.org' \
	'the author whom the list hides has a verdict'
said '        dkim=pass of lists.project.example, the author'\''s domain' 'what the exchanger says is of From'

explain_case of-another-list
is "$(grep -E '^(By the settings|Verdict)' "$scratch/stdout")" 'By the settings of the list weak.example.org:
Verdict: pass: partner.example.com says dkim=pass of example.org
By the settings of the list demo.example.org:
Verdict: fail: mx.example.net says dmarc=fail of example.org' 'lists with different settings, each with its verdict'
explain_case of-another-list --list-id demo.example.org
is "$(grep -E '^(By the settings|Verdict)' "$scratch/stdout")" \
	'Verdict: fail: mx.example.net says dmarc=fail of example.org' \
	'--list-id leaves one of them'

explain_case twice-through-the-list-host
said 'Verdict: pass: the list'\''s host lists.project.example says dkim=pass of example.org' \
	'a list has settings of its own'
explain_case twice-through-the-list-host --list-id other.example.org
is "$code" 0 '--list-id'
said 'Verdict: fail: mx.example.net says dmarc=fail of example.org' 'another list has the general settings'
said 'List: other.example.org, by the option --list-id' 'the list of --list-id is named'
ok 'the List-Id is not' sh -c "! grep -q demo.example.org '$scratch/stdout'"
explain_case twice-through-the-list-host --list-id DEMO.example.org
said 'Verdict: pass: the list'\''s host lists.project.example says dkim=pass of example.org' 'case does not matter'

{ header one '[PATCH] x' && printf '\ntext\n'; } >"$scratch/plain"
run explain - <"$scratch/plain"
is "$code" 0 'standard input'
said 'Fields: no field of the header speaks of authentication' 'no field'

# What a mail says is printed, and cannot do anything to a terminal.
{
	printf 'From: "Bell \a\033[2J" <alice@example.org>\nMessage-ID: <\033]0;title\a@example.org>\n'
	printf 'Authentication-Results: \033[31m; none\n'
	printf 'Authentication-Results: "a\\\033b"; dkim=pass header.d=\033x\nList-Id: <l\033x.example.org>\n\ntext\n'
} >"$scratch/hostile"
run explain "$scratch/hostile"
is "$code" 0 'control characters'
ok 'are not printed' sh -c "! tr -d '\\012' <'$scratch/stdout' | grep -q '[[:cntrl:]]'"
ok 'but escaped' grep -q '^Message-ID: .*\\x1b' "$scratch/stdout"

echo 'no mail' >"$scratch/none"
run explain "$scratch/none"
is "$code $(cat "$scratch/stdout")" '65 ' 'what is no mail'
like "$(cat "$scratch/stderr")" "^patchmaild: $scratch/none: ." 'it says why a file is no mail'
: >"$scratch/empty"
run explain "$scratch/empty"
is "$code" 65 'an empty file'
run explain "$scratch/missing"
is "$code $(cat "$scratch/stdout")" '66 ' 'a file that is missing'
like "$(cat "$scratch/stderr")" "^patchmaild: $scratch/missing: cannot be read: No such file" \
	'it names the file that is missing'

run explain
is "$code $(cat "$scratch/stderr")" '64 patchmaild: explain needs one file' 'no file'
run explain "$scratch/plain" "$scratch/empty"
is "$code $(cat "$scratch/stderr")" "64 patchmaild: explain needs one file: $scratch/empty" 'two files'
run explain --bad "$scratch/plain"
is "$code $(cat "$scratch/stderr")" '64 patchmaild: bad option of explain: --bad' 'a bad option'

bad_configuration() { # TEXT PATTERN NAME
	printf '%b' "$1" >"$scratch/bad.conf"
	run -c "$scratch/bad.conf" explain "$scratch/plain"
	is "$code $(cat "$scratch/stdout")" '75 ' "$3"
	like "$(cat "$scratch/stderr")" "^patchmaild: $scratch/bad[.]conf(:[0-9]+)?: $2" "$3: it is said why"
}
bad_configuration '[authentication]\ntrusted_authserv=mx.example.net\n' \
	'\[authentication\] trusts somebody and has neither boundary nor position=any$' 'trust without a place'
bad_configuration '[authentication]\nposition=all\n' 'position in \[authentication\] has to be boundary, path or any$' \
	'a bad value'
bad_configuration '[authentication]\ntrusted=x\n' 'unknown key trusted in \[authentication\]$' 'an unknown key'
bad_configuration '[list demo.example.org]\nlist_authserv=lists.project.example\n' \
	'\[list demo.example.org\] trusts somebody and has neither' 'a list with trust, and no place'
bad_configuration '[list ]\n' 'the name of a group has a blank at its beginning or end, or a tab: \[list \]$' \
	'a list without an id'
run -c "$scratch/no.conf" explain "$scratch/plain"
is "$code" 75 'a configuration that is missing'
if [ -w /dev/full ]; then
	code=0
	"$PATCHMAILD" explain "$scratch/plain" >/dev/full 2>"$scratch/stderr" || code=$?
	is "$code" 74 'output that cannot be written'
else
	skip 'output that cannot be written' 'no /dev/full'
fi

# The sample configuration as it stands, and with all that is commented out; the one in the manual.
accepted_configuration() { # FILE NAME
	run -c "$1" explain "$scratch/plain"
	is "$code $(cat "$scratch/stderr")" '0 ' "$2"
}
accepted_configuration "$top_srcdir/contrib/patchmaild.conf.sample" 'the sample configuration'
sed -E 's/^#([a-z_]+=|\[)/\1/' "$top_srcdir/contrib/patchmaild.conf.sample" >"$scratch/full.conf"
accepted_configuration "$scratch/full.conf" 'the sample configuration with all its keys is accepted'
for key in trusted_authserv list_authserv boundary position arc_trusted_sealers alignment received_spf; do
	ok "the sample has $key" grep -q "^$key=" "$scratch/full.conf"
	ok "patchmaild.conf(5) has $key" grep -qx "[.]It Cm $key" "$top_srcdir/daemon/patchmaild.conf.5"
done
awk '/^\.Sh/ { here = $2 == "EXAMPLES" } here && /^\.Bd/ { inside = 1; next } /^\.Ed/ { inside = 0 } inside' \
	"$top_srcdir/daemon/patchmaild.conf.5" >"$scratch/manual.conf"
ok 'patchmaild.conf(5) has an example' grep -q '^list_authserv=' "$scratch/manual.conf"
accepted_configuration "$scratch/manual.conf" 'the configuration of the manual is accepted'

# With projects and policies ------------------------------------------------------------------------------------------

PGHOST=$server
start_database
fresh_database explain

# The part of the output that a database is asked for.
projects_of() { # CASE [OPTION...]
	projects_case=$top_srcdir/tests/corpus/authentication-$1
	shift
	{ cat "$conf" && printf '\n' && cat "$projects_case.conf"; } >"$scratch/case.conf"
	run -c "$scratch/case.conf" explain "$@" "$projects_case.mail"
	sed -n '/^Project/,$p' "$scratch/stdout" | grep -v '^Outcome: '
}

outcome_of() { # FILE [OPTION...]: what explain says would become of it
	outcome_file=$1
	shift
	run -c "$conf" explain "$@" "$outcome_file"
	sed -n 's/^Outcome: //p' "$scratch/stdout"
}

everything='  may be stored
  may set state, delegate and other hints
  may change the name of its author
  may revise what its author sent before'
is "$(projects_of own-exchanger)" "Project demo, by the verdict pass:
$everything" 'a project without a policy, pass'
is "$(projects_of forged-below-the-boundary)" "Project demo, by the verdict none:
$everything" 'none'
is "$(projects_of conflict)" "Project demo, by the verdict conflict:
$everything" 'conflict'
is "$(projects_of two-from)" 'Project demo, by the verdict ambiguous:
  may be stored
  may not set state, delegate and other hints
  may not change the name of its author
  may not revise what its author sent before' 'ambiguous'
is "$(projects_of own-exchanger --list-id other.example.org)" 'Projects: none has its list id' 'of no project'

sql "SELECT patchmail.set_policy('demo', store => 'none', hints => 'pass')" >/dev/null
is "$(projects_of own-exchanger)" "Project demo, by the verdict pass:
$everything" 'a policy that asks for none, and for hints for pass: pass'
is "$(projects_of forged-below-the-boundary)" 'Project demo, by the verdict none:
  may be stored
  may not set state, delegate and other hints
  may change the name of its author
  may revise what its author sent before' 'none'
is "$(projects_of conflict)" 'Project demo, by the verdict conflict:
  may not be stored: it goes to quarantine' 'conflict goes to quarantine'
sql "SELECT patchmail.set_policy('demo', otherwise => 'refuse')" >/dev/null
is "$(projects_of conflict)" 'Project demo, by the verdict conflict:
  may not be stored: it is refused' 'or is refused'

# The list's address in From: the verdict is that on the author whom it hides.
sql "UPDATE patchwork_project SET listemail = 'demo@lists.project.example'" >/dev/null
is "$(projects_of arc-without-a-trusted-word)" 'Project demo, by the verdict claimed:
  may not be stored: it is refused' 'the author whom the list took out of From'
is "$(projects_of arc-for-a-rewritten-from)" "Project demo, by the verdict pass:
$everything" 'for whom somebody vouches'

# Two projects with one list; nothing is stored; a role that may only deliver may ask.
sql "SELECT patchmail.add_project('second', 'Second', 'second.example.org', 'second@example.org')" >/dev/null
printf '%s\n' 'From: Alice Example <alice@example.org>' 'List-Id: <demo.example.org>' 'List-Id: <second.example.org>' \
	'Message-ID: <both@example.org>' 'Subject: [PATCH] x' '' >"$scratch/both"
diff_text >>"$scratch/both"
run -c "$conf" explain "$scratch/both"
is "$(grep -c '^Project ' "$scratch/stdout")" 2 'a mail of two projects'
is "$(sql 'SELECT (SELECT count(*) FROM patchmail.message) + (SELECT count(*) FROM patchmail.quarantine)')" 0 \
	'nothing is stored'
sql 'CREATE ROLE only_delivers LOGIN' >/dev/null
sql "SELECT patchmail.add_deliverer('only_delivers')" >/dev/null
sed -i 's/user=postgres/user=only_delivers/' "$conf"
is "$(projects_of conflict)" 'Project demo, by the verdict conflict:
  may not be stored: it is refused' 'a deliverer may ask'

# What a mail is, and what would become of it: what deliver then says too.
sed -i 's/user=only_delivers/user=postgres/' "$conf"
sql "SELECT patchmail.set_policy('demo', store => 'ambiguous', hints => 'ambiguous')" >/dev/null
kind_of() { # FILE
	run explain "$1"
	sed -n 's/^Kind: //p' "$scratch/stdout"
}
foreseen() { # NAME OUTCOME FILE [OPTION...]: explain says so, and deliver -v does so
	foreseen_name=$1
	foreseen_outcome=$2
	foreseen_file=$3
	shift 3
	is "$(outcome_of "$foreseen_file" "$@")" "$foreseen_outcome" "explain foresees $foreseen_name"
	deliver "$foreseen_file" -v "$@"
	is "$(sed 's/^\([a-z]*\): [^<]*<[^>]*>\( in demo\)*/\1/' "$scratch/stdout")" "$foreseen_outcome" \
		"deliver -v says the same of $foreseen_name"
}
patch_mail foreseen '[PATCH v2 1/3] a change' >"$scratch/foreseen"
is "$(kind_of "$scratch/foreseen")" 'patch 1/3, version 2' 'explain says which patch of which version it is'
foreseen 'a patch that is stored' 'stored' "$scratch/foreseen"
foreseen 'a duplicate' 'duplicate: its Message-ID is known in project demo' "$scratch/foreseen"
{ header foreseen-cover '[PATCH 0/3] a series' && printf '\nAbout it.\n'; } >"$scratch/cover"
is "$(kind_of "$scratch/cover")" 'cover letter 0/3' 'a cover letter is one'
reply_mail foreseen-reply nowhere >"$scratch/reply"
is "$(kind_of "$scratch/reply")" 'comment' 'a reply is a comment'
foreseen 'a reply before its parent' 'waiting: what it answers has not come yet' "$scratch/reply"
sed 's/demo.example.org/other.example.org/; s/foreseen@/elsewhere@/' "$scratch/foreseen" >"$scratch/elsewhere"
foreseen 'a mail of an unknown list' 'ignored: no project has its list id: other.example.org' "$scratch/elsewhere"
sed 's/foreseen@/hinted@/; s/^List-Id/X-Patchwork-Hint: ignore\n&/' "$scratch/foreseen" >"$scratch/hinted"
foreseen 'a mail whose hint says ignore' 'ignored: X-Patchwork-Hint says ignore' "$scratch/hinted"
is "$(sql 'SELECT count(*) FROM patchmail.message')" 2 'explain itself leaves no row'

# The manual's example.
sql "SELECT patchmail.set_policy('demo', store => 'ambiguous', hints => 'conflict')" >/dev/null
projects_of forged-below-the-boundary >/dev/null
awk '
	/^\.\\" example of explain/ { found = 1; next }
	found && /^\.Bd/ { inside = 1; next }
	inside && /^\.Ed/ { exit }
	inside
' "$top_srcdir/daemon/patchmaild.8" >"$scratch/example"
ok 'patchmaild(8) has an example' test "$(wc -l <"$scratch/example")" -ge 5
is "$(sed 's/\\e/\\/g' "$scratch/example")" "$(cat "$scratch/stdout")" \
	'the example of the manual is what explain prints'

done_testing
