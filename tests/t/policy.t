#!/bin/sh
# What policy_preview() says of the mail of a list is what apply_policy() then does, and what there is if the same mail
# is imported with the policy on from the start: of threads of our own, and of real lists if they are beside the
# project.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"

start_database
real=$top_srcdir/../shared/conformance

# Makes the database DATABASE with the project "list" that has the mail of MBOX; its policy is set before.
import_list() { # DATABASE MBOX LIST-ID LIST-ADDRESS POLICY
	dropdb --if-exists "$1" 2>/dev/null
	createdb -T template --strategy=file_copy "$1"
	psql -Xq -o /dev/null -d "$1" -v listid="$3" -v listemail="$4" <<-END
		SELECT patchmail.add_project('list', 'List', :'listid', :'listemail');
		SELECT patchmail.set_policy('list'$5);
	END
	PGDATABASE=$1 "$PATCHMAILD" import "$2" >"$scratch/import.log" 2>&1
}

# Message-ID, state and, by the first patch in it, relation of each patch that a policy has changed.
changed() { # DATABASE
	psql -XqAt -d "$1" <<-'END'
		SELECT p.msgid, s.slug, (SELECT min(o.msgid COLLATE "C") FROM patchwork_patch o
		                          WHERE o.related_id = p.related_id)
		  FROM patchwork_patch p JOIN patchwork_state s ON s.id = p.state_id
		 WHERE s.slug = 'superseded' OR p.related_id IS NOT NULL ORDER BY p.msgid COLLATE "C"
	END
}

same_with() { # POLICY NAME MBOX LIST-ID LIST-ADDRESS FEWEST
	import_list before "$3" "$4" "$5" ''
	import_list after "$3" "$4" "$5" ", $1 => true"
	is "$(changed before)" '' "$2: without a policy none is changed"
	psql -XqAt -d before -c "SELECT p.msgid FROM patchmail.policy_preview('list', '$1') v
		JOIN patchwork_patch p ON p.id = v.patch_id WHERE v.would_be IS NOT NULL
		ORDER BY p.msgid COLLATE \"C\"" >"$scratch/preview" 2>&1
	is "$(psql -XqAt -d before -c "SELECT count(*) FROM patchmail.policy_preview('list', '$1')
		WHERE why IS NULL")" 0 \
		"$2: each row of a preview of $1 has a reason"
	psql -Xq -o /dev/null -d before -c "SELECT patchmail.apply_policy('list', '$1')"
	changed before >"$scratch/applied"
	changed after >"$scratch/imported"
	ok "$2: $1 changes something" test "$(wc -l <"$scratch/applied")" -ge "$6"
	cut -d '|' -f 1 "$scratch/applied" >"$scratch/applied.ids"
	ok "$2: apply_policy() of $1 changes what its preview says" diff "$scratch/preview" "$scratch/applied.ids"
	ok "$2: so does $1 from the start" diff "$scratch/applied" "$scratch/imported"
	is "$(psql -XqAt -d after -c "SELECT patchmail.apply_policy('list', '$1')")" '' \
		"$2: where $1 was on, there is nothing left to do"
}

for policy in supersede relate; do
	same_with "$policy" 'two versions' "$top_srcdir/tests/threads/two-versions.mbox" patches.lists.example.org \
		patches@lists.example.org 1
done
if have_real 'a real list' "$real/lists/openwrt.mbox.xz"; then
	xz -dc "$real/lists/openwrt.mbox.xz" >"$scratch/openwrt.mbox"
	for policy in supersede relate; do
		same_with "$policy" openwrt "$scratch/openwrt.mbox" openwrt-devel.lists.openwrt.org \
			openwrt-devel@lists.openwrt.org 100
	done
fi
done_testing
