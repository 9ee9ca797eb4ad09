#!/bin/sh
# Whatever the order in which the mails of a thread come, the database is the same: Patchwork's fixtures in every order,
# threads of real lists in random ones.
#
# With PATCHMAILD_EFFORT=long: every order of six mails too, and 200 random ones of the longer ones and of ten threads
# of 7 to 120 mails of each of six lists; else some of them.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=contrib/conformance-lib.sh
. "$top_srcdir/contrib/conformance-lib.sh"

if [ ! -f "$data/compare.py" ]; then
	skip 'threads in every order' "no $data"
	done_testing
fi
case ${PATCHMAILD_EFFORT-} in
long) all=6 some=200 threads=10 most=120 \
	lists='linux-aspeed linux-erofs linux-f2fs-devel linux-fscrypt multilist openwrt' ;;
*) all=4 some=20 threads=4 most=40 lists='openwrt' ;;
esac

# The facts of an mbox (mboxrd), a line each, as a literal that \copy reads.
facts_of() { # MBOX
	rm -rf "$scratch/mails"
	mkdir "$scratch/mails"
	case $1 in
	*.xz) xz -dc "$1" ;;
	*) cat "$1" ;;
	esac | awk -v folder="$scratch/mails" '
		/^From / && blank { close(file); file = sprintf("%s/%06d", folder, ++n); blank = 0; next }
		{ blank = $0 == ""; if ($0 ~ /^>+From /) $0 = substr($0, 2); print >file }' blank=1
	find "$scratch/mails" -type f | sort | xargs "$PATCHMAILD" parse >"$scratch/facts.jsonl"
}

# Runs SQL with the helpers of tests/sql, and the facts in the table mail (n, facts); undoes it all.  Here is one
# project: of the copies of a mail that several lists sent, each a little changed, only the first is there.
with_facts() { # SQL
	psql -XqAt -v ON_ERROR_STOP=1 <<-END
		\i $top_srcdir/tests/sql/preamble.psql
		\i $top_srcdir/tests/sql/state.psql
		\o /dev/null
		SELECT setseed(0.5), make_project();
		\o
		CREATE TEMP TABLE mail (n serial, facts jsonb);
		\copy mail (facts) FROM '$scratch/facts.jsonl' (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
		DELETE FROM mail USING mail first
		 WHERE mail.facts->>'message_id' = first.facts->>'message_id' AND mail.n > first.n;
		UPDATE mail SET facts = facts || '{"list_ids": [{"field": "List-Id", "id": "demo.example.org"}]}';
		$1
		ROLLBACK;
	END
}

# One thread, in every order if it is short.
thread_is_the_same() { # MBOX
	facts_of "$1"
	count=$(wc -l <"$scratch/facts.jsonl")
	if [ "$count" -le "$all" ]; then
		with_facts "SELECT s.state FROM (SELECT array_agg(facts ORDER BY n) FROM mail) m(mails),
			state_in_every_order(mails) s
		             WHERE s.state LIKE 'in order%';"
	else
		with_facts "SELECT other_state_in_random_orders(array_agg(facts ORDER BY n), $some) FROM mail;"
	fi >"$scratch/other"
	cat "$scratch/other"
	[ -z "$(tr -d '\n' <"$scratch/other")" ]
}

# Threads of a list, found by storing it once.
threads_are_the_same() { # MBOX
	facts_of "$1"
	with_facts "
		SAVEPOINT empty;
		CREATE TEMP TABLE sorted (msgid text, thread bigint, size bigint);
		DO \$\$
		BEGIN
			PERFORM store_mail(facts) FROM mail ORDER BY n;
			INSERT INTO sorted
			SELECT m.msgid, m.thread, count(*) OVER (PARTITION BY m.thread) FROM patchmail.message m;
		END \$\$;
		\o /dev/null
		SELECT json_agg(s) AS sorted FROM sorted s \gset
		ROLLBACK TO empty;
		\o
		SELECT other_state_in_random_orders(t.mails, $some) FROM (
			SELECT array_agg(mail.facts ORDER BY mail.n) AS mails
			  FROM json_to_recordset(:'sorted') AS s(msgid text, thread bigint, size bigint)
			  JOIN mail ON mail.facts->>'message_id' = s.msgid
			 WHERE s.size BETWEEN 7 AND $most
			 GROUP BY s.thread HAVING bool_or(mail.facts->>'kind' <> 'comment')
			 ORDER BY md5(min(s.msgid)) LIMIT $threads) t;" >"$scratch/other"
	cat "$scratch/other"
	[ "$(grep -c . "$scratch/other")" -eq 0 ] && [ "$(wc -l <"$scratch/other")" -gt 0 ]
}

start_postgres
createdb order
PGDATABASE=order
psql -Xq -f "$top_srcdir/sql/install.sql" >/dev/null
for mbox in "$data"/fixtures/series/*.mbox; do
	ok "$(basename "$mbox" .mbox)" thread_is_the_same "$mbox"
done
for name in $lists; do
	ok "threads of $name" threads_are_the_same "$data/lists/$name.mbox.xz"
done
done_testing
