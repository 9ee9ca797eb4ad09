#!/bin/sh
# patchmaild import that is killed, stopped and left by the database, beside live mail: repeated, it goes on where it
# was, and the database is in the end the same.  PATCHMAILD_EFFORT=long: a long archive, killed twenty times.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
command -v python3 >/dev/null || {
	skip 'an import that is killed' 'no python3'
	done_testing
}
case ${PATCHMAILD_EFFORT-} in
long) mails=20000 kills=20 ;;
*) mails=3600 kills=4 ;;
esac
start_database
archive=$scratch/archive
python3 "$top_srcdir/contrib/bench-archive.py" "$mails" >"$archive"
for i in $(seq $((kills + 4))); do
	patch_mail "live-$i" "[PATCH] live $i" >"$scratch/live-$i"
done

taken() { # mails of the archive that the ledger has
	sql "SELECT count(*) FROM patchmail.message WHERE transport = 'history'"
}
start_import() { # [OPTION]
	"$PATCHMAILD" -c "$conf" import --history "$@" "$archive" >"$scratch/import.out" 2>"$scratch/import.err" &
	import=$!
}
# Lets so many more patches in: some, so that the next one waits in the middle of a batch; or all of that batch.
some=30
batch=200
open_gate() { # PATCHES
	sql "UPDATE public.gate SET most = (SELECT last_value FROM public.passed) + $1"
}
wait_at_gate() {
	wait_for "SELECT p.last_value > g.most AND EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep')
		FROM public.passed p, public.gate g"
}
end_import() {
	code=0
	wait "$import" 2>/dev/null || code=$?
}
mails_said() {
	sed -n 's/^\([0-9]*\) mails\{0,1\}:.*/\1/p; s/^\([0-9]*\) mails$/\1/p' "$scratch/import.out"
}

fresh_database whole
start_import
end_import
is "$code $(mails_said)" "0 $mails" 'an import that nobody disturbs'
for mail in "$scratch"/live-*; do
	deliver "$mail"
done

fresh_database disturbed
sql "CREATE SEQUENCE public.passed; CREATE TABLE public.gate AS SELECT 0::bigint AS most;
	CREATE FUNCTION public.let_pass() RETURNS trigger LANGUAGE plpgsql AS \$\$
	DECLARE number bigint := nextval('public.passed');
	BEGIN
		WHILE number > (SELECT most FROM public.gate) LOOP PERFORM pg_sleep(0.05); END LOOP;
		RETURN NULL;
	END \$\$;
	CREATE TRIGGER let_pass AFTER INSERT ON public.patchwork_patch FOR EACH ROW
		WHEN (NEW.msgid NOT LIKE '<live-%') EXECUTE FUNCTION public.let_pass()"
started=0
for i in $(seq "$kills"); do
	open_gate $some
	start_import
	started=$((started + 1))
	ok "killed in the middle, $i: it is there" wait_at_gate
	kill -KILL "$import"
	end_import
	is "$code" 137 "killed in the middle, $i: it is gone"
	open_gate $batch
	deliver "$scratch/live-$started"
done
ok 'killed, it is not over' test "$(taken)" -lt "$(PGDATABASE=whole taken)"

for status in INT=130 TERM=143; do
	signal=${status%=*}
	open_gate $some
	start_import
	started=$((started + 1))
	ok "SIG$signal: in the middle of a batch" wait_at_gate
	kill -"$signal" "$import"
	open_gate $batch
	deliver "$scratch/live-$started"
	end_import
	is "$code" "${status#*=}" "SIG$signal: import ends by it"
	like "$(cat "$scratch/import.err")" \
		"^patchmaild: stopped by a signal( at $archive:[0-9]+)?; repeat the import: it goes on there\$" \
		"SIG$signal: it says where it was, and how to go on"
	ok "SIG$signal: it says what it has done" test "$(mails_said)" -gt 0
done

open_gate $some
start_import
started=$((started + 1))
ok 'the database goes away: in the middle of a batch' wait_at_gate
pg_control stop -m immediate
end_import
is "$code" 75 'the database goes away: to be repeated'
pg_control start
deliver "$scratch/live-$started"

sql "UPDATE public.gate SET most = 1000000000"
start_import
started=$((started + 1))
deliver "$scratch/live-$started"
end_import
is "$code" 0 'in the end it is over'
# What waited too long for the import was deferred.
for mail in "$scratch"/live-*; do
	deliver "$mail"
done
like "$(head -n 1 "$scratch/import.out")" 'goes on where it was$' 'it says that it goes on'
ok "and did: $(mails_said) of $mails mails" test "$(mails_said)" -lt "$mails"

state_of whole >"$scratch/whole"
state_of disturbed >"$scratch/disturbed"
ok 'the database is the same as without' diff "$scratch/whole" "$scratch/disturbed"
is "$(sql 'SELECT count(*) FROM patchmail.check()')" 0 'nothing is wrong in it'
is "$(sql "SELECT count(*) FROM patchmail.events_after(0, 1000) a,
	LATERAL (SELECT a.event->'payload'->'patch'->>'msgid') m (id) WHERE m.id NOT LIKE '<live-%'")" 0 \
	'readers of events were told of live mail alone'
start_import
end_import
is "$code $(mails_said)" '0 0' 'once more: there is nothing new'
start_import --again
end_import
is "$code $(mails_said)" "0 $mails" '--again reads everything'

done_testing
