#!/bin/sh
# contrib/git/git-post-receive: which patches are marked after a push, whatever was done with them on the way, and what
# somebody writes into a commit.
set -eu
top_srcdir=$(cd "${top_srcdir:-$(dirname "$0")/../..}" && pwd)
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
command -v git >/dev/null || {
	skip 'what is marked after a push' 'there is no git'
	done_testing
}
PATCHMAILD=$(cd "$(dirname "$PATCHMAILD")" && pwd)/patchmaild
start_database
fresh_database hook
sql 'CREATE ROLE hook LOGIN; GRANT patchmail_admin TO hook' >/dev/null
sql 'CREATE ROLE looker LOGIN; GRANT patchmail_reader TO looker' >/dev/null

HOME=$scratch
TMPDIR=$scratch/tmp
GIT_CONFIG_NOSYSTEM=1
export HOME TMPDIR GIT_CONFIG_NOSYSTEM
mkdir "$TMPDIR"
git config --global user.name 'Mai Maintainer'
git config --global user.email mai@example.org
git config --global init.defaultBranch main
git config --global push.default current
git config --global core.hooksPath hooks
git init -q --bare "$scratch/bare.git"
hook=$top_srcdir/contrib/git/git-post-receive
mkdir -p "$scratch/bare.git/hooks"
ln -s "$hook" "$scratch/bare.git/hooks/post-receive"
configure() { # KEY VALUE
	git --git-dir="$scratch/bare.git" config "patchmaild.$1" "$2"
}
configure database 'dbname=hook user=hook'
configure program "$PATCHMAILD"
configure project demo
git clone -q "$scratch/bare.git" "$scratch/work" 2>/dev/null
cd "$scratch/work"

# What the last push, or the hook itself, said, without the names of commits.
said() {
	sed -n 's/ *$//; s/^remote: //; /^patch\|^patchmaild/p' "$scratch/said" | sed -E 's/[0-9a-f]{12,40}/COMMIT/g'
}
push() { # [REF...]
	git push -q origin "$@" >"$scratch/said" 2>&1 || fail "$(cat "$scratch/said")"
}
state() { # ID: of its patch, with what its commit is called now
	sql "SELECT s.slug || coalesce(' ' || p.commit_ref, '') FROM patchwork_patch p JOIN patchwork_state s
		ON s.id = p.state_id WHERE p.msgid = '<$1@example.org>'" | while read -r slug commit; do
		echo "$slug${commit:+ $(git --git-dir="$scratch/bare.git" show -s --format=%s "$commit")}"
	done
}
evidence() { # ID
	sql "SELECT string_agg(a.after->>'evidence', ' ' ORDER BY a.id) FROM patchmail.audit a
		WHERE a.function = 'mark_committed' AND a.after->>'msgid' = '<$1@example.org>'"
}
# A patch to the list, by Alice, that adds a line to a file.
number=0
patch_to_list() { # ID FILE LINE [SUBJECT]
	number=$((number + 1))
	git checkout -q --detach main
	if [ -e "$2" ]; then
		sed "s/^d\$/&\\n$3/" "$2" >"$2.new" && mv "$2.new" "$2"
	else
		echo "$3" >"$2"
	fi
	git add "$2"
	git commit -q --author='Alice Example <alice@example.org>' -m "${4-$1: add $3}" -m "It was missing from $2."
	git format-patch -1 --stdout --add-header='List-Id: <demo.example.org>' --subject-prefix="PATCH${5+ $5}" |
		sed "1s/.*/Message-ID: <$1@example.org>/" >"$scratch/$1.mail"
	git checkout -q main
	deliver "$scratch/$1.mail"
	[ "$code" -eq 0 ] || fail "$(cat "$scratch/stderr")"
}

for file in one two three four five six seven eight nine ten; do
	printf '%s\n' a b c d e f g h >"$file"
done
git add .
git commit -q -m 'The base'
push
is "$(said)" '' 'a push without patches says nothing'

# As it is, with and without a link ----------------------------------------------------------------------------------

for file in one two three four five six seven eight nine ten; do
	patch_to_list "$file" "$file" "line of $file"
done
git am -q "$scratch/one.mail"
git am -q --message-id "$scratch/two.mail"
push
is "$(said)" 'patch 1 <one@example.org>: COMMIT, by hash
patch 2 <two@example.org>: COMMIT, by link' 'patches that git am took are marked'
is "$(state one), $(state two), $(state three)" 'accepted one: add line of one, accepted two: add line of two, new' \
	'with their commits, and no others'
is "$(sql "SELECT DISTINCT role FROM patchmail.audit WHERE function = 'mark_committed'")" hook 'the audit says by whom'

# Rebased, so that the context is another one; reworded; both
sed 's/^g$/G/' three >three.new && mv three.new three
sed 's/^g$/G/' five >five.new && mv five.new five
git commit -qa -m 'Other context'
for file in three five; do
	git apply -C2 "$scratch/$file.mail"
	git commit -qa --author='Alice Example <alice@example.org>' -m "$file: add line of $file" -m 'As on the list.'
done
git commit -q --amend --author='Alice Example <alice@example.org>' -m 'five: another title'
git am -q "$scratch/four.mail"
git commit -q --amend -m 'four: reworded'
push
is "$(said)" 'patch 3 <three@example.org>: COMMIT, by title
patch 4 <four@example.org>: COMMIT, by hash' 'a rebased one is found by its title, a reworded one by its diff'
is "$(state five)" new 'one that is both is not found'

# Two in one commit
git am -q "$scratch/six.mail" "$scratch/seven.mail"
git reset -q --soft HEAD~2
git commit -q -m 'six, seven: add lines' -m 'Link: https://lore.example.org/demo/six@example.org/T/#u
Link: https://lore.example.org/r/seven%40example.org'
push
is "$(said)" 'patch 6 <six@example.org>: COMMIT, by link
patch 7 <seven@example.org>: COMMIT, by link' 'two patches that became one commit are marked by their links'

# Branches ------------------------------------------------------------------------------------------------------------

git checkout -q -b topic
git am -q "$scratch/eight.mail"
push topic main
is "$(said)" 'patch 8 <eight@example.org>: COMMIT, by hash' 'of a new branch only what no other branch had is looked at'
git branch -q same
push same
is "$(said)" '' 'so it is with another one at the same commit'
push :same
is "$(said)" '' 'a branch that is deleted is nothing to look at'
git tag -a -m tag v1
push v1
is "$(said)" '' 'nor is a tag'
before=$(git rev-parse HEAD)
git commit -q --amend --date='2026-03-01T00:00:00Z' -m 'eight: reworded'
push -f topic
is "$(said)" 'patch 8 <eight@example.org>: COMMIT, by hash' 'a forced push gives the patch its new commit'
is "$(state eight)" 'accepted eight: reworded' 'in the place of the one that is gone'
git checkout -q -b copy "$before"
push copy
is "$(said) $(state eight)" ' accepted eight: reworded' 'a copy in another branch leaves it'
git checkout -q main
git merge -q --no-ff -m 'Merge topic' topic
push
is "$(said)" '' 'a merge is passed over, and what came by it was there'

configure branch 'release/*'
git am -q "$scratch/nine.mail"
push
is "$(said) $(state nine)" ' new' 'a branch that does not count is left alone'
push main:release/1
is "$(said)" 'patch 9 <nine@example.org>: COMMIT, by hash' 'until its commits come to one that does'
git --git-dir="$scratch/bare.git" config --add patchmaild.branch main

# Who, and what state
sql "INSERT INTO auth_user (username, password, is_superuser, first_name, last_name, email, is_staff, is_active,
	                        date_joined)
	VALUES ('mai', '', false, '', '', 'mai@example.org', false, true, now())" >/dev/null
configure actor mai
configure state under-review
git am -q "$scratch/ten.mail"
push
is "$(state ten) $(sql "SELECT actor FROM patchmail.audit ORDER BY id DESC LIMIT 1")" \
	'under-review ten: add line of ten mai' 'in whose name, and which state, is configured'
git --git-dir="$scratch/bare.git" config --unset patchmaild.state

# What somebody may write ----------------------------------------------------------------------------------------------

hostile() { # ID TITLE TEXT: a patch of a plain title that is committed with another message
	patch_to_list "$1" "$1" "line of $1"
	git am -q "$scratch/$1.mail"
	printf '%s\n\n%s\n' "$2" "$3" | git commit -q --amend --cleanup=verbatim -F -
}
hostile h1 "It's \"quoted\" '; DROP TABLE patchwork_patch; --" "\\'; SELECT 1; \\q \\! touch $scratch/owned"
cat >"$scratch/text" <<'END'
\! touch owned
\gexec
\.
:'gone' :gone `id`
END
# shellcheck disable=SC2016,SC1003  # nothing of it is to be expanded
hostile h2 '$$ $1 :gone :"gone" \set x `touch owned` \\' "$(cat "$scratch/text")"
printf '%s Mon Sep 17 00:00:00 2001\nFrom: x\nSubject: y\n\n>From z\r\n\tTab \302\205\n' \
	'From 0123456789012345678901234567890123456789' >"$scratch/text"
hostile h3 "$(printf 'control \033[31m \001 characters \342\200\256')" "$(cat "$scratch/text")"
printf -- '---\n\n diff --git a/x b/x\n-- \nLink: https://x/%%27%%3B@example.org\n' >"$scratch/text"
hostile h4 "$(printf 'bytes \377\376 of no charset')" "$(cat "$scratch/text")"
seq -f 'Link: <%g@example.org>' 3000 >"$scratch/text"
hostile h5 "$(printf 'long %05000d' 1)" "$(cat "$scratch/text")"
push
is "$(said)" 'patch 11 <h1@example.org>: COMMIT, by hash
patch 12 <h2@example.org>: COMMIT, by hash
patch 13 <h3@example.org>: COMMIT, by hash
patch 14 <h4@example.org>: COMMIT, by hash
patch 15 <h5@example.org>: COMMIT, by hash' 'whatever stands in a message is text'
is "$(find "$scratch" -name 'owned*' | wc -l) $(sql 'SELECT count(*) FROM patchwork_patch')" '0 15' 'and nothing is run'

# The repository's configuration may ask for other diffs.
git --git-dir="$scratch/bare.git" config diff.noprefix true
git --git-dir="$scratch/bare.git" config diff.context 9
git --git-dir="$scratch/bare.git" config diff.suppressBlankEmpty true
git --git-dir="$scratch/bare.git" config color.ui always
git --git-dir="$scratch/bare.git" config i18n.logOutputEncoding latin1
git --git-dir="$scratch/bare.git" config log.showSignature true
patch_to_list c1 one 'configured' 'one: configured'
git am -q "$scratch/c1.mail"
push
is "$(said)" 'patch 16 <c1@example.org>: COMMIT, by hash' 'the configuration of diffs does not matter'

# Many commits, and merges, in one push
for i in $(seq 250); do
	printf 'commit refs/heads/many\ncommitter A <a@example.org> %d +0000\ndata <<END\nchange %d\nEND\n' \
		$((1780000000 + i)) "$i"
	[ "$i" -gt 1 ] || echo "from $(git rev-parse HEAD)"
	printf 'M 644 inline many/%d\ndata <<END\n%d\nEND\n\n' $((i % 7)) "$i"
done | git fast-import --quiet
git merge -q --no-ff -m 'Merge many' many
patch_to_list last two 'the last' 'two: the last'
git am -q "$scratch/last.mail"
configure most 100
push
is "$(said)" "patchmaild: 251 commits in one push are more than patchmaild.most, 100
patchmaild: not all commits could be looked at; git-post-receive --mark RANGE does it later" \
	'so many commits at once are not looked at'
git --git-dir="$scratch/bare.git" config --unset patchmaild.most
git push -q -f origin many~250:main 2>/dev/null
push
is "$(said)" 'patch 17 <last@example.org>: COMMIT, by hash' 'more commits than one batch has are looked at'

# What is shown before ------------------------------------------------------------------------------------------------

cd "$scratch/bare.git"
patches() { # what --dry-run says
	"$hook" --dry-run "$@" 2>"$scratch/errors" | sed -E 's/^[0-9a-f]{12}/COMMIT/'
}
is "$(patches 'main^!')" \
	'COMMIT not patch 17 <last@example.org> two: the last by hash: it has this commit already' \
	'a dry run says why not'
sql "UPDATE patchwork_patch SET commit_ref = NULL" >/dev/null
is "$(patches main~1 --not main~2 | sort | uniq -c | sed 's/^ *//')" '250 COMMIT no patch is found' \
	'and what has no patch'
is "$(patches 'main^!')" 'COMMIT marks patch 17 <last@example.org> two: the last by hash' 'and by what it would mark'
configure database 'dbname=hook user=looker'
is "$(patches 'main^!')" 'COMMIT marks patch 17 <last@example.org> two: the last by hash' 'a reader may see that'
is "$(sql "SELECT count(*) FROM patchwork_patch WHERE commit_ref IS NOT NULL")" 0 'it marks nothing'
code=0
"$hook" --mark 'main^!' >"$scratch/said" 2>&1 || code=$?
like "$code $(cat "$scratch/said")" '^1 patchmaild: [0-9a-f]{40}: permission denied for function mark_committed$' \
	'to mark he may not'
configure database 'dbname=hook user=hook'
"$hook" --mark 'main^!' >"$scratch/said" 2>&1
is "$(said)" 'patch 17 <last@example.org>: COMMIT, by hash' 'a range is marked later'

# What goes wrong fails no push ---------------------------------------------------------------------------------------

cd "$scratch/work"
another() { # one more commit
	echo more >>'more'
	git add 'more'
	git commit -q -m 'one more'
}
wrong() { # NAME PATTERN
	another
	code=0
	git push -q origin main >"$scratch/said" 2>&1 || code=$?
	is "$code $(git ls-remote origin main | cut -f 1)" "0 $(git rev-parse main)" "$1: the push is done"
	ok "$1: it is said why" grep -qE "^remote: patchmaild: $2" "$scratch/said"
	ok "$1: and what to do" grep -q '^remote: patchmaild: not all commits could be looked at' "$scratch/said"
}
configure project none
wrong 'no such project' '[0-9a-f]{40}: there is no project "none"'
configure project demo
configure actor nobody
wrong 'no such user' '[0-9a-f]{40}: there is no user "nobody"'
configure actor mai
configure program /nowhere/patchmaild
wrong 'no program' 'there is no /nowhere/patchmaild'
configure program "$PATCHMAILD"
configure database 'dbname=nowhere user=hook'
wrong 'no database' 'psql failed: .*database "nowhere" does not exist'
git --git-dir="$scratch/bare.git" config --unset patchmaild.database
wrong 'no configuration' 'git config patchmaild.database is missing'
configure database 'dbname=hook user=hook'
is "$(find "$TMPDIR" -type f | wc -l)" 0 'no files are left'
code=0
"$hook" --what >"$scratch/said" 2>&1 || code=$?
like "$code $(cat "$scratch/said")" '^1 patchmaild: usage: git-post-receive ' 'a wrong option is refused'

# A real list, if it is beside the project --------------------------------------------------------------------------

# Makes the files that a diff is for: its old lines where they stood, and others between them.
make_old_files() { # DIFF
	awk '
		/^diff --git / { file = substr($3, 3); at = 1; left = 0; next }
		/^new file mode / { file = "" }
		left <= 0 && /^@@ -/ {
			split(substr($2, 2), range, ",")
			left = range[2] == "" ? 1 : range[2]
			if (file == "") next
			folder = file
			if (sub(/\/[^\/]*$/, "", folder)) system("mkdir -p \047" folder "\047")
			for (; at < range[1]; at++) print "line " at >file
			next
		}
		left > 0 && /^([- ]|$)/ { left--; at++; if (file != "") print substr($0, 2) >file }' "$1"
}

list=linux-f2fs-devel
stream=$top_srcdir/../shared/conformance/lists/$list.mbox.xz
if have_real "of $list every patch that git am takes is found" "$stream"; then
	cd "$scratch"
	fresh_database real
	sql "SELECT patchmail.add_project('$list', '$list', '$list.lists.sourceforge.net', 'list@example.org')" \
		>/dev/null
	xz -dc "$stream" >"$scratch/stream.mbox"
	run -c "$conf" import "$scratch/stream.mbox"
	# The last version of each, of patches whose files have plain names.
	sql "SELECT p.id FROM (SELECT DISTINCT ON (lower(regexp_replace(o.name, '^\[[^]]*\] ', ''))) o.*
	        FROM patchwork_patch o JOIN patchmail.message m ON m.patch_id = o.id
	       ORDER BY lower(regexp_replace(o.name, '^\[[^]]*\] ', '')), m.version DESC, o.date DESC) p
	      WHERE p.diff LIKE 'diff --git %' AND p.diff !~ '\n(rename|GIT|Binary|old mode|\\\\)'
	        AND p.diff !~ 'diff --git [^\n]*[^a-zA-Z0-9_./ \n-]'
	      ORDER BY p.id LIMIT 60" >"$scratch/ids"
	git init -q --bare "$scratch/real.git"
	mkdir -p "$scratch/real.git/hooks"
	ln -s "$hook" "$scratch/real.git/hooks/post-receive"
	git --git-dir="$scratch/real.git" config patchmaild.database 'dbname=real user=hook'
	git --git-dir="$scratch/real.git" config patchmaild.program "$PATCHMAILD"
	git --git-dir="$scratch/real.git" config patchmaild.project "$list"
	git clone -q "$scratch/real.git" "$scratch/real" 2>/dev/null
	cd "$scratch/real"
	: >"$scratch/expected"
	while read -r id; do
		git rm -rqf --ignore-unmatch .
		sql "SELECT diff FROM patchwork_patch WHERE id = $id" >"$scratch/diff"
		make_old_files "$scratch/diff"
		echo "$id" >base
		git add -A
		git commit -qm 'What was before'
		sql "SELECT patchmail.patch_mbox($id)" | git am -q 2>/dev/null ||
			git am --abort 2>/dev/null || git reset -q --hard
		[ "$(git log -1 --format=%s)" = 'What was before' ] ||
			echo "$id $(git rev-parse HEAD)" >>"$scratch/expected"
	done <"$scratch/ids"
	push main
	sql "SELECT p.id, p.commit_ref FROM patchwork_patch p WHERE p.commit_ref <> '' ORDER BY p.id" | tr '|' ' ' \
		>"$scratch/marked"
	ok "of $list most patches apply" [ "$(wc -l <"$scratch/expected")" -ge 40 ]
	# One with the same diff may be meant as well.
	sql "SELECT p.id FROM patchwork_patch p
	      WHERE EXISTS (SELECT FROM patchwork_patch o WHERE o.hash = p.hash AND o.id <> p.id)" >"$scratch/alike"
	is "$(awk 'NR == FNR { alike[$1]; next } !($1 in alike)' "$scratch/alike" "$scratch/marked" | sort)" \
		"$(awk 'NR == FNR { alike[$1]; next } !($1 in alike)' "$scratch/alike" "$scratch/expected" | sort)" \
		"of $list every patch that git am takes is found"
fi

done_testing
