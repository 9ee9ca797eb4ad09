# shellcheck shell=sh
# What contrib/demo, contrib/check, contrib/bench and the tests share: packages, the build, a temporary folder that goes
# at the end, a private PostgreSQL.  Sourced with `top` set to the root of the tree.

say() {
	printf '\n== %s\n' "$*"
}

fail() {
	echo "$*" >&2
	exit 1
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# Debian packages: to build and run; what the tests need besides; what check-debian, package and release of contrib
# need.  None has a version in its name: each release has its own.
packages() { # build | check | chroot | package | release | rpm
	case $1 in
	build)
		echo autoconf automake gcc libarchive-dev libc6-dev libglib2.0-dev libgmime-3.0-dev libjansson-dev \
			libpq-dev libpsl-dev nettle-dev libcurl4-gnutls-dev libgnutls28-dev libsystemd-dev \
			libetpan-dev libseccomp-dev make pkg-config postgresql jq zlib1g-dev
		;;
	check)
		echo bzip2 clang clang-format clang-tidy cppcheck curl dovecot-imapd dovecot-lmtpd dovecot-sieve \
			gcovr getmail6 git gunicorn hyperfine libclang-rt-dev libcmocka-dev libsasl2-modules \
			libtap-parser-sourcehandler-pgtap-perl maildrop mandoc nmh openssl pgbouncer postfix \
			postgresql-pgtap procmail public-inbox python3 python3-django python3-djangorestframework \
			python3-psycopg2 shellcheck systemd time valgrind xz-utils zsh zstd
		;;
	chroot) echo debootstrap util-linux ;;
	package) echo build-essential debhelper dpkg-dev fakeroot libcmocka-dev lintian mandoc pkgconf xz-utils ;;
	release) echo git gpg xz-utils ;;
	rpm) echo rpm rpmlint xz-utils ;;
	esac
}

# What is installed, and what that provides: postgresql-pgtap is postgresql-15-pgtap, or that of another server.
present_packages() {
	dpkg-query -W -f '${db:Status-Status} ${Package}, ${Provides}\n' 2>/dev/null | sed -n 's/^installed //p' |
		tr ',' '\n' | sed 's/^ *//; s/ .*//'
}

missing_packages() { # KIND...
	present_packages | sort -u >"$scratch/present"
	for kind; do
		packages "$kind" | tr ' ' '\n'
	done | grep -vxFf "$scratch/present" || :
}

# Installs what is missing without a question, and so that no service is started and no database cluster made.
install_packages() { # KIND...
	missing=$(missing_packages "$@" | tr '\n' ' ')
	[ -n "$missing" ] || return 0
	command -v apt-get >/dev/null || fail "These packages are missing, and there is no apt-get: $missing"
	say "Installing $missing"
	as_root sh -s "$missing" <<-'END'
		set -eu
		made=
		trap 'rm -f $made' EXIT
		trap 'exit 130' INT TERM
		if [ ! -e /usr/sbin/policy-rc.d ]; then
			made=/usr/sbin/policy-rc.d
			printf '#!/bin/sh\nexit 101\n' >"$made"
			chmod 755 "$made"
		fi
		mkdir -p /etc/postgresql-common/createcluster.d
		made="$made /etc/postgresql-common/createcluster.d/patchmaild.conf"
		echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.d/patchmaild.conf
		DEBIAN_FRONTEND=noninteractive
		export DEBIAN_FRONTEND
		apt-get -q update
		apt-get -q -y --no-install-recommends install $1
	END
}

# Makes (or brings up to date) a build in build/NAME; configure gets the other arguments.
build_tree() { # NAME CONFIGURE-ARGUMENT...
	build=$top/build/$1
	shift
	[ -x "$top/configure" ] || (cd "$top" && autoreconf -fi)
	mkdir -p "$build"
	[ -f "$build/config.status" ] || (cd "$build" && "$top/configure" -q "$@")
	make -s -C "$build" -j "$(nproc)"
}

# A folder for this run, gone at its end however it ends.  Other things to undo: append to at_end.
at_end=
clean_up() {
	set +e
	trap - EXIT INT TERM HUP
	eval "$at_end"
	rm -rf "$scratch"
}

make_scratch() {
	scratch=$(mktemp -d "${TMPDIR:-/tmp}/patchmaild.XXXXXX")
	chmod 755 "$scratch"
	trap clean_up EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
}

# A private PostgreSQL ------------------------------------------------------------------------------------------------

find_postgres() { # the folder of the newest server's programs
	find /usr/lib/postgresql /usr/local/pgsql -name initdb 2>/dev/null | sort -V | tail -n 1 | sed 's|/initdb$||'
}

as_postgres() { # COMMAND...: PostgreSQL refuses to run as root
	if [ "$(id -u)" -eq 0 ]; then
		(cd / && runuser -u postgres -- "$@")
	else
		"$@"
	fi
}

no_postgres() {
	fail 'there is no PostgreSQL server; on Debian: apt-get install postgresql'
}

# Starts one in $scratch, on a Unix socket and no port, and sets libpq's environment so that every client finds it as
# its superuser.  It ends with the script.  Without arguments it is fast and would not survive a power cut.
start_postgres() { # [SERVER-OPTION...], such as -c fsync=on
	[ $# -gt 0 ] || set -- -c fsync=off -c synchronous_commit=off -c full_page_writes=off
	postgres_bin=$(find_postgres)
	[ -n "$postgres_bin" ] || no_postgres
	mkdir -m 700 "$scratch/postgres"
	[ "$(id -u)" -ne 0 ] || chown postgres: "$scratch/postgres"
	as_postgres "$postgres_bin/initdb" -D "$scratch/postgres/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 \
		--no-sync >"$scratch/initdb.log" 2>&1 || fail "$(cat "$scratch/initdb.log")"
	at_end="stop_postgres; $at_end"
	as_postgres "$postgres_bin/pg_ctl" -w -s -D "$scratch/postgres/data" -l "$scratch/postgres/log" \
		-o "-c listen_addresses= -c unix_socket_directories='$scratch/postgres' $*" start ||
		fail "$(cat "$scratch/postgres/log")"
	PGHOST=$scratch/postgres PGUSER=postgres PGDATABASE=postgres
	# Debian's psql is a script that looks for this one, and takes longer than most of what is asked.
	PATH=$postgres_bin:$PATH
	export PGHOST PGUSER PGDATABASE PATH
	unset PGPORT PGSERVICE PGPASSWORD PGOPTIONS
}

sql() { # STATEMENT: prints the rows, unaligned
	psql -XqAt -v ON_ERROR_STOP=1 -c "$1"
}

stop_postgres() {
	as_postgres "$postgres_bin/pg_ctl" -s -D "$scratch/postgres/data" -m immediate stop >/dev/null 2>&1 || :
}
