#!/bin/sh
# What Patchwork or an admin deleted holds no mail up, through deliver and import.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
start_database

mails=$scratch/mails
mkdir "$mails"
write_thread 1
for mail in "$mails"/1-r*; do # by a reviewer
	sed 's/^From: .*/From: Rob Reviewer <rob@example.org>/' "$mail" >"$scratch/mail" && cp "$scratch/mail" "$mail"
done

# As Django does: what refers to the rows goes first.
delete_person() { # ADDRESS
	sql "BEGIN;
		CREATE TEMP TABLE gone AS SELECT id FROM patchwork_person WHERE email = '$1';
		DELETE FROM patchwork_event e USING patchwork_patch p WHERE e.patch_id = p.id
			AND p.submitter_id IN (SELECT id FROM gone);
		DELETE FROM patchwork_event e USING patchwork_patchcomment c
			WHERE e.patch_comment_id = c.id AND c.submitter_id IN (SELECT id FROM gone);
		DELETE FROM patchwork_event e USING patchwork_covercomment c
			WHERE e.cover_comment_id = c.id AND c.submitter_id IN (SELECT id FROM gone);
		DELETE FROM patchwork_event e USING patchwork_cover c WHERE e.cover_id = c.id
			AND c.submitter_id IN (SELECT id FROM gone);
		DELETE FROM patchwork_event e USING patchwork_series s WHERE e.series_id = s.id
			AND s.submitter_id IN (SELECT id FROM gone);
		DELETE FROM patchwork_patchcomment c USING patchwork_patch p
			WHERE p.id = c.patch_id AND p.submitter_id IN (SELECT id FROM gone);
		DELETE FROM patchwork_covercomment c USING patchwork_cover p
			WHERE p.id = c.cover_id AND p.submitter_id IN (SELECT id FROM gone);
		DELETE FROM patchwork_patchcomment WHERE submitter_id IN (SELECT id FROM gone);
		DELETE FROM patchwork_covercomment WHERE submitter_id IN (SELECT id FROM gone);
		DELETE FROM patchwork_patch WHERE submitter_id IN (SELECT id FROM gone);
		DELETE FROM patchwork_series WHERE submitter_id IN (SELECT id FROM gone);
		DELETE FROM patchwork_cover WHERE submitter_id IN (SELECT id FROM gone);
		DELETE FROM patchwork_person WHERE id IN (SELECT id FROM gone);
		DROP TABLE gone;
		COMMIT"
}

for person in rob alice; do
	for first in r1 rr p1 c; do # what is there when the person goes; the replies wait, but for the last
		fresh_database "deleted_${person}_$first"
		case $first in
		r1) deliver "$mails/1-r1" ;;
		rr) deliver "$mails/1-rr" && deliver "$mails/1-r2" ;;
		p1) deliver "$mails/1-r3" && deliver "$mails/1-p1" ;;
		c) deliver "$mails/1-c" && deliver "$mails/1-p2" && deliver "$mails/1-r2" && deliver "$mails/1-rr" ;;
		esac
		waited=$(sql 'SELECT count(*) FROM patchmail.waiting WHERE submitter IS NOT NULL')
		delete_person "$person@example.org"
		is "$(sql 'SELECT count(*) FROM patchmail.waiting WHERE submitter IS NOT NULL')" "$waited" \
			"$person goes after $first: who waits is shown"
		deliver "$mails/1-p3"
		accepted "$person goes after $first: the next mail is stored"
		run -c "$conf" import --history "$mails"
		is "$code $(cat "$scratch/stderr")" '0 ' "$person goes after $first: an import comes to its end"
		is "$(import_counts | sed 's/:.*//')" '9 mails' "$person goes after $first: with all of the mail"
		is "$(sql "SELECT count(*) FROM patchwork_patch")" 4 "$person goes after $first: all patches are there"
		is "$(sql 'SELECT count(*) FROM patchmail.waiting')" 0 "$person goes after $first: nothing waits"
	done
done

done_testing
