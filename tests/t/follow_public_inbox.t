#!/bin/sh
# patchmaild follow with archives that public-inbox itself writes, of version 1 and 2, and with its own
# public-inbox-clone
# and public-inbox-fetch over HTTP, which keep a mirror as that of lore.kernel.org is kept.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/follow.sh
. "$top_srcdir/tests/t/follow.sh"
for program in git curl public-inbox-init public-inbox-mda public-inbox-learn public-inbox-httpd public-inbox-clone \
	public-inbox-fetch; do
	need_program "$program" 'following a public inbox'
done
need_python 'following a public inbox'
start_database
fresh_database follow

HOME=$scratch/home
PI_CONFIG=$HOME/config
export HOME PI_CONFIG
mkdir "$HOME"

make_inbox() { # VERSION NAME
	public-inbox-init "-V$1" "$2" "$HOME/$2" "http://example.org/$2" "$2@example.org" >"$scratch/init.log" 2>&1 ||
		fail "$(cat "$scratch/init.log")"
	git config -f "$PI_CONFIG" publicinboxmda.spamcheck none
}
archive_mails() { # NAME ID...: a patch for each
	mails_name=$1
	shift
	for mails_id; do
		patch_mail "$mails_id" "[PATCH] $mails_id" "To: $mails_name@example.org" >"$scratch/mail.$mails_id"
		ORIGINAL_RECIPIENT=$mails_name@example.org public-inbox-mda --no-precheck <"$scratch/mail.$mails_id" \
			>"$scratch/mda.log" 2>&1 || fail "$(cat "$scratch/mda.log")"
	done
}
delete() { # NAME ID
	public-inbox-learn rm <"$scratch/mail.$2" >"$scratch/learn.log" 2>&1 || fail "$(cat "$scratch/learn.log")"
}

for version in 1 2; do
	name=v$version
	make_inbox "$version" "$name"
	configure "$name" "path=$HOME/$name" interval=3600
	archive_mails "$name" "$name-1" "$name-2"
	takes_all "version $version: what is there is taken"
	is "$(taken "$name-")" "$name-1 $name-2" "version $version: in its order"
	start_service
	archive_mails "$name" "$name-3"
	ok "version $version: so is what comes" wait_until has_taken "$name-3" "$name-3"
	delete "$name" "$name-2"
	archive_mails "$name" "$name-4"
	ok "version $version: what comes after a deletion too" wait_until has_taken "$name-4" "$name-4"
	stop_service
	is "$code $(cat "$scratch/service.log")" '0 ' "version $version: nothing is said"
	is "$(taken "$name-")" "$name-1 $name-2 $name-3 $name-4" "version $version: what was deleted later stays"
	PGDATABASE=postgres
	fresh_database "$name"
	configure "$name" "path=$HOME/$name"
	takes_all "version $version: who comes later"
	is "$(taken "$name-")" "$name-1 $name-3 $name-4" "version $version: takes what is not deleted"
	PGDATABASE=follow
done

# A mirror of version 2
port=$(free_ports 1)
public-inbox-httpd -W0 -l "127.0.0.1:$port" >"$scratch/httpd.log" 2>&1 &
at_end="kill $! 2>/dev/null || :; $at_end"
wait_until "$python" -c "import socket; socket.create_connection(('127.0.0.1', $port))" ||
	fail "$(cat "$scratch/httpd.log")"
configure mirror interval=1
public-inbox-clone -q --torsocks=no "http://127.0.0.1:$port/v2/" "$inbox" >"$scratch/clone.log" 2>&1 ||
	fail "$(cat "$scratch/clone.log")"
configure mirror interval=1 "command=$(command -v public-inbox-fetch) -q --torsocks=no -C $inbox"
fresh() { # what this archive alone has brought
	sql "SELECT count(*) FROM patchmail.archives WHERE archive = 'mirror' AND place = 'git/0.git'"
}
takes_all 'a mirror that public-inbox-clone made'
is "$(fresh)" 1 'is read'
start_service
archive_mails v2 v2-5
ok 'what public-inbox-fetch brings is taken' wait_until has_taken v2-5 v2-5
stop_service
is "$code $(cat "$scratch/service.log")" '0 ' 'nothing is said'

done_testing
