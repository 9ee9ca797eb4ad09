#!/bin/sh
# sql/uninstall.sql: all of patchmaild goes, mail and running series stay; nothing that only patchmaild has is lost by
# mistake.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"

start_postgres

sql() { # STATEMENT...: prints the rows, unaligned
	for statement; do
		psql -XqAt -v ON_ERROR_STOP=1 -c "$statement"
	done
}

dump() { # PG_DUMP-OPTION...: a statement a line, sorted, of $PGDATABASE
	pg_dump --no-owner --inserts "$@" | awk \
		'/^--/ || /^$/ || /^\\/ { next } { printf "%s ", $0 } /;$/ { print "" }' | sort
}

install() {
	psql -X -f "$top_srcdir/sql/install.sql" 2>&1 | sed 's/^psql:[^ ]* //'
}

uninstall() { # [PSQL-OPTION...]: what it says
	psql -X "$@" -f "$top_srcdir/sql/uninstall.sql" 2>&1 | sed 's/^psql:[^ ]* //'
}

refused() { # NAME MESSAGE HINT: it says so, and changes nothing
	dump >"$scratch/before"
	is "$(uninstall)" "ERROR:  patchmaild: $2
HINT:  $3" "$1: refused"
	dump >"$scratch/after"
	ok "$1: nothing has changed" cmp "$scratch/before" "$scratch/after"
}

store() { # FILE: as a deliverer does
	deliver "$1"
	accepted "$1"
}

# What parsemail finds the series of a mail by: "MSGID the members of the series".
references() {
	sql "SELECT r.msgid, string_agg(p.msgid, ' ' ORDER BY p.number) FROM patchwork_seriesreference r
		JOIN patchwork_patch p USING (series_id) WHERE r.project_id = p.project_id GROUP BY r.msgid
			ORDER BY r.msgid"
}

# A database of Patchwork, before and after
# -----------------------------------------------------------------------------

createdb site
PGDATABASE=site
psql -Xq -v ON_ERROR_STOP=1 -f "$top_srcdir/sql/patchwork/all.sql"
sql 'CREATE TABLE django_migrations (id integer)' 'CREATE ROLE t_deliverer LOGIN'
dump -s -x >"$scratch/patchwork"
is "$(uninstall)" 'patchmaild: nothing of patchmaild is here' 'it says that it is not installed'
install >/dev/null
sql "SELECT patchmail.add_deliverer('t_deliverer')" >/dev/null
sql "SELECT patchmail.add_project('demo', 'Demo', 'demo.example.org', 'demo@example.org')" >/dev/null
conf=$scratch/conf
printf '[database]\nconninfo=host=%s dbname=site user=t_deliverer\n' "$PGHOST" >"$conf"
cd "$scratch"

# Half a series: its cover letter is still to come, and so is patch 2.  A whole one; an answer.
patch_mail p1 '[PATCH 1/3] one' 'In-Reply-To: <c@example.org>' >p1.mail
patch_mail p3 '[PATCH 3/3] three' 'In-Reply-To: <c@example.org>' >p3.mail
patch_mail s '[PATCH] single' >s.mail
reply_mail r p1 >r.mail
patch_mail v2 '[PATCH v2 1/2] one' 'In-Reply-To: <p1@example.org>' 'References: <c@example.org>' >v2.mail
for mail in p1 p3 s r v2; do
	store "$mail.mail"
done

# What would be lost.
reply_mail w nobody >w.mail
store w.mail
printf 'no mail at all' >q
deliver q
sql "INSERT INTO patchmail.quarantine (reason, size, source, facts) VALUES ('a test', 0, '{}', '{}')"
quarantined=$(sql 'SELECT count(*) FROM patchmail.quarantine')
refused 'mail in quarantine and a reply that waits' \
	"this would be lost: $quarantined mails in quarantine, 1 replies that wait for what they answer" \
	'If nobody wants it: psql -v discard=on -f uninstall.sql'
sql 'DELETE FROM patchmail.quarantine'
refused 'a reply that waits' 'this would be lost: 1 replies that wait for what they answer' \
	'If nobody wants it: psql -v discard=on -f uninstall.sql'
sql "INSERT INTO patchmail.cursor (account, mailbox, uidvalidity) VALUES ('a', 'INBOX', 1)" \
	"INSERT INTO patchmail.deferred_uid (account, mailbox, uid, reason) VALUES ('a', 'INBOX', 1, 'a test')"
refused 'mail to be tried again' \
	'this would be lost: 1 replies that wait for what they answer, 1 mails of mailboxes that are to be '\
'tried again' \
	'If nobody wants it: psql -v discard=on -f uninstall.sql'
sql "SELECT patchmail.hook_open('ci', '{\"holder\": \"h\", \"lease\": 30}')" >/dev/null
refused 'a hook that was told of all is no loss' \
	'this would be lost: 1 replies that wait for what they answer, 1 mails of mailboxes that are to be '\
'tried again' \
	'If nobody wants it: psql -v discard=on -f uninstall.sql'
sql "SELECT patchmail.hook_move('ci', (position - 2)::text) FROM patchmail.hook" \
	"INSERT INTO patchmail.deferred_event (hook, position, attempts, reason, next_try)
		SELECT 'ci', position, 1, 'a test', now() FROM patchmail.hook" >/dev/null
refused 'events that a hook was not told of' \
	'this would be lost: 1 replies that wait for what they answer, 1 mails of mailboxes that are to be '\
'tried again, 3 events that hooks were not told of' \
	'If nobody wants it: psql -v discard=on -f uninstall.sql'

# What somebody else made of it.
sql 'CREATE VIEW public.mine AS SELECT count(*) FROM patchmail.message' \
	'CREATE TABLE public.copies (m patchmail.message)'
is "$(uninstall -v discard=on)" \
	"ERROR:  patchmaild: this needs schema patchmail and would be lost with it: public.copies, public.mine
HINT:  Drop it first." "a view and a table of others are not dropped"
sql 'DROP VIEW public.mine' 'DROP TABLE public.copies'

rows="SELECT 'patch', msgid, series_id, number FROM patchwork_patch UNION ALL SELECT 'comment', msgid, patch_id, 0
	FROM patchwork_patchcomment UNION ALL SELECT category, project_id::text, series_id, patch_id
		FROM patchwork_event ORDER BY 1, 2, 3, 4"
sql "$rows" >before
is "$(uninstall -v discard=on)" 'patchmaild: schema patchmail is gone, 5 references of series were written' \
	'with discard=on it goes'
sql "$rows" >after
ok 'patches, series, comments and events are as they were' cmp before after
is "$(references)" '<c@example.org>|<p1@example.org> <p3@example.org>
<p1@example.org>|<p1@example.org> <p3@example.org>
<p3@example.org>|<p1@example.org> <p3@example.org>
<s@example.org>|<s@example.org>
<v2@example.org>|<v2@example.org>' 'parsemail finds each series by its members, and by the cover letter that is to come'
dump -s -x >after
ok 'nothing of patchmaild is in any schema: tables, indexes and all else are Patchwork'\''s' cmp "$scratch/patchwork" \
	after
is "$(sql "SELECT count(*) FROM pg_shdepend WHERE refobjid = 't_deliverer'::regrole")" 0 \
	'the deliverer has no rights left'
ok 'so his role can be dropped' sql 'DROP ROLE t_deliverer'
deliver s.mail
is "$code" 75 'what is delivered then is deferred'
is "$(uninstall)" 'patchmaild: nothing of patchmaild is here' 'a second time there is nothing to do'

# And back
# --------------------------------------------------------------------------------------------------------------

install >/dev/null
sql 'CREATE ROLE t_deliverer LOGIN' "SELECT patchmail.add_deliverer('t_deliverer')" >/dev/null
patch_mail p2 '[PATCH 2/3] two' 'In-Reply-To: <p1@example.org>' >p2.mail
for mail in p1 p2 r; do
	store "$mail.mail"
done
is "$(sql "SELECT string_agg(msgid, ' ' ORDER BY number) FROM patchwork_patch WHERE series_id =
	(SELECT series_id FROM patchwork_patch WHERE msgid = '<p1@example.org>')")" \
	'<p1@example.org> <p2@example.org> <p3@example.org>' 'installed again, it adopts the series and goes on with it'
is "$(sql 'SELECT count(*) FROM patchwork_patchcomment')" 1 'installed again, it knows the comment'
is "$(sql "SELECT count(*) FROM patchwork_event WHERE category = 'series-completed'")" 2 'it is complete, once'

# What is not ours
# ------------------------------------------------------------------------------------------------------

PGDATABASE=postgres
createdb theirs
PGDATABASE=theirs
sql 'CREATE SCHEMA patchmail' 'CREATE TABLE patchmail.message (id integer)'
refused 'a schema of unknown make' \
	"schema patchmail is not empty, but has no table \"installed\": it is not of patchmaild's making" \
	'If nothing in it is wanted: DROP SCHEMA patchmail CASCADE.'
sql 'CREATE TABLE patchmail.installed (version integer)'
refused 'an older version' 'schema patchmail is of an older version' 'Run install.sql of this one first.'
PGDATABASE=site

# An interrupted one
# ----------------------------------------------------------------------------------------------------

dump | grep -v setval >before
mkdir -p broken
sed 's/^COMMIT;/SELECT 1 \/ 0;/' "$top_srcdir/sql/uninstall.sql" >broken/uninstall.sql
psql -X -f broken/uninstall.sql >/dev/null 2>&1 || :
dump | grep -v setval >after
ok 'all or nothing: an error at its end leaves all as it was' cmp before after
done_testing
