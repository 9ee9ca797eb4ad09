#!/bin/sh
# patchmaild deliver: the outcomes that end with 0, and the rows that they leave.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
start_database
fresh_database deliver

counts() { # patches, comments, covers, quarantined
	sql "SELECT (SELECT count(*) FROM patchwork_patch), (SELECT count(*) FROM patchwork_patchcomment),
		(SELECT count(*) FROM patchwork_cover), (SELECT count(*) FROM patchmail.quarantine)"
}

patch_mail one '[PATCH] a change' >"$scratch/patch"
deliver "$scratch/patch"
accepted 'a patch'
is "$(sql 'SELECT msgid, name, length(diff) > 0 FROM patchwork_patch')" '<one@example.org>|a change|t' \
	'a patch is a row of patchwork_patch'
is "$(sql 'SELECT name, email FROM patchwork_person')" 'Alice Example|alice@example.org' \
	'the author of a patch is a row of patchwork_person'

deliver "$scratch/patch"
accepted 'the same again'
is "$(counts)" '1|0|0|0' 'changes nothing'

reply_mail early two >"$scratch/early"
deliver "$scratch/early"
accepted 'a reply before its parent'
is "$(counts)" '1|0|0|0' 'waits'
patch_mail two '[PATCH v2] a change' >"$scratch/two"
deliver "$scratch/two"
accepted 'its parent'
is "$(sql "SELECT c.msgid, p.msgid FROM patchwork_patchcomment c JOIN patchwork_patch p ON p.id = c.patch_id")" \
	'<early@example.org>|<two@example.org>' 'brings it in'

reply_mail late one >"$scratch/late"
deliver "$scratch/late"
accepted 'a reply'
is "$(counts)" '2|2|0|0' 'a reply is a comment'

{ header cover '[PATCH 0/1] a series' && printf '\nAbout it.\n'; } >"$scratch/cover"
deliver "$scratch/cover"
accepted 'a cover letter'
is "$(counts)" '2|2|1|0' 'a cover letter is a row of patchwork_cover'

patch_mail hint '[PATCH] not for us' 'X-Patchwork-Hint: ignore' >"$scratch/hint"
deliver "$scratch/hint"
accepted 'a mail whose hint says ignore'
is "$(counts)" '2|2|1|0' 'leaves no row'

patch_mail other '[PATCH] elsewhere' | sed 's/demo.example.org/other.example.org/' >"$scratch/other"
deliver "$scratch/other"
accepted 'a mail of an unknown list'
is "$(counts)" '2|2|1|0' 'leaves no row'
deliver "$scratch/other" --list-id demo.example.org
accepted 'the same with --list-id'
is "$(counts)" '3|2|1|0' 'a mail with --list-id is stored'

# From a pipe, and with nothing but libpq's environment for a configuration.
patch_mail piped '[PATCH] through a pipe' >"$scratch/piped"
code=0
# shellcheck disable=SC2002 # a pipe is what is tested
cat "$scratch/piped" | "$PATCHMAILD" deliver >"$scratch/stdout" 2>"$scratch/stderr" || code=$?
accepted 'a mail from a pipe, without configuration'
is "$(counts)" '4|2|1|0' 'a mail from a pipe is stored'

# At a terminal it says what it waits for.
if command -v script >/dev/null; then
	printf '\004' | timeout 60 script -qec "'$PATCHMAILD' deliver" /dev/null >"$scratch/terminal" 2>&1 || :
	ok 'typed at a terminal it says what it waits for' \
		grep -q '^patchmaild: deliver waits for a mail from standard input, .*deliver -v <FILE' \
		"$scratch/terminal"
	sql 'SELECT patchmail.discard(id) FROM patchmail.quarantine' >/dev/null
else
	skip 'typed at a terminal it says what it waits for' 'there is no script(1)'
fi

# What a policy does not store is kept, or refused.
sql "SELECT patchmail.set_policy('demo', store => 'pass')" >/dev/null
patch_mail held '[PATCH] by nobody knows whom' >"$scratch/held"
deliver "$scratch/held"
accepted 'a mail that a policy holds'
is "$(counts)" '4|2|1|1' 'a mail that a policy holds is in quarantine'
sql "SELECT encode(patchmail.quarantine_raw(id), 'base64') FROM patchmail.quarantine" | base64 -d >"$scratch/kept"
ok 'with its bytes' cmp "$scratch/held" "$scratch/kept"
sql "SELECT patchmail.set_policy('demo', otherwise => 'refuse')" >/dev/null
patch_mail bounced '[PATCH] by nobody knows whom' >"$scratch/bounced"
deliver "$scratch/bounced"
is "$code $(cat "$scratch/stdout")" '77 ' 'a mail that a policy refuses'
like "$(cat "$scratch/stderr")" '^5\.7\.1 policy of project demo: its verdict is none.*, at least pass is asked for$' \
	'says why'
is "$(counts)" '4|2|1|1' 'a mail that is refused leaves nothing'
sql 'DELETE FROM patchmail.policy'

# Whom to believe is what the settings of the project's list say, whatever other lists a mail names.
general_conf=$conf
corpus=$top_srcdir/tests/corpus/authentication-of-another-list
conf=$scratch/lists.conf
{ cat "$general_conf" && printf '\n' && cat "$corpus.conf"; } >"$conf"
verdict_of() { # MESSAGE-ID
	sql "SELECT verdict, verdict_reason, (SELECT string_agg(a.trusted::text, ' ' ORDER BY position)
		FROM patchmail.authentication a WHERE a.message_id = m.id) FROM patchmail.message m
			WHERE msgid = '<$1>'"
}
deliver "$corpus.mail"
accepted 'a mail that names a list of weaker settings'
is "$(verdict_of of-another-list@example.com)" 'fail|mx.example.net says dmarc=fail of example.org|true true false' \
	'has the verdict by the settings of the project that takes it'
sed 's/of-another-list@/named@/' "$corpus.mail" >"$scratch/named"
deliver "$scratch/named" --list-id demo.example.org
is "$(verdict_of named@example.com)" 'fail|mx.example.net says dmarc=fail of example.org|true true false' \
	'the list that --list-id names has its own settings'
sql "INSERT INTO patchwork_project (name, linkname, listid, listemail, web_url, scm_url, webscm_url, list_archive_url,
		list_archive_url_format, commit_url_format, send_notifications, use_tags, subject_match,
		show_dependencies)
	SELECT 'weak', 'weak', 'weak.example.org', 'weak@example.org', web_url, scm_url, webscm_url, list_archive_url,
		list_archive_url_format, commit_url_format, false, use_tags, 'never', show_dependencies
	FROM patchwork_project WHERE linkname = 'demo'"
sed 's/of-another-list@/unmatched@/' "$corpus.mail" >"$scratch/unmatched"
deliver "$scratch/unmatched"
is "$(verdict_of unmatched@example.com)" 'fail|mx.example.net says dmarc=fail of example.org|true true false' \
	'the settings of a project whose subject_match fails do not count'
sql "UPDATE patchwork_project SET subject_match = '' WHERE linkname = 'weak'"
sed 's/of-another-list@/weak@/' "$corpus.mail" >"$scratch/weak"
deliver "$scratch/weak"
is "$(verdict_of weak@example.com)" 'pass|partner.example.com says dkim=pass of example.org|true true true' \
	'a project of that list has them'
sql "UPDATE patchwork_project SET listid = 'gone' WHERE linkname = 'weak'"

# More settings of lists than fit into an argument, and more than are read.
list_groups() { # COUNT
	seq "$1" | sed 's/.*/[list list-&.example.org]\nlist_authserv=lists-&.example.org\nposition=any\n/'
}
{ cat "$general_conf" "$corpus.conf" && list_groups 3000; } >"$conf"
ok '3,000 lists are more than an argument may have' test "$(wc -c <"$conf")" -gt 200000
sed 's/of-another-list@/many-lists@/' "$corpus.mail" >"$scratch/many-lists"
deliver "$scratch/many-lists"
accepted '3,000 lists in the configuration'
is "$(verdict_of many-lists@example.com | cut -d '|' -f 1)" fail \
	'the settings of its project count among those of 3,000 lists'
{ cat "$general_conf" && list_groups 3000 | sed "s/^position=.*/&\nboundary=$(seq -s , 60 | sed 's/[0-9]*/mx&/g')/"; } \
	>"$conf"
deliver "$scratch/many-lists"
deferred 'more than 1 MiB of them' 'lists[.]conf:[0-9]+: .*have more than 1048576 bytes'
conf=$general_conf
sql 'DELETE FROM patchmail.authentication' >/dev/null

# What SQL says is reported to the caller.
sql "ALTER FUNCTION patchmail.store RENAME TO real_store"
fake_store() { # OUTCOME REASON
	sql "CREATE OR REPLACE FUNCTION patchmail.store(facts jsonb, raw bytea, source jsonb, OUT outcome text,
		OUT reason text, OUT quarantine_id bigint) LANGUAGE sql AS \$\$ SELECT $1, $2, NULL::bigint \$\$"
}
fake_store "'refused'" "'members' || chr(10) || 'only'"
deliver "$scratch/patch"
is "$code $(cat "$scratch/stdout" "$scratch/stderr")" '77 5.7.1 members' 'refused: 77 and the reason'
fake_store "'refused'" NULL
deliver "$scratch/patch"
is "$code $(cat "$scratch/stdout" "$scratch/stderr")" '77 5.7.1 refused' 'refused without a reason'
fake_store "'deferred'" "'come back ' || chr(27) || '[1m'"
deliver "$scratch/patch"
is "$(cat "$scratch/stderr")" '4.3.0 come back \x1b[1m' 'deferred by SQL: the reason, escaped'
deferred 'deferred by SQL' 'come back'
fake_store "'lost'" NULL
deliver "$scratch/patch"
deferred 'an outcome that is not known' 'unknown outcome: lost'
fake_store NULL NULL
deliver "$scratch/patch"
deferred 'no outcome' 'unknown outcome: NULL'

# The memory of all processes, each at its peak.
sql 'DROP FUNCTION patchmail.store; ALTER FUNCTION patchmail.real_store RENAME TO store'
if [ -x /usr/bin/time ]; then
	/usr/bin/time -f %M "$PATCHMAILD" deliver <"$scratch/patch" 2>"$scratch/memory"
	ok 'less than 40 MiB of memory' test "$(tail -n 1 "$scratch/memory")" -lt 40960
else
	skip 'less than 40 MiB of memory' 'no /usr/bin/time'
fi

done_testing
