#!/bin/sh
# patchmaild import that is killed, stopped and left by the database, beside live mail: repeated, it goes on where it was,
# and the database is in the end the same.  PATCHMAILD_EFFORT=long: a long archive, killed twenty times.
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
*) mails=2400 kills=4 ;;
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
# Some more mails are there, or it is over.
wait_for_mails() {
	wanted=$(($(taken) + mails / (kills + 4) / 4))
	while kill -0 "$import" 2>/dev/null && [ "$(taken)" -lt "$wanted" ]; do
		sleep 0.02
	done
	sleep "0.$started"
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
# So slow that it is over on no machine before it is disturbed.
sql "CREATE FUNCTION public.dawdle() RETURNS trigger LANGUAGE plpgsql AS \$\$
	BEGIN PERFORM pg_sleep(0.005); RETURN NULL; END \$\$;
	CREATE TRIGGER dawdle AFTER INSERT ON public.patchwork_patch FOR EACH ROW EXECUTE FUNCTION public.dawdle()"
started=0
for i in $(seq "$kills"); do
	start_import
	started=$((started + 1))
	wait_for_mails
	kill -KILL "$import" 2>/dev/null || :
	end_import
	deliver "$scratch/live-$started"
done
ok 'killed, it is not over' test "$(taken)" -lt "$(PGDATABASE=whole taken)"

for status in INT=130 TERM=143; do
	signal=${status%=*}
	start_import
	started=$((started + 1))
	wait_for_mails
	kill -"$signal" "$import" 2>/dev/null || :
	deliver "$scratch/live-$started" &
	live=$!
	end_import
	wait "$live"
	is "$code" "${status#*=}" "SIG$signal: import ends by it"
	like "$(cat "$scratch/import.err")" \
		"^patchmaild: stopped by a signal at $archive:[0-9]+; repeat the import: it goes on there\$" \
		"SIG$signal: it says where it was, and how to go on"
	ok "SIG$signal: it says what it has done" test "$(mails_said)" -gt 0
done

start_import
started=$((started + 1))
wait_for_mails
pg_control stop -m immediate
end_import
is "$code" 75 'the database goes away: to be repeated'
pg_control start
deliver "$scratch/live-$started"

sql 'DROP FUNCTION public.dawdle CASCADE' 2>/dev/null
start_import
started=$((started + 1))
deliver "$scratch/live-$started"
end_import
is "$code" 0 'in the end it is over'
like "$(head -n 1 "$scratch/import.out")" 'goes on where it was$' 'it says that it goes on'
ok "and did: $(mails_said) of $mails mails" test "$(mails_said)" -lt "$((mails * 3 / 4))"

state_of whole >"$scratch/whole"
state_of disturbed >"$scratch/disturbed"
ok 'the database is the same as without' cmp "$scratch/whole" "$scratch/disturbed"
is "$(sql 'SELECT count(*) FROM patchmail.check()')" 0 'nothing is wrong in it'
is "$(sql "SELECT count(*) FROM patchmail.events_after(0, 1000) a, LATERAL (SELECT a.event->'payload'->'patch'->>'msgid') m (id)
	WHERE m.id NOT LIKE '<live-%'")" 0 'readers of events were told of live mail alone'
start_import
end_import
is "$code $(mails_said)" '0 0' 'once more: there is nothing new'
start_import --again
end_import
is "$code $(mails_said)" "0 $mails" '--again reads everything'

done_testing
