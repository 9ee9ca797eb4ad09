# shellcheck shell=sh
# What the whole-program tests share; sourced with `top_srcdir` set.  TAP, a private PostgreSQL (contrib/lib.sh starts
# it in $scratch, which goes at the end with everything that was started), databases with the schema, deliveries.

# shellcheck disable=SC2034,SC2154 # contrib/lib.sh uses it, the test sets it
top=$top_srcdir
# shellcheck source=contrib/lib.sh
. "$top_srcdir/contrib/lib.sh"
PATCHMAILD=${PATCHMAILD:-${top_builddir:-$top_srcdir}/patchmaild}
make_scratch

# TAP -----------------------------------------------------------------------------------------------------------------

tests=0
failures=0

ok() { # NAME COMMAND...: the command has to succeed; what it prints is shown if it does not
	ok_name=$1
	shift
	tests=$((tests + 1))
	if "$@" >"$scratch/ok.out" 2>&1; then
		echo "ok $tests - $ok_name"
	else
		failures=$((failures + 1))
		echo "not ok $tests - $ok_name"
		echo "# failed: $*" | head -n 5 | sed '2,$s/^/# /'
		head -n 30 "$scratch/ok.out" | sed 's/^/# /'
	fi
}

is() { # GOT EXPECTED NAME
	tests=$((tests + 1))
	if [ "$1" = "$2" ]; then
		echo "ok $tests - $3"
	else
		failures=$((failures + 1))
		echo "not ok $tests - $3"
		printf '%s\n' "$1" | sed '1s/^/# got:      /; 2,$s/^/#           /'
		printf '%s\n' "$2" | sed '1s/^/# expected: /; 2,$s/^/#           /'
	fi
}

like() { # GOT PATTERN NAME: GOT is one line that the extended regular expression matches
	tests=$((tests + 1))
	if [ "$(printf '%s\n' "$1" | wc -l)" -eq 1 ] && printf '%s\n' "$1" | grep -qE -e "$2"; then
		echo "ok $tests - $3"
	else
		failures=$((failures + 1))
		echo "not ok $tests - $3"
		printf '%s\n' "$1" | sed '1s/^/# got:      /; 2,$s/^/#           /'
		echo "# no match: $2"
	fi
}

skip() { # NAME REASON: one test that cannot be made here
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

# Real mail belongs to those who wrote it, so it is no part of the project.  A test that has mail of our own takes the
# real one too if it is beside the project.
have_real() { # NAME PATH
	[ -e "$2" ] || {
		skip "$1" "no $2"
		return 1
	}
}

done_testing() {
	echo "1..$tests"
	exit "$((failures > 0))"
}

# PostgreSQL ----------------------------------------------------------------------------------------------------------

# The version of schema patchmail that this tree installs.
# shellcheck disable=SC2034 # the tests use it
present=$(sed -n 's/^\\set patchmail_version //p' "$top_srcdir/sql/install.sql")

# contrib/lib.sh calls this if there is no server.
no_postgres() {
	skip 'what needs a database' 'there is no PostgreSQL server'
	done_testing
}

# Starts one that keeps what it commits, but for a power cut, with the schema in the database "template".
start_database() {
	start_postgres -c fsync=off -c full_page_writes=off
	printf '%s\n' "listen_addresses = ''" "unix_socket_directories = '$PGHOST'" 'fsync = off' \
		'full_page_writes = off' >>"$scratch/postgres/data/postgresql.conf"
	createdb template
	psql -Xq -v ON_ERROR_STOP=1 -d template -f "$top_srcdir/sql/install.sql" >"$scratch/install.log" 2>&1 ||
		fail "$(cat "$scratch/install.log")"
}

pg_control() { # ACTION [OPTION...]: pg_ctl on it
	as_postgres "$postgres_bin/pg_ctl" -w -s -D "$scratch/postgres/data" -l "$scratch/postgres/log" "$@" \
		>"$scratch/pg_ctl.log" 2>&1 || fail "$(cat "$scratch/pg_ctl.log")"
}

# A new database with the schema and the project "demo", and a configuration for it, $conf.
fresh_database() { # NAME
	createdb -T template --strategy=file_copy "$1"
	PGDATABASE=$1
	export PGDATABASE
	conf=$scratch/$1.conf
	printf '[database]\nconninfo=host=%s dbname=%s user=postgres\n' "$PGHOST" "$1" >"$conf"
	sql "SELECT patchmail.add_project('demo', 'Demo', 'demo.example.org', 'demo@example.org')" >/dev/null
}

# Waits until a statement gives "t"; 20 seconds at most.
wait_for() { # STATEMENT
	for _ in $(seq 200); do
		[ "$(sql "$1" 2>/dev/null)" != t ] || return 0
		sleep 0.1
	done
	return 1
}

# What a reader of Patchwork sees, and what the ledger knows.
state_of() { # DATABASE
	psql -XqAt -d "$1" -v ON_ERROR_STOP=1 <<-END
		\i $top_srcdir/tests/sql/preamble.psql
		\i $top_srcdir/tests/sql/state.psql
		SELECT state(), ledger_state();
		ROLLBACK;
	END
}

# Mails ---------------------------------------------------------------------------------------------------------------

header() { # ID SUBJECT [FIELD...]: the header of a mail to the list demo.example.org, without its end
	printf '%s\n' 'From: Alice Example <alice@example.org>' "Message-ID: <$1@example.org>" "Subject: $2"
	printf '%s\n' 'Date: Tue, 10 Feb 2026 06:59:47 +0000' 'List-Id: Demo <demo.example.org>'
	shift 2
	[ $# -eq 0 ] || printf '%s\n' "$@"
}

diff_text() { # a small diff
	printf '%s\n' 'diff --git a/file b/file' '--- a/file' '+++ b/file' '@@ -1 +1 @@' '-old' '+new'
}

patch_mail() { # ID SUBJECT [FIELD...]
	header "$@"
	printf '\n%s\n---\n' 'It changes a line.'
	diff_text
}

reply_mail() { # ID PARENT-ID [FIELD...]
	reply_id=$1
	reply_parent=$2
	shift 2
	header "$reply_id" 'Re: [PATCH] a change' "In-Reply-To: <$reply_parent@example.org>" "$@"
	printf '\n%s\n' 'Looks good.'
}

# A mail as it stands in an mbox: after a line "From ", with an empty line at its end.
mbox_mail() { # MAIL-FILE
	echo 'From list@example.org Tue Feb 10 06:59:47 2026'
	sed 's/^>*From />&/' "$1"
	echo
}

# A thread, into files of the folder $mails: a cover letter, three patches, a reply to each of them and one to a reply,
# and a second version of patch 2.
write_thread() { # NUMBER
	header "t$1-c" "[PATCH 0/3] thread $1" >"$mails/$1-c"
	printf '\nThree changes.\n' >>"$mails/$1-c"
	for n in 1 2 3; do
		patch_mail "t$1-p$n" "[PATCH $n/3] change $n of thread $1" "In-Reply-To: <t$1-c@example.org>" \
			>"$mails/$1-p$n"
		reply_mail "t$1-r$n" "t$1-p$n" "References: <t$1-c@example.org>" >"$mails/$1-r$n"
	done
	reply_mail "t$1-rr" "t$1-r1" >"$mails/$1-rr"
	patch_mail "t$1-v2" "[PATCH v2 2/3] change 2 of thread $1" "In-Reply-To: <t$1-p2@example.org>" >"$mails/$1-v2"
}

# The program ---------------------------------------------------------------------------------------------------------

# Runs it; $code is its exit code, $scratch/stdout and $scratch/stderr what it said.
run() { # ARGUMENT...
	code=0
	"$PATCHMAILD" "$@" >"$scratch/stdout" 2>"$scratch/stderr" || code=$?
}

deliver() { # FILE [OPTION...]: with $conf
	deliver_file=$1
	shift
	run -c "$conf" deliver "$@" <"$deliver_file"
}

# How many mails had which outcome, as the last import said.
import_counts() {
	grep -E '^[0-9]+ mails?(:|$)' "$scratch/stdout" || :
}

# The last delivery ended with 0, and said nothing.
accepted() { # NAME
	is "$code $(cat "$scratch/stdout" "$scratch/stderr")" '0 ' "$1"
}

# The last delivery ended with 75 and one line "4.3.0 ...", which a pattern matches.
deferred() { # NAME PATTERN
	is "$code $(cat "$scratch/stdout")" '75 ' "$1: exit code 75, nothing on stdout"
	like "$(cat "$scratch/stderr")" "^4\\.3\\.0 .*$2" "$1: one line"
}
