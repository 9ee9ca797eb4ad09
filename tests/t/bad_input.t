#!/bin/sh
# patchmaild deliver: odd and broken mail.  Each ends with 0 and is a row; what cannot be read is kept to the byte.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
start_database
fresh_database input

# Delivers a file; it goes into quarantine with all its bytes.
quarantined() { # NAME FILE REASON
	rows=$(sql 'SELECT count(*) FROM patchmail.quarantine')
	deliver "$2"
	accepted "$1"
	is "$(sql 'SELECT count(*) FROM patchmail.quarantine')" "$((rows + 1))" "$1: is in quarantine"
	like "$(sql 'SELECT reason FROM patchmail.quarantine ORDER BY id DESC LIMIT 1')" "$3" "$1: and says why"
	is "$(sql "SELECT size, encode(sha256(patchmail.quarantine_raw(id)), 'hex') FROM patchmail.quarantine
		ORDER BY id DESC LIMIT 1")" "$(wc -c <"$2")|$(sha256sum <"$2" | cut -d ' ' -f 1)" "$1: with every byte"
}

# Delivers a file; it is a patch.
stored() { # NAME FILE COLUMNS EXPECTED
	rows=$(sql 'SELECT count(*) FROM patchwork_patch')
	deliver "$2"
	accepted "$1"
	is "$(sql 'SELECT count(*) FROM patchwork_patch')" "$((rows + 1))" "$1: is a patch"
	is "$(sql "SELECT $3 FROM (SELECT p.*, a.email FROM patchwork_patch p JOIN patchwork_person a
		ON a.id = submitter_id
		ORDER BY p.id DESC LIMIT 1) newest")" "$4" "$1: as it should be"
}

# Quarantine ----------------------------------------------------------------------------------------------------------

: >"$scratch/empty"
quarantined 'empty input' "$scratch/empty" '^empty input$'
deliver "$scratch/empty"
accepted 'empty input again'
is "$(sql 'SELECT count(*) FROM patchmail.quarantine')" 1 'is the same row'

head -c 100000 /dev/urandom >"$scratch/binary"
quarantined 'a binary file' "$scratch/binary" '.'

head -c 300000 /dev/zero >"$scratch/zeros"
quarantined 'nothing but NUL bytes' "$scratch/zeros" '.'

{ patch_mail fields '[PATCH] many fields' | sed '/^$/,$d'
	awk 'BEGIN { for (i = 0; i < 100000; i++) print "X-Field-" i ": value" }'
	printf '\nText.\n'; } >"$scratch/fields"
quarantined '100,000 header lines' "$scratch/fields" 'header|field'

patch_mail nofrom '[PATCH] no author' | sed '/^From:/d' >"$scratch/nofrom"
quarantined 'no From' "$scratch/nofrom" 'From'
is "$(sql 'SELECT msgid, subject FROM patchmail.quarantine ORDER BY id DESC LIMIT 1')" \
	'<nofrom@example.org>|[PATCH] no author' 'no From: what it says of itself is kept'

# Larger than max_message_size: in pieces, and never all of it in memory.
{ patch_mail large '[PATCH] large' && head -c 62914560 /dev/urandom; } >"$scratch/large"
quarantined '60 MiB' "$scratch/large" 'larger than 33554432 bytes'
is "$(sql 'SELECT msgid, subject FROM patchmail.quarantine ORDER BY id DESC LIMIT 1')" \
	'<large@example.org>|[PATCH] large' '60 MiB: what it says of itself is kept'
code=0
# shellcheck disable=SC2002 # a pipe is what is tested
cat "$scratch/large" | "$PATCHMAILD" -c "$conf" deliver >"$scratch/stdout" 2>"$scratch/stderr" || code=$?
accepted '60 MiB from a pipe'
is "$(sql "SELECT encode(sha256(patchmail.quarantine_raw(id)), 'hex') FROM patchmail.quarantine
	ORDER BY id DESC LIMIT 1")" "$(sha256sum <"$scratch/large" | cut -d ' ' -f 1)" \
		'60 MiB from a pipe: with every byte'

printf '[database]\nconninfo=host=%s dbname=input user=postgres\n[patchmaild]\nmax_message_size=%s\n' \
	"$PGHOST" "$(wc -c <"$scratch/nofrom")" >"$scratch/small.conf"
large_conf=$conf
conf=$scratch/small.conf
{ cat "$scratch/nofrom" && printf x; } >"$scratch/over"
quarantined 'one byte over the limit' "$scratch/over" 'larger than [0-9]+ bytes'
{ cat "$scratch/nofrom" && sed 's/line/word/' "$scratch/nofrom"; } >"$scratch/over"
quarantined 'the same beginning, another end' "$scratch/over" 'larger than [0-9]+ bytes'
sed 's/line/plan/' "$scratch/nofrom" >"$scratch/exact"
quarantined 'not a byte over the limit' "$scratch/exact" 'From'
conf=$large_conf

# An oversized mail whose later pieces fail leaves nothing, and is whole when it comes again.
rows=$(sql 'SELECT count(*) FROM patchmail.quarantine')
sql "CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS
	\$\$ BEGIN IF NEW.part = 20 THEN RAISE 'no room' USING ERRCODE = '53100'; END IF; RETURN NEW; END \$\$;
	CREATE TRIGGER fail BEFORE INSERT ON patchmail.quarantine_part FOR EACH ROW EXECUTE FUNCTION public.fail()"
deliver "$scratch/large"
deferred '60 MiB that fail in the middle' '53100'
is "$(sql 'SELECT count(*) FROM patchmail.quarantine')" "$rows" '60 MiB that fail in the middle: nothing is kept'
sql 'SET client_min_messages = error; DROP FUNCTION public.fail CASCADE'
quarantined '60 MiB after that' "$scratch/large" 'larger than'

# Odd, and stored -----------------------------------------------------------------------------------------------------

{ patch_mail nul '[PATCH] NUL bytes' | sed 's/It changes/It\x00 changes/'; } >"$scratch/nul"
stored 'NUL bytes' "$scratch/nul" 'content' 'It changes a line.
---'

patch_mail noid '[PATCH] no Message-ID' | sed '/^Message-ID:/d' >"$scratch/noid"
stored 'no Message-ID' "$scratch/noid" "name, msgid LIKE '<%@%>'" 'no Message-ID|t'
deliver "$scratch/noid"
accepted 'no Message-ID again'
is "$(sql "SELECT count(*) FROM patchwork_patch WHERE name = 'no Message-ID'")" 1 'is a duplicate'

patch_mail nosubject x | sed '/^Subject:/d' >"$scratch/nosubject"
stored 'no Subject' "$scratch/nosubject" "msgid, name = ''" '<nosubject@example.org>|t'

patch_mail crlf '[PATCH] CRLF' | sed 's/$/\r/' >"$scratch/crlf"
stored 'CRLF' "$scratch/crlf" "name, content LIKE '%' || chr(13) || '%', diff LIKE '%' || chr(13) || '%'" 'CRLF|f|f'

{ echo 'From alice@example.org Tue Feb 10 06:59:47 2026' && patch_mail fromline '[PATCH] From line'; } \
	>"$scratch/fromline"
stored 'a leading From_ line' "$scratch/fromline" 'msgid, name, email' \
	'<fromline@example.org>|From line|alice@example.org'

printf '%s' "$(patch_mail unended '[PATCH] no newline at the end')" >"$scratch/unended"
stored 'no newline at the end' "$scratch/unended" "name, diff LIKE '%+new'||chr(10) OR diff LIKE '%+new'" \
	'no newline at the end|t'

patch_mail latin '[PATCH] latin' | sed 's/It changes a line/Gr\xfc\xdfe/' >"$scratch/latin"
stored 'bytes that are no UTF-8' "$scratch/latin" "split_part(content, chr(10), 1)" 'Grüße.'

patch_mail longline '[PATCH] a long line' >"$scratch/longline"
{ sed '/^It changes/,$d' "$scratch/longline"; head -c 2000000 /dev/zero | tr '\0' x; echo; diff_text; } \
	>"$scratch/longline2"
stored 'a line of 2 MB' "$scratch/longline2" 'length(content)' 2000000

done_testing
