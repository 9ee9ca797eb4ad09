# shellcheck shell=sh
# A fresh Debian, as far as it matters to whoever installs patchmaild: sourced after contrib/lib.sh by what runs as root
# in a mount namespace of its own (unshare -m), so that nothing of it is left.  contrib/check-readme and
# tests/t/tutorial.t follow what is written for new users there.

# /etc is a copy of what it is here, without the user patchmaild; /usr/local and the folders of PostgreSQL are as they
# are before anything is installed; a cluster is there as Debian's package makes it, with its own pg_hba.conf and at its
# own socket.  It ends with the script.
fresh_debian() { # SCRATCH
	fresh=$1
	mkdir "$fresh/local" "$fresh/lib" "$fresh/log" "$fresh/run"
	for fresh_folder in bin etc games include lib sbin share src; do
		mkdir "$fresh/local/$fresh_folder"
	done
	chown postgres: "$fresh/lib" "$fresh/log" "$fresh/run"
	cp -a /etc "$fresh/etc"
	rm -rf "$fresh/etc/postgresql"
	mkdir "$fresh/etc/postgresql"
	chown postgres: "$fresh/etc/postgresql"
	sed -i '/^patchmaild:/d' "$fresh/etc/passwd" "$fresh/etc/group" "$fresh/etc/shadow" "$fresh/etc/gshadow"
	mkdir -p /run/postgresql
	mount --bind "$fresh/etc" /etc
	mount --bind "$fresh/local" /usr/local
	mount --bind "$fresh/lib" /var/lib/postgresql
	mount --bind "$fresh/log" /var/log/postgresql
	mount --bind "$fresh/run" /run/postgresql
	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
	unset PGHOST PGPORT PGUSER PGDATABASE PGSERVICE PGPASSWORD PGOPTIONS
	fresh_version=$(basename "$(dirname "$(find_postgres)")")
	pg_createcluster --port 5432 "$fresh_version" main -- --locale=C.UTF-8 -E UTF8 >"$fresh/cluster.log" 2>&1 ||
		fail "$(cat "$fresh/cluster.log")"
	grep -qE '^local +all +all +peer' "/etc/postgresql/$fresh_version/main/pg_hba.conf" ||
		fail "Debian's pg_hba.conf is another one now"
	# No port: another server on this machine may have it.
	echo "listen_addresses = ''" >>"/etc/postgresql/$fresh_version/main/postgresql.conf"
	pg_ctlcluster --skip-systemctl-redirect "$fresh_version" main start
	trap 'pg_ctlcluster --skip-systemctl-redirect -m immediate "$fresh_version" main stop' EXIT
}
