#!/bin/sh
# patchmaild import: many mails go to the database in one transaction, and each has the outcome that it has alone, in
# order.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
start_database

# The program with a parser beside it that does what a field X-Odd asks for.
built=$(dirname "$PATCHMAILD")
mkdir "$scratch/bin"
cp "$PATCHMAILD" "$scratch/bin/patchmaild"
cp "$built/patchmaild-archive" "$scratch/bin"
cp "$built/tests/unit/parser/odd_parser" "$scratch/bin/patchmaild-parser"
PATCHMAILD=$scratch/bin/patchmaild

imports() { # NAME EXPECTED-CODE EXPECTED-STDOUT ARGUMENT...
	imports_name=$1 imports_code=$2 imports_stdout=$3
	shift 3
	run -c "$conf" import --history "$@"
	is "$code $(import_counts)" "$imports_code $imports_stdout" "$imports_name"
}

new_database() { # NAME
	PGDATABASE=postgres
	fresh_database "$1"
}

# Patches ID-1 to ID-N in the mbox ID.
patches() { # ID N
	for i in $(seq "$2"); do
		patch_mail "$1-$i" "[PATCH] change $i" >"$scratch/mail"
		mbox_mail "$scratch/mail"
	done >"$scratch/$1"
}
stored() { # ID: how many of them are patches
	sql "SELECT count(*) FROM patchwork_patch WHERE msgid LIKE '<$1-%'"
}
transactions() { # ID: in how many transactions they came
	sql "SELECT count(DISTINCT arrived) FROM patchmail.message WHERE msgid LIKE '<$1-%'"
}
offset_of() { # ID N: where mail ID-N begins in its mbox
	awk -v id="<$1-$2@" '/^From / { at = sum } { sum += length($0) + 1 }
		index($0, "Message-ID: " id) == 1 { print at; exit }' "$scratch/$1"
}

# Bad mails among good ones --------------------------------------------------------------------------------------------

# A file a mail, in the order of the mbox.
mkdir "$scratch/each"
for i in $(seq -w 12); do
	for j in 1 2 3 4; do
		patch_mail "good-$i-$j" "[PATCH] change $i $j" >"$scratch/each/$i-$j"
	done
	case $i in
	01) patch_mail odd-nul '[PATCH] odd' 'X-Odd: nul' ;;
	02) patch_mail odd-nonsense '[PATCH] odd' 'X-Odd: nonsense' ;;
	03) patch_mail odd-number '[PATCH] odd' 'X-Odd: number' ;;
	04) patch_mail odd-death '[PATCH] odd' 'X-Odd: death' ;;
	05) patch_mail odd-size '[PATCH] odd' 'X-Odd: size' ;;
	06) patch_mail stray '[PATCH] stray' | sed 's/demo.example.org/other.example.org/' ;;
	07) cat "$scratch/each/01-1" ;;
	08) patch_mail nobody '[PATCH] without a Message-ID' | sed '/^Message-ID/d' ;;
	09) reply_mail early late ;;
	10) header lost '[PATCH] without a patch' && printf '\nIt is gone.\n' ;;
	*) patch_mail "last-$i" '[PATCH] good' ;;
	esac >"$scratch/each/$i-odd"
done
for mail in "$scratch"/each/*; do
	mbox_mail "$mail"
done >"$scratch/mixed"
refuse_one="CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN
	IF NEW.msgid = '<refused@example.org>' THEN RAISE 'not this one' USING ERRCODE = '22000'; END IF;
	RETURN NEW; END \$\$;
	CREATE TRIGGER refuse BEFORE INSERT ON public.patchwork_patch FOR EACH ROW EXECUTE FUNCTION public.refuse()"

new_database alone
for mail in "$scratch"/each/*; do
	"$PATCHMAILD" -c "$conf" deliver <"$mail" || fail "$mail"
done
kept() { # what is in quarantine
	sql "SELECT msgid, reason, size, sha256 FROM patchmail.quarantine ORDER BY sha256"
}
kept >"$scratch/alone.kept"
state_of alone >"$scratch/alone.state"
is "$(wc -l <"$scratch/alone.kept")" 5 'one by one: five mails are kept in quarantine'
new_database mixed
imports 'bad mails among good ones' 0 '60 mails: 52 stored, 1 duplicate, 1 waiting, 1 ignored, 5 quarantined' \
	"$scratch/mixed"
kept >"$scratch/mixed.kept"
state_of mixed >"$scratch/mixed.state"
ok 'each has the outcome that it has alone' diff "$scratch/alone.kept" "$scratch/mixed.kept"
ok 'and the database is the same' diff "$scratch/alone.state" "$scratch/mixed.state"
is "$(sed 's/.*mixed:\([0-9]*\): quarantined: .*/\1/' "$scratch/stderr")" \
	"$(sed 's/.*mixed:\([0-9]*\): quarantined: .*/\1/' "$scratch/stderr" | sort -n)" 'they are reported in order'
imports 'the same again' 0 '60 mails: 54 duplicate, 1 ignored, 5 quarantined' --again "$scratch/mixed"

patches many 300
imports 'three hundred' 0 '300 mails: 300 stored' "$scratch/many"
ok 'come in few transactions' test "$(transactions many)" -lt 100
is "$(stored many)" 300 'and all are there'

# A mail that the site's fault keeps from being stored: those before it have their outcome, and what comes after it may
# be stored already.
new_database site
patches site 60
sql "$refuse_one"
sql "UPDATE pg_proc SET prosrc = replace(prosrc, 'refused@', 'site-33@') WHERE proname = 'refuse'"
sql "UPDATE pg_proc SET prosrc = replace(prosrc, '22000', '53100') WHERE proname = 'refuse'"
imports 'stops at the first that is deferred' 75 '33 mails: 32 stored, 1 deferred' "$scratch/site"
like "$(cat "$scratch/stderr")" "^patchmaild: $scratch/site:$(offset_of site 33): deferred: .*53100.*not this one" \
	'and says where and why'
sql 'SET client_min_messages = error; DROP FUNCTION public.refuse CASCADE'
run -c "$conf" import --history "$scratch/site"
is "$code $(stored site)" '0 60' 'repeated: all are there'

# The whole batch ------------------------------------------------------------------------------------------------------

dawdle() { # SECONDS: each patch takes so long
	sql "CREATE OR REPLACE FUNCTION public.dawdle() RETURNS trigger LANGUAGE plpgsql AS \$\$
		BEGIN PERFORM pg_sleep($1); RETURN NEW; END \$\$;
		CREATE OR REPLACE TRIGGER dawdle BEFORE INSERT ON public.patchwork_patch
			FOR EACH ROW EXECUTE FUNCTION public.dawdle()"
}

new_database limited
patches limited 60
dawdle 0.03
sql "ALTER DATABASE limited SET statement_timeout = '500ms'"
imports 'a statement_timeout that is too short for a batch' 0 '60 mails: 60 stored' "$scratch/limited"
sql 'ALTER DATABASE limited RESET statement_timeout'

new_database hasty
patches hasty 60
dawdle 0.05
printf '[patchmaild]\ntimeout=1\n' >>"$conf"
imports 'a timeout that is too short for a batch' 0 '60 mails: 60 stored' "$scratch/hasty"
is "$(sql "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'patchmaild'")" 0 'nothing is left at work'

new_database serializable
patches serializable 100
sql "ALTER DATABASE serializable SET default_transaction_isolation = 'serializable'"
imports 'a database that is set to another isolation' 0 '100 mails: 100 stored' "$scratch/serializable"
ok 'has batches all the same' test "$(transactions serializable)" -lt 60

new_database late
patches late 60
sql "CREATE TABLE parents (id integer PRIMARY KEY); ALTER TABLE patchwork_patch ADD late integer DEFAULT 1
	REFERENCES parents DEFERRABLE INITIALLY DEFERRED"
imports 'an error in the commit of a batch' 75 '1 mail: 1 deferred' "$scratch/late"
is "$(stored late)" 0 'and nothing of it is there'
sql 'INSERT INTO parents VALUES (1)'
imports 'when that is mended' 0 '60 mails: 60 stored' "$scratch/late"

new_database former
patches former 20
sql 'SET client_min_messages = error; DROP FUNCTION patchmail.store_many'
imports 'a database whose functions know no batches' 0 '20 mails: 20 stored' "$scratch/former"

for answer in 'SELECT 1, NULL::text, NULL::text' "SELECT n, 'stored', NULL::text FROM generate_series(-1, 0) n" \
	"SELECT 7, 'lost', NULL::text" "SELECT 201, 'stored', NULL::text" "SELECT NULL::integer, 'stored', NULL::text" \
	"SELECT 1, 'quarantined', NULL::text"; do
	new_database "answer$tests"
	sql "CREATE OR REPLACE FUNCTION patchmail.store_many(facts jsonb, sources jsonb)
		RETURNS TABLE (number integer, outcome text, reason text) LANGUAGE sql AS \$\$ $answer \$\$"
	imports "an answer that is none: $answer" 0 '20 mails: 20 stored' "$scratch/former"
	is "$(stored former)" 20 'and all are there'
done

# The database goes away -----------------------------------------------------------------------------------------------

new_database away
patches away 250
sql "CREATE FUNCTION public.stall() RETURNS trigger LANGUAGE plpgsql AS \$\$
	BEGIN IF NEW.msgid = '<away-120@example.org>' THEN PERFORM pg_sleep(60); END IF; RETURN NEW; END \$\$;
	CREATE TRIGGER stall BEFORE INSERT ON public.patchwork_patch FOR EACH ROW EXECUTE FUNCTION public.stall()"
stalled="SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND application_name = 'patchmaild'"
for how in fast immediate; do
	"$PATCHMAILD" -c "$conf" import --history "$scratch/away" >"$scratch/stdout" 2>"$scratch/stderr" &
	import=$!
	ok "stopped in the middle of a batch ($how): it is in the middle" wait_for "$stalled"
	pg_control stop -m "$how"
	code=0
	wait "$import" || code=$?
	is "$code" 75 "stopped in the middle of a batch ($how): to be repeated"
	like "$(cat "$scratch/stderr")" "^patchmaild: $scratch/away:[0-9]+: deferred: the database .*stopped here" \
		'and says where'
	pg_control start
	ok 'what came after the mail at which it stopped is not there' test "$(stored away)" -lt 120
done

# It names the first mail without an outcome when a signal stops it.
"$PATCHMAILD" -c "$conf" import --history "$scratch/away" >"$scratch/stdout" 2>"$scratch/stderr" &
import=$!
ok 'a signal in the middle of a batch: it is in the middle' wait_for "$stalled"
kill "$import"
code=0
wait "$import" || code=$?
is "$code" 143 'it ends by it'
place=$(sed -n 's/.*stopped by a signal at .*:\([0-9]*\); repeat the import: it goes on there$/\1/p' "$scratch/stderr")
ok 'and says where' test "${place:-1000000}" -le "$(offset_of away 120)"
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'patchmaild'" >/dev/null
sql 'SET client_min_messages = error; DROP FUNCTION public.stall CASCADE'
run -c "$conf" import "$scratch/away"
is "$code $(stored away)" '0 250' 'repeated: all are there'

# A database that begins empty: what the planner knows grows with it.
new_database plans
patches plans 1300
imports 'more than a thousand mails into an empty database' 0 '1300 mails: 1300 stored' "$scratch/plans"
ok 'the ledger has been analyzed meanwhile' test "$(sql "SELECT reltuples::integer FROM pg_class
	WHERE oid = 'patchmail.message'::regclass")" -ge 250

# Memory ---------------------------------------------------------------------------------------------------------------

new_database wide
for i in $(seq 100); do
	{
		patch_mail "wide-$i" "[PATCH] change $i"
		awk 'BEGIN { for (i = 0; i < 20000; i++) print "+a line of a large patch" }'
	} >"$scratch/mail"
	mbox_mail "$scratch/mail"
done >"$scratch/wide"
printf '[patchmaild]\nparsers=2\n' >>"$conf"
code=0
/usr/bin/time -f %M -o "$scratch/peak" "$PATCHMAILD" -c "$conf" import --history "$scratch/wide" \
	>"$scratch/stdout" 2>"$scratch/stderr" ||
	code=$?
is "$code $(import_counts)" '0 100 mails: 100 stored' 'fifty megabytes of mail'
if grep -q __asan_init "$PATCHMAILD"; then
	skip 'need less memory than 128 MiB' 'built with sanitizers'
else
	ok "need less memory than 128 MiB: $(cat "$scratch/peak") KiB" test "$(cat "$scratch/peak")" -lt 131072
fi

done_testing
