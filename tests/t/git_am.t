#!/bin/sh
# patchmail.series_mbox(), patch_mbox() and bundle_mbox() as `git am` takes them: what comes out is the commit that went
# into the mail, in every encoding, and with what reviewers said.  Of real lists, if they are beside the project, `git
# mailinfo` reads what the database has; the trees that they are for are not there.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=contrib/conformance-lib.sh
. "$top_srcdir/contrib/conformance-lib.sh"
command -v git >/dev/null || {
	skip 'what git am takes' 'there is no git'
	done_testing
}
start_database
fresh_database git_am

HOME=$scratch
GIT_AUTHOR_DATE='2026-02-10T06:59:47+0100'
GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
GIT_CONFIG_NOSYSTEM=1
export HOME GIT_AUTHOR_DATE GIT_COMMITTER_DATE GIT_CONFIG_NOSYSTEM
git config --global user.name 'Åsa Example'
git config --global user.email asa@example.org
git config --global init.defaultBranch main
git config --global core.autocrlf false
repository=$scratch/repository
git init -q "$repository"
cd "$repository"
printf '%s\n' one two three four five six seven eight >text
printf 'one\r\ntwo\r\nthree\r\n' >dos
printf '\000\001\002\377binary' >image
printf '%s\n' 'From here on' 'From me Tue Feb 10 06:59:47 2026' '>From you' 'end' >mail
git add .
git commit -qm 'The base'
git tag base

# Begins a branch at the base.
branch() { # NAME
	git checkout -q -f -B "$1" base
}

# The commits from the base on as mails to the list, $mails/1, $mails/2, ...
post() { # [OPTION...]: of format-patch
	mails=$scratch/mails
	rm -rf "$mails"
	mkdir "$mails"
	git format-patch --quiet -o "$mails" --thread=shallow --to=demo@example.org \
		--add-header='List-Id: <demo.example.org>' "$@" base
	# Without the line "From ", which is not the mail's.
	for mail in "$mails"/*.patch; do
		sed 1d "$mail" >"${mail%.patch}.mail"
	done
}

# Delivers the mails of $mails; $series is theirs, $patch the last patch.
deliver_all() {
	for mail in "$mails"/*.mail; do
		deliver "$mail"
		[ "$code" -eq 0 ] || fail "$(cat "$scratch/stderr")"
	done
	patch=$(sql 'SELECT max(id) FROM patchwork_patch')
	series=$(sql "SELECT series_id FROM patchwork_patch WHERE id = $patch")
}

# What am makes of an mbox, on the branch "am": the tree, and of each commit its author, date and message.
commits() { # REVISION
	git rev-parse "$1^{tree}"
	git log --format='%an <%ae> %at %s%n%b' "base..$1"
}
am() { # STATEMENT [OPTION...]
	statement=$1
	shift
	git checkout -q -f -B am base
	psql -XAtq -c "SELECT $statement" | git am -q "$@" >"$scratch/am" 2>&1 || {
		cat "$scratch/am"
		git am --abort
		return 1
	}
}
applies() { # NAME REVISION: the series just delivered gives the commits of the revision
	ok "$1: git am takes the series" am "patchmail.series_mbox($series)"
	is "$(commits am)" "$(commits "$2")" "$1: the commits are what they were"
}
# The whole way: a branch as mails, and back.
goes_round() { # BRANCH NAME [OPTION...]: of format-patch
	round=$1
	name=$2
	shift 2
	git checkout -q -f "$round"
	post "$@"
	deliver_all
	applies "$name" "$round"
}

# Makes a commit of what was changed; the message is from stdin.
commit() { # [OPTION...]
	git add -A
	git commit -q "$@" -F -
}

branch plain
sed -i 's/two/2/' text
printf 'text: use a figure\n\nIt is shorter.\n\nSigned-off-by: Åsa Example <asa@example.org>\n' | commit
sed -i 's/six/6/' text
echo 'text: another one' | commit
git mv text figures
chmod +x figures
echo 'text: rename it' | commit
post --cover-letter
deliver_all
applies 'three patches with a cover letter' plain
is "$(sql "SELECT count(*) FROM patchwork_patch WHERE series_id = $series")" 3 'the series has three patches'
first=$(sql "SELECT id FROM patchwork_patch WHERE series_id = $series AND number = 1")
ok 'one patch' am "patchmail.patch_mbox($first)"
is "$(commits am)" "$(commits plain~2)" 'git am takes one patch of a series'
sql "INSERT INTO auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active,
	date_joined) VALUES (1, '', false, 'ada', '', '', 'ada@example.org', false, true, now());
	INSERT INTO patchwork_bundle (id, name, public, owner_id, project_id)
	SELECT 1, 'all', true, 1, id FROM patchwork_project;
	INSERT INTO patchwork_bundlepatch (bundle_id, patch_id, \"order\")
	SELECT 1, id, number FROM patchwork_patch WHERE series_id = $series"
ok 'a bundle' am 'patchmail.bundle_mbox(1)'
is "$(commits am)" "$(commits plain)" 'git am takes a bundle'

branch words
sed -i 's/two/zwei, größer/' text
printf 'größer: «ein» 中文\n\nEs wird größer — 中文.\n' | commit --author='Jörg Müller <joerg@example.org>'
goes_round words 'UTF-8 in name, subject, text and diff'

for encoding in base64 quoted-printable; do
	branch "$encoding"
	sed -i "s/three.*/drei, größer als $encoding =20 =/" text
	printf 'text: %s\n\nGrößer.  \n\n.\nFrom the first line.\n' "$encoding" | commit
	post
	for mail in "$mails"/*.mail; do
		python3 - "$mail" "$encoding" <<-'END'
			import email, email.charset, email.policy, sys
			file = open(sys.argv[1], encoding="utf-8", newline="")
			mail = email.message_from_file(file, policy=email.policy.compat32)
			text = mail.get_payload().encode("utf-8", "surrogateescape").decode()
			del mail["Content-Transfer-Encoding"], mail["Content-Type"], mail["MIME-Version"]
			charset = email.charset.Charset("utf-8")
			charset.body_encoding = email.charset.BASE64 if sys.argv[2] == "base64" else email.charset.QP
			mail.set_payload(text, charset)
			open(sys.argv[1], "w", newline="").write(mail.as_string())
		END
		grep -q "^Content-Transfer-Encoding: $encoding" "$mail" || fail "$mail is not $encoding"
	done
	deliver_all
	applies "$encoding" "$encoding"
done

branch latin
sed -i 's/two/2/' text
printf 'text: größer\n\nGrößer in ISO-8859-1.\n' | commit --author='Jörg Müller <joerg@example.org>'
post
iconv -f UTF-8 -t ISO-8859-1 "$mails"/0*.mail | sed 's/charset=UTF-8/charset=ISO-8859-1/' >"$mails/latin.mail"
rm "$mails"/0*.mail
deliver_all
applies 'a message in ISO-8859-1' latin

branch from
sed -i 's/^From here/From there/; s/^end/From the end/' mail
printf 'mail: change it\n\n%s\n\n%s\n%s\n\nFrom now on it is changed.\n' 'Before:' \
	'From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001' 'From: nobody@example.org' | commit
goes_round from 'lines that begin with "From " in message and diff'
like "$(sql "SELECT substring(patchmail.patch_mbox($patch) FROM '(?n)^Content-Transfer-Encoding: .*$')")" ': base64$' \
	'a line that would begin another mail is hidden in base64'
branch from_text
sed -i 's/two/2/' text
printf 'text: change it\n\nFrom here on it is another.\n' | commit
goes_round from_text 'a line that begins with "From " and begins no mail'
like "$(sql "SELECT substring(patchmail.patch_mbox($patch) FROM '(?n)^Content-Transfer-Encoding: .*$')")" ': 7bit$' \
	'it is written as it is'

branch dos
sed -i 's/two/2/' dos
echo 'dos: change a line of a file with CRLF' | commit
goes_round dos 'a file with CRLF'
branch both_ends
sed -i 's/three/3/' dos
sed -i 's/eight/8/' text
echo 'dos, text: change a file with CRLF and one without' | commit
goes_round both_ends 'files with both line ends'

branch binary
printf '\000\003\002\376other binary' >image
printf '\000\377new' >picture
echo 'image: change and add one' | commit
goes_round binary 'a binary patch' --binary

branch modes
chmod +x text
git mv dos windows
git rm -q mail
: >empty
echo 'Change a mode, rename, delete, add an empty file' | commit
goes_round modes 'a mode, a rename, a deletion and an empty file' -M

branch flowed
sed -i 's/^two$/ two words with a blank at the end /; s/five/From five/' text
printf 'text: a line\n\nA paragraph that the mailer of its author breaks after some of its words,\nso to say.\n' |
	commit
post
# Each line with a blank or From in front gets one more (RFC 3676, section 4.4); one with a blank at its end would flow.
sed '1,/^$/ { s/^Subject:/Content-Type: text\/plain; charset=utf-8; format=flowed\n&/; b }
	s/^\( \|From \|>\)/ \1/; s/^\( *+.* \)$/\1\n /; s/after some of its words,$/after \nsome of its words,/' \
	"$mails"/0*.mail >"$mails/flowed.mail"
rm "$mails"/0*.mail
deliver_all
ok 'format=flowed: git am takes the series' am "patchmail.series_mbox($series)"
is "$(git log -1 --format=%s%n%b am)" "$(git log -1 --format=%s%n%b flowed)" \
	'format=flowed: the message is what it was'

branch notes
sed -i 's/two/2/' text
printf 'text: use a figure\n\nIt is shorter.\n' | commit
post --notes
sed -i 's/^---$/---\nv2: nothing changed\n/' "$mails"/0*.mail
deliver_all
message=$(sed -n 's/^Message-Id: //Ip' "$mails"/0*.mail)
# A reply with what it says.
review() { # ID TEXT
	header "$1" 'Re: [PATCH] text: use a figure' "In-Reply-To: $message" 'Content-Type: text/plain; charset=utf-8'
	printf '\n%b\n' "$2"
}
review r1 'Nice.\n\nReviewed-by: Jörg Müller <joerg@example.org>\n> Acked-by: quoted' >"$scratch/r1"
review r2 'acked-by: Eve <eve@example.org>\nTested-by: Eve <eve@example.org>\nFixes: 1' >"$scratch/r2"
deliver "$scratch/r1"
deliver "$scratch/r2"
ok 'with replies: git am takes it' am "patchmail.patch_mbox($patch)"
is "$(git log -1 --format=%b am)" 'It is shorter.
Reviewed-by: Jörg Müller <joerg@example.org>
acked-by: Eve <eve@example.org>
Tested-by: Eve <eve@example.org>' 'what reviewers said stands after the message, and what is below --- does not'

branch munged
sed -i 's/two/2/' text
echo 'text: sent through a list that takes the place of the author' | commit
post
sed -i '0,/^From: / s/^From: .*/From: =?UTF-8?q?=C3=85sa_Example?= via Demo <demo@example.org>\n'\
'Reply-To: =?UTF-8?q?=C3=85sa_Example?= <asa@example.org>/' "$mails"/0*.mail
deliver_all
applies 'an author whose place the list took' munged
like "$(sql "SELECT substring(patchmail.patch_mbox($patch) FROM '(?n)^X-Patchwork-Original-From: .*$')")" \
	'via Demo <demo@example.org>$' 'what was in its place is kept'

branch broken
sed -i 's/two/2/' text
echo 'text: a header that git cannot read' | commit
post
sed -i 's/^Date: .*/Date: yesterday/; s/^Subject: .*/Subject: [PATCH] gr\xf6\xdfer/' "$mails"/0*.mail
deliver_all
ok 'octets that are no UTF-8 in the subject, and a date that is none: git am takes it' \
	am "patchmail.series_mbox($series)"
is "$(git log -1 --format=%s am)" größer 'the subject is taken as ISO-8859-1'
is "$(git rev-parse 'am^{tree}')" "$(git rev-parse 'broken^{tree}')" 'the tree is what it was'

is "$(psql -XAtq -v SHOW_CONTEXT=never -c 'SELECT patchmail.series_mbox(0)' 2>&1)" \
	'ERROR:  there is no patch in a series 0' \
	'a series that is not there is an error, so that a pipe does not go on with nothing'

# Real lists: what git mailinfo reads in the mbox of each of some series, beside what the database has.
if have_real 'series of real lists' "$data/lists"; then
	PGDATABASE=postgres
	make_template
	for mbox in "$data"/lists/*.mbox.xz; do
		name=$(basename "$mbox" .mbox.xz)
		ok "$name: import ends with 0" import_stream "$mbox"
		psql -XAtq -v ON_ERROR_STOP=1 -v most="${series_a_list:-25}" -f "$top_srcdir/tests/t/git_am.sql" \
			>"$scratch/series"
		ok "$name: there are series" test -s "$scratch/series"
		ok "$name: git mailinfo reads what the database has" \
			python3 "$top_srcdir/tests/t/mailinfo.py" "$scratch/series"
	done
fi
done_testing
