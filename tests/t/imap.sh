# shellcheck shell=sh
# What the tests of `patchmaild imap` share; sourced after tests/t/lib.sh: configurations, the service, what it has
# taken.
# shellcheck disable=SC2034,SC2154 # the tests use it; scratch and the rest are of tests/t/lib.sh

# shellcheck source=tests/t/service.sh
. "$top_srcdir/tests/t/service.sh"

# Configurations ------------------------------------------------------------------------------------------------------

# $conf is one for the account $account, with these lines: keys of it, then perhaps groups.
configure() { # ACCOUNT LINE...
	account=$1
	shift
	conf=$scratch/$account.conf
	printf '%s\n' '[database]' "conninfo=host=$PGHOST dbname=$PGDATABASE user=postgres" "[imap $account]" "$@" |
		last_of_each_key >"$conf"
}

# The same for an account at the private Dovecot (tests/t/dovecot.sh); of two lines for one key the last one counts.
configure_dovecot() { # ACCOUNT LINE...
	configure_account=$1
	shift
	configure "$configure_account" host=localhost "port=$imaps_port" "ca_file=$scratch/tls/ca.pem" \
		"user=$configure_account" "password_file=$scratch/password" "$@"
}

# The program ---------------------------------------------------------------------------------------------------------

once() { # takes what is there; as run()
	run -c "$conf" imap --once "$account"
}

# In the background; what it says goes to $scratch/service.log.
start_service() {
	"$PATCHMAILD" -c "$conf" imap "$account" >"$scratch/service.log" 2>&1 &
	service=$!
	at_end="stop_service; $at_end"
}

# What it has taken ---------------------------------------------------------------------------------------------------

knows_mailbox() { # MAILBOX
	[ "$(sql "SELECT count(*) FROM patchmail.cursor WHERE account = '$account' AND mailbox = '$1'")" -eq 1 ]
}

# What is known of the account's mailboxes: "NAME last-UID deferred unsettled" a line.
standing() {
	sql "SELECT mailbox, last_uid, deferred, unsettled FROM patchmail.imap WHERE account = '$account'
		ORDER BY mailbox" |
		tr '|' ' '
}

stands() { # EXPECTED
	[ "$(standing)" = "$1" ]
}

# The projects whose mail it is.
project_of() { # ID
	sql "SELECT string_agg(p.linkname, ' ' ORDER BY m.id) FROM patchmail.message m JOIN patchwork_project p
		ON p.id = m.project_id WHERE m.msgid = '<$1@example.org>'"
}

# Trouble in the database ---------------------------------------------------------------------------------------------

# The first mail of such a Message-ID makes the database wait for so many seconds.
hold_up() { # ID SECONDS
	sql "CREATE FUNCTION public.trouble() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN
		IF NEW.msgid = '<$1@example.org>' THEN PERFORM pg_sleep($2); END IF; RETURN NEW; END \$\$;
		CREATE TRIGGER trouble AFTER INSERT ON public.patchwork_patch
			FOR EACH ROW EXECUTE FUNCTION public.trouble()"
}
is_held_up() {
	[ "$(sql "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")" -eq 1 ]
}
# Mails of such a Message-ID cannot be stored.
raise_for() { # ID SQLSTATE REASON
	sql "CREATE FUNCTION public.trouble() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN
		IF NEW.msgid = '<$1@example.org>' THEN RAISE '$3' USING ERRCODE = '$2'; END IF; RETURN NEW; END \$\$;
		CREATE TRIGGER trouble AFTER INSERT ON public.patchwork_patch
			FOR EACH ROW EXECUTE FUNCTION public.trouble()"
}
let_through() {
	sql 'SET client_min_messages = error; DROP FUNCTION public.trouble CASCADE'
}

# Certificates --------------------------------------------------------------------------------------------------------

# Servers of our own (imap_server.py) ---------------------------------------------------------------------------------

# Starts them; their mails and records are in $scratch/servers, and their ports too.
start_servers() { # NAME=BEHAVIOUR...
	mkdir -p "$scratch/servers"
	ln -sfn "$scratch/tls" "$scratch/servers/tls"
	"$python" -IS "$top_srcdir/tests/t/imap_server.py" "$scratch/servers" "$@" >"$scratch/servers/ports" \
		2>"$scratch/servers/log" &
	at_end="kill $! 2>/dev/null || :; $at_end"
	servers=$#
	wait_until sh -c 'test "$(wc -l <"$1")" -eq "$2"' sh "$scratch/servers/ports" "$servers" ||
		fail "$(cat "$scratch/servers/log")"
}

# How many lines of what clients sent to it match: "\[connected\]" stands for a connection.
sent_to() { # NAME PATTERN
	grep -acE "$2" "$scratch/servers/$1.record" || :
}

port_of() { # NAME
	sed -n "s/^$1 //p" "$scratch/servers/ports"
}

# Three mails for it: <NAME-1@example.org> and so on.
three_mails() { # NAME
	mkdir -p "$scratch/servers/$1"
	for n in 1 2 3; do
		patch_mail "$1-$n" "[PATCH] of $1, number $n" >"$scratch/servers/$1/$n"
	done
}

# $conf is one for the account ACCOUNT at one of the servers.
configure_server() { # ACCOUNT NAME LINE...
	server_account=$1 server_name=$2
	shift 2
	configure "$server_account" host=127.0.0.1 "port=$(port_of "$server_name")" tls=none "user=$server_account" \
		"password_file=$scratch/password" command_timeout=1 "$@"
}

# A bad network (imap_proxy.py) ---------------------------------------------------------------------------------------

# Starts a proxy before a port; its own is $proxy_port, what clients send goes to $scratch/proxy.sent.
start_proxy() { # PORT
	plan
	"$python" -IS "$top_srcdir/tests/t/imap_proxy.py" "$1" "$scratch" >"$scratch/proxy.port" \
		2>"$scratch/proxy.log" &
	at_end="kill $! 2>/dev/null || :; $at_end"
	wait_until test -s "$scratch/proxy.port" || fail "$(cat "$scratch/proxy.log")"
	proxy_port=$(cat "$scratch/proxy.port")
}

plan() { # WORD NUMBER...: for the next connections; without any they are undisturbed
	echo "$*" >"$scratch/proxy.plan"
}
