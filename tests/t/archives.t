#!/bin/sh
# Archives as the programs make them that keep mail: formail, MH, Maildir, Mailman's exports, tar, public-inbox.  parse
# and import know the same; what is no archive is named before anything is stored.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/service.sh
. "$top_srcdir/tests/t/service.sh"
need_program jq 'archives'
HOME=$scratch/home
export HOME
mkdir "$HOME" "$scratch/mails"
cd "$scratch"

for i in 1 2 3 4 5 6; do
	patch_mail "$i" "[PATCH $i/6] part $i" "Date: Tue, 10 Feb 2026 06:59:4$i +0000" 'To: demo@example.org' \
		>"mails/$i"
done

# The Message-IDs in the order of the mails, with nothing after them if all could be read.
gives() { # PATH EXPECTED-IDS NAME
	run parse "$1"
	ids=$(jq -r .message_id "$scratch/stdout" | sed 's/^<//; s/@example.org>$//' | xargs)
	is "$ids $code$(cat "$scratch/stderr")" "$2 0" "$3"
}

refuses() { # PATH PATTERN NAME
	run parse "$1"
	is "$code $(cat "$scratch/stdout")" '65 ' "$3"
	like "$(cat "$scratch/stderr")" "$2" "$3: it is said why"
}

has() { # PROGRAM NAME: or the tests of that name are skipped
	command -v "$1" >/dev/null || { skip "$2" "no $1" && return 1; }
}

# mbox ----------------------------------------------------------------------------------------------------------------

if has formail 'an mbox of formail'; then
	for i in 1 2 3; do
		formail <"mails/$i"
	done >formail.mbox
	gives formail.mbox '1 2 3' 'an mbox of formail'
fi
for i in 1 2 3; do
	mbox_mail "mails/$i"
done >mbox
gives mbox '1 2 3' 'an mbox'
run parse - <mbox
is "$code $(jq -r .message_id "$scratch/stdout" | xargs)" '0 <1@example.org> <2@example.org> <3@example.org>' \
	'an mbox on standard input'
for program in gzip xz zstd bzip2; do
	has "$program" "an mbox, compressed by $program" || continue
	"$program" -c mbox >"mbox.$program"
	gives "mbox.$program" '1 2 3' "an mbox, compressed by $program"
	run parse - <"mbox.$program"
	is "$code $(wc -l <"$scratch/stdout")" '0 3' "the same of $program on standard input"
	head -c 150 "mbox.$program" >"torn.$program"
	refuses "torn.$program" "^patchmaild: torn.$program: .*breaks off" "one of $program that breaks off"
done
# Mails with Content-Length, one of which has a line "From " as an mbox has.
for i in 1 2; do
	{ cat "mails/$i" && printf '\nFrom a@example.org Tue Feb 10 06:59:47 2026\nSubject: quoted\n'; } >mail
	length=$(sed '1,/^$/d' mail | wc -c)
	{ echo 'From list@example.org Tue Feb 10 06:59:47 2026' &&
		sed "1,/^\$/s/^\$/Content-Length: $length\n/" mail && echo; }
done >mboxcl
gives mboxcl '1 2' 'an mbox whose mails have Content-Length'

# Folders -------------------------------------------------------------------------------------------------------------

mh=/usr/bin/mh
if [ -x "$mh/inc" ]; then
	mkdir -p "$HOME/Mail/inbox"
	printf 'Path: Mail\n' >"$HOME/.mh_profile"
	cp mbox drop
	"$mh/inc" -silent -file "$scratch/drop" +inbox </dev/null >mh.log 2>&1 || fail "$(cat mh.log)"
	gives "$HOME/Mail/inbox" '1 2 3' 'a folder of MH'
	"$mh/rmm" +inbox 2 >mh.log 2>&1 || fail "$(cat mh.log)"
	gives "$HOME/Mail/inbox" '1 3' 'what MH deleted is left out'
	"$mh/packf" +inbox all -file "$scratch/packed" </dev/null >mh.log 2>&1 || fail "$(cat mh.log)"
	gives packed '1 3' 'an mbox of MH'
else
	skip 'a folder of MH' 'no nmh'
fi
for program in maildirmake.dovecot maildirmake.maildrop; do
	has "$program" "a Maildir of $program" || continue
	"$program" "$program"
	case $program in
	*maildrop) "$program" -f Sub "$program" ;;
	*) "$program" "$program/.Sub" ;;
	esac
	cp mails/1 "$program/new/1770000001.M1.host"
	cp mails/2 "$program/cur/1770000000.M2.host:2,S"
	cp mails/3 "$program/tmp/1770000002.M3.host"
	cp mails/4 "$program/.Sub/new/1770000000.M4.host"
	echo '3 V1770000000 N4' >"$program/dovecot-uidlist"
	gives "$program" '2 1 4' "a Maildir of $program, with a subfolder"
	tar cf "$program.tar" "$program"
	run parse "$program.tar"
	is "$code $(jq -r .message_id "$scratch/stdout" | sort | xargs)" \
		'0 <1@example.org> <2@example.org> <4@example.org>' "the same in a tar of $program"
done
mkdir -p export/2026
gzip -c mbox >export/2026/January.txt.gz
mbox_mail mails/4 >export/2026/February.txt
cp mails/5 export/5.eml
gives export '5 4 1 2 3' 'a folder of files and folders'
tar czf export.tar.gz --sort=name export
gives export.tar.gz '4 1 2 3 5' 'a tar of the same, as of Mailman'
tar cJf export.tar.xz --sort=name -C export .
gives export.tar.xz '4 1 2 3 5' 'a tar that names the folder it is in'
echo '<html>' >export/index.html
refuses export '^patchmaild: export/index\.html is an HTML file$' 'a folder with a web page'
tar cf export.tar export
refuses export.tar '^patchmaild: export\.tar:export/index\.html is an HTML file$' 'a tar of it'

# public-inbox --------------------------------------------------------------------------------------------------------

PI_CONFIG=$HOME/config
export PI_CONFIG
public_inbox() { # PROGRAM ARGUMENT...
	"$@" >public-inbox.log 2>&1 || fail "$(cat public-inbox.log)"
}

for version in 1 2; do
	inbox=inbox$version
	name="public-inbox v$version"
	has public-inbox-init "$name" || continue
	public_inbox public-inbox-init "-V$version" "$inbox" "$scratch/$inbox" "http://example.org/$inbox" \
		"$inbox@example.org"
	git config -f "$PI_CONFIG" publicinboxmda.spamcheck none
	gives "$inbox" '' "$name: an inbox without a mail"
	for i in 1 2 3 4; do
		sed "s/^To: .*/To: $inbox@example.org/" "mails/$i" >mail
		ORIGINAL_RECIPIENT=$inbox@example.org public_inbox public-inbox-mda --no-precheck <mail
		[ "$i" != 2 ] || cp mail "deleted$version"
		[ "$i" != 3 ] || cp mail "purged$version"
	done
	gives "$inbox" '1 2 3 4' "$name: all mails"
	public_inbox public-inbox-learn rm --all <"deleted$version"
	gives "$inbox" '1 3 4' "$name: one is deleted"
done
if [ -d inbox2 ]; then
	git clone -q --mirror inbox2/git/0.git mirror.git
	gives mirror.git '1 3 4' 'public-inbox v2: a mirror of an epoch'
	git clone -q inbox2/git/0.git tree
	gives tree '1 3 4' 'public-inbox v2: a clone with a work tree'
	mkdir -p mirror/git
	git clone -q --bare inbox2/git/0.git mirror/git/0.git
	gives mirror '1 3 4' 'public-inbox v2: a mirror that has epochs alone'
	public_inbox public-inbox-index --sequential-shard inbox2
	public_inbox public-inbox-purge inbox2 <purged2
	gives inbox2 '1 4' 'public-inbox v2: one is purged'
fi
git init -q code
git -C code -c user.name=A -c user.email=a@example.org commit -q --allow-empty -m empty
echo text >code/README
git -C code add README
git -C code -c user.name=A -c user.email=a@example.org commit -q -m text
refuses code '^patchmaild: code/\.git: is a git repository, but none of public-inbox: ' 'a repository of something else'
refuses code/.git '^patchmaild: code/\.git: is a git repository, but none of public-inbox: ' 'the same, bare'

# What is no archive --------------------------------------------------------------------------------------------------

mkdir -p "odd/$(printf 'a\033[2Jb')"
echo no >"odd/$(printf 'a\033[2Jb')/c"
refuses odd '^patchmaild: odd/a\\x1b\[2Jb/c is no mail' 'a name that does something to terminals'
{ mbox_mail mails/1 && printf 'From a@example.org Tue Feb 10 06:59:47 2026\nSubject: bomb\n\n' &&
	head -c 100000000 /dev/zero; } | gzip >bomb.gz
run parse bomb.gz
is "$code $(wc -l <"$scratch/stdout")" '66 1' 'a zip bomb: the mails before it are read'
like "$(cat "$scratch/stderr")" \
	'^patchmaild: bomb\.gz: cannot be read: becomes more than 250 times as large when it is uncompressed$' \
	'a zip bomb is named'
tar cf tar mbox
refuses - '^patchmaild: -: is a tar: it is read twice, so it has to be a file$' 'a tar on standard input' <tar

# import, which looks at all paths first.
start_database
fresh_database archives
gzip -c bomb.gz >twice
for path in code export twice; do
	run -c "$conf" import mbox "$path"
	is "$code $(sql 'SELECT count(*) FROM patchwork_patch')" '65 0' "import stores nothing if there is $path"
done
rm export/index.html
run -c "$conf" import export.tar.gz
is "$code $(import_counts)" '0 5 mails: 5 stored' 'import knows the same formats'
run -c "$conf" reparse mbox.gzip export
is "$code $(tail -n 1 "$scratch/stdout")" '0 8 mails: 0 changed, 0 left alone' 'so does reparse'
run -c "$conf" reparse mbox code
is "$code" 65 'reparse looks at all paths first'

done_testing
