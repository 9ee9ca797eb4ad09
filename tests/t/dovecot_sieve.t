#!/bin/sh
# A real Dovecot LMTP, whose Sieve script (Pigeonhole) hands the mail to patchmaild deliver: with the 256 MB of memory
# that Dovecot allows by default, and what becomes of mail that patchmaild does not take.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=tests/t/service.sh
. "$top_srcdir/tests/t/service.sh"
PATH=$PATH:/usr/sbin
need_program dovecot 'mail by LMTP and Sieve'
need_program sievec 'mail by LMTP and Sieve'
need_python 'mail by LMTP and Sieve'
lmtp=$(find /usr/lib/dovecot /usr/libexec/dovecot -name lmtp 2>/dev/null | head -n 1)
if [ -z "$lmtp" ] || [ "$(id -u)" -ne 0 ]; then
	skip 'mail by LMTP and Sieve' 'no dovecot-lmtpd, or not root'
	done_testing
fi
if grep -q __asan_init "$PATCHMAILD"; then
	skip 'mail by LMTP and Sieve' 'sanitizers need more memory than Dovecot allows'
	done_testing
fi
start_database
fresh_database main

# Dovecot -------------------------------------------------------------------------------------------------------------

dovecot=$scratch/dovecot
mkdir -p "$dovecot/mail" "$dovecot/bin" "$dovecot/sieve"
chown postgres: "$dovecot/mail"
chmod 644 "$conf"
mkdir "$dovecot/programs"
for program in patchmaild patchmaild-parser; do
	install -m 755 "$(dirname "$(readlink -f "$PATCHMAILD")")/$program" "$dovecot/programs/$program"
done
# As contrib/dovecot/dovecot.conf says.
printf '#!/bin/sh\nexec %s -c %s deliver\n' "$dovecot/programs/patchmaild" "$conf" >"$dovecot/bin/patchmaild"
chmod 755 "$dovecot/bin/patchmaild"
printf 'require ["vnd.dovecot.pipe"];\npipe "patchmaild";\n' >"$dovecot/sieve/lists.sieve"
chmod -R a+rX "$dovecot/sieve"
port=$(free_ports 1)
# What both versions of its configuration say alike.
common() {
	cat <<-END
		base_dir = $dovecot/base
		state_dir = $dovecot/state
		log_path = $dovecot/log
		protocols = lmtp
		ssl = no
		default_internal_user = nobody
		default_internal_group = $(id -gn nobody)
		default_login_user = nobody
		first_valid_uid = 1
		first_valid_gid = 1
		default_vsz_limit = 256M
		service anvil {
		  chroot =
		}
		service lmtp {
		  chroot =
		  inet_listener lmtp {
		    LISTEN = 127.0.0.1
		    port = $port
		  }
		}
	END
}

dovecot_2_3() {
	common | sed 's/LISTEN/address/'
	cat <<-END
		mail_location = maildir:$dovecot/mail/%n
		userdb {
		  driver = static
		  args = uid=postgres gid=postgres home=$dovecot/mail/%n allow_all_users=yes
		}
		passdb {
		  driver = static
		  args = nopassword=y
		}
		protocol lmtp {
		  mail_plugins = sieve
		}
		plugin {
		  sieve_before = $dovecot/sieve/lists.sieve
		  sieve_plugins = sieve_extprograms
		  sieve_global_extensions = +vnd.dovecot.pipe
		  sieve_pipe_bin_dir = $dovecot/bin
		}
	END
}

dovecot_2_4() {
	echo 'dovecot_config_version = 2.4.0'
	echo 'dovecot_storage_version = 2.4.0'
	common | sed 's/LISTEN/listen/'
	cat <<-END
		mail_driver = maildir
		mail_path = $dovecot/mail/%{user | username}
		userdb static {
		  allow_all_users = yes
		  fields {
		    uid = postgres
		    gid = postgres
		    home = $dovecot/mail/%{user | username}
		  }
		}
		passdb static {
		  fields {
		    nopassword = yes
		  }
		}
		protocol lmtp {
		  mail_plugins {
		    sieve = yes
		  }
		}
		sieve_script lists {
		  type = before
		  path = $dovecot/sieve/lists.sieve
		}
		sieve_plugins {
		  sieve_extprograms = yes
		}
		sieve_global_extensions {
		  vnd.dovecot.pipe = yes
		}
		sieve_pipe_bin_dir = $dovecot/bin
	END
}

if dovecot --version | grep -q '^2\.3'; then
	dovecot_2_3 >"$dovecot/dovecot.conf"
else
	dovecot_2_4 >"$dovecot/dovecot.conf"
fi
dovecot -c "$dovecot/dovecot.conf" >"$scratch/dovecot.out" 2>&1 || fail "$(cat "$scratch/dovecot.out")"
stop_dovecot() {
	dovecot_pid=$(cat "$dovecot/base/master.pid") || return 0
	kill -s KILL -- "-$dovecot_pid" 2>/dev/null || kill "$dovecot_pid"
}
at_end="stop_dovecot; $at_end"
wait_until "$python" -c "import socket; socket.create_connection(('127.0.0.1', $port))"

send() { # what LMTP says of $scratch/mail
	"$python" - "$port" "$scratch/mail" <<-'END'
		import smtplib, sys
		mail = open(sys.argv[2], "rb").read()
		try:
		    server = smtplib.LMTP("127.0.0.1", int(sys.argv[1]))
		    server.sendmail("alice@example.org", ["lists@example.org"], mail)
		    print("taken")
		except smtplib.SMTPRecipientsRefused as refused:
		    print(*[code for code, _ in refused.recipients.values()])
		except smtplib.SMTPResponseException as refused:
		    print(refused.smtp_code)
	END
}
kept() { # how many mails Dovecot has in its INBOX
	find "$dovecot/mail" -path '*/new/*' -type f | wc -l
}
stored() {
	sql "SELECT count(*) FROM patchwork_patch WHERE msgid = '<$1@example.org>'"
}

# Mail ----------------------------------------------------------------------------------------------------------------

patch_mail small '[PATCH] small' >"$scratch/mail"
is "$(send) $(stored small) $(kept)" 'taken 1 0' 'a mail goes through Sieve into the database, and stays nowhere else'
{
	header large '[PATCH] large'
	printf '\nIt adds lines.\n---\ndiff --git a/file b/file\n--- a/file\n+++ b/file\n@@ -0,0 +1,20000 @@\n'
	yes "+$(printf '%048d' 0)" | head -n 20000
} >"$scratch/mail"
is "$(send) $(stored large) $(kept)" 'taken 1 0' 'so does one of 1 MB'

# What patchmaild does not take: exit code 75, or 77 ------------------------------------------------------------------

sql 'ALTER TABLE patchwork_patch RENAME TO away'
patch_mail waiting '[PATCH] waiting' >"$scratch/mail"
is "$(send) $(kept)" 'taken 1' \
	'mail that patchmaild defers is kept in the INBOX by Dovecot, which says that it is taken'
ok 'and that is in its log' grep -q 'failed, but implicit keep was successful' "$dovecot/log"
sql 'ALTER TABLE away RENAME TO patchwork_patch'
run -c "$conf" import "$dovecot/mail/lists"
is "$(stored waiting)" 1 'from there it can be imported'
sql "SELECT patchmail.set_policy('demo', store => 'pass', otherwise => 'refuse')" >/dev/null
patch_mail refused '[PATCH] refused' >"$scratch/mail"
is "$(send) $(stored refused) $(kept)" 'taken 0 2' 'so is mail that it refuses'

done_testing
