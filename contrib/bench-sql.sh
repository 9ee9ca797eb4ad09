# shellcheck shell=sh
# `contrib/bench sql`: how long each page of Patchwork takes, and each view, on a database of many messages; beside the
# same database without the indexes that patchmaild adds.  Sourced by contrib/bench.
# shellcheck disable=SC2034,SC2154 # what the sourcing script sets, and what it reads

page_limit=5  # seconds

# Writes a row a page: its name, and the median of seven times that the server needed, in milliseconds; page_limit for
# one that took longer.
time_pages() { # PAGES-FILE PSQL-COMMAND...: what is done before
	pages=$1
	shift
	{
		printf '%s\n' 'BEGIN;' '\set ON_ERROR_ROLLBACK on' "$@" \
			"SET LOCAL statement_timeout = '${page_limit}s';"
		awk '/^-- page: / { name = substr($0, 10); statement = ""; next }
			/^--/ { next }
			{ statement = statement $0 "\n" }
			/;$/ { gsub(/\047/, "&&", name); printf "\\echo \047# %s\047\n", name
				for (i = 0; i < 8; i++) print "EXPLAIN (ANALYZE, TIMING off) " statement
				statement = "" }' "$pages"
		echo 'ROLLBACK;'
	} >"$scratch/pages.sql"
	# shellcheck disable=SC2046 # a word each
	psql -XqAt $(cat "$scratch/page-variables") -f "$scratch/pages.sql" >"$scratch/pages.out" 2>"$scratch/pages.log"
	# The first of the eight warms up.  A page that took too long has none.
	awk -v limit="$page_limit" '
		/^# / { flush(); name = substr($0, 3); n = 0; runs = 0 }
		/^ *Planning Time:/ { planning = $3 }
		/^ *Execution Time:/ { if (runs++) times[n++] = planning + $3 }
		END { flush() }
		function flush(   i, j, x) {
			if (name == "") return
			for (i = 1; i < n; i++) for (j = i; j > 0 && times[j - 1] > times[j]; j--) {
				x = times[j]; times[j] = times[j - 1]; times[j - 1] = x
			}
			printf "%s\t%.1f\n", name, n ? times[int(n / 2)] : limit * 1000
		}' "$scratch/pages.out"
}

# Every view, as an admin looks at it: of one series where the view says what replaces it, else of one project.
view_pages() {
	psql -XqAt -c "SELECT format(E'-- page: view: %1\$s\nSELECT * FROM patchmail.%1\$I%2\$s LIMIT 100;', c.relname,
			CASE WHEN bool_or(a.attname = 'former_id') THEN ' WHERE series_id = :series'
			     WHEN bool_or(a.attname = 'project') THEN ' WHERE project = ''list3''' ELSE '' END)
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'patchmail'::regnamespace AND c.relkind = 'v' GROUP BY c.oid ORDER BY c.relname"
}

bench_sql() { # MESSAGES
	make_grown "$1"
	PGDATABASE=grown
	say 'Making a site of it'
	psql -Xq -f "$top/contrib/bench-site.sql"
	# What the pages are asked about: the middle of the third project, and a day of news.
	psql -XqAt -F ' ' -c "
		WITH p AS (
			SELECT p.* FROM public.patchwork_patch p WHERE p.project_id = 3
			 ORDER BY p.date DESC OFFSET 500 LIMIT 1)
		SELECT format('-v project=3 -v state=1 -v patch=%s -v person=%s -v msgid=%s -v hash=%s -v delegate=%s '
				'-v series=%s -v since=%s', p.id,
			p.submitter_id, p.msgid, p.hash, (SELECT max(u.id) FROM public.auth_user u), p.series_id,
			(SELECT (max(e.date) - interval '1 day')::date FROM public.patchwork_event e)) FROM p" \
		>"$scratch/page-variables"
	cat "$top/contrib/bench-pages.sql" >"$scratch/pages"
	view_pages >>"$scratch/pages"
	say "Timing the pages, medians in milliseconds"
	time_pages "$scratch/pages" >"$scratch/with"
	drop=$(psql -XqAt -c "SELECT format('DROP INDEX public.%I;', c.relname) FROM pg_class c
		WHERE c.relkind = 'i' AND c.relnamespace = 'public'::regnamespace AND c.relname LIKE 'patchmail\\_%'")
	time_pages "$scratch/pages" "$drop" >"$scratch/without"
	printf '  %-72s %9s %9s\n' '' ours without
	paste "$scratch/with" "$scratch/without" |
		awk -F '\t' '{ printf "  %-72s %9.1f %9.1f%s\n", $1, $2, $4, ($2 > 100 ? "  over 100" : "") }'
	PGDATABASE=postgres
}
