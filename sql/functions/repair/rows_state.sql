-- _patchmail.rows_state(patches, covers, series, patchcomments, covercomments, people): what rows of Patchwork say of
-- that which admins change.
-- Takes    ids.
-- Gives    an object with a key for each row, and for each {"object", "id", "project_id"; "called": what tells a human
--          which it is; "is": what it says}: for _patchmail.note_differences.
-- Rules    A comment gets another id when it moves: its key is that of its row in the ledger, if it has one.
-- Touches  nothing.
CREATE OR REPLACE FUNCTION _patchmail.rows_state(patches integer[], covers integer[], series integer[],
                                                patchcomments integer[], covercomments integer[],
                                                people integer[] DEFAULT '{}')
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_object_agg(x.key, jsonb_build_object(
               'object', x.object, 'id', x.id, 'project_id', x.project_id,
               'called', jsonb_strip_nulls(jsonb_build_object('msgid', _patchmail.printable(x.msgid),
                                                              'name', _patchmail.printable(x.name))),
               'is', x.state)), '{}')
      FROM (SELECT 'patch ' || p.id AS key, 'patch' AS object, p.id, p.project_id, p.msgid::text, p.name::text,
                   jsonb_build_object(
                       'project', r.linkname, 'series', p.series_id, 'number', p.number, 'submitter', p.submitter_id,
                       'state', s.slug, 'archived', p.archived, 'relation', p.related_id,
                       'bundles', (SELECT jsonb_agg(b.bundle_id ORDER BY b.bundle_id)
                                     FROM public.patchwork_bundlepatch b WHERE b.patch_id = p.id),
                       'tags', (SELECT jsonb_object_agg(g.abbrev, t.count) FROM public.patchwork_patchtag t
                                  JOIN public.patchwork_tag g ON g.id = t.tag_id WHERE t.patch_id = p.id)) AS state
              FROM public.patchwork_patch p
              JOIN public.patchwork_project r ON r.id = p.project_id
              LEFT JOIN public.patchwork_state s ON s.id = p.state_id
             WHERE p.id = ANY (patches)
            UNION ALL
            SELECT 'cover ' || c.id, 'cover', c.id, c.project_id, c.msgid, c.name,
                   jsonb_build_object('project', r.linkname, 'submitter', c.submitter_id)
              FROM public.patchwork_cover c JOIN public.patchwork_project r ON r.id = c.project_id
             WHERE c.id = ANY (covers)
            UNION ALL
            SELECT 'series ' || s.id, 'series', s.id, s.project_id, NULL, NULL,
                   jsonb_build_object('project', r.linkname, 'name', _patchmail.printable(s.name), 'version', s.version,
                                      'total', s.total, 'submitter', s.submitter_id, 'cover', s.cover_letter_id)
              FROM public.patchwork_series s LEFT JOIN public.patchwork_project r ON r.id = s.project_id
             WHERE s.id = ANY (series)
            UNION ALL
            SELECT coalesce('mail ' || m.id, 'patchcomment ' || k.id), 'comment', k.id, p.project_id, k.msgid, NULL,
                   jsonb_build_object('project', r.linkname, 'patch', k.patch_id, 'submitter', k.submitter_id)
              FROM public.patchwork_patchcomment k
              JOIN public.patchwork_patch p ON p.id = k.patch_id
              JOIN public.patchwork_project r ON r.id = p.project_id
              LEFT JOIN patchmail.message m ON m.project_id = p.project_id AND m.msgid = k.msgid::text
             WHERE k.id = ANY (patchcomments)
            UNION ALL
            SELECT coalesce('mail ' || m.id, 'covercomment ' || k.id), 'comment', k.id, c.project_id, k.msgid, NULL,
                   jsonb_build_object('project', r.linkname, 'cover', k.cover_id, 'submitter', k.submitter_id)
              FROM public.patchwork_covercomment k
              JOIN public.patchwork_cover c ON c.id = k.cover_id
              JOIN public.patchwork_project r ON r.id = c.project_id
              LEFT JOIN patchmail.message m ON m.project_id = c.project_id AND m.msgid = k.msgid::text
             WHERE k.id = ANY (covercomments)
            UNION ALL
            SELECT 'person ' || a.id, 'person', a.id, NULL, NULL, NULL,
                   jsonb_build_object('name', _patchmail.printable(a.name), 'email', _patchmail.printable(a.email),
                                      'user', u.username)
              FROM public.patchwork_person a LEFT JOIN public.auth_user u ON u.id = a.user_id
             WHERE a.id = ANY (people)) x;
$$;
