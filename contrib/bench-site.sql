-- Makes of a database with many messages one that a site has used for years:  psql -f contrib/bench-site.sql
--
-- Takes    what contrib/bench-multiply.sql left.
-- Gives    ten projects, in each a part of the threads; twenty users; the older a patch, the likelier it is decided and
--          archived; delegates; arrivals as the dates have it, up to now; two checks for each patch of the last tenth,
--          and the events of all that.
\set ON_ERROR_STOP on
\set QUIET on

BEGIN;
SET LOCAL session_replication_role = replica;

INSERT INTO public.auth_user (password, is_superuser, username, first_name, last_name, email, is_staff, is_active,
                              date_joined)
SELECT '!', false, 'user' || n, '', '', format('user%s@example.org', n), false, true, now()
  FROM generate_series(1, 20) n;
SELECT count(patchmail.add_project('list' || n, 'List ' || n, format('list%s.example.org', n),
                                   format('list%s@example.org', n))) AS projects
  FROM generate_series(2, 10) n \gset

-- A thread goes to a project with all that is of it.  project(thread) is the same for each row of a thread.
CREATE FUNCTION pg_temp.project(thread bigint) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT 1 + abs(hashint8(thread)) % 10;
$$;
CREATE TEMP TABLE place ON COMMIT DROP AS
SELECT m.id, pg_temp.project(m.thread) AS project_id, m.patch_id, m.cover_id, m.series_id FROM patchmail.message m;
CREATE INDEX ON place (patch_id);
CREATE INDEX ON place (cover_id);
CREATE INDEX ON place (series_id);
CREATE INDEX ON place (id);
ANALYZE place;
UPDATE patchmail.reference r SET project_id = x.project_id FROM place x WHERE x.id = r.message_id;
UPDATE patchmail.message m
   SET project_id = pg_temp.project(m.thread), arrived = now() - (n.newest - m.date)
  FROM (SELECT max(o.date) AS newest FROM patchmail.message o) n;
UPDATE public.patchwork_cover c SET project_id = x.project_id FROM place x WHERE x.cover_id = c.id;
UPDATE public.patchwork_series s SET project_id = x.project_id
  FROM (SELECT DISTINCT series_id, project_id FROM place) x WHERE x.series_id = s.id;

-- age is 0 for the newest patch and 1 for the oldest; chance is anything from 0 to 1, and the same in every run.
WITH history AS (
    SELECT p.id, 1 - percent_rank() OVER (ORDER BY p.date) AS age, abs(hashint4(p.id)) / 2147483648.0 AS chance
      FROM public.patchwork_patch p
)
UPDATE public.patchwork_patch p
   SET project_id = x.project_id,
       state_id = CASE WHEN h.age < 0.02 OR h.chance > 0.97 THEN 1 ELSE 2 + (h.chance * 1000)::integer % 9 END,
       archived = h.age > 0.3 AND h.chance < 0.8,
       delegate_id = CASE WHEN h.chance < 0.5
                          THEN (SELECT u.id FROM public.auth_user u WHERE u.username = 'user' || 1 + p.id % 20) END
  FROM place x, history h WHERE x.patch_id = p.id AND h.id = p.id;

INSERT INTO public.patchwork_check (date, state, target_url, description, context, patch_id, user_id)
SELECT p.date + interval '10 minutes', (p.id + n) % 4, 'https://ci.example.org/' || p.id, 'built', 'check' || n, p.id,
       (SELECT min(u.id) FROM public.auth_user u)
  FROM (SELECT q.id, q.date FROM public.patchwork_patch q ORDER BY q.date DESC
         LIMIT (SELECT count(*) / 10 FROM public.patchwork_patch)) p, generate_series(1, 2) n;

UPDATE public.patchwork_event e SET project_id = x.project_id, date = m.date
  FROM place x JOIN patchmail.message m ON m.id = x.id WHERE x.patch_id = e.patch_id;
UPDATE public.patchwork_event e SET project_id = x.project_id, date = m.date
  FROM place x JOIN patchmail.message m ON m.id = x.id WHERE x.cover_id = e.cover_id;
UPDATE public.patchwork_event e SET project_id = s.project_id, date = s.date
  FROM public.patchwork_series s WHERE s.id = e.series_id AND e.patch_id IS NULL;
INSERT INTO public.patchwork_event (category, date, project_id, patch_id, previous_state_id, current_state_id)
SELECT 'patch-state-changed', p.date + interval '1 day', p.project_id, p.id, 1, p.state_id
  FROM public.patchwork_patch p WHERE p.state_id <> 1;
INSERT INTO public.patchwork_event (category, date, project_id, patch_id, created_check_id, actor_id)
SELECT 'check-created', c.date, p.project_id, p.id, c.id, c.user_id
  FROM public.patchwork_check c JOIN public.patchwork_patch p ON p.id = c.patch_id;
COMMIT;
VACUUM ANALYZE;
CHECKPOINT;
