-- What Patchwork's tables hold, as tests/threads/*.rows.json has it: a JSON object a line for each cover letter, patch,
-- comment, series and person, without ids.  Texts are lists of lines; a series is known by its members.
SET timezone = 'UTC';

CREATE FUNCTION pg_temp.instant(instant timestamptz) RETURNS text LANGUAGE sql AS $$
    SELECT to_char(instant, 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
$$;
CREATE FUNCTION pg_temp.lines(content text) RETURNS text[] LANGUAGE sql AS $$
    SELECT string_to_array(content, E'\n');
$$;
CREATE FUNCTION pg_temp.email(person_id integer) RETURNS text LANGUAGE sql AS $$
    SELECT p.email FROM public.patchwork_person p WHERE p.id = person_id;
$$;
-- How often each kind of event is there of a patch, or of a series.
CREATE FUNCTION pg_temp.events(patch integer, series integer) RETURNS json LANGUAGE sql AS $$
    SELECT coalesce(json_object_agg(e.category, e.count), '{}')
      FROM (SELECT category, count(*) FROM public.patchwork_event
             WHERE patch_id = patch AND category IN ('patch-created', 'patch-completed')
                OR series_id = series AND category IN ('series-created', 'series-completed')
             GROUP BY category) e;
$$;

SELECT json_build_object('kind', 'cover', 'msgid', c.msgid, 'name', c.name, 'date', pg_temp.instant(c.date),
                         'submitter', pg_temp.email(c.submitter_id), 'content', pg_temp.lines(c.content))
  FROM public.patchwork_cover c;

SELECT json_build_object('kind', 'patch', 'msgid', p.msgid, 'name', p.name, 'date', pg_temp.instant(p.date),
                         'submitter', pg_temp.email(p.submitter_id), 'content', pg_temp.lines(p.content),
                         'diff', pg_temp.lines(p.diff), 'hash', p.hash, 'pull_url', p.pull_url, 'number', p.number,
                         'state', s.slug,
                         'tags', (SELECT coalesce(json_object_agg(t.name, k.count), '{}')
                                    FROM public.patchwork_patchtag k JOIN public.patchwork_tag t ON t.id = k.tag_id
                                   WHERE k.patch_id = p.id AND k.count > 0),
                         'events', pg_temp.events(p.id, NULL))
  FROM public.patchwork_patch p LEFT JOIN public.patchwork_state s ON s.id = p.state_id;

SELECT json_build_object('kind', k.kind, 'msgid', k.msgid, 'parent', k.parent, 'date', pg_temp.instant(k.date),
                         'submitter', pg_temp.email(k.submitter_id), 'content', pg_temp.lines(k.content),
                         'addressed', k.addressed)
  FROM (SELECT 'patch-comment' AS kind, c.msgid, p.msgid AS parent, c.date, c.submitter_id, c.content, c.addressed
          FROM public.patchwork_patchcomment c JOIN public.patchwork_patch p ON p.id = c.patch_id
        UNION ALL
        SELECT 'cover-comment', c.msgid, p.msgid, c.date, c.submitter_id, c.content, c.addressed
          FROM public.patchwork_covercomment c JOIN public.patchwork_cover p ON p.id = c.cover_id) k;

SELECT json_build_object('kind', 'series', 'name', s.name, 'date', pg_temp.instant(s.date), 'version', s.version,
                         'total', s.total, 'submitter', pg_temp.email(s.submitter_id), 'cover', c.msgid,
                         'patches', (SELECT coalesce(json_agg(json_build_array(p.number, p.msgid) ORDER BY p.number,
                                                              p.msgid), '[]')
                                       FROM public.patchwork_patch p WHERE p.series_id = s.id),
                         'events', pg_temp.events(NULL, s.id))
  FROM public.patchwork_series s LEFT JOIN public.patchwork_cover c ON c.id = s.cover_letter_id;

SELECT json_build_object('kind', 'person', 'email', p.email, 'name', p.name) FROM public.patchwork_person p;

