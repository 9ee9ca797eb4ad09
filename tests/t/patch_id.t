#!/bin/sh
# patch_id of the facts is what `git patch-id --stable` says of the diff: of the diffs of our own mails, and of all
# patches of real lists, if they are beside the project.
set -eu
top_srcdir=$(cd "${top_srcdir:-$(dirname "$0")/../..}" && pwd)
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
if ! command -v git >/dev/null || ! command -v jq >/dev/null; then
	skip 'what git says of each diff' 'there is no git, or no jq'
	done_testing
fi

# What git says of the diffs in standard input, which are JSON objects with a diff: a line each.  Of one with text
# between its files git prints several; "several" stands for those, as it does for those that our facts have.
# A line that begins with the name of a commit begins another diff: here it is the number of the diff.
git_says() {
	jq -r 'select(.diff) |
		"commit \("000000000000000000000000000000000000000\(input_line_number)"[-40:])\n\(.diff)\n"' |
		git patch-id --stable |
		awk '$2 !~ /^0*$/ { if (id) print id; id = $1; next } { id = "several" } END { if (id) print id }'
}
# What the facts say, but for those that git knows nothing of.
facts_say() {
	jq -r 'select(.diff) | .patch_id // empty'
}
compare() { # NAME FILE
	git_says <"$2" >"$scratch/git"
	facts_say <"$2" >"$scratch/ours"
	paste -d ' ' "$scratch/git" "$scratch/ours" | awk '$1 != "several" && $1 != $2' >"$scratch/different"
	is "$(wc -l <"$scratch/git")" "$(wc -l <"$scratch/ours")" "$1: as many as git has"
	is "$(cat "$scratch/different")" '' "$1: the same as git has"
}

"$PATCHMAILD" parse "$top_srcdir"/tests/corpus/*.mail >"$scratch/corpus"
compare 'the corpus' "$scratch/corpus"

# A diff of everything that git can say of a file, as git itself writes it.
mkdir "$scratch/repository"
cd "$scratch/repository"
HOME=$scratch
GIT_CONFIG_NOSYSTEM=1
export HOME GIT_CONFIG_NOSYSTEM
git config --global user.name 'A'
git config --global user.email a@example.org
git init -q .
seq 200 >numbers
printf 'no newline' >short
printf '\000\001\002' >image
printf 'a\r\nb\r\n' >dos
echo x >'with blank'
echo y >script
seq 50 >moved
git add .
git commit -q -m base
sed -i '5d; 100s/$/x/; 180a\
	added' numbers
printf 'no newline, still' >short
printf '\000\003' >image
printf 'a\r\nc\r\n' >dos
echo xx >'with blank'
chmod +x script
git mv moved 'mövéd'
: >empty
printf '\000' >image2
git add .
git commit -q -m all
# But for --no-binary: the line "Binary files differ" is no part of our diff, and git hashes the objects instead.
for options in '' -U0 -U9 --no-renames '-M --full-index' --no-prefix; do
	# shellcheck disable=SC2086  # words
	git format-patch -1 --stdout $options >"$scratch/mail"
	"$PATCHMAILD" parse "$scratch/mail" >"$scratch/facts"
	is "$(jq -r .patch_id "$scratch/facts")" "$(git patch-id --stable <"$scratch/mail" | cut -d ' ' -f 1)" \
		"git format-patch $options"
done

list=$top_srcdir/../shared/conformance/lists
if have_real 'each patch of real lists' "$list"; then
	start_database
	for stream in linux-erofs openwrt; do
		fresh_database "$(echo "$stream" | tr -d -)"
		sed -n "s/^$stream	//p" "$list/../projects.tsv" | while IFS='	' read -r listid listemail; do
			sql "SELECT patchmail.add_project('$stream', '$stream', '$listid', '$listemail')" >/dev/null
		done
		xz -dc "$list/$stream.mbox.xz" >"$scratch/stream.mbox"
		run -c "$conf" import "$scratch/stream.mbox"
		sql "SELECT json_build_object('diff', p.diff, 'patch_id', m.git_patch_id)
		       FROM patchwork_patch p JOIN patchmail.message m ON m.patch_id = p.id
		      ORDER BY p.id" >"$scratch/facts"
		compare "$stream" "$scratch/facts"
		is "$([ "$(wc -l <"$scratch/ours")" -gt 300 ] && echo many)" many "$stream has patches"
	done
fi

done_testing
