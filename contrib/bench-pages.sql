-- The queries that the users of a Patchwork site wait for, as Django writes them, and what an admin asks: contrib/bench
-- sql times each.  A page is "-- page: " and its name, and one statement.  $project, $state and the like are filled in
-- by contrib/bench-sql.sh with what the database has.

-- page: web: the open patches of a project, newest first
SELECT coalesce((SELECT count FROM public.patchwork_patchtag t WHERE t.patch_id = p.id AND t.tag_id = 1), 0) AS tag_1,
       coalesce((SELECT count FROM public.patchwork_patchtag t WHERE t.patch_id = p.id AND t.tag_id = 2), 0) AS tag_2,
       coalesce((SELECT count FROM public.patchwork_patchtag t WHERE t.patch_id = p.id AND t.tag_id = 3), 0) AS tag_3,
       p.id, p.msgid, p.date, p.submitter_id, p.project_id, p.name, p.delegate_id, p.state_id, p.series_id,
       a.id, a.email, a.name, u.id, u.username, s.id, s.name, s.date
  FROM public.patchwork_patch p
  JOIN public.patchwork_person a ON p.submitter_id = a.id
  LEFT JOIN public.auth_user u ON p.delegate_id = u.id
  LEFT JOIN public.patchwork_series s ON p.series_id = s.id
 WHERE p.project_id = :project AND p.state_id IN (SELECT x.id FROM public.patchwork_state x WHERE x.action_required)
   AND NOT p.archived
 ORDER BY p.date DESC LIMIT 100;

-- page: web: how many those are
SELECT count(*) AS "__count" FROM public.patchwork_patch p
 WHERE p.project_id = :project AND p.state_id IN (SELECT x.id FROM public.patchwork_state x WHERE x.action_required)
   AND NOT p.archived;

-- page: web: all patches of a project, state=*&archive=both
SELECT coalesce((SELECT count FROM public.patchwork_patchtag t WHERE t.patch_id = p.id AND t.tag_id = 1), 0) AS tag_1,
       coalesce((SELECT count FROM public.patchwork_patchtag t WHERE t.patch_id = p.id AND t.tag_id = 2), 0) AS tag_2,
       coalesce((SELECT count FROM public.patchwork_patchtag t WHERE t.patch_id = p.id AND t.tag_id = 3), 0) AS tag_3,
       p.id, p.msgid, p.date, p.submitter_id, p.project_id, p.name, p.delegate_id, p.state_id, p.series_id,
       a.id, a.email, a.name, u.id, u.username, s.id, s.name, s.date
  FROM public.patchwork_patch p
  JOIN public.patchwork_person a ON p.submitter_id = a.id
  LEFT JOIN public.auth_user u ON p.delegate_id = u.id
  LEFT JOIN public.patchwork_series s ON p.series_id = s.id
 WHERE p.project_id = :project
 ORDER BY p.date DESC LIMIT 100;

-- page: web: how many those are, state=*&archive=both
SELECT count(*) AS "__count" FROM public.patchwork_patch p WHERE p.project_id = :project;

-- page: web: the archived patches of a project in any state, state=*&archive=true
SELECT p.id, p.msgid, p.date, p.submitter_id, p.project_id, p.name, p.delegate_id, p.state_id, p.series_id,
       a.id, a.email, a.name, u.id, u.username
  FROM public.patchwork_patch p
  JOIN public.patchwork_person a ON p.submitter_id = a.id
  LEFT JOIN public.auth_user u ON p.delegate_id = u.id
 WHERE p.project_id = :project AND p.archived
 ORDER BY p.date DESC LIMIT 100;

-- page: web: the tenth page of them
SELECT p.id, p.msgid, p.date, p.submitter_id, p.project_id, p.name, p.delegate_id, p.state_id, p.series_id,
       a.id, a.email, a.name, u.id, u.username
  FROM public.patchwork_patch p
  JOIN public.patchwork_person a ON p.submitter_id = a.id
  LEFT JOIN public.auth_user u ON p.delegate_id = u.id
 WHERE p.project_id = :project AND p.archived
 ORDER BY p.date DESC LIMIT 100 OFFSET 900;

-- page: web: the patches of a project in one state
SELECT p.id, p.msgid, p.date, p.name, a.name FROM public.patchwork_patch p
  JOIN public.patchwork_person a ON p.submitter_id = a.id
 WHERE p.project_id = :project AND p.state_id = :state AND NOT p.archived
 ORDER BY p.date DESC LIMIT 100;

-- page: web: the patches of a project by one submitter
SELECT p.id, p.msgid, p.date, p.name, a.name FROM public.patchwork_patch p
  JOIN public.patchwork_person a ON p.submitter_id = a.id
 WHERE p.project_id = :project AND p.submitter_id = :person
 ORDER BY p.date DESC LIMIT 100;

-- page: web: what a maintainer has to do, over all projects
SELECT p.id, p.msgid, p.date, p.name, p.project_id FROM public.patchwork_patch p
 WHERE p.delegate_id = :delegate AND NOT p.archived
   AND p.state_id IN (SELECT x.id FROM public.patchwork_state x WHERE x.action_required)
 ORDER BY p.date DESC LIMIT 100;

-- page: web: a patch by its Message-ID
SELECT p.* FROM public.patchwork_patch p WHERE p.project_id = :project AND p.msgid = :'msgid' LIMIT 21;

-- page: web: the comments of a patch
SELECT c.id, c.msgid, c.date, c.content, c.addressed, a.name, a.email
  FROM public.patchwork_patchcomment c JOIN public.patchwork_person a ON a.id = c.submitter_id
 WHERE c.patch_id = :patch ORDER BY c.date;

-- page: web: the checks of a page of patches
SELECT c.* FROM public.patchwork_check c
 WHERE c.patch_id IN (SELECT p.id FROM public.patchwork_patch p WHERE p.project_id = :project
                       ORDER BY p.date DESC LIMIT 100);

-- page: api: patches of a project, order=-id
SELECT p.id, p.msgid, p.date, p.name, p.state_id, p.archived, p.series_id FROM public.patchwork_patch p
  JOIN public.patchwork_person a ON p.submitter_id = a.id
 WHERE p.project_id = :project ORDER BY p.id DESC LIMIT 100;

-- page: api: patches in one state that are not archived, of any project
SELECT p.id, p.msgid, p.date, p.name FROM public.patchwork_patch p
 WHERE NOT p.archived AND p.state_id IN (:state) ORDER BY p.id LIMIT 30;

-- page: api: how many those are
SELECT count(*) AS "__count" FROM public.patchwork_patch p WHERE NOT p.archived AND p.state_id IN (:state);

-- page: api: patches of a project since a date
SELECT p.id, p.msgid, p.date, p.name FROM public.patchwork_patch p
 WHERE p.project_id = :project AND p.date >= :'since' ORDER BY p.id LIMIT 30;

-- page: api: patches by hash
SELECT p.id, p.msgid, p.date, p.name FROM public.patchwork_patch p WHERE p.hash = :'hash' ORDER BY p.id LIMIT 30;

-- page: api: patches by Message-ID, of any project
SELECT p.id, p.msgid, p.date, p.name FROM public.patchwork_patch p WHERE p.msgid = :'msgid' ORDER BY p.id LIMIT 30;

-- page: api: a text in the names of a project's patches, q=
SELECT p.id, p.msgid, p.date, p.name FROM public.patchwork_patch p
 WHERE p.project_id = :project AND upper(p.name::text) LIKE upper('%local time%') ORDER BY p.id LIMIT 30;

-- page: api: series of a project, newest first
SELECT s.id, s.name, s.date, s.version, s.total FROM public.patchwork_series s
 WHERE s.project_id = :project ORDER BY s.date DESC LIMIT 30;

-- page: api: series of a project since a date
SELECT s.id, s.name, s.date, s.version, s.total FROM public.patchwork_series s
 WHERE s.project_id = :project AND s.date >= :'since' ORDER BY s.id LIMIT 30;

-- page: api: how many series a project has
SELECT count(*) AS "__count" FROM public.patchwork_series s WHERE s.project_id = :project;

-- page: api: the patches of a page of series
SELECT p.id, p.msgid, p.name, p.series_id FROM public.patchwork_patch p
 WHERE p.series_id IN (SELECT s.id FROM public.patchwork_series s WHERE s.project_id = :project
                        ORDER BY s.id DESC LIMIT 30)
 ORDER BY p.number;

-- page: api: cover letters of a project, newest first
SELECT c.id, c.msgid, c.date, c.name FROM public.patchwork_cover c
 WHERE c.project_id = :project ORDER BY c.date DESC LIMIT 30;

-- page: api: events of a project since a date (what a CI polls)
SELECT e.* FROM public.patchwork_event e
 WHERE e.project_id = :project AND e.date >= :'since' ORDER BY e.date DESC LIMIT 100;

-- page: api: how many those are
SELECT count(*) AS "__count" FROM public.patchwork_event e WHERE e.project_id = :project AND e.date >= :'since';

-- page: api: events of one category of a project since a date (what a CI polls)
SELECT e.* FROM public.patchwork_event e
 WHERE e.project_id = :project AND e.category = 'series-completed' AND e.date >= :'since'
 ORDER BY e.date DESC LIMIT 100;

-- page: api: the newest events of a project
SELECT e.* FROM public.patchwork_event e WHERE e.project_id = :project ORDER BY e.date DESC LIMIT 30;

-- page: api: the newest events of one category of a project
SELECT e.* FROM public.patchwork_event e
 WHERE e.project_id = :project AND e.category = 'cover-created' ORDER BY e.date DESC LIMIT 30;

-- page: api: how many events a project has
SELECT count(*) AS "__count" FROM public.patchwork_event e WHERE e.project_id = :project;

-- page: api: the events of a patch
SELECT e.* FROM public.patchwork_event e WHERE e.patch_id = :patch ORDER BY e.date DESC LIMIT 30;

-- page: api: people by name or address, q=
SELECT a.id, a.name, a.email FROM public.patchwork_person a
 WHERE upper(a.name::text) LIKE upper('%ruiz%') OR upper(a.email::text) LIKE upper('%ruiz%') ORDER BY a.id LIMIT 30;

-- page: api: the checks of a patch
SELECT c.* FROM public.patchwork_check c WHERE c.patch_id = :patch ORDER BY c.id;

-- page: ours: patch_list, 100 patches of a project
SELECT patchmail.patch_list('project=list3&order=-date&per_page=100');

-- page: ours: series_list, 30 series of a project
SELECT patchmail.series_list('project=list3&order=-date');

-- page: ours: event_list, 100 events of a project since a date
SELECT patchmail.event_list('project=list3&per_page=100&since=' || :'since' || 'T00:00:00');

-- page: ours: patch_json
SELECT patchmail.patch_json(:patch, 'https://patchwork.example.org');

-- page: ours: series_mbox
SELECT patchmail.series_mbox(:series);
