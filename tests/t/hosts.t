#!/bin/sh
# conninfo with several hosts, of which some are silent: patchmaild goes on to the next one, as libpq does by itself.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/imap.sh
. "$top_srcdir/tests/t/imap.sh"
need_python 'several hosts'
start_database
fresh_database main

# A socket that is silent; the same on 127.0.0.2; and on 127.0.0.1 the way to the database, all with one port.
mkdir "$scratch/silent"
cat >"$scratch/servers.py" <<-'END'
	import socket, sys, threading
	silent = socket.socket(socket.AF_UNIX)
	silent.bind(sys.argv[1])
	silent.listen()
	way = socket.create_server(("127.0.0.1", 0))
	port = way.getsockname()[1]
	silent_too = socket.create_server(("127.0.0.2", port))
	print(port, flush=True)
	def pump(one, other):
	    while data := one.recv(65536):
	        other.sendall(data)
	    other.shutdown(socket.SHUT_WR)
	while True:
	    client, _ = way.accept()
	    server = socket.socket(socket.AF_UNIX)
	    server.connect(sys.argv[2])
	    for ends in (client, server), (server, client):
	        threading.Thread(target=pump, args=ends, daemon=True).start()
END
"$python" "$scratch/servers.py" "$scratch/silent/.s.PGSQL.5432" "$PGHOST/.s.PGSQL.5432" >"$scratch/port" \
	2>"$scratch/servers.log" &
at_end="kill $! 2>/dev/null || :; $at_end"
wait_until test -s "$scratch/port" || fail "$(cat "$scratch/servers.log")"
port=$(cat "$scratch/port")
silent=$scratch/silent

# $conf with this conninfo, whose last words are always the same.
connect_to() { # SECONDS CONNINFO
	conf=$scratch/hosts.conf
	printf '[database]\nconninfo=%s dbname=main user=postgres\nconnect_timeout=%s\n' "$2" "$1" >"$conf"
}
number=0
timed_deliver() { # delivers a new mail; $took: seconds
	number=$((number + 1))
	patch_mail "mail-$number" "[PATCH] change $number" >"$scratch/mail"
	began=$(date +%s)
	deliver "$scratch/mail"
	took=$(($(date +%s) - began))
}
reaches() { # NAME CONNINFO
	connect_to 4 "$2"
	timed_deliver
	accepted "$1"
	ok "$1: in time" test "$took" -le 5
}
gives_up() { # NAME CONNINFO PATTERN
	connect_to 2 "$2"
	timed_deliver
	deferred "$1" "$3"
	ok "$1: in time" test "$took" -le 4
}

reaches 'the first is silent' "host=$silent,$PGHOST"
reaches 'the first is silent, and connect_timeout' "host=$silent,$PGHOST connect_timeout=1"
ok 'which is less than its share' test "$took" -le 3
reaches 'the second is silent' "host=$PGHOST,$silent"
ok 'and not asked' test "$took" -le 1
reaches 'one that is not there, a silent one, one more' \
	"host=$scratch,$silent,127.0.0.2,$PGHOST port=5432,5432,$port,5432"
gives_up 'all are silent' "host=$silent,127.0.0.2 port=5432,$port" 'the database cannot be reached in time'
gives_up 'the last is not there' "host=$silent,$scratch" 'cannot be reached: .*No such file or directory'
reaches 'numbers' "host=127.0.0.2,127.0.0.1 port=$port"
reaches 'hostaddr' "host=a.example.org,b.example.org hostaddr=127.0.0.2,127.0.0.1 port=$port"
connect_to 4 "hostaddr=127.0.0.2,127.0.0.1 port=$port"
here=$PGHOST
unset PGHOST
timed_deliver
PGHOST=$here
export PGHOST
accepted 'hostaddr alone'
reaches 'hostaddr of one of them' "host=$silent,b.example.org hostaddr=,127.0.0.1 port=5432,$port"
connect_to 4 ''
printf '[database]\nconninfo=postgresql://postgres@127.0.0.2:%s,127.0.0.1:%s/main\nconnect_timeout=4\n' "$port" \
	"$port" >"$conf"
timed_deliver
accepted 'a URI'
reaches 'the first is no standby, the second is silent' "host=$PGHOST,$silent target_session_attrs=prefer-standby"
reaches 'the second is no standby' "host=$silent,$PGHOST target_session_attrs=prefer-standby"
reaches 'one that takes writes' "host=$silent,$PGHOST target_session_attrs=read-write"
gives_up 'none is a standby' "host=$silent,$PGHOST target_session_attrs=standby" 'cannot be reached: .*standby'
gives_up 'more ports than hosts' "host=$PGHOST port=1,2" 'cannot be reached: could not match 2 port numbers to 1 hosts'
gives_up 'more addresses than hosts' "host=a.example.org hostaddr=127.0.0.1,127.0.0.1" \
	'cannot be reached: could not match'

# Where the hosts may stand besides.
conf=$scratch/none.conf
printf '[database]\nconnect_timeout=4\n' >"$conf"
here=$PGHOST
PGHOST=$silent,$here
timed_deliver
PGHOST=$here
accepted 'in the environment'
printf '[first]\nhost=127.0.0.2,127.0.0.1\nport=%s\n' "$port" >"$scratch/services"
PGSERVICEFILE=$scratch/services
export PGSERVICEFILE
reaches 'in a service' 'service=first'
unset PGSERVICEFILE

# A service that follows an account does the same.
three_mails box
start_servers box=honest
echo 'the secret' >"$scratch/password"
chmod 600 "$scratch/password"
configure_server box box
sed -i "s|^conninfo=.*|conninfo=host=$silent,$PGHOST dbname=main user=postgres connect_timeout=1|" "$conf"
takes_all 'imap --once'
is "$(taken box-)" 'box-1 box-2 box-3' 'takes all'

# Names ---------------------------------------------------------------------------------------------------------------

gives_up 'a name that is not there' 'host=nowhere.invalid' 'cannot be reached: nowhere.invalid: '
reaches 'a name that is not there, and one that is' "host=nowhere.invalid,localhost port=$port"
reaches 'a name' "host=localhost port=$port"
if ! { [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; }; then
	skip 'names with several addresses, and a silent name server' 'no name space for mounts'
	done_testing
fi
# Names of our own, and a name server that is silent.
printf '%s\n' '127.0.0.1 localhost' '127.0.0.2 two.example.org' '127.0.0.1 two.example.org' >"$scratch/etc-hosts"
printf '%s\n' 'nameserver 127.0.0.3' >"$scratch/resolv"
printf '%s\n' 'hosts: files dns' >"$scratch/nsswitch"
"$python" -c 'if 1:
	import socket, time
	server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	server.bind(("127.0.0.3", 53))
	open("'"$scratch/dns"'", "w").close()
	time.sleep(300)' &
at_end="kill $! 2>/dev/null || :; $at_end"
if ! wait_until test -e "$scratch/dns"; then
	skip 'names with several addresses, and a silent name server' 'the port of name servers is taken'
	done_testing
fi
cat >"$scratch/with-names" <<-END
	#!/bin/sh
	exec unshare -m sh -c 'mount --bind $scratch/etc-hosts /etc/hosts &&
		mount --bind $scratch/resolv /etc/resolv.conf &&
		mount --bind $scratch/nsswitch /etc/nsswitch.conf && exec "$PATCHMAILD" "\$@"' sh "\$@"
END
chmod +x "$scratch/with-names"
PATCHMAILD=$scratch/with-names
reaches 'a name with two addresses, of which the first is silent' "host=two.example.org port=$port"
gives_up 'a name server that is silent' 'host=db.example.org' \
	'cannot be reached: db.example.org: its address was not found in time'
reaches 'the same, and a host that is known' "host=db.example.org,localhost port=$port"
conf=$scratch/import.conf
printf '[database]\nconninfo=host=db.example.org\nconnect_timeout=2\n' >"$conf"
began=$(date +%s)
run -c "$conf" import "$scratch/mail"
is "$code" 75 'import with a silent name server'
ok 'ends in time' test $(($(date +%s) - began)) -le 4
configure silent host=imap.example.org user=a "password_file=$scratch/password" command_timeout=2
began=$(date +%s)
once
is "$code $(cat "$scratch/stderr")" '75 patchmaild: silent: imap.example.org: its address was not found in time' \
	'an IMAP server whose name is not found in time'
ok 'is not waited for' test $(($(date +%s) - began)) -le 4

done_testing
