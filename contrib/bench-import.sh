# shellcheck shell=sh
# contrib/bench import; sourced by it.
# shellcheck disable=SC2154 # scratch is the sourcing script's

# A number of mails and the seconds that a command takes for them.
print_rate() { # WORD MAILS COMMAND...
	rate_word=$1 rate_mails=$2
	shift 2
	/usr/bin/time -f '%e %M' -o "$scratch/time" "$@"
	read -r rate_seconds rate_memory <"$scratch/time"
	print_row "$rate_word" "$(quotient "$rate_mails" "$rate_seconds")" mails/s
}

# One file a mail, as git cuts an mbox, and the mbox itself.
cut_mails() { # FILE...
	mkdir "$scratch/mails"
	for file; do
		case $file in
		*.xz) xz -dc "$file" ;;
		*) cat "$file" ;;
		esac
	done >"$scratch/mbox"
	git mailsplit --mboxrd --keep-cr -d8 -o"$scratch/mails" "$scratch/mbox" >"$scratch/count"
	read -r mails <"$scratch/count"
}

parse_all() {
	find "$scratch/mails" -type f | sort | xargs patchmaild parse >"$scratch/facts"
}

# `lists` has a project for each list of these mails.
make_lists() {
	createdb -T empty lists
	jq -r '.list_ids[]?.id' "$scratch/facts" | sort -u | grep -v '["\\]' |
		awk '{ printf "SELECT patchmail.add_project(%s, %s, %s, %s);\n",
				q("list" NR), q($0), q($0), q("list" NR "@example.org") }
			function q(text) { gsub(/\047/, "&&", text); return "\047" text "\047" }' |
		psql -Xq -d lists -o /dev/null
}

# The same rows once more, into tables that have their indexes: the least that storing them could cost.
copy_rows() {
	createdb -T empty copied
	PGDATABASE=lists pg_dump --data-only --disable-triggers >"$scratch/rows.sql" 2>/dev/null
	psql -XqAt -d copied -c "SELECT format('TRUNCATE %s', string_agg(c.oid::regclass::text, ', '))
		FROM pg_class c
		WHERE c.relkind = 'r' AND c.relnamespace IN ('public'::regnamespace, 'patchmail'::regnamespace)" |
		psql -Xq -d copied
	psql -Xq -c CHECKPOINT
	print_rate 'COPY of all rows, with indexes' "$mails" psql -Xq1 -d copied -o /dev/null -f "$scratch/rows.sql"
}

# What a database takes on disk for each mail.
print_room() { # DATABASE
	psql -Xq -d "$1" -c 'VACUUM ANALYZE'
	psql -XqAt -F ' ' -d "$1" -v mails="$mails" <<-'END' >"$scratch/room"
		SELECT sum(pg_table_size(c.oid)) / 1024 / :mails, sum(pg_indexes_size(c.oid)) / 1024 / :mails
		  FROM pg_class c
		 WHERE c.relkind = 'r' AND c.relnamespace IN ('public'::regnamespace, 'patchmail'::regnamespace)
	END
	read -r room_tables room_indexes <"$scratch/room"
	print_row 'tables, for a mail' "$room_tables" KiB
	print_row 'indexes, for a mail' "$room_indexes" KiB
}

# The largest that a process and its children have been together, in KiB, in $scratch/peak.
watch_memory() { # PID
	peak=0
	while kill -0 "$1" 2>/dev/null; do
		# shellcheck disable=SC2046 # a word a process
		now=$(for pid in "$1" $(cat "/proc/$1/task/$1/children" 2>/dev/null); do
			awk '$1 == "VmRSS:" { print $2 }' "/proc/$pid/status" 2>/dev/null || :
		done | awk '{ sum += $1 } END { print sum + 0 }')
		[ "$now" -le "$peak" ] || peak=$now
		echo "$peak" >"$scratch/peak"
		sleep 0.2
	done
}

# Mails a second of the first and of the last 10,000 that were stored: by when their batches began.
print_both_ends() {
	psql -XqAt -F ' ' -d lists -c "SELECT f.rate, l.rate, l.rate / f.rate * 100 FROM (
		SELECT count(*) / date_part('epoch', max(m.arrived) - min(m.arrived)) AS rate
		  FROM (SELECT arrived FROM patchmail.message ORDER BY id LIMIT 10000) m) f, (
		SELECT count(*) / date_part('epoch', max(m.arrived) - min(m.arrived)) AS rate
		  FROM (SELECT arrived FROM patchmail.message ORDER BY id DESC LIMIT 10000) m) l" >"$scratch/ends"
	read -r ends_first ends_last ends_ratio <"$scratch/ends"
	print_row 'the first 10,000' "$ends_first" mails/s
	print_row 'the last 10,000' "$ends_last" mails/s
	print_row 'of that' "$ends_ratio" %
}

# On two processors, and what is started from here.
use_two_processors() {
	[ "$(nproc)" -gt 2 ] || return 0
	taskset -apc 0,1 "$(head -n 1 "$scratch/postgres/data/postmaster.pid")" >/dev/null
	taskset -pc 0,1 $$ >/dev/null
}

# An archive as it is generated, and COPY of the same rows in the same run.
bench_archive() { # MAILS
	mails=$1
	say "$mails mails"
	python3 "$top/contrib/bench-archive.py" "$mails" >"$scratch/mbox"
	print_row 'size of a mail' "$(awk -v bytes="$(wc -c <"$scratch/mbox")" -v mails="$mails" \
		'BEGIN { print bytes / mails / 1024 }')" KiB
	use_two_processors
	createdb -T empty lists
	psql -Xq -d lists -o /dev/null -c "SELECT patchmail.add_project('generated', 'Generated', 'demo.example.org',
		'demo@example.org')"
	psql -Xq -c CHECKPOINT
	began=$(date +%s.%N)
	PGDATABASE=lists patchmaild import --history "$scratch/mbox" >"$scratch/import.log" &
	import=$!
	watch_memory "$import"
	wait "$import" || fail "$(cat "$scratch/import.log")"
	rate=$(awk -v began="$began" -v ended="$(date +%s.%N)" -v mails="$mails" \
		'BEGIN { print mails / (ended - began) }')
	tail -n +2 "$scratch/import.log"
	print_row 'patchmaild import --history' "$rate" mails/s
	print_both_ends
	print_row 'peak memory of all its processes' "$(quotient "$(cat "$scratch/peak")" 1024)" MiB
	copy_rows
	print_row 'import, of COPY' "$(awk -v a="$rate" -v mails="$mails" -v seconds="$rate_seconds" \
		'BEGIN { print a / (mails / seconds) * 100 }')" %
}

bench_import() { # MAILS | FILE...
	if [ ! -e "$1" ]; then
		bench_archive "$1"
		return
	fi
	cut_mails "$@"
	say "$mails mails"
	parse_all
	make_lists
	createdb -T lists kept
	printf '[archive]\nraw=all\n' >"$scratch/kept.conf"
	psql -Xq -c CHECKPOINT
	find "$scratch/mails" -type f | sort >"$scratch/paths"
	print_rate 'patchmaild parse' "$mails" \
		xargs -a "$scratch/paths" sh -c 'exec patchmaild parse "$@" >/dev/null' sh
	PGDATABASE=lists print_rate 'patchmaild import' "$mails" patchmaild import "$scratch/mbox"
	print_row 'peak memory of it' "$(quotient "$rate_memory" 1024)" MiB
	print_room lists
	PGDATABASE=kept print_rate 'patchmaild import, raw=all' "$mails" \
		patchmaild -c "$scratch/kept.conf" import "$scratch/mbox"
	print_row 'peak memory of it' "$(quotient "$rate_memory" 1024)" MiB
	print_row 'room of the bytes, of their size' "$(psql -XqAt -d kept -c "SELECT
		(SELECT sum(bytes) FROM patchmail.raw_months) / sum(size) FROM patchmail.raw")" times
	print_room kept
	copy_rows
}
