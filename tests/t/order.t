#!/bin/sh
# Whatever the order in which the mails of a thread come, one by one or in batches, the database is the same: the
# threads of tests/threads in every order, those of its list, which are longer, in random ones.  If the real data is
# beside the project, so are Patchwork's fixtures and threads of real lists.
#
# With PATCHMAILD_EFFORT=long: of the real data every order of six mails too, and 200 random ones of the longer ones and
# of ten threads of 7 to 120 mails of each of six lists; else some of them.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
# shellcheck source=contrib/conformance-lib.sh
. "$top_srcdir/contrib/conformance-lib.sh"

case ${PATCHMAILD_EFFORT-} in
long) all=6 some=200 threads=10 most=120 \
	lists='linux-aspeed linux-erofs linux-f2fs-devel linux-fscrypt multilist openwrt' ;;
*) all=4 some=20 threads=4 most=40 lists='openwrt' ;;
esac

# The facts of an mbox (mboxrd), a line each, as a literal that \copy reads.  Fails if there are none, or not of every
# mail.
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
	count=$(wc -l <"$scratch/facts.jsonl")
	[ "$count" -gt 0 ] && [ "$count" -eq "$(find "$scratch/mails" -type f | wc -l)" ]
}

# Runs SQL with the helpers of tests/sql, and the facts in the table mail (n, facts); undoes it all.  There is one
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

# One thread: in every order if it has at most that many mails, else in random ones.
thread_is_the_same() { # MBOX MAILS
	facts_of "$1" || return 1
	if [ "$count" -le "$2" ]; then
		with_facts "SELECT s.state FROM (SELECT array_agg(facts ORDER BY n)
			FROM mail) m(mails), state_in_every_order(mails) s
		             WHERE s.state LIKE 'in order%';"
	else
		with_facts "SELECT other_state_in_random_orders(array_agg(facts ORDER BY n), $some) FROM mail;"
	fi >"$scratch/other"
	cat "$scratch/other"
	[ -z "$(tr -d '\n' <"$scratch/other")" ]
}

# Threads of a list, found by storing it once.
threads_are_the_same() { # MBOX
	facts_of "$1" || return 1
	with_facts "
		SAVEPOINT empty;
		CREATE TEMP TABLE sorted AS SELECT NULL::text AS msgid, NULL::bigint AS thread,
			NULL::bigint AS size LIMIT 0;
		DO \$\$
		BEGIN
			PERFORM store_mail(facts) FROM mail ORDER BY n;
			INSERT INTO sorted SELECT m.msgid, m.thread, count(*) OVER (PARTITION BY m.thread)
			FROM patchmail.message m;
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

# A whole list, one mail after the other and in batches as import gives them; what is in one of them alone is shown, and
# what patchmail.check() finds.
list_is_the_same_in_batches() { # MBOX
	facts_of "$1" || return 1
	with_facts "
		SELECT left(x.line, 300)
		  FROM (SELECT array_agg(facts ORDER BY n) FROM mail) m(mails),
		       state_after(mails, 1, true) one, state_after(mails, 200, true) many, LATERAL (
		       SELECT string_to_array(one.state || E'\n' || one.ledger, E'\n') AS one,
		              string_to_array(many.state || E'\n' || many.ledger, E'\n') AS many) s, LATERAL (
		       (SELECT 'one by one: ' || unnest(s.one) EXCEPT ALL SELECT 'one by one: ' || unnest(s.many))
		       UNION ALL
		       (SELECT 'together: ' || unnest(s.many) EXCEPT ALL SELECT 'together: ' || unnest(s.one))
		       UNION ALL
		       SELECT 'check(): ' || unnest(string_to_array(concat_ws(E'\n', one.faults, many.faults), E'\n'))
		       ) x(line)
		 UNION ALL
		SELECT 'nothing is stored' FROM (SELECT array_agg(facts) FROM mail) m(mails), state_after(mails, 200) s
		 WHERE s.state IS NULL;" >"$scratch/other"
	cat "$scratch/other"
	[ ! -s "$scratch/other" ]
}

start_postgres
createdb order
PGDATABASE=order
psql -Xq -f "$top_srcdir/sql/install.sql" >/dev/null
for mbox in "$top_srcdir"/tests/threads/*.mbox; do
	name=$(basename "$mbox" .mbox)
	[ "$name" = list ] || ok "$name: one database in every order" thread_is_the_same "$mbox" 5
done
ok 'threads of a list: one database in random orders' threads_are_the_same "$top_srcdir/tests/threads/list.mbox"
ok 'a list: one database one by one and in batches' list_is_the_same_in_batches "$top_srcdir/tests/threads/list.mbox"
if have_real "Patchwork's fixtures and threads of real lists in other orders" "$data/lists"; then
	for mbox in "$data"/fixtures/series/*.mbox; do
		ok "$(basename "$mbox" .mbox): one database in every order" thread_is_the_same "$mbox" "$all"
	done
	for name in $lists; do
		ok "threads of $name: one database in random orders" threads_are_the_same "$data/lists/$name.mbox.xz"
		ok "$name: one database one by one and in batches" \
			list_is_the_same_in_batches "$data/lists/$name.mbox.xz"
	done
fi
done_testing
