#!/bin/sh
# A deliverer's role in the hands of an attacker, in sessions of its own: that it may do no more than it should, and
# that nothing which it makes or sets gets into what runs with the rights of the owner.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
start_postgres
PGDATABASE=patches
export PGDATABASE

# The site's tables belong to a role that is no superuser.
psql -Xq -d postgres -c 'CREATE ROLE site LOGIN' -c 'CREATE ROLE evil LOGIN' -c 'CREATE ROLE other LOGIN'
createdb -O site patches
PGUSER=site psql -Xq -v ON_ERROR_STOP=1 -f "$top_srcdir/sql/install.sql" >/dev/null

as() { # ROLE [STATEMENT]...: what psql prints, errors too; statements from stdin without any
	as_role=$1
	shift
	for statement; do
		printf '%s;\n' "$statement"
	done | if [ $# -gt 0 ]; then cat; else cat /dev/fd/3; fi |
		PGUSER=$as_role psql -XqAt -v VERBOSITY=terse -f - 2>&1 |
		sed 's/^psql:<stdin>:[0-9]*: //'
} 3<&0

as site "SELECT patchmail.add_project('demo', 'Demo', 'demo.example.org', 'demo@example.org')" \
	"SELECT patchmail.add_deliverer('evil')" "SELECT patchmail.add_deliverer('other')" >"$scratch/out"
as site "INSERT INTO public.auth_user (password, is_superuser, username, first_name, last_name, email, is_staff,
	is_active, date_joined) VALUES ('x', false, 'ada', '', '', 'ada@example.org', false, true, now())" \
	"INSERT INTO public.patchwork_delegationrule (path, priority, project_id, user_id)
	SELECT 's[a-r]c/*.c', 1, p.id, u.id FROM public.patchwork_project p, public.auth_user u" >>"$scratch/out"
is "$(cat "$scratch/out")" 1 'a project, two deliverers'

# A mail that is no more than it needs to be.
facts() { # MSGID [MORE]
	printf '{"facts": 1, "kind": "patch", "message_id": "<%s@example.org>", "references": [], "problems": [],
		"list_ids": [{"field": "List-Id", "id": "demo.example.org"}], "date": "2026-02-01T12:00:00Z",
		"author": {"name": "Ada", "email": "ada@example.org"}, "original_author": null,
		"subject": {"text": "[PATCH] x", "title": "x", "prefixes": [], "version": 1, "number": null,
		"total": null}, "headers": "From: Ada", "content": "x",
		"diff": "--- a/src/x.c", "hash": "00", "files": ["src/x.c"], "hints": {}, "depends_on": [],
		"sha256": "1",
		"authentication": {"verdict": "pass", "results": []}%s}' "$1" "${2:+, $2}"
}
rejected() { # REASON [MORE]
	printf '{"facts": 1, "rejected": "%s", "sha256": "1"%s}' "$1" "${2:+, $2}"
}
mailbox() { # ACCOUNT UID [UIDVALIDITY]
	printf '{"account": "%s", "mailbox": "INBOX", "uidvalidity": %s, "uid": %s}' "$1" "${3:-1}" "$2"
}

# No more ------------------------------------------------------------------------------------------------------------

# Everything that there is, tried: the statements, without those that PostgreSQL lets everybody do.
attempts() {
	psql -XqAt <<-'END'
		SELECT format(s.what, c.oid::regclass)
		  FROM pg_class c, (VALUES ('rv', 'SELECT FROM %s'), ('rv', 'SELECT FROM %s FOR UPDATE'),
		       ('r', 'DELETE FROM %s'),
		       ('r', 'INSERT INTO %s DEFAULT VALUES'), ('r', 'TRUNCATE %s'),
		       ('r', 'DO $$BEGIN LOCK TABLE %s IN SHARE MODE; END$$'),
		       ('r', 'COPY %s TO STDOUT'), ('r', 'ALTER TABLE %s ADD COLUMN evil integer'),
		       ('r', 'DROP TABLE %s CASCADE'),
		       ('r', 'CREATE INDEX ON %s ((1))'),
		       ('r', 'CREATE RULE evil AS ON INSERT TO %s DO INSTEAD NOTHING'),
		       ('r', 'CREATE TRIGGER evil AFTER INSERT ON %s '
		            'EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()'),
		       ('v', 'DROP VIEW %s CASCADE'),
		       ('S', $$SELECT nextval('%s')$$), ('S', $$SELECT setval('%s', 1)$$)) s (kind, what)
		 WHERE c.relnamespace IN ('public'::regnamespace, 'patchmail'::regnamespace)
			AND strpos(s.kind, c.relkind::text) > 0
		UNION ALL
		SELECT format('UPDATE %s SET %I = %2$I', a.attrelid::regclass, a.attname)
		  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		 WHERE c.relnamespace IN ('public'::regnamespace, 'patchmail'::regnamespace) AND c.relkind = 'r'
			AND a.attnum > 0
		   AND a.attidentity <> 'a'
		UNION ALL
		SELECT format('SELECT %s(%s) FROM (SELECT %s OFFSET 0) a', p.oid::regproc, a.names, a.nulls)
		  FROM pg_proc p, LATERAL (SELECT CASE WHEN p.provariadic <> 0 THEN 'VARIADIC ' ELSE '' END
		                                      || string_agg('a' || n, ', ') AS names,
		                                  string_agg(format('NULL::%s AS a%s', t::regtype, n), ', ') AS nulls
		                             FROM unnest(p.proargtypes) WITH ORDINALITY t (t, n)) a
		 WHERE p.pronamespace = 'patchmail'::regnamespace
			AND p.oid NOT IN (SELECT _patchmail.program_functions('deliverer'))
		UNION ALL
		SELECT format('CREATE TEMP TABLE evil (a %s)', t.oid::regtype)
		  FROM pg_type t WHERE t.typnamespace = 'patchmail'::regnamespace
		UNION ALL
		SELECT unnest('{"CREATE TABLE public.evil ()", "CREATE TABLE patchmail.evil ()", "CREATE SCHEMA evil",
		                "CREATE FUNCTION patchmail.evil() RETURNS text LANGUAGE sql AS ''SELECT 1''",
		                "SET ROLE site", "SET SESSION AUTHORIZATION site", "CREATE ROLE more",
		                "CREATE DATABASE more",
		                "ALTER SCHEMA patchmail RENAME TO evil", "SET session_replication_role = replica",
		                "COPY (SELECT 1) TO PROGRAM ''true''", "SELECT pg_read_file(''postgresql.conf'')",
		                "SELECT lo_import(''/etc/passwd'')"}'::text[])
		ORDER BY 1
	END
}
attempts | sed 's/$/;/' >"$scratch/attempts"
PGUSER=evil psql -XqAt -v VERBOSITY=sqlstate -f "$scratch/attempts" >"$scratch/out" 2>&1 || :
is "$(sed 's/.*: *//' "$scratch/out" | sort -u)" 42501 'whatever else a deliverer tries is denied'
ok 'that are many things' test "$(wc -l <"$scratch/attempts")" -gt 500
is "$(grep -c 42501 "$scratch/out")" "$(wc -l <"$scratch/attempts")" 'each of them'
is "$(as site "SELECT patchmail.excess_rights('evil')")" '' 'excess_rights() finds nothing that a deliverer may do more'

# Nothing of its own comes first --------------------------------------------------------------------------------------

# In a schema: a domain of each type's name, a view of each table's, a function and an operator for each that the
# functions of patchmaild name, also with arguments that fit them better.  All report it if anybody else runs them.
plant() { # SCHEMA
	cat <<-OBJECTS
		SET client_min_messages = error;
		SET search_path = pg_catalog, pg_temp;
		CREATE FUNCTION $1.spy(value anyelement) RETURNS boolean LANGUAGE plpgsql AS \$\$
		BEGIN
		    IF current_user <> 'evil' THEN RAISE EXCEPTION 'ran as %', current_user; END IF;
		    RETURN true;
		END \$\$;
		CREATE FUNCTION $1.spy() RETURNS boolean LANGUAGE sql AS 'SELECT $1.spy(1)';
		SELECT format('CREATE DOMAIN $1.%I AS pg_catalog.%1\$I CHECK ($1.spy(VALUE))', t.typname) FROM pg_type t
		 WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typtype = 'b' AND t.typcategory <> 'A'
		   AND t.typname !~ '^_|char\$' \gexec
		SELECT format('CREATE VIEW $1.%I AS SELECT 1 AS id WHERE $1.spy()', c.relname)
		  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		 WHERE c.relkind IN ('r', 'v') AND (n.nspname = 'patchmail' OR n.nspname = 'public' AND '$1' <> 'public'
		       OR c.relname IN ('pg_class', 'pg_proc', 'pg_namespace', 'pg_roles', 'pg_database',
		                        'pg_attribute', 'pg_type', 'pg_index', 'pg_locks')) \gexec
		SELECT DISTINCT format('CREATE FUNCTION $1.%I(%s) RETURNS %s LANGUAGE plpgsql
		                            AS \$f\$BEGIN PERFORM $1.spy(); RETURN %s; END\$f\$',
		                       p.proname, replace(pg_get_function_identity_arguments(p.oid), 'text', x.type),
		                       p.prorettype::regtype,
		                       CASE p.prorettype WHEN 'void'::regtype THEN '' ELSE 'NULL' END)
		  FROM pg_proc p, (VALUES ('text'), ('character varying')) x (type)
		 WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f' AND NOT p.proretset
		   AND pg_get_function_identity_arguments(p.oid) !~ 'internal|cstring|OUT |"char"|"any"|VARIADIC'
		   AND EXISTS (SELECT FROM pg_proc q WHERE q.pronamespace = 'patchmail'::regnamespace
		                                       AND q.prosrc ~ ('\m' || p.proname || '\('))
		\gexec
		SELECT format('CREATE FUNCTION $1.planted_%s(%s, %s) RETURNS %s LANGUAGE plpgsql
		                   AS \$f\$BEGIN PERFORM $1.spy(); RETURN NULL; END\$f\$;
		               CREATE OPERATOR $1.%s (LEFTARG = %2\$s, RIGHTARG = %3\$s,
		                                        FUNCTION = $1.planted_%1\$s)', o.oid,
		              l.type, r.type, o.oprresult::regtype, o.oprname)
		  FROM pg_operator o, LATERAL (VALUES (o.oprleft::regtype::text), ('character varying')) l (type),
		       LATERAL (VALUES (o.oprright::regtype::text), ('character varying')) r (type)
		 WHERE o.oprnamespace = 'pg_catalog'::regnamespace AND o.oprleft <> 0 AND o.oprresult <> 0
		   AND o.oprleft IN ('text'::regtype, 'jsonb'::regtype, 'timestamptz'::regtype, 'int4'::regtype,
		                     'bool'::regtype)
		   AND o.oprright IN ('text'::regtype, 'jsonb'::regtype, 'timestamptz'::regtype, 'int4'::regtype,
		                     'bool'::regtype)
		   AND (l.type <> 'character varying' OR o.oprleft = 'text'::regtype)
		   AND (r.type <> 'character varying' OR o.oprright = 'text'::regtype)
		\gexec
		RESET search_path;
	OBJECTS
}
calls() { # NUMBER: every function that a deliverer may call
	cat <<-END
		SELECT patchmail.schema_version();
		SELECT count(*) > 5 FROM patchmail.doctor('{"role": true, "hooks": ["h"], "lists": ["l"]}');
		SELECT patchmail.lock_account('$(mailbox evil 0)');
		SELECT patchmail.unlock_account('$(mailbox evil 0)');
		SELECT patchmail.open_mailbox('$(mailbox evil 0)');
		SELECT patchmail.expect_uids('$(mailbox evil "$1"1)', '{${1}1}');
		SELECT patchmail.new_uids('$(mailbox evil "$1"1)', '[${1}1, 999999]');
		SELECT patchmail.note_witness('$(mailbox evil "$1"1)', 'planted');
		SELECT patchmail.list_fault('{"list_id": "demo.example.org"}');
		SELECT patchmail.list_fault('{"list_id": "nobody.example.org"}');
		SELECT patchmail.defer_uid('$(mailbox evil "$1"1)', 'x');
		SELECT patchmail.forget_uid('$(mailbox evil "$1"1)');
		SELECT patchmail.store('$(facts "planted-$1")', 'x',
		                       '$(mailbox evil "$1"2 | sed 's/}/, "after": true}/')');
		SELECT patchmail.settle_uid('$(mailbox evil "$1"2)');
		SELECT patchmail.store('$(facts "reply-$1" "\"kind\": \"comment\",
			\"references\": [\"<planted-$1@example.org>\"]")', 'x', '{}');
		SELECT patchmail.store('$(facts "series-$1" '"subject": {"text": "x", "title": "x", "prefixes": ["1/2"],
			"version": 1,
			"number": 1, "total": 2}')', 'x', '{}');
		SELECT s FROM patchmail.store_many('[$(facts "many-$1")]', '[{}]') s;
		SELECT patchmail.explain('$(facts "planted-$1")', '{}');
		SELECT patchmail.project_names('$(facts "planted-$1")', '{}');
		SELECT patchmail.foresee('$(facts "planted-$1")', '{}');
		SELECT patchmail.projects_digest();
		SELECT patchmail.lock_archive('{"archive_name": "evil", "holder": "h"}');
		SELECT patchmail.move_mark('{"archive_name": "evil", "holder": "h", "place": "p", "mark": "$1"}');
		SELECT patchmail.archive_marks('evil');
		SELECT patchmail.unlock_archive('{"archive_name": "evil", "holder": "h"}');
		SELECT patchmail.overdue('$(facts "planted-$1")', 'x', '{}', 60);
		SELECT patchmail.facts_fault('$(facts "planted-$1" '"kind": "poem"')');
		SELECT id FROM patchmail.next_marked(0, 1000);
		BEGIN;
		SELECT patchmail.store('$(rejected planted '"sha256": null')', 'x', '{}');
		SELECT patchmail.quarantine_append(max(id), 'y') FROM (SELECT substring(patchmail.store(
			'$(rejected planted '"sha256": null')', 'x', '{}')::pg_catalog.text
			FROM '(\d+)\)\$')::pg_catalog.int8) q (id);
		ROLLBACK;
	END
}
calls 3 >"$scratch/calls"
is "$(as site "SELECT p.proname FROM _patchmail.program_functions('deliverer') f JOIN pg_proc p ON p.oid = f" |
	while read -r name; do grep -q "patchmail.$name(" "$scratch/calls" || echo "$name"; done)" '' \
	'every function is called here'
PGUSER=evil psql -XqAt -v ON_ERROR_STOP=1 -f "$scratch/calls" >"$scratch/plain" 2>&1 || :
is "$(grep -c . "$scratch/plain")" 24 'every function of a deliverer works'

{
	plant pg_temp
	calls 1
} >"$scratch/input"
PGUSER=evil psql -XqAt -f "$scratch/input" >"$scratch/planted" 2>&1 || :
is "$(grep -E 'ERROR|ran as' "$scratch/planted")" '' 'no temporary object of the caller is used by any of them'
is "$(grep -c . "$scratch/planted")" 24 'every function does the same beside temporary objects of the caller'

# The attack as it was made.
as evil >"$scratch/out" <<'END'
CREATE FUNCTION pg_temp.evil(v pg_catalog.text) RETURNS pg_catalog.bool LANGUAGE plpgsql AS $$BEGIN
    IF current_user <> session_user THEN EXECUTE 'GRANT site TO evil; CREATE TABLE public.taken ()'; END IF;
    RETURN true;
END$$;
CREATE DOMAIN pg_temp.text AS pg_catalog.text CHECK (pg_temp.evil(VALUE));
SELECT patchmail.store('{"facts": 1, "rejected": "x", "sha256": "e"}', 'r', '{}');
END
like "$(cat "$scratch/out")" '^\(quarantined,x,[0-9]+\)$' 'a domain called text is nothing to it'
is "$(as site "SELECT to_regclass('public.taken')")" '' 'it did not run as the owner'

# In databases from before PostgreSQL 15 everybody may make things in schema public.
psql -Xq -c 'GRANT CREATE ON SCHEMA public TO evil'
{
	plant public
	calls 2
} >"$scratch/input"
PGUSER=evil psql -XqAt -f "$scratch/input" >"$scratch/planted" 2>&1 || :
is "$(grep -E 'ERROR|ran as' "$scratch/planted")" '' 'no object of schema public is used by any of them'
is "$(grep -c . "$scratch/planted")" 24 'every function does the same beside objects in schema public'
ok 'there are such objects' test "$(as postgres "SELECT count(*) FROM pg_type, pg_proc
	WHERE typnamespace = 'public'::regnamespace AND pronamespace = typnamespace")" -gt 5000
# By somebody who may name patchmaild's types, and it is an admin who calls.
psql -Xq -c "CREATE FUNCTION public.enum_ge(patchmail.verdict, patchmail.verdict) RETURNS boolean LANGUAGE sql
	AS 'SELECT public.spy()'"
for call in "add_project('another', 'Another', 'another.example.org', 'another@example.org')" \
	"set_policy('demo', supersede => true, relate => true)" "allowed('demo', 'pass')" \
	"patch_json(1, 'https://example.org')" \
	'quarantine_raw(1)' 'write_series_references()' 'expire()' "excess_rights('other')" \
	"remove_deliverer('other')" \
	"add_deliverer('other')" "explain('$(facts planted-0)', '{}')"; do
	is "$(as site "SELECT FROM patchmail.$call" | tr -d '\n')" '' "nor by the admin's ${call%%(*}()"
done
for view in $(as postgres "SELECT c.relname FROM pg_class c
	WHERE c.relnamespace = 'patchmail'::regnamespace AND c.relkind = 'v'"); do
	is "$(as site "SELECT FROM patchmail.$view" | tr -d '\n')" '' "no temporary object is used by the view $view"
done
is "$(PGUSER=site psql -Xq -v ON_ERROR_STOP=1 -f "$top_srcdir/sql/install.sql" 2>&1 | grep -E 'ERROR|ran as')" '' \
	'no temporary object is used by an installation'
like "$(as site "SELECT patchmail.add_deliverer('evil')")" 'CREATE on schema public' 'a role that may do so is told of'
as postgres 'DROP OWNED BY evil CASCADE' 'DROP FUNCTION public.enum_ge' >/dev/null
as site "SELECT patchmail.add_deliverer('evil')" >/dev/null

# Its settings --------------------------------------------------------------------------------------------------------

delegate() { # MSGID
	as site "SELECT u.username FROM public.patchwork_patch p LEFT JOIN public.auth_user u ON u.id = p.delegate_id
		WHERE p.msgid = '<$1@example.org>'"
}
# What anybody may set that could change what a statement means; each with the mail that shows it.
number=0
for setting in 'standard_conforming_strings = off' 'search_path = public' 'transform_null_equals = on' \
	'array_nulls = off' \
	'quote_all_identifiers = on' "DateStyle = 'SQL, DMY'" "IntervalStyle = 'sql_standard'" \
	"TimeZone = 'Pacific/Kiritimati'" \
	"bytea_output = 'escape'" 'enable_indexscan = off' "lc_numeric = 'C'" 'extra_float_digits = -15' \
	'xmloption = document' \
	'row_security = off' "default_text_search_config = 'simple'"; do
	number=$((number + 1))
	as evil "SET $setting" "SELECT patchmail.store('$(facts "setting-$number")', 'x', '{}')" >"$scratch/out"
	is "$(cat "$scratch/out") $(delegate "setting-$number")" '(stored,,) ada' \
		"a mail is stored as ever with $setting"
done
is "$(as site "SELECT DISTINCT date, name, hash FROM public.patchwork_patch WHERE msgid LIKE '<setting%'" | wc -l)" 1 \
	'with every setting the same rows are stored'

for level in 'repeatable read' serializable; do
	is "$(as evil "SET default_transaction_isolation = '$level'" \
		"SELECT patchmail.store('$(facts isolated)', 'x', '{}')")" \
		"ERROR:  the transaction isolation is $level, mail is stored under read committed alone" \
		"$level is refused"
done
is "$(as evil "SET default_transaction_isolation = 'read uncommitted'" \
		"SELECT patchmail.store('$(facts isolated)', 'x', '{}')")" \
	'(stored,,)' 'what is the same as read committed is not'

# What is in quarantine -----------------------------------------------------------------------------------------------

quarantined() { # ROLE FACTS BYTES: the id
	as "$1" "SELECT quarantine_id FROM patchmail.store('$2', '$3', '{}')"
}
raw_of() { # ID
	as site "SELECT convert_from(patchmail.quarantine_raw($1), 'UTF8') || ' ' || size FROM patchmail.quarantine
		WHERE id = $1"
}
denied() { # ID
	printf 'ERROR:  mail %s was not put into quarantine by this transaction, so it gets no further piece' "$1"
}
one=$(quarantined other "$(rejected one)" bytes)
two=$(quarantined evil "$(rejected two '"sha256": null')" bytes)
for id in "$one" "$two" 999999; do
	is "$(as evil "SELECT patchmail.quarantine_append($id, 'x')")" "$(denied "$id")" \
		"mail $id gets no piece of a stranger"
done
is "$(as evil BEGIN "SELECT quarantine_id FROM patchmail.store('$(rejected again)', 'bytes', '{}')" \
	"SELECT patchmail.quarantine_append($one, 'x')" COMMIT)" "$one
$(denied "$one")" 'a mail that is given once more first gets no piece of a stranger'
is "$(as evil BEGIN "SELECT outcome FROM patchmail.store('$(rejected own '"sha256": null')', 'x', '{}')" \
	"SELECT patchmail.quarantine_append($one, 'x')" COMMIT)" "quarantined
$(denied "$one")" 'a mail gets no piece in a transaction that has one of its own'
is "$(quarantined evil "$(rejected forged "\"sha256\": \"$(printf bytes | sha256sum | cut -c -64)\"")" other)" \
	"$((one + 4))" \
	'facts with the checksum of another mail are another mail'
is "$(raw_of "$one"), $(raw_of "$two")" 'bytes 5, bytes 5' 'both mails are in quarantine as they came'
as evil >"$scratch/out" <<END
BEGIN;
SELECT quarantine_id AS id FROM patchmail.store('$(rejected large '"sha256": null')', 'one', '{}') \\gset
SELECT patchmail.quarantine_append(:id, 'two'), patchmail.quarantine_append(:id, 'three');
COMMIT;
\\echo :id
END
is "$(raw_of "$(grep -x '[0-9]*' "$scratch/out")")" 'onetwothree 11' 'a mail in pieces gets them all'

# The mailboxes of others ---------------------------------------------------------------------------------------------

cursor_of() { # ACCOUNT
	as site "SELECT concat_ws(' ', last_uid, deferred, unsettled, uidvalidity, deliverer)
		FROM patchmail.imap WHERE account = '$1'"
}
as other "SELECT patchmail.open_mailbox('$(mailbox lists 0)')" \
	"SELECT patchmail.store('$(facts lists-1)', 'x', '$(mailbox lists 1 | sed 's/}/, "after": true}/')')" \
	"SELECT patchmail.defer_uid('$(mailbox lists 2)', 'x')" >/dev/null
is "$(cursor_of lists)" '2 1 1 1 other' 'a mailbox belongs to the deliverer who opened it'
foreign='ERROR:  the mailbox INBOX of lists belongs to role other, not to evil'
for call in "open_mailbox('$(mailbox lists 0)')" "open_mailbox('$(mailbox lists 0 2)')" \
	"defer_uid('$(mailbox lists 4294967295)', 'x')" \
	"store('$(facts lists-2)', 'x', '$(mailbox lists 4294967295)')"; do
	is "$(as evil "SELECT patchmail.$call")" "$foreign" "another deliverer's ${call%%(*}() does not move its cursor"
done
is "$(as evil "SELECT patchmail.forget_uid('$(mailbox lists 2)'), patchmail.settle_uid('$(mailbox lists 1)')")" 'f|f' \
	'what is deferred, and what is to be done with mail, stays'
is "$(cursor_of lists)" '2 1 1 1 other' 'so it stands as before'
is "$(as other "SELECT patchmail.forget_uid('$(mailbox lists 2)'), patchmail.settle_uid('$(mailbox lists 1)')")" 't|t' \
	'its own deliverer does both'
as site "SELECT patchmail.open_mailbox('$(mailbox shared 0)')" "SELECT patchmail.open_mailbox('$(mailbox lists 0)')" \
	>/dev/null
is "$(cursor_of shared), $(cursor_of lists)" '0 0 0 1, 2 0 0 1 other' 'the owner may open any, and keeps none'
as evil "SELECT patchmail.open_mailbox('$(mailbox shared 0)')" >/dev/null
is "$(cursor_of shared)" '0 0 0 1 evil' 'the next deliverer has it'
as site "SELECT patchmail.remove_deliverer('other')" >/dev/null
as evil "SELECT patchmail.open_mailbox('$(mailbox lists 0)')" >/dev/null
is "$(cursor_of lists)" '2 0 0 1 evil' 'a mailbox of a deliverer who was removed is free'
is "$(as other "SELECT patchmail.store('$(facts gone)', 'x', '{}')")" \
	'ERROR:  permission denied for schema patchmail at character 8' \
	'who delivers no more'
as postgres 'REASSIGN OWNED BY evil TO site; DROP OWNED BY evil; DROP ROLE evil' >/dev/null
as site "SELECT patchmail.add_deliverer('other')" >/dev/null
as other "SELECT patchmail.open_mailbox('$(mailbox lists 0)')" >/dev/null
is "$(cursor_of lists)" '2 0 0 1 other' 'so is that of a role that is gone'

# By the program ------------------------------------------------------------------------------------------------------

printf '%s\n' 'From: Ada <ada@example.org>' 'List-Id: <demo.example.org>' 'Message-ID: <program@example.org>' \
	'Subject: [PATCH] x' '' '--- a/x' '+++ b/x' '@@ -1 +1 @@' '-a' '+b' >"$scratch/mail"
for level in 'repeatable read' serializable; do
	sed "s/program@/program-${level%% *}@/" "$scratch/mail" >"$scratch/mail.isolated"
	status=0
	PGUSER=other PGOPTIONS="-c default_transaction_isolation=$(echo "$level" | sed 's/ /\\ /')" "$PATCHMAILD" \
		deliver \
		<"$scratch/mail.isolated" >"$scratch/out" 2>&1 || status=$?
	is "$status $(cat "$scratch/out")" '0 ' "with the database set to $level, the program says what it wants"
done

done_testing
