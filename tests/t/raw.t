#!/bin/sh
# [archive] raw: whose bytes are kept, by each way that mail comes.  What connects is a role that may do nothing but
# deliver.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
start_database

keep() { # NONE|QUARANTINED|ALL, or nothing: for what comes from here on
	printf '[database]\nconninfo=host=%s dbname=%s user=deliverer\n' "$PGHOST" "$PGDATABASE" >"$conf"
	[ -z "$1" ] || printf '[archive]\nraw=%s\n' "$1" >>"$conf"
}
kept() { # ID...: those of these mails that are kept, byte for byte, as they stand in $scratch/ID
	for id; do
		printf "('%s', '%s')\n" "$id" "$(sha256sum <"$scratch/$id" | cut -d ' ' -f 1)"
	done | paste -s -d , >"$scratch/wanted"
	sql "SELECT string_agg(w.id, ' ' ORDER BY w.n)
		FROM (SELECT v.id, v.sum, row_number() OVER () AS n
			FROM (VALUES $(cat "$scratch/wanted")) v (id, sum)) w
		WHERE encode(sha256(patchmail.raw_mail('<' || w.id || '@example.org>')), 'hex') = w.sum"
}
how_many() {
	sql 'SELECT count(*) FROM patchmail.raw'
}

fresh_database raw
sql 'CREATE ROLE deliverer LOGIN' >/dev/null
sql "SELECT patchmail.add_deliverer('deliverer')" >/dev/null

# One by one ----------------------------------------------------------------------------------------------------------

for i in 1 2 3 4; do
	patch_mail "d$i" "[PATCH] change $i" >"$scratch/d$i"
done
# Bytes of every kind
{ cat "$scratch/d4"; printf '\000\001\377\\\047\r\n\303('; } >"$scratch/more"
mv "$scratch/more" "$scratch/d4"
for which in '' none quarantined; do
	keep "$which"
	deliver "$scratch/d1"
	accepted "raw=$which"
	is "$(how_many)" 0 'keeps no bytes of mail that is just stored'
	sql 'DELETE FROM patchmail.message; DELETE FROM patchwork_event; DELETE FROM patchwork_patch' >/dev/null
done
keep all
for i in 1 2 3 4; do
	deliver "$scratch/d$i"
	accepted "raw=all: mail $i"
done
is "$(kept d1 d2 d3 d4)" 'd1 d2 d3 d4' 'keeps every byte of each'
is "$(sql "SELECT DISTINCT source->>'transport' FROM patchmail.raw")" deliver 'and where it came from'
deliver "$scratch/d1"
accepted 'a mail that comes again'
is "$(how_many)" 4 'is kept once'
header talk 'Hello' >"$scratch/talk"
deliver "$scratch/talk"
printf 'no mail' >"$scratch/odd"
deliver "$scratch/odd"
is "$(how_many)" 4 'what is ignored or in quarantine is not among them'
sql 'ALTER TABLE patchwork_patch ADD CONSTRAINT never CHECK (false) NOT VALID'
patch_mail d5 '[PATCH] never' >"$scratch/d5"
deliver "$scratch/d5"
deferred 'a mail that cannot be stored' never
is "$(how_many)" 4 'leaves no bytes'
sql 'ALTER TABLE patchwork_patch DROP CONSTRAINT never'
sql "ALTER TABLE patchmail.raw ADD CONSTRAINT disk_full CHECK (size < 0) NOT VALID"
deliver "$scratch/d5"
deferred 'a mail whose bytes cannot be kept' disk_full
is "$(sql "SELECT count(*) FROM patchwork_patch WHERE msgid = '<d5@example.org>'")" 0 'is not stored without them'
sql 'ALTER TABLE patchmail.raw DROP CONSTRAINT disk_full'
deliver "$scratch/d5"
accepted 'when that is mended'
is "$(kept d5)" d5 'both are there'

# From quarantine -----------------------------------------------------------------------------------------------------

sql "SELECT patchmail.set_policy('demo', store => 'pass')" >/dev/null
for which in none quarantined all; do
	keep "$which"
	patch_mail "q-$which" "[PATCH] held with $which" >"$scratch/q-$which"
	deliver "$scratch/q-$which"
	sql "SELECT patchmail.release(max(id)) FROM patchmail.quarantine" >/dev/null
	run -c "$conf" retry
	is "$code $(cat "$scratch/stdout")" '0 1 mail: 1 stored' "raw=$which: a mail that is released"
done
is "$(kept q-none q-quarantined q-all)" 'q-quarantined q-all' 'keeps its bytes unless none are to be kept'
sql "SELECT patchmail.set_policy('demo', store => 'ambiguous')" >/dev/null

# Many ----------------------------------------------------------------------------------------------------------------

# Sizes around what a batch takes, what is alone, and what goes to quarantine in between.
PGDATABASE=postgres
fresh_database many
sql "SELECT patchmail.add_deliverer('deliverer')" >/dev/null
keep all
printf '[patchmaild]\nmax_message_size=6M\n' >>"$conf"
mkdir -p "$scratch/folder/new" "$scratch/folder/cur"
text() { # BYTES
	head -c "$1" /dev/zero | tr '\0' 'x' | fold -w 70
	echo
}
for i in $(seq 300); do
	patch_mail "m$i" "[PATCH] many $i" >"$scratch/m$i"
	if [ $((i % 10)) = 0 ]; then text 300000 >>"$scratch/m$i"; fi
	cp "$scratch/m$i" "$scratch/folder/cur/$(printf %04d "$i")"
done
for size in 4100000 4194300 4300000 7000000; do
	{ patch_mail "large$size" '[PATCH] large'; text "$size"; } >"$scratch/large$size"
	cp "$scratch/large$size" "$scratch/folder/cur/0150-$size"
done
cp "$scratch/odd" "$scratch/folder/cur/0200-odd"
run -c "$conf" import --again "$scratch/folder"
is "$code $(import_counts)" '0 305 mails: 303 stored, 2 quarantined' 'an import with raw=all'
is "$(how_many)" 303 'keeps the bytes of each mail that is stored'
ids=$(seq 300 | sed 's/^/m/' | paste -s -d ' ')
# shellcheck disable=SC2086 # words
is "$(kept $ids)" "$ids" 'each its own, all of them'
is "$(kept large4100000 large4194300 large4300000 large7000000)" 'large4100000 large4194300 large4300000' \
	'also of those that a batch does not take; what is over the limit is in quarantine'
ok 'many in a transaction' [ "$(sql 'SELECT count(DISTINCT arrived) FROM patchmail.raw')" -lt 150 ]
is "$(sql 'SELECT count(*) FROM patchmail.raw r JOIN patchmail.message m USING (msgid, arrived)')" 303 \
	'each arrived when its row of the ledger did'
run -c "$conf" import --again "$scratch/folder"
is "$code $(import_counts)" '0 305 mails: 303 duplicate, 2 quarantined' 'the same once more'
is "$(how_many)" 303 'keeps nothing twice'
sql "DELETE FROM patchmail.raw WHERE msgid LIKE '<m1%'" >/dev/null
run -c "$conf" import --again "$scratch/folder"
is "$(how_many) $(kept m1 m100)" '303 m1 m100' 'what was stored without its bytes gets those of the copy'

# Killed in the middle ------------------------------------------------------------------------------------------------

PGDATABASE=postgres
fresh_database killed
sql "SELECT patchmail.add_deliverer('deliverer')" >/dev/null
keep all
for try in $(seq 8); do
	"$PATCHMAILD" -c "$conf" import "$scratch/folder" >/dev/null 2>&1 &
	import=$!
	sleep "0.$try"
	kill -9 "$import" 2>/dev/null || :
	wait "$import" 2>/dev/null || :
	wait_for "SELECT count(*) = 0 FROM pg_stat_activity WHERE usename = 'deliverer'" || :
	is "$(sql 'SELECT count(*) FROM patchmail.message m WHERE NOT EXISTS (
		SELECT FROM patchmail.raw r WHERE r.msgid = m.msgid AND r.arrived = m.arrived)')" 0 \
		"killed after 0.$try s: nothing is stored without its bytes"
done
is "$(sql 'SELECT count(*) FROM patchmail.raw r WHERE NOT EXISTS (
	SELECT FROM patchmail.message m WHERE r.msgid = m.msgid)')" 0 'and no bytes are kept of what is not stored'

# Without a partition for the month ------------------------------------------------------------------------------------

sql "DO \$\$ BEGIN EXECUTE (SELECT string_agg(format('DROP TABLE patchmail.%I', name), ';')
	FROM _patchmail.raw_months() WHERE name <> 'raw_rest'); END \$\$" >/dev/null
patch_mail rest '[PATCH] rest' >"$scratch/rest"
deliver "$scratch/rest"
accepted 'without a partition for its month'
is "$(sql "SELECT tableoid::regclass FROM patchmail.raw WHERE msgid = '<rest@example.org>'")" patchmail.raw_rest \
	'a mail goes to the rest'
sql "SELECT patchmail.expire_raw('1 year')" >/dev/null
is "$(kept rest) $(sql 'SELECT count(*) FROM patchmail.raw_rest')" 'rest 0' 'from where the next housekeeping takes it'

# Somebody reads all of it, as a backup does
mkfifo "$scratch/reader"
psql -XqAt -f "$scratch/reader" >/dev/null 2>&1 &
reader=$!
exec 3>"$scratch/reader"
echo 'BEGIN; SELECT count(*) FROM patchmail.raw;' >&3
wait_for "SELECT count(*) > 0 FROM pg_locks WHERE relation = 'patchmail.raw'::regclass AND granted" || :
sql "UPDATE patchmail.raw SET arrived = arrived - interval '2 months' WHERE msgid = '<rest@example.org>'" >/dev/null
is "$(sql "SELECT sum((before->>'mails')::integer) FROM patchmail.expire_raw('1 month')")" 1 \
	'while somebody reads it, old bytes are thrown away'
is "$(kept rest)" '' 'and are gone'
patch_mail later '[PATCH] later' >"$scratch/later"
deliver "$scratch/later"
accepted 'and mail goes on being stored'
exec 3>&-
wait "$reader" || :

done_testing
