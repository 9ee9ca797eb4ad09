# shellcheck shell=sh
# Counts what the database does as its cases grow (growth.sql): for growth_sql.t and contrib/bench growth.
# Sourced after contrib/lib.sh.
#
# What is counted is the instructions of the server itself, as valgrind's callgrind sees them, of a single statement in
# a server for a single user.  They are the same to a few in a thousand each time, whatever else the machine does, and
# they see what neither time nor pages show: a loop over an array, a regular expression.

# Prints a line a case: its instructions, its size, its shape.  The server, which start_postgres started, is stopped.
count_growth() { # DATABASE
	growth_bin=$postgres_bin
	mkdir "$scratch/growth"
	[ "$(id -u)" -ne 0 ] || chown postgres: "$scratch/growth"
	psql -XqAt -F ' ' -d "$1" -c 'SELECT size, shape FROM growth_case ORDER BY id' >"$scratch/growth.cases"
	# First the small ones, twice: then functions are compiled and statements planned.  pg_backend_pid() is called
	# for nothing but that callgrind writes down what it has counted.
	psql -XqAt -d "$1" -c "SELECT format(E'BEGIN\n%s\nSET CONSTRAINTS ALL IMMEDIATE\nROLLBACK%s',
			replace(call, '; ', E'\n'), mark)
		FROM (SELECT call, '' AS mark, id, round
			FROM growth_case JOIN (SELECT shape, min(size) AS size FROM growth_case GROUP BY shape) s
			USING (shape, size),
				generate_series(1, 2) round
			UNION ALL
			SELECT call, E'\nSELECT pg_backend_pid()', id, 3 FROM growth_case
			UNION ALL
			SELECT 'SELECT 1', E'\nSELECT pg_backend_pid()', 0, 3) c ORDER BY round, id" \
				>"$scratch/growth.statements"
	as_postgres "$growth_bin/pg_ctl" -w -s -D "$scratch/postgres/data" -m fast stop
	as_postgres valgrind --tool=callgrind --dump-before=pg_backend_pid "--callgrind-out-file=$scratch/growth/out" \
		"$growth_bin/postgres" --single -D "$scratch/postgres/data" -c fsync=off -c log_min_messages=error \
		-c jit=off "$1" <"$scratch/growth.statements" >"$scratch/growth.log" 2>&1 ||
		fail "$(tail "$scratch/growth.log")"
	! grep -E 'ERROR|FATAL' "$scratch/growth.log" || fail 'a case failed'
	growth_part=1
	while read -r growth_line; do
		growth_part=$((growth_part + 1))
		echo "$(sed -n 's/^totals: //p' "$scratch/growth/out.$growth_part") $growth_line"
	done <"$scratch/growth.cases"
}

# From that, a line a shape: how much more it costs with 4n than with n, both over the small case (0 if it hardly
# grows); the millions of instructions of the three; the shape.
growth_ratios() {
	awk '{ count = $1; $1 = $2 = ""; sub(/^ +/, ""); counts[$0, ++seen[$0]] = count / 1e6 }
		END {
			for (shape in seen) {
				small = counts[shape, 1]
				some = counts[shape, 2] - small
				much = counts[shape, 3] - small
				ratio = much < small / 5 ? 0 : much / (some > small / 50 ? some : small / 50)
				printf "%.1f %.1f %.1f %.1f %s\n",
					ratio, small, counts[shape, 2], counts[shape, 3], shape
			}
		}' | sort -k 5
}

# The whole of it, into $scratch/growth.ratios: what names other mail by its lines, which makes the database look for
# that with every mail, is measured in a database of its own.
measure_growth() { # DATABASE, with which the names of those begin that are made
	: >"$scratch/growth.counts"
	for growth_named in false true; do
		[ "$growth_named" = false ] || as_postgres "$postgres_bin/pg_ctl" -w -s -D "$scratch/postgres/data" \
			-l "$scratch/postgres/log" \
			-o "-c listen_addresses= -c unix_socket_directories='$scratch/postgres' -c fsync=off" start
		createdb "$1_$growth_named"
		psql -Xq -v ON_ERROR_STOP=1 -d "$1_$growth_named" -f "$top/sql/install.sql" >/dev/null
		psql -Xq -v named="$growth_named" -d "$1_$growth_named" -f "$top/tests/t/growth.sql"
		count_growth "$1_$growth_named" >>"$scratch/growth.counts"
		rm -r "$scratch/growth"
	done
	growth_ratios <"$scratch/growth.counts" >"$scratch/growth.ratios"
}
