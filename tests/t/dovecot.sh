# shellcheck shell=sh
# A private Dovecot for the tests of IMAP; sourced after tests/t/imap.sh.  It listens on free ports of loopback
# addresses, has any user with the password of $scratch/password, and ends with the test.
#
#   localhost, 127.0.0.1  a server as Dovecot is          127.0.0.4  the certificate is self-signed
#   127.0.0.2             without MOVE                    127.0.0.5  it is that of another host
#   127.0.0.3             without MOVE and UIDPLUS        127.0.0.6  it has expired
# shellcheck disable=SC2154 # scratch, at_end and the rest are of tests/t/lib.sh

# Says "skipped" and ends the test if what it needs is not there.
need_dovecot() { # NAME
	PATH=$PATH:/usr/sbin
	need_program dovecot "$1"
	need_program openssl "$1"
	need_python "$1"
}

# Dovecot 2.4 has a configuration of its own.
is_dovecot_2_3() {
	dovecot --version | grep -q '^2\.3'
}

# The server ----------------------------------------------------------------------------------------------------------

write_dovecot_conf() {
	if [ "$(id -u)" -eq 0 ]; then
		internal=nobody group=$(id -gn nobody) login=nobody
	else
		internal=$(id -un) group=$(id -gn) login=$(id -un)
	fi
	if is_dovecot_2_3; then
		write_dovecot_conf_2_3
	else
		write_dovecot_conf_2_4
	fi
}

# What both versions say alike.
write_dovecot_common() {
	cat <<-END
		base_dir = $dovecot/base
		state_dir = $dovecot/state
		log_path = $dovecot/log
		protocols = imap
		listen = 127.0.0.1, 127.0.0.2, 127.0.0.3, 127.0.0.4, 127.0.0.5, 127.0.0.6
		ssl = yes
		auth_mechanisms = plain login scram-sha-256 xoauth2
		auth_failure_delay = 0
		default_internal_user = $internal
		default_internal_group = $group
		default_login_user = $login
		first_valid_uid = 1
		first_valid_gid = 1
		mail_fsync = never
		mail_max_userip_connections = 100
		service imap-login {
		  chroot =
		  process_min_avail = 1
		  inet_listener imap {
		    port = $imap_port
		  }
		  inet_listener imaps {
		    port = $imaps_port
		    ssl = yes
		  }
		}
		service anvil {
		  chroot =
		  unix_listener anvil-auth-penalty {
		    mode = 0
		  }
		}
		local 127.0.0.2 {
		  protocol imap {
		    imap_capability = IMAP4rev1 IDLE UIDPLUS
		  }
		}
		local 127.0.0.3 {
		  protocol imap {
		    imap_capability = IMAP4rev1
		  }
		}
	END
}

write_dovecot_conf_2_3() {
	cat <<-END
		ssl_cert = <$scratch/tls/good.pem
		ssl_key = <$scratch/tls/good.key
		disable_plaintext_auth = no
		mail_location = maildir:$dovecot/mail/%u
		passdb {
		  driver = oauth2
		  mechanisms = xoauth2
		  args = $dovecot/oauth2.conf
		}
		!include $dovecot/users.conf
		userdb {
		  driver = static
		  args = uid=$(id -u "$internal") gid=$(id -g "$internal") home=$dovecot/mail/%u
		}
		$(write_dovecot_common)
		local 127.0.0.4 {
		  ssl_cert = <$scratch/tls/self.pem
		  ssl_key = <$scratch/tls/self.key
		}
		local 127.0.0.5 {
		  ssl_cert = <$scratch/tls/wrong.pem
		  ssl_key = <$scratch/tls/wrong.key
		}
		local 127.0.0.6 {
		  ssl_cert = <$scratch/tls/expired.pem
		  ssl_key = <$scratch/tls/expired.key
		}
	END
}

write_dovecot_conf_2_4() {
	cat <<-END
		dovecot_config_version = 2.4.0
		dovecot_storage_version = 2.4.0
		ssl_server_cert_file = $scratch/tls/good.pem
		ssl_server_key_file = $scratch/tls/good.key
		auth_allow_cleartext = yes
		mail_driver = maildir
		mail_path = $dovecot/mail/%{user}
		oauth2 {
		  introspection_mode = auth
		  tokeninfo_url = http://127.0.0.1:$token_port/?token=
		  username_attribute = user
		}
		passdb oauth2 {
		  mechanisms_filter = xoauth2
		}
		!include $dovecot/users.conf
		userdb static {
		  fields {
		    uid = $(id -u "$internal")
		    gid = $(id -g "$internal")
		    home = $dovecot/mail/%{user}
		  }
		}
		$(write_dovecot_common)
		local 127.0.0.4 {
		  ssl_server_cert_file = $scratch/tls/self.pem
		  ssl_server_key_file = $scratch/tls/self.key
		}
		local 127.0.0.5 {
		  ssl_server_cert_file = $scratch/tls/wrong.pem
		  ssl_server_key_file = $scratch/tls/wrong.key
		}
		local 127.0.0.6 {
		  ssl_server_cert_file = $scratch/tls/expired.pem
		  ssl_server_key_file = $scratch/tls/expired.key
		}
	END
}

# What contrib/dovecot/dovecot.conf is in earnest.
write_users_conf() {
	if is_dovecot_2_3; then
		cat <<-END
			passdb {
			  driver = passwd-file
			  mechanisms = plain login scram-sha-256
			  args = scheme=PLAIN username_format=anybody $dovecot/passwd
			}
		END
	else
		cat <<-END
			passdb passwd-file {
			  mechanisms_filter = plain login scram-sha-256
			  default_password_scheme = PLAIN
			  auth_username_format = anybody
			  passwd_file_path = $dovecot/passwd
			}
		END
	fi
}

# Sets imap_port (with STARTTLS) and imaps_port.
start_dovecot() {
	prepare_dovecot
	launch_dovecot
}

# The first half: everything that it needs is in the folder $dovecot, and may be changed.
prepare_dovecot() {
	dovecot=$scratch/dovecot
	mkdir -p "$dovecot/mail"
	make_certificates
	[ "$(id -u)" -ne 0 ] || chown nobody: "$dovecot/mail"
	ports=$(free_ports 3)
	imap_port=${ports%% *} imaps_port=${ports##* }
	token_port=${ports#* } token_port=${token_port% *}
	# The password is awkward: it has to come through every way of logging in.
	printf '%s\n' 'pass "word" \ {7}' >"$scratch/password"
	chmod 600 "$scratch/password"
	printf '%s\n' "tokeninfo_url = http://127.0.0.1:$token_port/?token=" 'username_attribute = user' \
		>"$dovecot/oauth2.conf"
	printf 'anybody:{PLAIN}%s:::::::\n' "$(cat "$scratch/password")" >"$dovecot/passwd"
	write_dovecot_conf >"$dovecot/dovecot.conf"
	write_users_conf >"$dovecot/users.conf"
}

launch_dovecot() {
	dovecot -c "$dovecot/dovecot.conf" >"$scratch/dovecot.out" 2>&1 ||
		fail "$(cat "$scratch/dovecot.out" "$dovecot/log")"
	at_end="stop_dovecot; $at_end"
}

mailbox() { # USER COMMAND [ARGUMENT]...: see mailbox.py
	mailbox_user=$1
	shift
	"$python" -IS "$top_srcdir/tests/t/mailbox.py" "$imap_port" "$mailbox_user" "$scratch/password" "$@"
}

# Appends patches to the mailbox: ID is part of the Message-ID.
send() { # USER MAILBOX ID...
	send_user=$1 send_mailbox=$2
	shift 2
	for send_id; do
		patch_mail "$send_id" "[PATCH] $send_id" >"$scratch/mail.$send_id"
		set -- "$@" "$scratch/mail.$send_id"
		shift
	done
	mailbox "$send_user" append "$send_mailbox" "$@"
}

# All its processes at once: an orderly end takes a second.
stop_dovecot() {
	dovecot_pid=$(cat "$dovecot/base/master.pid") || return 0
	kill -s KILL -- "-$dovecot_pid" 2>/dev/null || kill "$dovecot_pid"
}

# Whom Dovecot asks about access tokens: USER-is-welcome is one of the user.  It also gives one of the user
# "examples" for the refresh token "keep & carry" of the client "mail".
start_token_server() {
	"$python" - "$token_port" >"$scratch/token-server.log" 2>&1 <<-'END' &
		import http.server, json, sys, urllib.parse
		class Handler(http.server.BaseHTTPRequestHandler):
		    def do_GET(self):
		        user, _, rest = self.path.partition("token=")[2].partition("-")
		        self.send_response(200 if rest == "is-welcome" else 401)
		        self.end_headers()
		        self.wfile.write(json.dumps({"user": user}).encode())
		    def do_POST(self):
		        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
		        good = dict(urllib.parse.parse_qsl(form)) == {
		            "grant_type": "refresh_token", "client_id": "mail", "client_secret": 'a "secret" \\',
		            "refresh_token": "keep & carry"}
		        self.send_response(200 if good else 400)
		        self.end_headers()
		        self.wfile.write(json.dumps({"access_token": "examples-is-welcome"} if good else {}).encode())
		http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
	END
	at_end="kill $! 2>/dev/null || :; $at_end"
	wait_until "$python" -c "import socket; socket.create_connection(('127.0.0.1', $token_port))"
}
