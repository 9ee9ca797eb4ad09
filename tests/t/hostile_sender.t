#!/bin/sh
# What a sender who is not who he says can do, through patchmaild deliver: he takes no place in a series, no Message-ID
# and no name from somebody else, and supersedes nothing of theirs.  tests/sql has each in every order of arrival.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
start_database

begin() { # NAME: a database, whose mail exchanger is mx.example.net
	fresh_database "$1"
	printf '[authentication]\ntrusted_authserv=mx.example.net\nboundary=mx.example.net\n' >>"$conf"
}

# A patch as the exchanger hands it over: RESULT is what it says of the sender, FROM an address.
mail() { # RESULT FROM MSGID SUBJECT MINUTE [FIELD...]
	printf 'Authentication-Results: mx.example.net; %s\n' "$1"
	printf 'Received: from a.example by mx.example.net with ESMTPS; Tue, 10 Feb 2026 07:30:00 +0000\n'
	printf 'From: %s\nMessage-ID: <%s@example.org>\nSubject: %s\nDate: Tue, 10 Feb 2026 07:%s:00 +0000\n' "$2" \
		"$3" "$4" "$5"
	printf 'List-Id: <demo.example.org>\n'
	text="By $2 as $3: $4."
	shift 5
	[ $# -eq 0 ] || printf '%s\n' "$@"
	printf '\n%s\n---\ndiff --git a/file b/file\n--- a/file\n+++ b/file\n@@ -1 +1 @@\n-old\n+%s\n' "$text" "$text"
}

ada='Ada Lind <ada@example.org>'
eve='Eve <eve@example.com>'
pass='dkim=pass header.d=example.org'
hers='dkim=pass header.d=example.com'
fails='dmarc=fail header.from=example.org'

deliver_mail() { # as mail
	mail "$@" >"$scratch/mail"
	deliver "$scratch/mail"
}

# What the series are: "cover: number msgid ...", a line each.
series() {
	sql "SELECT concat(coalesce(s.name, '-'), ':', string_agg(concat(' ', p.number, ' ', p.msgid), ''
		ORDER BY p.number))
	       FROM patchwork_series s LEFT JOIN patchwork_patch p ON p.series_id = s.id GROUP BY s.id, s.name
	           ORDER BY s.id"
}

# A place in a series --------------------------------------------------------------------------------------------------

begin places
mail "$pass" "$ada" c '[PATCH 0/2] hers' 00 | sed '/^---/,$d' >"$scratch/cover"
deliver "$scratch/cover"
deliver_mail "$pass" "$ada" p1 '[PATCH 1/2] one' 02 'In-Reply-To: <c@example.org>'
deliver_mail "$pass" "$ada" p2 '[PATCH 2/2] two' 03 'In-Reply-To: <c@example.org>'
deliver_mail "$hers" "$eve" e2 '[PATCH 2/2] backdoor' 01 'In-Reply-To: <c@example.org>'
accepted 'a stranger answers a cover letter with the number of a patch'
deliver_mail "$fails" "$ada" f2 '[PATCH 2/2] backdoor' 01 'In-Reply-To: <c@example.org>'
accepted 'and somebody in the name of its sender'
is "$(series)" 'hers: 1 <p1@example.org> 2 <p2@example.org>
-: 2 <e2@example.org>
-: 2 <f2@example.org>' 'the series is what it was'

# A Message-ID ---------------------------------------------------------------------------------------------------------

begin claimed
deliver_mail "$hers" "$eve" p '[PATCH] backdoor' 00
deliver_mail "$pass" "$ada" p '[PATCH] hers' 01
accepted 'a mail whose Message-ID somebody else has sent before, also verified'
is "$(sql 'SELECT name FROM patchwork_patch')" 'backdoor' 'of two who are alike the first is there'
is "$(sql "SELECT count(*) FROM patchmail.quarantine WHERE patchmail.quarantine_raw(id) =
	pg_read_binary_file('$scratch/mail')")" \
	1 'and the other is kept, with every byte' 
deliver_mail "$fails" "$ada" q '[PATCH] backdoor' 00
deliver_mail "$pass" "$ada" q '[PATCH] hers' 01
accepted 'a mail whose Message-ID somebody has sent before in the name of its sender'
is "$(sql "SELECT name FROM patchwork_patch WHERE msgid = '<q@example.org>'")" 'hers' 'is there'
is "$(sql "SELECT reason FROM patchmail.quarantine WHERE msgid = '<q@example.org>'")" \
	'project demo has another mail with its Message-ID, whose verdict is pass' 'and the other one in quarantine'

# Superseding ----------------------------------------------------------------------------------------------------------

begin superseded
sql "SELECT patchmail.set_policy('demo', supersede => true, relate => true)" >/dev/null
deliver_mail "$pass" "$ada" p '[PATCH] net: fix it' 00
deliver_mail "$fails" "$ada" f '[PATCH v2] net: fix it' 01
deliver_mail "$hers" "$eve" e '[PATCH v2] net: fix it' 02 'In-Reply-To: <p@example.org>'
is "$(sql "SELECT s.slug, p.related_id IS NULL FROM patchwork_patch p JOIN patchwork_state s ON s.id = p.state_id
	WHERE p.msgid = '<p@example.org>'")" \
	'new|t' 'a version 2 in her name, and a stranger'\''s, supersede nothing'
deliver_mail "$pass" "$ada" v2 '[PATCH v2] net: fix it' 03
is "$(sql "SELECT s.slug FROM patchwork_patch p JOIN patchwork_state s ON s.id = p.state_id
	WHERE p.msgid = '<p@example.org>'")" \
	'superseded' 'her own does'

# A name ---------------------------------------------------------------------------------------------------------------

begin named
deliver_mail "$pass" 'Victim <victim@ibm.example>' v '[PATCH] one' 00
deliver_mail 'dkim=pass header.d=xn--bm-gpa.example' 'Evil <victim@ıbm.example>' e '[PATCH] two' 01
accepted 'a mail from a domain that is another one'\''s in upper case'
deliver_mail 'none' 'Evil <vıctim@ibm.example>' f '[PATCH] three' 02
is "$(sql 'SELECT email, name FROM patchwork_person ORDER BY id')" 'victim@ibm.example|Victim
victim@xn--bm-gpa.example|Evil
v%C4%B1ctim@ibm.example|Evil' 'each is a person'
is "$(sql "SELECT count(*) FROM patchwork_person WHERE upper(email) = upper('victim@ibm.example')")" 1 \
	'also as Patchwork looks for them'
deliver_mail "$pass" 'Ada <ada@example.org>' a '[PATCH] four' 00
sed 's/^Date: .*/Date: Fri, 31 Dec 9999 23:59:59 +0000/; s/^From: .*/From: For Ever <ada@example.org>/; s/<a@/<b@/' \
	"$scratch/mail" >"$scratch/future"
deliver "$scratch/future"
accepted 'a mail from the year 9999'
sql "UPDATE patchmail.message SET arrived = arrived - interval '1 hour'"
sed "s/^Date: .*/Date: $(LC_ALL=C date -u -R)/; s/<a@/<c@/" "$scratch/mail" >"$scratch/now"
deliver "$scratch/now"
is "$(sql "SELECT name FROM patchwork_person WHERE email = 'ada@example.org'")" 'Ada' \
	'gives its name no longer than others'

done_testing
