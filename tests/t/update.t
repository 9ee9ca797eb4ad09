#!/bin/sh
# The functions that do what Patchwork's pages and its REST API do: the events and checks that Patchwork itself wrote
# are taken back in a copy of its database, the same is done once more by our functions, and the rows have to be the
# same.
# And none of them acts while mail of the project is being stored.
set -eu
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/t/lib.sh
. "$top_srcdir/tests/t/lib.sh"
real=$top_srcdir/../shared/conformance/rest

# A database of the schema, with the rows from stdin.
load() { # DATABASE
	createdb "$1"
	psql -Xq -d "$1" -f "$top_srcdir/sql/install.sql" >/dev/null
	psql -Xq -1 -v ON_ERROR_STOP=1 -d "$1" -o /dev/null
}

# Each event that somebody made, and what is made of it if the same is done by our functions.
cat >"$scratch/again.sql" <<'SQL'
SET client_min_messages = warning;
-- Everybody who was a delegate maintains the project: whether he may be one was asked when he was made so.
INSERT INTO public.patchwork_userprofile (send_email, items_per_page, show_ids, user_id)
SELECT false, 100, false, u.id FROM public.auth_user u ON CONFLICT DO NOTHING;
INSERT INTO public.patchwork_userprofile_maintainer_projects (userprofile_id, project_id)
SELECT f.id, p.id FROM public.patchwork_userprofile f, public.patchwork_project p ON CONFLICT DO NOTHING;

-- What an event says, but for what is another one's in any case.
CREATE FUNCTION pg_temp.shown(event public.patchwork_event) RETURNS jsonb LANGUAGE sql AS $$
    SELECT to_jsonb(event) - '{id,date,created_check_id}'::text[]
           || jsonb_build_object('check', (SELECT to_jsonb(c) - '{id,date}'::text[] FROM public.patchwork_check c
                                            WHERE c.id = event.created_check_id));
$$;
CREATE TEMP TABLE last AS SELECT max(e.id) AS id FROM public.patchwork_event e;
CREATE FUNCTION pg_temp.done_again(event public.patchwork_event) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    actor text := (SELECT u.username FROM public.auth_user u WHERE u.id = event.actor_id);
    given public.patchwork_check := (SELECT c FROM public.patchwork_check c WHERE c.id = event.created_check_id);
    news  jsonb;
    others integer[];
BEGIN
    CASE event.category
        WHEN 'patch-state-changed' THEN
            UPDATE public.patchwork_patch p SET state_id = event.previous_state_id WHERE p.id = event.patch_id;
            PERFORM patchmail.patch_update(event.patch_id, (
                SELECT jsonb_build_object('state', s.slug) FROM public.patchwork_state s
                 WHERE s.id = event.current_state_id), actor);
        WHEN 'patch-delegated' THEN
            UPDATE public.patchwork_patch p SET delegate_id = event.previous_delegate_id WHERE p.id = event.patch_id;
            PERFORM patchmail.patch_update(event.patch_id, jsonb_build_object('delegate', (
                SELECT u.username FROM public.auth_user u WHERE u.id = event.current_delegate_id)), actor);
        WHEN 'patch-relation-changed' THEN
            others := ARRAY(SELECT o.id FROM public.patchwork_patch p
                              JOIN public.patchwork_patch o ON o.related_id = p.related_id AND o.id <> p.id
                             WHERE p.id = event.patch_id);
            UPDATE public.patchwork_patch p SET related_id = NULL WHERE p.id = event.patch_id;
            PERFORM patchmail.patch_update(event.patch_id, jsonb_build_object('related', others), actor);
        WHEN 'check-created' THEN
            PERFORM patchmail.check_create(event.patch_id, jsonb_build_object(
                'state', ('{pending,success,warning,fail}'::text[])[given.state + 1], 'target_url', given.target_url,
                'context', given.context, 'description', given.description), actor);
    END CASE;
    news := (SELECT coalesce(jsonb_agg(pg_temp.shown(e)), '[]') FROM public.patchwork_event e
              WHERE e.id > (SELECT l.id FROM last l));
    RAISE EXCEPTION '%', news USING ERRCODE = 'PT000';
EXCEPTION WHEN SQLSTATE 'PT000' THEN
    RETURN SQLERRM::jsonb;
END
$$;
SELECT setval('public.patchwork_event_id_seq', (SELECT max(e.id) FROM public.patchwork_event e)) AS done \gset
SELECT setval('public.patchwork_check_id_seq', (SELECT max(c.id) FROM public.patchwork_check c)) AS done \gset
CREATE TEMP TABLE compared AS
SELECT e.category, jsonb_build_array(pg_temp.shown(e)) AS theirs, pg_temp.done_again(e) AS ours
  FROM public.patchwork_event e WHERE e.actor_id IS NOT NULL;
SELECT c.category, count(*), count(*) FILTER (WHERE c.ours = c.theirs) AS equal,
       (array_agg(concat(c.theirs, ' ', c.ours)) FILTER (WHERE c.ours IS DISTINCT FROM c.theirs))[1]
  FROM compared c GROUP BY c.category ORDER BY c.category;
SQL

# Compares what is done again with what was there.
the_same_is_done() { # DATABASE CATEGORIES
	psql -XqAt -v ON_ERROR_STOP=1 -d "$1" -f "$scratch/again.sql" >"$scratch/result"
	is "$(cut -d '|' -f 1 "$scratch/result" | xargs)" "$2" "$1: there are events of these kinds that somebody made"
	while IFS='|' read -r category count equal different; do
		is "$equal ${different:-}" "$count " "$1: $category: what our functions write is what Patchwork wrote"
	done <"$scratch/result"
}

start_postgres
{
	cat "$top_srcdir/tests/rest/database.sql"
	cat <<-'SQL'
	SELECT setval('public.patchwork_event_id_seq', (SELECT max(e.id) FROM public.patchwork_event e));
	INSERT INTO public.patchwork_event (category, date, project_id, actor_id, patch_id, previous_state_id,
	                                    current_state_id, current_delegate_id, created_check_id)
	SELECT e.category, '2026-04-03 00:00Z', p.project_id, 1, p.id, e.former, e.state, e.delegate, NULL
	  FROM public.patchwork_patch p,
	       (VALUES ('patch-state-changed', 1, 3, NULL), ('patch-delegated', NULL, NULL, 1),
	       ('patch-relation-changed', NULL, NULL, NULL)) e (category, former, state, delegate)
	 WHERE p.id = 1
	 UNION ALL
	SELECT 'check-created', c.date, p.project_id, c.user_id, p.id, NULL, NULL, NULL, c.id
	  FROM public.patchwork_check c JOIN public.patchwork_patch p ON p.id = c.patch_id;
	SQL
} | load ours
the_same_is_done ours 'check-created patch-delegated patch-relation-changed patch-state-changed'
if have_real 'the events that Patchwork itself wrote' "$real/database.sql.xz"; then
	# The rows of Patchwork's database take the place of those that every installation begins with.
	(
		echo 'SET client_min_messages = warning; TRUNCATE public.patchwork_state, public.patchwork_tag CASCADE;'
		xz -dc "$real/database.sql.xz"
	) | load real
	the_same_is_done real 'check-created patch-delegated patch-relation-changed patch-state-changed'
fi

# While mail of the project is being stored, none of them acts.
createdb waiting
psql -Xq -d waiting -f "$top_srcdir/sql/install.sql" >/dev/null
psql -Xq -1 -v ON_ERROR_STOP=1 -d waiting -o /dev/null -f "$top_srcdir/tests/rest/database.sql"
psql -Xq -d waiting -o /dev/null -c "SELECT setval('public.patchwork_check_id_seq', 1000)" \
	-c "SELECT setval('public.patchwork_event_id_seq', 1000)" -c "
	INSERT INTO public.patchwork_patchcomment (id, msgid, date, headers, patch_id, submitter_id)
	VALUES (1000, '<1000@example.org>', now(), '', 1, 1)"
mkfifo "$scratch/storing"
psql -XqAt -d waiting <"$scratch/storing" >"$scratch/stored" 2>&1 &
storing=$!
exec 9>"$scratch/storing"
echo "BEGIN; SELECT 'locked' FROM (SELECT pg_advisory_xact_lock(hashtext('patchmail.project'), p.id)
	FROM public.patchwork_project p) l;" >&9
while ! grep -q locked "$scratch/stored"; do sleep 0.1; done
cat >"$scratch/calls" <<'SQL'
patch_update(1, '{"archived": false}')
patch_update(1, '{"related": []}')
patches_update('{1,2}', '{"state": "rfc"}')
comment_update('patch', 1000, '{"addressed": true}')
check_create(1, '{"state": "fail"}', 'ci')
series_check(1, '{"state": "fail"}', 'ci')
project_update('boats', '{"web_url": "https://example.org/"}')
SQL
act() { # CALL
	PGOPTIONS='-c lock_timeout=300ms' psql -XqAt -d waiting -v SHOW_CONTEXT=never \
		-c "BEGIN; SELECT count(*) > 0 FROM patchmail.$1; ROLLBACK" 2>&1
}
while IFS= read -r call; do
	is "$(act "$call")" 'ERROR:  canceling statement due to lock timeout' "it waits for mail being stored: $call"
done <"$scratch/calls"
echo 'COMMIT;' >&9
exec 9>&-
wait "$storing"
while IFS= read -r call; do
	is "$(act "$call")" t "it acts when no mail is being stored: $call"
done <"$scratch/calls"
done_testing
