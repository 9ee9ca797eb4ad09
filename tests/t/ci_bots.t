#!/bin/sh
# The CI bots of contrib/ci: each has a series tested when it is complete, and tells Patchwork what came of it.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
bots=$top_srcdir/contrib/ci

for tool in jq openssl; do
	command -v "$tool" >/dev/null || {
		skip 'the bots' "there is no $tool"
		done_testing
	}
done
start_database
fresh_database site
mails=$scratch/mails
mkdir "$mails" "$scratch/spool"
add_series() { # NUMBER: of three patches, and a reply to each
	write_thread "$1"
	for mail in c p1 p2 p3 r1; do
		deliver "$mails/$1-$mail"
		accepted "thread $1: $mail is delivered"
	done
}

# The role of a bot: it looks, and adds checks.
sql "INSERT INTO auth_user (username, password, is_superuser, first_name, last_name, email, is_staff, is_active,
		date_joined) VALUES ('ci', '', false, '', '', '', false, true, now());
	CREATE ROLE ci LOGIN;
	GRANT patchmail_reader TO ci;
	GRANT EXECUTE ON FUNCTION patchmail.series_check(integer, jsonb, text, boolean) TO ci"
CI_COMMAND=$scratch/test
cat >"$CI_COMMAND" <<-'END'
	#!/bin/sh
	tee -a "$CI_LOG" | grep -c '^diff --git'
END
chmod +x "$CI_COMMAND"
CI_LOG=$scratch/tested
CI_CURSOR=$scratch/cursor
CI_SECRET_FILE=$scratch/secret
CI_SPOOL=$scratch/spool
export CI_COMMAND CI_LOG CI_CURSOR CI_SECRET_FILE CI_SPOOL
as_ci() { # COMMAND...
	PGUSER=ci "$@"
}
checks() { # what checks there are: of each series how many patches have it, and which
	sql "SELECT string_agg(format('%s %s %s %s %s', x.series_id, x.patches, x.state, x.description, x.target_url),
			', ' ORDER BY x.series_id, x.state)
		FROM (SELECT p.series_id, count(*) AS patches,
				(ARRAY['pending', 'success', 'warning', 'fail'])[c.state + 1] AS state,
				c.description, c.target_url
			FROM patchwork_check c JOIN patchwork_patch p ON p.id = c.patch_id
			JOIN auth_user u ON u.id = c.user_id AND u.username = 'ci' GROUP BY 1, 3, 4, 5) x"
}

# Polling
add_series 1
ok 'a bot that polls begins now' as_ci "$bots/poll"
is "$(checks)" '' 'what was before does not concern it'
add_series 3
ok 'it looks again' as_ci "$bots/poll"
is "$(checks)" '2 3 success 3 https://ci.example.org/2' 'each patch of the series that is complete has a check'
is "$(grep -c '^Subject:' "$CI_LOG")" 3 'the command got the mbox'
ok 'once more' as_ci "$bots/poll"
is "$(checks)" '2 3 success 3 https://ci.example.org/2' 'it tests nothing twice'
is "$(cat "$CI_CURSOR")" "$(sql 'SELECT patchmail.events_cursor()')" 'it is at the end'
CI_COMMAND='echo "it does not build"; exit 1'
add_series 4
ok 'a test that fails is no failure of the bot' as_ci "$bots/poll"
is "$(checks)" '2 3 success 3 https://ci.example.org/2, 3 3 fail it does not build https://ci.example.org/3' \
	'it is a check that says so'
add_series 5
cursor=$(cat "$CI_CURSOR")
ok 'without the right to add checks' sh -c '! CI_USER=nobody PGUSER=ci "$@" 2>/dev/null' poll "$bots/poll"
ok 'it does not go on, so it misses nothing' test "$(cat "$CI_CURSOR")" -lt "$(sql 'SELECT patchmail.events_cursor()')"
CI_COMMAND='cat >/dev/null; echo fine'
ok 'when that is mended' as_ci "$bots/poll"
is "$(checks | sed 's/.*, //')" '4 3 success fine https://ci.example.org/4' 'it does it'
ok 'the cursor rose' test "$(cat "$CI_CURSOR")" -gt "$cursor"
ok 'a database that is away is an error' sh -c '! PGDATABASE=none "$@" 2>/dev/null' poll "$bots/poll"
ok 'and the cursor stays' test "$(cat "$CI_CURSOR")" -gt "$cursor"

# Told at once
as_ci "$bots/listen" "$bots/poll" >"$scratch/listen.log" 2>&1 &
listener=$!
at_end="kill $listener 2>/dev/null || :; $at_end"
ok 'a bot that listens' wait_for "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE usename = 'ci')"
add_series 6
ok 'tests a series at once' wait_for "SELECT count(*) = 3 FROM patchwork_check c JOIN patchwork_patch p
	ON p.id = c.patch_id WHERE p.series_id = 5"
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ci'" >/dev/null
ok 'it ends with its connection' sh -c '
	for _ in $(seq 100); do kill -0 "$1" 2>/dev/null || exit 0; sleep 0.1; done; exit 1' \
	wait "$listener"

# As the command of a hook
sql "SELECT patchmail.hook_open('ci',
	'{\"holder\": \"h\", \"lease\": 600, \"filter\": \"category=series-completed\"}')" \
	>/dev/null
next() { # the documents that come next, a line each
	sql "SELECT event FROM patchmail.hook_next('ci', 'h', 600) WHERE event IS NOT NULL" | tr -d '\n' | jq -c .
}
add_series 7
next >"$scratch/events"
is "$(wc -l <"$scratch/events")" 1 'the hook is given the one event that it wants'
ok 'the command of a hook takes it' sh -c 'PGUSER=ci "$1" <"$2"' command "$bots/command" "$scratch/events"
is "$(checks | sed 's/.*, //')" '6 3 success fine https://ci.example.org/6' 'and tests the series'
ok 'it fails if it cannot' sh -c '! CI_USER=nobody PGUSER=ci "$1" <"$2"' command "$bots/command" "$scratch/events"
ok 'and with what is no JSON' sh -c '! echo "{" | "$1"' command "$bots/command"
ok 'but not with nothing' sh -c '"$1" </dev/null' command "$bots/command"

# As its URL
key=$(openssl rand -base64 32)
printf 'whsec_%s\n' "$key" >"$CI_SECRET_FILE"
sign() { # ID TIME KEY: of $scratch/events
	hex=$(printf '%s' "$3" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
	{ printf '%s.%s.' "$1" "$2" && cat "$scratch/events"; } |
		openssl dgst -sha256 -mac HMAC -macopt "hexkey:$hex" -binary | openssl base64 -A
}
post() { # SIGNATURE [NAME=VALUE...]: the status that the bot gives
	signature=$1
	shift
	env REQUEST_METHOD=POST CONTENT_LENGTH="$(wc -c <"$scratch/events")" HTTP_WEBHOOK_ID=7 \
		HTTP_WEBHOOK_TIMESTAMP="$time" HTTP_WEBHOOK_SIGNATURE="$signature" "$@" \
		"$bots/hook.cgi" <"$scratch/events" 2>/dev/null | sed -n '1s/\r$//p'
}
time=$(date +%s)
is "$(post "v1,$(sign 7 "$time" "$key")")" 'Status: 200 OK' 'a request that is signed is taken'
is "$(ls "$CI_SPOOL")" 6 'and the series noted'
rm "$CI_SPOOL/6"
is "$(post "v1,bm9uZQ== v1,$(sign 7 "$time" "$key")")" 'Status: 200 OK' 'one of several signatures is enough'
rm "$CI_SPOOL/6"
is "$(post "v1,$(sign 8 "$time" "$key")")" 'Status: 401 Unauthorized' 'the id is signed'
is "$(post "v1,$(sign 7 "$time" 'AAAA')")" 'Status: 401 Unauthorized' 'another secret is refused'
is "$(post '')" 'Status: 401 Unauthorized' 'and no signature'
is "$(post 'v1,')" 'Status: 401 Unauthorized' 'and an empty one'
is "$(post "v1,$(sign 7 "$time" "$key")" CONTENT_LENGTH=30)" 'Status: 401 Unauthorized' 'the whole body is signed'
is "$(post "v1,$(sign 7 "$time" "$key")" REQUEST_METHOD=GET)" 'Status: 405 Method Not Allowed' 'a hook is no page'
is "$(post "v1,$(sign 7 "$time" "$key")" CONTENT_LENGTH=99999999)" 'Status: 413 Content Too Large' 'a body has an end'
: >"$scratch/empty"
is "$(post "v1,$(sign 7 "$time" 'AA==')" CI_SECRET_FILE="$scratch/empty")" 'Status: 500 Internal Server Error' \
	'without a secret nobody is let in'
for time in $(($(date +%s) - 400)) $(($(date +%s) + 400)); do
	is "$(post "v1,$(sign 7 "$time" "$key")")" 'Status: 400 Bad Request' "a request of $time cannot be played again"
done
for time in '' -1 1e9 99999999999999999999 '$(id)'; do
	is "$(post "v1,$(sign 7 "$time" "$key")")" 'Status: 400 Bad Request' "no time: $time"
done
time=$(date +%s)
key=$(openssl rand -base64 64 | tr -d '\n')
printf 'whsec_%s\n' "$key" >"$CI_SECRET_FILE"
is "$(post "v1,$(sign 7 "$time" "$key")")" 'Status: 200 OK' 'a secret of 64 bytes'
rm "$CI_SPOOL/6"
echo '{"category": "series-completed", "payload": {"series": {"id": "../../x"}}}' >"$scratch/events"
is "$(post "v1,$(sign 7 "$time" "$key")")" 'Status: 200 OK' 'an id that is no number'
is "$(ls "$CI_SPOOL")" '' 'makes no file'
echo '<html>' >"$scratch/events"
is "$(post "v1,$(sign 7 "$time" "$key")")" 'Status: 400 Bad Request' 'what is no event is refused'

for bot in "$bots"/*; do
	ok "$(basename "$bot"): about thirty lines" test "$(grep -vc '^#\|^$' "$bot")" -le 31
done
done_testing
