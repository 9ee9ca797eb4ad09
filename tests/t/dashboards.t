#!/bin/sh
# The samples for Grafana and sql_exporter: patchmail_monitor may run each of their queries, and each gives the columns
# that its panel or metric names, on a database that has something of everything.  And the daily unit.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
dashboard=$top_srcdir/contrib/grafana/patchmaild.json
collector=$top_srcdir/contrib/sql_exporter/patchmaild.collector.yml

# The metrics of the collector, a line each: name, type, the columns that it wants, the query; with tabs between.
metrics() {
	awk '
		function give() { if (name) print name "\t" type "\t" columns "\t" query }
		/^  - metric_name: / { give(); name = $3; type = columns = query = ""; inside = 0 }
		/^    type: / { type = $2 }
		/^    (key_labels|values): / {
			sub(/.*\[/, ""); sub(/\].*/, ""); gsub(/ /, "")
			columns = columns (columns ? "," : "") $0
		}
		/^    query: \|$/ { inside = 1; next }
		inside && /^      / { query = query " " $0; next }
		inside { inside = 0 }
		END { give() }' "$collector" | sed 's/  */ /g'
}

# Runs a query as patchmail_monitor: the names of its columns on the first line, then what it gives.
as_monitor() { # SQL
	psql -XqA -F '	' -P footer=off -v ON_ERROR_STOP=1 -c 'SET ROLE patchmail_monitor' -c "$1" 2>&1
}

start_postgres
createdb dashboards
PGDATABASE=dashboards
export PGDATABASE
psql -Xq -v ON_ERROR_STOP=1 -f "$top_srcdir/sql/install.sql" >/dev/null
psql -Xq -v ON_ERROR_STOP=1 -o /dev/null <<-END
	\i $top_srcdir/tests/sql/preamble.psql
	SELECT make_project();
	SELECT store_mail(facts_patch('<p@example.org>'));
	SELECT store_mail(facts_patch('<q@example.org>', number => 1, total => 2));
	SELECT store_mail(facts_comment('<r@example.org>', '{<none@example.org>}'));
	SELECT store_mail(facts_rejected('broken'));
	SELECT store_mail(facts_patch('<u@example.org>', list_id => 'unknown.example.net'));
	SELECT patchmail.open_mailbox('{"account": "a", "mailbox": "INBOX", "uidvalidity": 1, "holder": "h"}');
	SELECT patchmail.hook_open('ci', '{"holder": "h", "lease": 30, "from": "beginning"}');
	UPDATE patchmail.message SET arrived = arrived - interval '1 hour';
	DROP EXTENSION pgtap;
	COMMIT;
END

ok 'the dashboard is JSON' jq empty "$dashboard"
jq -c '.panels[] | .title as $title | .targets[] | {title: $title, format, sql: .rawSql}' "$dashboard" \
	>"$scratch/panels"
is "$(jq -r '.panels[] | select(.type != "row") | .targets | length' "$dashboard" | sort -u)" 1 'each panel has a query'
is "$(jq -r '[.panels[].id] | length == (unique | length)' "$dashboard")" true 'no two panels have one number'
is "$(wc -l <"$scratch/panels")" "$(grep -c '"rawSql"' "$dashboard")" 'all queries of the dashboard are tried'
while IFS= read -r panel; do
	title=$(printf '%s' "$panel" | jq -r .title)
	as_monitor "$(printf '%s' "$panel" | jq -r .sql)" >"$scratch/out" || :
	ok "panel \"$title\" has something to show" test "$(wc -l <"$scratch/out")" -ge 2
	ok "panel \"$title\": no error" sh -c '! grep ERROR "$1"' sh "$scratch/out"
	if [ "$(printf '%s' "$panel" | jq -r .format)" = time_series ]; then
		is "$(head -n 1 "$scratch/out" | cut -f 1,2)" 'time	metric' "panel \"$title\" is a series in time"
	fi
done <"$scratch/panels"

metrics >"$scratch/metrics"
is "$(wc -l <"$scratch/metrics")" "$(grep -c 'query: |' "$collector")" 'all queries of the collector are tried'
is "$(cut -f 1 "$scratch/metrics" | sort | uniq -d)" '' 'no two metrics have one name'
while IFS='	' read -r name type columns query; do
	is "$type" gauge "$name: a type"
	as_monitor "$query" >"$scratch/out" || :
	ok "$name has something to tell" test "$(wc -l <"$scratch/out")" -ge 2
	is "$(head -n 1 "$scratch/out" | tr '\t' ',')" "$columns" "$name: the columns are its labels and values"
done <"$scratch/metrics"

# What patchmaild-daily.service has psql do.
daily=$(sed -n 's/.*--command "\(.*\)"$/\1/p' "$top_srcdir/systemd/patchmaild-daily.service")
psql -Xq -c "UPDATE patchmail.ignored_mail SET last_at = now() - interval '99 days'"
is "$(psql -XqAt -v ON_ERROR_STOP=1 -c 'SET ROLE patchmail_admin' -c "$daily" 2>&1 | cut -d ' ' -f 1,2)" \
	'housekeeping ignored' 'the daily unit does the housekeeping, and says what it did'

# Those who may not look get nothing.
ok 'a stranger may not run them' sh -c '! psql -Xq -v ON_ERROR_STOP=1 -c "CREATE ROLE stranger" -c "SET ROLE stranger" \
	-c "SELECT * FROM patchmail.status"'
done_testing
