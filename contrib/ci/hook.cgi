#!/bin/sh
# A CI bot as the URL of a hook: a CGI program for any web server.  It verifies the signature (Standard Webhooks), notes
# the series and answers at once; a job of its own tests what is noted:  test-series "$(basename FILE)" && rm FILE
#
# environment: CI_SECRET_FILE, with the line "whsec_..." that secret_file of the hook has; CI_SPOOL, a directory, in
# which a file is made for each series; and what the web server gives (RFC 3875).
set -eu
answer() { # STATUS TEXT
	printf 'Status: %s\r\nContent-Type: text/plain\r\n\r\n%s\n' "$1" "$2"
	exit 0
}
[ "${REQUEST_METHOD-}" = POST ] || answer '405 Method Not Allowed' 'POST events here'
[ "${CONTENT_LENGTH:-0}" -le 1048576 ] || answer '413 Content Too Large' 'an event is not that long'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
head -c "${CONTENT_LENGTH:-0}" >"$work/body"
id=${HTTP_WEBHOOK_ID-} time=${HTTP_WEBHOOK_TIMESTAMP-}
case $time in '' | *[!0-9]* | ????????????*) answer '400 Bad Request' 'there is no time' ;; esac
age=$(($(date +%s) - time))
[ "${age#-}" -le 300 ] || answer '400 Bad Request' 'the time is not now'
key=$(sed 's/^whsec_//' "$CI_SECRET_FILE" | openssl base64 -d -A | od -An -v -tx1 -w999)
# shellcheck disable=SC2086 # a word a byte
set -- $key
case $# in 0 | 6[5-9] | [7-9]? | ???*) answer '500 Internal Server Error' 'no secret' ;; esac
while [ $# -lt 64 ]; do set -- "$@" 00; done
padded() { # NUMBER BYTE...: HMAC, RFC 2104; no command is given the key, which ps would show
	pad=$1 && shift
	# shellcheck disable=SC2059 # the format is the byte
	for byte; do printf "\\$(printf %03o $((0x$byte ^ pad)))"; done
}
expected=$({ padded 92 "$@" && { padded 54 "$@" && printf '%s.%s.' "$id" "$time" && cat "$work/body"; } |
	openssl dgst -sha256 -binary; } | openssl dgst -sha256 -binary | openssl base64 -A)
case " ${HTTP_WEBHOOK_SIGNATURE-} " in *" v1,$expected "*) ;; *) answer '401 Unauthorized' 'a wrong signature' ;; esac
series=$(jq -r 'select(.category == "series-completed") | .payload.series.id | numbers' "$work/body") ||
	answer '400 Bad Request' 'this is no event'
[ -z "$series" ] || : >"$CI_SPOOL/$series" || answer '500 Internal Server Error' 'it cannot be noted'
answer '200 OK' 'noted'
