#!/bin/sh
# patchmaild rehash: hashes of stored diffs, computed anew and written where they differ.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
start_database
fresh_database hashes
sql 'CREATE ROLE alice LOGIN; CREATE ROLE deliverer LOGIN; GRANT patchmail_admin TO alice' >/dev/null
sql "SELECT patchmail.add_deliverer('deliverer')" >/dev/null
sql "SELECT patchmail.add_project('other', 'Other', 'other.example.org', 'other@example.org')" >/dev/null
printf '[database]\nconninfo=host=%s dbname=hashes user=deliverer\n' "$PGHOST" >"$conf"
printf '[database]\nconninfo=host=%s dbname=hashes user=alice\n' "$PGHOST" >"$scratch/admin.conf"

rehashes() { # NAME EXPECTED-CODE EXPECTED-STDOUT [OPTION...]
	name=$1 expected=$2 printed=$3
	shift 3
	run -c "$scratch/admin.conf" rehash "$@"
	is "$code $(cat "$scratch/stdout" "$scratch/stderr")" "$expected $printed" "$name"
}
hashes() {
	sql "SELECT string_agg(hash, ' ' ORDER BY id) FROM patchwork_patch"
}

rehashes 'without a patch there is nothing to do' 0 '0 of 0 patches have got another hash'
for i in 1 2 3; do
	patch_mail "p$i" "[PATCH] change $i" | sed "s/^+.*/&$i/" >"$scratch/mail-$i"
	deliver "$scratch/mail-$i"
	accepted "patch $i"
done
deliver "$scratch/mail-1" --list-id other.example.org
accepted 'a patch of another project'
right=$(hashes)
# shellcheck disable=SC2086  # a hash each
set -- $right
is "$#" 4 'each has a hash'
rehashes 'hashes that deliveries wrote are right' 0 '0 of 4 patches have got another hash'
is "$(hashes)" "$right" 'and stay'

wrong=0000000000000000000000000000000000000000
damage() {
	sql "UPDATE patchwork_patch SET hash = CASE id WHEN 2 THEN NULL ELSE '$wrong' END WHERE id <> 3" >/dev/null
}
damage
said="patch 1: $1, not $wrong
patch 2: $2, not none
patch 4: $4, not $wrong"
rehashes 'a dry run tells what is wrong' 0 "$said
3 of 4 patches should have another hash" --dry-run
is "$(sql "SELECT count(*) FROM patchwork_patch WHERE hash = '$wrong'")" 2 'and leaves it'
rehashes 'one project has its hashes put right' 0 "patch 4: $4, not $wrong
1 of 1 patches have got another hash" --project other
rehashes 'and then all' 0 "patch 1: $1, not $wrong
patch 2: $2, not none
2 of 4 patches have got another hash"
is "$(hashes)" "$right" 'they are as they were'
is "$(sql "SELECT string_agg(concat_ws(' ', role, function, object_id, before->>'msgid', before->>'hash'), chr(10)
	ORDER BY object_id) FROM patchmail.audit WHERE function = 'set_hashes'")" \
	"alice set_hashes 1 <p1@example.org> $wrong
alice set_hashes 2 <p2@example.org>
alice set_hashes 4 <p1@example.org> $wrong" 'the audit says who, and what stood there'

# Many patches, more than come at once, and one that is larger than a portion
sql "INSERT INTO patchwork_patch (msgid, date, headers, name, project_id, submitter_id, archived, diff)
	SELECT '<many' || n || '@example.org>', now(), '', 'many', 1, 1, false,
		CASE n WHEN 50 THEN repeat('+x' || chr(10), 4000000) WHEN 60 THEN '' ELSE '+' || n END
	FROM generate_series(1, 250) n" >/dev/null
run -c "$scratch/admin.conf" rehash
is "$code $(wc -l <"$scratch/stdout") $(tail -n 1 "$scratch/stdout")" '0 250 249 of 253 patches have got another hash' \
	'of many patches each is looked at once'
is "$(sql "SELECT count(*) FROM patchwork_patch WHERE hash IS NULL")" 1 'what has no diff has no hash'
rehashes 'all are right then' 0 '0 of 253 patches have got another hash'

# git's patch-ids, which git itself computes here
sed -n '/^diff --git/,$p' "$top_srcdir/tests/corpus/diff-new-and-deleted-files.mail" >"$scratch/diff"
{ header git '[PATCH] as git writes it' && printf '\nText.\n---\n' && cat "$scratch/diff"; } >"$scratch/git.mail"
deliver "$scratch/git.mail"
accepted 'a patch as git writes it'
id=$(git patch-id --stable <"$scratch/diff" | cut -d ' ' -f 1)
patch_id() { sql "SELECT git_patch_id FROM patchmail.message WHERE msgid = '<git@example.org>'"; }
is "$(patch_id)" "$id" 'has the patch-id that git says'
rehashes 'which is right' 0 '0 of 254 patches have got another hash'
sql 'UPDATE patchmail.message SET git_patch_id = NULL' >/dev/null
rehashes 'one that is missing is no other one' 0 '0 of 254 patches should have another hash
5 patches had no patch-id' --dry-run
rehashes 'and gets written' 0 '0 of 254 patches have got another hash
5 patches had no patch-id, and have got it'
is "$(patch_id)" "$id" 'as it was'
sql "UPDATE patchmail.message SET git_patch_id = '$wrong' WHERE msgid = '<git@example.org>'" >/dev/null
git_patch=$(sql "SELECT id FROM patchwork_patch WHERE msgid = '<git@example.org>'")
rehashes 'a wrong one is told' 0 "patch $git_patch: patch-id $id, not $wrong
1 of 254 patches have got another hash"
is "$(patch_id)" "$id" 'and put right'

# Who may not, and what goes wrong
damage
run -c "$conf" rehash
is "$code $(cat "$scratch/stdout")" '75 ' 'a deliverer may not'
like "$(cat "$scratch/stderr")" 'permission denied for function diffs_after' 'and is told so'
rehashes 'there has to be such a project' 75 'patchmaild: the database failed (P0002): there is no project "none"' \
	--project none
run -c "$scratch/admin.conf" rehash --project
is "$code" 64 'an option without its value is refused'
run -c "$scratch/admin.conf" rehash 12
is "$code" 64 'so is an argument'
run -c "$scratch/missing" rehash
is "$code" 75 'so is a configuration that is not there'
for call in "NULL, NULL, NULL" "'{}', '{}', '{}'" "'{1}', '{}', '{}'" "'{1,1}', '{$wrong,$wrong}', '{NULL,NULL}'" \
	"'{1}', '{x}', '{NULL}'" "'{1}', '{NULL}', '{NULL}'" "'{0}', '{$wrong}', '{NULL}'" \
	"'{1}', '{$wrong}', '{$wrong,$wrong}'" "'{1}', '{$wrong}', '{$wrong}', 'nobody'"; do
	like "$(psql -XqAt -c "SELECT patchmail.set_hashes($call)" 2>&1 | head -n 1)" \
		'each patch has one hash|which patch is meant is not given|there is no (patch|user)' "set_hashes($call)"
done
pg_control stop -m fast
run -c "$scratch/admin.conf" rehash
is "$code" 75 'without a database it has to be repeated'

done_testing
